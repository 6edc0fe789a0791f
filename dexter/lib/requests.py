"""The request as views get it, after the middleware of sign-in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .access import Actor, Role


class RoleRequest(HttpRequest):
    """A request of somebody signed in, in an active role."""

    actor: Actor
    roles: tuple[Role, ...]  # that hold today
    person: Any  # registry.Person; this layer knows no models
    htmx: HtmxDetails

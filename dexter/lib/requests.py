"""The request as views get it, after the middleware of sign-in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from . import days
from .access import Actor, Level, Role


class PersonRequest(HttpRequest):
    """A request of somebody signed in, who may not have chosen a role yet."""

    user: Any  # accounts.User; this layer knows no models
    actor: Actor | None
    roles: tuple[Role, ...]  # that hold today
    level: Level
    person: Any  # registry.Person
    has_larande: bool  # some school that the active role meets uses the learning module
    htmx: HtmxDetails


class RoleRequest(HttpRequest):
    """A request of somebody signed in, in an active role."""

    user: Any
    actor: Actor
    roles: tuple[Role, ...]
    level: Level
    person: Any
    has_larande: bool
    htmx: HtmxDetails


def asked_day(request: HttpRequest) -> date:
    """The day that a form of dated values begins with: what `fran` in the address names, today for a day past or none."""
    try:
        return max(date.fromisoformat(request.GET.get("fran", "")), days.today())
    except ValueError:
        return days.today()

"""What every page shows: whose Dexter it is, the role, and the way to the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dexter.lib import days
from dexter.lib.access import Role

from . import reads

ROLE_NAMES = {
    Role.GUARDIAN: pgettext_lazy("role", "Guardian"),
    Role.PUPIL: pgettext_lazy("role", "Pupil"),
    Role.STAFF: pgettext_lazy("role", "Staff"),
}


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    roles = getattr(request, "roles", ())
    return {
        "municipality": SimpleLazyObject(reads.municipality),
        "demo": settings.DEMO,
        "site_languages": settings.LANGUAGES,  # each under its own name, whatever the page's language
        "role": actor.role if actor else None,
        "role_name": ROLE_NAMES[actor.role] if actor else "",
        "has_larande": getattr(request, "has_larande", False),
        "other_roles": [(role, ROLE_NAMES[role]) for role in roles if not actor or role != actor.role],
        "navigation": _navigation(request, actor.role) if actor else [],
    }


def _navigation(request: HttpRequest, role: Role) -> list[Entry]:
    pages = [(_("Start"), "home:start", "house")]
    if role is Role.GUARDIAN:
        pages.append((_("Absence"), "absence:report_list", "calendar-x-2"))
    person = getattr(request, "person", None)
    if role is Role.GUARDIAN or (role is Role.PUPIL and person and not days.is_minor(person.birth_date)):
        pages.append((_("Messages"), "home:message_list", "mail"))
    if role is Role.STAFF:
        pages += [
            (_("Lessons"), "absence:lesson_list", "calendar-days"),
            (_("Groups"), "registry:group_list", "users"),
            (_("Persons"), "registry:person_search", "search"),
        ]
    if getattr(request, "has_larande", False):
        pages.append((_("Lärande"), "larande:start", "book-open"))
    match = request.resolver_match
    here = match.view_name if match else ""
    return [Entry(label, reverse(name), icon, here == name) for label, name, icon in pages]

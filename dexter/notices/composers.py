"""Who composes which kind of notice: the one list, by dotted names, so that this layer imports nothing above it.

A composer takes the Notice, asks again whether it is still owed (relation, marking, time), and gives the Message, or None.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.module_loading import import_string

from .messages import Message
from .models import Notice

Composer = Callable[[Notice], Message | None]

COMPOSERS: dict[str, str] = {
    "absence.same_day": "absence.notices.same_day.same_day",
    "absence.unreported_lessons": "absence.notices.same_day.unreported_lessons",
    **{f"absence.{kind}": f"absence.notices.leave.{kind}" for kind in ("leave_received", "leave_asked", "leave_decided")},
    **{f"absence.{kind}": f"absence.notices.leave.{kind}" for kind in ("leave_undecided", "leave_waits")},
    "absence.body_report": "absence.notices.body_reports.body_report",
    "absence.correction_answered": "absence.notices.corrections.correction_answered",
    "registry.contact_code": "registry.notices.contact_code",
    "home.school_messages": "dexter.home.notices.school_messages",
    "home.plan_news": "dexter.home.notices.plan_news",
}


def composer_of(kind: str) -> Composer:
    """Raises KeyError for a kind that nobody owns."""
    composer: Composer = import_string(COMPOSERS[kind])
    return composer

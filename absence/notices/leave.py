"""What is said about leave: to the other guardian, to the home, and to a school that has not decided.

Each message is queued in the transaction of its action, and asked again when it is sent: is it still owed, does the relation
hold, is nobody protected. It names a child by the given name alone, and no guardian, purpose or reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from absence.models import LeaveApplication, LeaveRequest
from absence.models.leave import OPEN_STATES
from absence.reads import leave, leave_recipients
from dexter.lib.addresses import site_address
from dexter.lib.templatetags.dexter import long_day
from dexter.notices.actions import queue_notice
from dexter.notices.messages import Message
from dexter.notices.models import Channel, Notice
from registry import reads as registry


def tell_other_guardians(application: LeaveApplication, requests: Iterable[LeaveRequest]) -> None:
    """One notice a guardian and application: that it was sent, or that an answer is wanted."""
    wanted: dict[UUID, bool] = {}
    for request in requests:
        for guardian in leave_recipients.home_of(request):
            if guardian != application.applied_by_id:
                wanted[guardian] = wanted.get(guardian, False) or request.answer_by is not None
    for answered, kind in ((True, "absence.leave_asked"), (False, "absence.leave_received")):
        _to_homes(kind, [person for person, asked in wanted.items() if asked is answered], {"application": str(application.pk)})


def tell_decision(request: LeaveRequest) -> None:
    _to_homes("absence.leave_decided", leave_recipients.home_of(request), {"request": str(request.pk)})


def warn_home(request: LeaveRequest) -> None:
    _to_homes("absence.leave_undecided", leave_recipients.home_of(request), {"request": str(request.pk)})


def warn_school(request: LeaveRequest) -> None:
    """By e-mail at work; who has none there sees the warning in the list."""
    for person, addresses in leave_recipients.work_addresses(leave_recipients.school_of_leave(request)).items():
        queue_notice("absence.leave_waits", person, addresses, {"request": str(request.pk)})


def _to_homes(kind: str, persons: list[UUID], ids: dict[str, str]) -> None:
    """By e-mail to who chose no channel: leave is not urgent to the minute."""
    ways = registry.ways_to_tell(persons)
    for person in persons:
        queue_notice(kind, person, ways[person].addresses, ids, wish=ways[person].wish or Channel.EMAIL)


def in_language_of_reader(compose: Callable[[Notice], Message | None]) -> Callable[[Notice], Message | None]:
    @wraps(compose)
    def composed(notice: Notice) -> Message | None:
        with translation.override(registry.language_of(notice.recipient_id)):
            return compose(notice)

    return composed


@in_language_of_reader
def leave_received(notice: Notice) -> Message | None:
    names = _names(notice, to_answer=False)
    told = _("An application for leave for %(names)s was sent to the school.") % {"names": names}
    return _message(_("Application for leave"), told) if names else None


@in_language_of_reader
def leave_asked(notice: Notice) -> Message | None:
    """Not to somebody who has answered meanwhile."""
    names = _names(notice, to_answer=True)
    told = _("An application for leave for %(names)s waits for your answer.") % {"names": names}
    return _message(_("Your answer about leave"), told) if names else None


@in_language_of_reader
def leave_decided(notice: Notice) -> Message | None:
    request = _request(notice)
    if request is None or notice.recipient_id not in leave_recipients.home_of(request):
        return None
    told = _("The school has decided about leave for %(name)s.") % {"name": request.pupil.given_name}
    return _message(_("Decision on leave"), told)


@in_language_of_reader
def leave_undecided(notice: Notice) -> Message | None:
    request = _request(notice)
    if request is None or not request.is_open or notice.recipient_id not in leave_recipients.home_of(request):
        return None
    facts = {"name": request.pupil.given_name, "day": long_day(request.start_date)}
    told = _("The school has not decided about %(name)s's leave from %(day)s. Without a decision absence is unauthorised.") % facts
    return _message(_("Leave not decided"), told)


@in_language_of_reader
def leave_waits(notice: Notice) -> Message | None:
    """To the school; without a name, since mail at work is read by others too."""
    request = _request(notice)
    if request is None or not request.is_open or notice.recipient_id not in leave_recipients.school_of_leave(request):
        return None
    told = _("A leave that nobody has decided about begins on %(day)s.") % {"day": long_day(request.start_date)}
    return _message(_("Leave to decide about"), told)


def _request(notice: Notice) -> LeaveRequest | None:
    return LeaveRequest.objects.filter(pk=notice.ids["request"]).select_related("pupil", "application").first()


def _names(notice: Notice, *, to_answer: bool) -> str:
    """The children of the application whom it still concerns, and whom the recipient still answers for."""
    requests = LeaveRequest.objects.filter(application=notice.ids["application"], state__in=OPEN_STATES)
    names: dict[str, None] = {}
    for request in requests.select_related("pupil", "application"):
        asked = leave.unanswered(request) if to_answer else leave_recipients.home_of(request)
        if notice.recipient_id in asked and notice.recipient_id in leave_recipients.home_of(request):
            names[request.pupil.given_name] = None
    return ", ".join(names)


def _message(subject: str, told: str) -> Message:
    where = " ".join([_("Sign in to Dexter to read more."), site_address(reverse("absence:leave_list"))])
    return Message(subject=subject, body=f"{told}\n\n{where}\n", short=f"{told} {where}")

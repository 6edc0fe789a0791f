"""What time does to applications for leave."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from absence.actions import leave_answers as actions
from absence.models import LeaveRequest
from absence.models.leave import OPEN_STATES
from absence.reads import leave
from dexter.lib import days

DAYTIME = range(7, 20)  # the school's hours in which people are told


@app.periodic(cron="*/15 * * * *")  # UTC; days and hours are decided in Europe/Stockholm
@app.task(queueing_lock="attend_to_leave")
def attend_to_leave(timestamp: int) -> None:
    """Let requests go on whose time to answer is over, end what is past, and warn of what begins undecided."""
    for request in leave.waiting_in_vain():
        actions.go_on_without_answer(request=request)
    for request in LeaveRequest.objects.filter(state__in=OPEN_STATES, end_date__lt=days.today()):
        actions.expire_leave(request=request)
    if days.now().astimezone(days.STOCKHOLM).hour in DAYTIME:
        _warn()


def _warn() -> None:
    today = days.today()
    for request in leave.undecided_before(today + timedelta(days=leave.SOON)).filter(school_warned_at=None):
        actions.warn_school_of_leave(request=request)
    for request in leave.undecided_before(today + timedelta(days=1)).filter(home_warned_at=None):
        actions.warn_home_of_leave(request=request)

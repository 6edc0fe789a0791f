"""Background entry points of what spans the apps."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dexter.home.actions import telling
from dexter.home.actions.plan_news import tell_of_plans
from dexter.lib import days


@app.task(lock="tell_homes")
def tell_homes() -> None:
    """What is due now, some hundred persons at a time; one worker alone, so that a home gets one letter."""
    while telling.tell_homes(now=days.now()):
        pass


@app.periodic(cron="*/15 * * * *")  # UTC; four o'clock is decided in Europe/Stockholm
@app.task(lock="tell_homes", queueing_lock="tell_homes_in_time")
def tell_homes_in_time(timestamp: int) -> None:
    """Digests whose hour has come, and whatever a lost job left waiting."""
    tell_homes()


@app.periodic(cron="*/15 * * * *")  # UTC; four o'clock is decided in Europe/Stockholm
@app.task(lock="tell_of_plans", queueing_lock="tell_of_plans_in_time")
def tell_of_plans_in_time(timestamp: int) -> None:
    """The daily and, after Friday's, the weekly digest of plans; by one worker alone, so that a home is told once."""
    for weekly in (False, True):
        tell_of_plans(now=days.now(), weekly=weekly)

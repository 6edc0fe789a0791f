"""Background entry points of the register."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from procrastinate.contrib.django import app

from dexter.lib import days
from registry.actions.roll_over_effect import effect_on_its_day
from registry.models import RollOver, RollOverState


@app.periodic(cron="20 * * * *")  # UTC; the day is decided in Europe/Stockholm
@app.task(queueing_lock="effect_ready_roll_overs")
def effect_ready_roll_overs(timestamp: int) -> None:
    """Carry out the changes of school year whose day has come; one with a fault stays ready, and its page says why."""
    for roll_over in RollOver.objects.filter(state=RollOverState.READY, effective_date__lte=days.today()):
        try:
            effect_on_its_day(roll_over=roll_over)
        except ValidationError:
            continue

"""What the night brings: alerts about absence."""

from __future__ import annotations

from procrastinate.contrib.django import app

from absence import reads
from absence.actions.alerts import raise_alerts
from dexter.lib import days

NIGHT_BEGINS = 3  # the school's hour from which yesterday is looked through; later the same day where no worker ran in the night


@app.periodic(cron="*/15 * * * *")  # UTC; the hour is decided in Europe/Stockholm
@app.task(queueing_lock="check_absence")
def check_absence(timestamp: int) -> None:
    """Raise the day's alerts at the units that have not been looked through yet, a transaction each."""
    if days.now().astimezone(days.STOCKHOLM).hour >= NIGHT_BEGINS:
        for unit in reads.units_to_check(days.today()):
            raise_alerts(unit=unit)

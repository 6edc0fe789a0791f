"""Background entry points that belong to no single app."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="15 3 * * *")  # UTC
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Remove the sessions that have run out."""
    call_command("clearsessions")

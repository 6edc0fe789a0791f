"""Background entry points of the outbox."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from . import sending


@app.task
def send_notice(delivery_id: str) -> None:
    sending.send(UUID(delivery_id))


@app.periodic(cron="*/5 * * * *")  # UTC
@app.task(queueing_lock="sweep_notices")
def sweep_notices(timestamp: int) -> None:
    """Take up what a killed worker left behind."""
    sending.give_up_waiting()
    sending.queue_anew()
    sending.forget_loopback()

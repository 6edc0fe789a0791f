"""The page of the demo that shows what would have been sent."""

from __future__ import annotations

from typing import Any

from dexter.notices import sending
from dexter.notices.actions import queue_notice
from dexter.notices.composers import COMPOSERS
from dexter.notices.models import Channel, Delivery


def test_the_demo_shows_what_would_have_been_sent(cast: Any, guardian: Any, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(COMPOSERS, "test.plain", "tests.notices.composers.compose")
    addresses = {Channel.EMAIL: "<b>a@example.org", Channel.SMS: "0701740605"}
    queue_notice("test.plain", cast.id("amira"), addresses, {})
    for delivery in Delivery.objects.all():
        sending.send(delivery.pk)
    page = guardian.get("/demo/meddelanden/").content.decode()
    assert "Detta är ett besked" in page
    assert "Besked från skolan" in page
    assert "&lt;b&gt;a@example.org" in page
    settings.DEMO = False
    assert guardian.get("/demo/meddelanden/").status_code == 404

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from dexter.notices import composers
from dexter.notices.actions import queue_notice
from dexter.notices.models import Channel, Delivery

from .servers import Gateway, MailServer

SOMEBODY = UUID(int=42)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(composers.COMPOSERS, "test.plain", "tests.notices.composers.compose")


@pytest.fixture
def queue(owner: None) -> Callable[..., Delivery]:
    """Queue a notice to one address and give its delivery."""

    def queued(channel: Channel = Channel.SMS, address: str = "", **more: Any) -> Delivery:
        address = address or {Channel.SMS: "070-174 06 05", Channel.EMAIL: "asa@example.org"}[channel]
        return Delivery.objects.get(notice=queue_notice("test.plain", SOMEBODY, {channel: address}, more.pop("ids", {}), **more))

    return queued


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway()
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = server.url, "nyckel"
    settings.NOTICE_CHANNELS = {**settings.NOTICE_CHANNELS, "sms": "dexter.notices.channels.sms.send"}
    yield server
    server.stop()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.DEFAULT_FROM_EMAIL = "Skolan <dexter@example.org>"
    settings.NOTICE_CHANNELS = {**settings.NOTICE_CHANNELS, "email": "dexter.notices.channels.mail.send"}
    yield server
    server.stop()

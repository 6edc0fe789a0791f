"""Which ways the settings open, and how numbers are written."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from dexter.lib import notice_settings, phones


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("070-174 06 05", "+46701740605"),
        ("0701740605", "+46701740605"),
        ("+46 70 174 06 05", "+46701740605"),
        ("+46 (0)70-174 06 05", "+46701740605"),
        ("0046701740605", "+46701740605"),
        ("+47 912 34 567", "+4791234567"),
    ],
)
def test_a_number_is_written_for_gateways(written: str, whole: str) -> None:
    assert phones.international(written) == whole


@pytest.mark.parametrize(
    "written", ["", "112", "070", "abc", "7017406050", "+" + "4" * 20, "070\n1740605", "０701740605", "0701740605;DROP"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="number"):
        phones.international(written)
    assert not phones.is_mobile(written)


def test_swedish_mobiles_are_told_from_phones_at_home() -> None:
    assert [phones.is_mobile(number) for number in ("070-174 06 05", "0911-123 45", "+358 40 1234567")] == [True, False, True]


def settings_with(monkeypatch: pytest.MonkeyPatch, **values: str) -> Env:
    for name in ("EMAIL_URL", "EMAIL_BACKEND", "SMS_GATEWAY_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Env()


def test_nothing_is_sent_and_nothing_kept_without_settings_outside_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    env = settings_with(monkeypatch)
    assert notice_settings.notice_channels(env, demo=False) == {}
    assert set(notice_settings.notice_channels(env, demo=True).values()) == {"dexter.notices.channels.loopback.send"}
    assert notice_settings.mail_settings(env)["EMAIL_BACKEND"].endswith("dummy.EmailBackend")


def test_settings_open_the_real_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    env = settings_with(monkeypatch, EMAIL_URL="submission://user:p%40ss@mail.example.org", SMS_GATEWAY_URL="https://sms.example.org/")
    mail: dict[str, Any] = notice_settings.mail_settings(env)
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"], mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_TIMEOUT"]) == (587, True, "p@ss", 20)
    ways = notice_settings.notice_channels(env, demo=True)
    assert ways == {"email": "dexter.notices.channels.mail.send", "sms": "dexter.notices.channels.sms.send"}


def test_a_provider_of_anymail_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    env = settings_with(monkeypatch, EMAIL_BACKEND="anymail.backends.test.EmailBackend")
    assert notice_settings.mail_settings(env)["EMAIL_BACKEND"] == "anymail.backends.test.EmailBackend"
    assert notice_settings.notice_channels(env, demo=False) == {"email": "dexter.notices.channels.mail.send"}


@pytest.mark.parametrize("url", ["smtp://mail.example.org", "smtp+tls://mail.example.org", "console://", "http://mail.example.org"])
def test_mail_in_the_clear_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        notice_settings.mail_settings(settings_with(monkeypatch, EMAIL_URL=url))


@pytest.mark.parametrize("url", ["http://sms.example.org/", "ftp://sms.example.org/", "sms.example.org"])
def test_a_gateway_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="https"):
        notice_settings.gateway_address(url)
    assert notice_settings.gateway_address("") == ""

"""How the settings read by which ways notices go out: each failure is one sentence that says what to set."""

from __future__ import annotations

from typing import Any

import dj_email_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from dexter.lib.addresses import LOOPBACK, is_safe

SECONDS = 20  # to wait for a mail server's answer
MODULES = {"email": "mail", "sms": "sms"}


def mail_settings(env: Env) -> dict[str, Any]:
    """Django's settings of mail, and django-anymail's. The way to a mail server is encrypted, but on this machine.

    Raises ImproperlyConfigured. Without settings mail goes nowhere.
    """
    found: dict[str, Any] = {
        "ANYMAIL": env.json("ANYMAIL", {}),
        "DEFAULT_FROM_EMAIL": env.str("EMAIL_FROM", "dexter@localhost"),
        "EMAIL_BACKEND": env.str("EMAIL_BACKEND", "") or "django.core.mail.backends.dummy.EmailBackend",
    }
    if url := env.str("EMAIL_URL", ""):
        read: dict[str, Any] = dict(dj_email_url.parse(url))
        safe = read["EMAIL_USE_TLS"] or read["EMAIL_USE_SSL"] or read["EMAIL_HOST"] in LOOPBACK
        if not str(read.get("EMAIL_BACKEND", "")).endswith("smtp.EmailBackend") or not safe:
            raise ImproperlyConfigured("Set EMAIL_URL to submission://user:password@host, or smtp://user:password@host:465/?ssl=True.")
        read["EMAIL_TIMEOUT"] = read["EMAIL_TIMEOUT"] or SECONDS
        found |= {name: "" if value is None else value for name, value in read.items()}
    return found


def gateway_address(url: str) -> str:
    """The address of the SMS gateway: https, or http on this machine; raises ImproperlyConfigured."""
    if url and not is_safe(url):
        raise ImproperlyConfigured("Set SMS_GATEWAY_URL to an address that begins with https://.")
    return url


def notice_channels(env: Env, *, demo: bool) -> dict[str, str]:
    """Which function sends by which channel. Without settings the demo keeps what would be sent; elsewhere sending fails."""
    is_set = {"email": bool(env.str("EMAIL_URL", "") or env.str("EMAIL_BACKEND", "")), "sms": bool(env.str("SMS_GATEWAY_URL", ""))}
    chosen = {name: module if is_set[name] else "loopback" for name, module in MODULES.items() if is_set[name] or demo}
    return {name: f"dexter.notices.channels.{module}.send" for name, module in chosen.items()}

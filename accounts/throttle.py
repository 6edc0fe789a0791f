"""Slowing down guesses without locking anybody out.

A device that has signed in to an account before carries a signed cookie and has a count of its own, so that a
classmate's wrong guesses elsewhere never stop the pupil. Unknown devices are counted by device and, with a high limit, by
account and by address: thirty pupils behind one address all get in. The pattern is OWASP's device cookies.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse

from dexter.lib import days

from .models import Throttle

COOKIE = "dexter_device"
COOKIE_AGE = 400 * 24 * 3600  # seconds, the longest that browsers keep one
WINDOW = timedelta(minutes=15)
LIMITS = {"known": 10, "device": 10, "account": 100, "address": 600}  # failures within the window
ACCOUNTS_A_DEVICE = 40  # remembered on one computer of a classroom


class Throttled(Exception):
    """Too many failures behind one of the keys; `minutes` to wait."""

    minutes = int(WINDOW.total_seconds() // 60)


def device_of(request: HttpRequest) -> dict[str, Any]:
    """The device's own cookie: `id`, and `accounts` that have signed in on it; a new one for a new device."""
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_AGE))
    except signing.BadSignature:
        return {"id": secrets.token_urlsafe(12), "accounts": []}


def keys_for(request: HttpRequest, account: UUID | str) -> dict[str, bytes]:
    """The counters that an attempt on `account` (its id, or the name typed when there is no such account) falls under."""
    device = device_of(request)
    if str(account) in device["accounts"]:
        return {"known": _key("known", f"{device['id']}:{account}")}
    own = device["id"] if COOKIE in request.COOKIES else address_of(request) + request.headers.get("User-Agent", "")
    return {
        "device": _key("device", f"{own}:{account}"),
        "account": _key("account", str(account)),
        "address": _key("address", address_of(request)),
    }


def check(keys: dict[str, bytes]) -> None:
    """Raises Throttled when one of the counters has reached its limit."""
    kinds = {key: kind for kind, key in keys.items()}
    recent = Throttle.objects.filter(key__in=list(kinds), window_began__gt=days.now() - WINDOW)
    if any(row.failures >= LIMITS[kinds[bytes(row.key)]] for row in recent):
        raise Throttled


def count_failure(keys: dict[str, bytes]) -> None:
    """One more failure behind each key, atomically; a window that has passed begins anew."""
    now = days.now()
    statement = """
        INSERT INTO accounts_throttle AS t (key, failures, window_began) VALUES (%s, 1, %s)
        ON CONFLICT (key) DO UPDATE SET
            failures = CASE WHEN t.window_began > %s THEN t.failures + 1 ELSE 1 END,
            window_began = CASE WHEN t.window_began > %s THEN t.window_began ELSE EXCLUDED.window_began END
    """
    with connection.cursor() as cursor:
        for key in sorted(keys.values()):  # in one order, so that two attempts never wait for each other
            cursor.execute(statement, [key, now, now - WINDOW, now - WINDOW])


def remember_device(request: HttpRequest, response: HttpResponse, account: UUID) -> None:
    """The device has signed in to the account: from now on it has its own count."""
    device = device_of(request)
    device["accounts"] = [str(account), *[known for known in device["accounts"] if known != str(account)]][:ACCOUNTS_A_DEVICE]
    response.set_cookie(
        COOKIE, signing.dumps(device, salt=COOKIE), max_age=COOKIE_AGE, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def address_of(request: HttpRequest) -> str:
    """The client's address as the outermost trusted proxy saw it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXY_COUNT
    return hops[-trusted] if trusted and len(hops) >= trusted else str(request.META.get("REMOTE_ADDR", ""))


def _key(kind: str, text: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256)

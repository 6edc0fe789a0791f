"""Text messages through an HTTP gateway: POST of JSON with `to` (E.164), `text` and `idempotency_key`, bearer token.

2xx: accepted; the JSON may hold `id`, and `state` "delivered". 429 and 503: nothing was sent, try again later. 3xx and
other 4xx: refused. Everything else, and no answer: nobody knows. Redirects are not followed: the token goes nowhere else.
"""

from __future__ import annotations

import requests
from django.conf import settings

from dexter.lib.phones import international
from dexter.notices.messages import NotHandedOver, Parcel, Receipt

from .connections import TOO_MANY, UNAVAILABLE, never_connected

SECONDS = (5, 30)  # to connect, to answer


def send(parcel: Parcel) -> Receipt:
    try:
        content = {"to": international(parcel.address), "text": parcel.message.short, "idempotency_key": parcel.key}
    except ValueError:
        raise NotHandedOver("bad_number", again=False) from None
    headers = {"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}", "Idempotency-Key": parcel.key}
    try:
        answer = requests.post(settings.SMS_GATEWAY_URL, json=content, headers=headers, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as fault:
        if never_connected(fault):
            raise NotHandedOver("no_connection", again=True) from None
        raise
    if answer.status_code in (TOO_MANY, UNAVAILABLE):
        raise NotHandedOver(f"http_{answer.status_code}", again=True)
    if answer.status_code in range(300, 500):
        raise NotHandedOver(f"http_{answer.status_code}", again=False)
    answer.raise_for_status()
    return _receipt(answer)


def _receipt(answer: requests.Response) -> Receipt:
    """What the gateway tells; an acceptance without readable JSON is one all the same."""
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return Receipt()
    if not isinstance(told, dict):
        return Receipt()
    return Receipt(str(told.get("id", "")), delivered=told.get("state") == "delivered")

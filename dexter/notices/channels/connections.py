"""What a failed request over HTTP tells of whether anything was handed over."""

from __future__ import annotations

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

TOO_MANY, UNAVAILABLE = 429, 503


def never_connected(fault: requests.RequestException) -> bool:
    """Whether the fault came before a connection stood: nothing can have been sent."""
    cause = fault.args[0] if fault.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(fault, requests.ConnectTimeout) or isinstance(reason, (NewConnectionError, ConnectTimeoutError))

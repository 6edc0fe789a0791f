"""Which addresses of other systems a secret may be sent to; and the address of this one."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def is_safe(url: str) -> bool:
    """https; or http on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def site_address(path: str) -> str:
    """The whole address of a page, for letters and text messages, which know no request."""
    return f"{settings.SITE_ADDRESS}{path}"

"""Which addresses of other systems a secret may be sent to, and the own address as it stands in messages."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.conf import settings

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def is_safe(url: str) -> bool:
    """https; or http on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def absolute(path: str) -> str:
    """A path of Dexter as an address that opens outside a browser's page."""
    return urljoin(settings.SITE_URL, path)

"""Pulling from an SS 12000 2.1 interface: pages, changes since a moment, and what was deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import requests
from django.utils.translation import gettext as _

from dexter.lib.addresses import is_safe

from .batch import Unreadable
from .ss12000 import RESOURCES

PAGE = 500  # objects asked for at a time
MOST_PAGES = 10_000
SECONDS = (10, 120)  # to connect, to answer


class Interface:
    """One SS 12000 server. The token goes nowhere else: redirects are refused, and so is http but on loopback."""

    def __init__(self, address: str, token: str) -> None:
        if not is_safe(address):
            raise Unreadable(_("The address of the interface must begin with https://."))
        self._base = address.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})

    def objects(self, modified_after: datetime | None) -> dict[str, Iterator[Any]]:
        """The objects of each resource, fetched page by page as they are read; all, or those changed since."""
        since = {"meta.modified.after": modified_after.isoformat()} if modified_after else {}
        return {resource: self._pages(resource, since) for resource in RESOURCES}

    def deleted(self, after: datetime) -> list[str]:
        """The ids of what was deleted since `after`, of any kind."""
        answer = self._get("deletedEntities", {"after": after.isoformat()}).get("data") or {}
        return [str(ref) for refs in answer.values() if isinstance(refs, list) for ref in refs]

    def _pages(self, resource: str, since: dict[str, str]) -> Iterator[Any]:
        query: dict[str, str | int] = {"limit": PAGE, **since}
        for _page in range(MOST_PAGES):
            answer = self._get(resource, query)
            if not isinstance(answer.get("data"), list):
                raise Unreadable(_("The interface answered %(resource)s without a list.") % {"resource": resource})
            yield from answer["data"]
            if not answer.get("pageToken"):
                return
            query = {"limit": PAGE, "pageToken": str(answer["pageToken"])}
        raise Unreadable(_("The interface does not come to an end of %(resource)s.") % {"resource": resource})

    def _get(self, resource: str, query: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._session.get(f"{self._base}/{resource}", params=query, timeout=SECONDS, allow_redirects=False)
            content = answer.json() if answer.status_code == requests.codes.ok else None
        except requests.RequestException as fault:
            raise Unreadable(_("The interface does not answer (%(fault)s).") % {"fault": type(fault).__name__}) from None
        if not isinstance(content, dict):
            message = _("The interface answered %(resource)s with %(status)s.")
            raise Unreadable(message % {"resource": resource, "status": answer.status_code})
        return content

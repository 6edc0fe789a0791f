"""What the tests of the archive share, and the ways out for what is told to homes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.notices.conftest import gateway, mail_server

from .archives import Town, make_town

__all__ = ["gateway", "mail_server"]  # fixtures of the outbox


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Town]:
    yield from make_town(request, django_db_setup, django_db_blocker, tmp_path_factory)

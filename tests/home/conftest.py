"""What the tests of the archive share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .archives import Town, make_town


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Town]:
    yield from make_town(request, django_db_setup, django_db_blocker, tmp_path_factory)

"""One cell at a time is tested with its grid: see test_class_grid.py. Here: that the address takes no reading."""

from __future__ import annotations

from django.urls import reverse

from tests.conftest import Browser, Cast
from tests.larande import made


def test_a_cell_is_never_saved_by_reading(teacher: Browser, cast: Cast) -> None:
    assert teacher.get(reverse("assessment:save_cell", args=[made.grid(cast.anna).pk])).status_code == 405

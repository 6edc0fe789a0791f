"""With a module switched off nothing of it is anywhere, and Dexter stays complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib.access import Role
from registry.models import (
    Enrolment,
    Module,
    SchoolUnit,
)

from . import made
from .weeks import TODAY, part, plan, switch_off, text, week_path


def test_with_lärande_off_at_one_school_the_other_child_alone_is_shown(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    teaching, rome = plan(cast.anna, "Bråk i vardagen"), plan(cast.lars, "Rapparna i Rom", "8A", "GRGRSVE01")
    switch_off(Module.LARANDE)
    page = text(guardian, "/larande/")
    assert str(cast.id("sami")) not in page
    assert "Rapparna i Rom" in page
    assert guardian.get(f"/larande/planeringar/hem/{teaching.pk}/").status_code == 404
    assert guardian.get(f"/larande/planeringar/hem/{rome.pk}/").status_code == 200
    assert guardian.get(f"/larande/elev/{cast.id('sami')}/").status_code == 404
    start = text(guardian, "/start/")
    assert f"/larande/elev/{cast.id('sami')}/" not in start
    assert f"/larande/elev/{cast.id('leila')}/" in start


@pytest.mark.parametrize(
    ("key", "role"), [("sami", Role.PUPIL), ("karin", Role.GUARDIAN), ("anna", Role.STAFF), ("ingrid", Role.STAFF), ("maja", Role.STAFF)]
)
def test_with_lärande_off_nothing_of_it_is_anywhere_and_dexter_stays(
    cast: Any, client_as: Callable[..., Any], at: Any, key: str, role: Role
) -> None:
    at(8, 10)
    teaching = plan(cast.anna, "Bråk i vardagen")
    switch_off(Module.LARANDE)
    browser = client_as(key, role)
    for path in ("/larande/", week_path(TODAY), f"/larande/elev/{cast.id('sami')}/", f"/larande/planeringar/hem/{teaching.pk}/"):
        assert browser.get(path).status_code == 404
    pages = ["/start/", "/lasar/"] + (["/lektioner/", "/grupper/"] if role is Role.STAFF else [])
    pages += [f"/elever/{cast.id('sami')}/"] if key in {"sami", "anna", "ingrid"} else []
    pages += [f"/min-klass/{cast.group('4A').pk}/"] if key == "anna" else []
    for path in pages:
        assert "/larande/" not in text(browser, path)


def test_with_plans_off_the_pages_say_so_and_hold_none(cast: Any, guardian: Any, teacher: Any) -> None:
    teaching = plan(cast.anna, "Bråk i vardagen")
    switch_off(Module.PLANNING)
    assert "Skolan använder inte planeringar i Dexter." in part(text(guardian, "/larande/"), cast, "sami")
    assert "Bråk i vardagen" not in text(teacher, "/larande/")
    assert guardian.get(f"/larande/planeringar/hem/{teaching.pk}/").status_code == 404


def test_who_works_at_the_body_keeps_lärande_until_no_school_uses_it(cast: Any, client_as: Callable[..., Any]) -> None:
    birgitta = client_as("birgitta", Role.STAFF)
    switch_off(Module.LARANDE)
    assert birgitta.get("/larande/").status_code == 200
    for unit in SchoolUnit.objects.exclude(pk=made.activity().school_unit_id):
        switch_off(Module.LARANDE, unit.activities.first())
    assert birgitta.get("/larande/").status_code == 404


def test_the_school_that_one_left_long_ago_opens_nothing(cast: Any, guardian: Any) -> None:
    """Leila left a school that uses Lärande two years ago; her school of today does not."""
    switch_off(Module.LARANDE, made.activity("8A"))
    assert str(cast.id("leila")) not in text(guardian, "/larande/")
    old = {"school_unit": made.activity().school_unit, "school_type": "GR", "start_date": TODAY - timedelta(days=900)}
    place = Enrolment.objects.create(pupil=cast.leila, end_date=TODAY - timedelta(days=700), **old)
    assert str(cast.id("leila")) not in text(guardian, "/larande/")
    assert guardian.get(f"/larande/elev/{cast.id('leila')}/").status_code == 404
    Enrolment.objects.filter(pk=place.pk).update(end_date=TODAY - timedelta(days=20))
    assert guardian.get(f"/larande/elev/{cast.id('leila')}/").status_code == 200  # leavers read on for a while

"""The responsible body changes which steps are offered, from a day on; staff read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.actions.standards import load_scales
from larande.assessment.models import Assessment, AssessmentScale
from larande.assessment.reads import scales_for
from tests.conftest import Cast
from tests.larande import made

LIST = "/larande/bedomning/skalor/"


def scale(code: str = "GR-4-5") -> AssessmentScale:
    return AssessmentScale.objects.get(code=code)


def send(browser: Any, row: AssessmentScale, **changes: Any) -> Any:
    fields = {"name": "Egen skala", "start_year": 4, "end_year": 5, "legal_basis": "Beslut", "version": row.modified_at.isoformat()}
    steps = {"code_0": "0", "name_0": "På väg", "code_1": "1", "name_1": "Framme", "reaches_1": "on"}
    return browser.send(f"{LIST}{row.pk}/", {**fields, **steps, "start_date": str(days.today() + timedelta(days=10)), **changes})


def offered(cast: Cast, day: Any) -> list[str]:
    return [step.name for step in scales_for([cast.id("sami")], made.activity(), day)[cast.id("sami")].steps]


def test_from_the_day_chosen_others_hold_and_what_was_judged_stays(cast: Cast, client_as: Any) -> None:
    use, today = made.grid(cast.anna), days.today()
    step = scale().steps.get(code="2")
    given = Assessment.objects.create(
        use=use,
        row=use.matrix.rows.all()[0],
        activity=use.activity,
        pupil=cast.sami,
        step=step,
        assessed_by=cast.anna,
        assessed_at=days.now(),
    )
    assert send(client_as("birgitta", Role.STAFF), scale()).status_code == 302
    assert len(offered(cast, today)) == len(offered(cast, today + timedelta(days=9))) == 3
    assert offered(cast, today + timedelta(days=10)) == ["På väg", "Framme"]
    given.refresh_from_db()
    assert given.step == step
    assert load_scales() == 0
    text = client_as("anna", Role.STAFF).get(LIST).content.decode()
    assert "Egen skala" in text
    assert "Tioårig grundskola årskurs 7–10, 1 till 10" in text


def test_a_row_that_begins_that_day_is_replaced_unless_somebody_was_judged_by_it(cast: Cast, client_as: Any) -> None:
    birgitta, coming = client_as("birgitta", Role.STAFF), scale("GR10-5-6")
    assert send(birgitta, coming, start_date=str(coming.start_date)).status_code == 302
    assert not AssessmentScale.objects.filter(code="GR10-5-6").exists()
    new = AssessmentScale.objects.get(code="GR10-5-6@1")
    assert (new.start_date, new.steps.count()) == (coming.start_date, 2)


def test_what_cannot_hold_is_refused(cast: Cast, client_as: Any) -> None:
    birgitta, row = client_as("birgitta", Role.STAFF), scale()
    yesterday = str(days.today() - timedelta(days=1))
    wrong = [{"start_date": yesterday}, {"start_date": "2029-01-01"}, {"version": "x"}, {"code_1": "0"}, {"code_0": ""}, {"end_year": 3}]
    for changes in wrong:
        assert send(birgitta, row, **changes).status_code == 422
    assert not AssessmentScale.objects.filter(code__contains="@").exists()


def test_only_the_body_changes_and_staff_alone_read(cast: Cast, client_as: Any) -> None:
    for key in ("anna", "ingrid", "pekka"):
        assert client_as(key, Role.STAFF).get(LIST).status_code == 200
        assert send(client_as(key, Role.STAFF), scale()).status_code == 403
    for key, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(key, role).get(LIST).status_code == 404


def test_the_list_takes_two_statements(cast: Cast, teacher: Any, statements: Any) -> None:
    assert statements(lambda: teacher.get(LIST)) == 7

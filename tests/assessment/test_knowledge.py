"""What a pupil knows in a subject: the latest judgement of each row, where it comes from, how it moved; never a mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Level, Role
from larande.assessment.models import Assessment, MatrixCell, MatrixRow, MatrixUse, SelfAssessment, SubjectSummary
from registry.models import Guardianship, Module, ModuleSwitch
from tests.assessment.made import curriculum
from tests.conftest import Cast
from tests.larande import made

MATHS = "GRGRMAT01"


def path(cast: Cast, key: str = "sami", subject: str = MATHS) -> str:
    return f"/larande/bedomning/kunskap/{cast.id(key)}/{subject}/"


def judge(
    cast: Cast, use: MatrixUse, row: MatrixRow, step: int, *, pupil: str = "sami", published: bool = False, **more: Any
) -> Assessment:
    chosen = made.scale()[step]
    shown = {"published_step": chosen, "published_at": days.now(), "published_comment": more.get("comment", "")} if published else {}
    return Assessment.objects.create(
        use=use,
        row=row,
        activity=use.activity,
        pupil=getattr(cast, pupil),
        step=chosen,
        assessed_by=cast.anna,
        **{"assessed_at": days.now(), **shown, **more},
    )


def known(browser: Any, where: str) -> dict[str, Any]:
    page = browser.get(where)
    assert page.status_code == 200
    return {row.title: row for row in page.context["found"].known}


def test_the_latest_judgement_where_it_comes_from_and_how_it_moved(cast: Cast, teacher: Any) -> None:
    curriculum()
    autumn, spring = made.grid(cast.anna, rows=1), made.grid(cast.anna, rows=1)
    MatrixUse.objects.filter(pk=spring.pk).update(plan=made.plan(cast.anna))
    MatrixCell.objects.create(row=spring.matrix.rows.all()[0], step_code="A", text="Effektivt")
    earlier = days.now() - timedelta(days=60)
    first = judge(cast, autumn, autumn.matrix.rows.all()[0], 1, assessed_at=earlier)
    Assessment.objects.filter(pk=first.pk).update(step=made.scale()[2], assessed_at=earlier + timedelta(days=20))
    judge(cast, spring, spring.matrix.rows.all()[0], 3, comment="Löser <b>allt</b>")
    row = known(teacher, path(cast))["Rad 1"]
    assert (row.latest.step.code, row.latest.meaning, row.latest.plan, row.latest.by) == (
        "A",
        "Effektivt",
        "Bråk i vardagen",
        "Anna Lindqvist",
    )
    assert [move.step.code for move in row.moves] == ["E", "C", "A"]
    assert len(row.points.split()) == 3
    text = teacher.get(path(cast)).content.decode()
    assert "Löser &lt;b&gt;allt" in text
    assert "Eleven använder metoder" in text  # a criterion that no judgement is about yet
    assert Entry.objects.filter(action="assessment.knowledge", subjects__contains=[cast.id("sami")]).count() == 2


def test_scales_that_do_not_compare_are_not_drawn_together(cast: Cast, teacher: Any) -> None:
    use = made.grid(cast.anna)
    row = use.matrix.rows.all()[0]
    given = judge(cast, use, row, 3)
    other = made.AssessmentScale.objects.get(code="GR-4-5").steps.get(code="1")
    Assessment.objects.filter(pk=given.pk).update(step=other, assessed_at=days.now() + timedelta(minutes=1))
    shown = known(teacher, path(cast))["Rad 1"]
    assert ([each.step.code for each in shown.judgements], [move.step.code for move in shown.moves]) == (["1", "A"], ["1"])


def test_retired_rows_keep_what_was_judged(cast: Cast, teacher: Any) -> None:
    use = made.grid(cast.anna)
    row, other = use.matrix.rows.all()
    judge(cast, use, row, 2)
    MatrixRow.objects.filter(pk__in=[row.pk, other.pk]).update(retired_at=days.now())
    page = teacher.get(path(cast))
    assert [shown.title for shown in page.context["found"].known] == ["Rad 1"]
    assert "Rad 2" not in page.content.decode()


def test_the_home_reads_what_is_published_as_it_was_published(cast: Cast, client_as: Any) -> None:
    use = made.grid(cast.anna, plan=made.plan(cast.anna, title="Hemlig planering"))
    seen, unseen = use.matrix.rows.all()
    given = judge(cast, use, seen, 1, published=True, comment="Till hemmet")
    Assessment.objects.filter(pk=given.pk).update(step=made.scale()[3], comment="Bara för skolan", version=2)
    judge(cast, use, unseen, 0, comment="Utkast om Rad 2")
    SubjectSummary.objects.create(
        activity=use.activity, pupil=cast.sami, text="Utkastets text", written_by=cast.anna, written_at=days.now()
    )
    for key, role in (("amira", Role.GUARDIAN), ("jonas", Role.GUARDIAN)):
        text = client_as(key, role).get(path(cast)).content.decode()
        assert "Till hemmet" in text
        for hidden in ("Bara för skolan", "Rad 2", "Utkast", "Hemlig planering"):
            assert hidden not in text
    row = known(client_as("sami", Role.PUPIL, Level.TWO_FACTOR), path(cast))["Rad 1"]
    assert (row.latest.step.code, row.latest.by, len(row.judgements)) == ("E", "", 1)
    listed = client_as("amira", Role.GUARDIAN).get(f"/larande/bedomning/kunskap/{cast.id('sami')}/")
    assert {subject.code: subject.rows for subject in listed.context["subjects"]}[MATHS] == 1


def test_judgements_ask_for_a_strong_sign_in(cast: Cast, client_as: Any) -> None:
    for browser in (client_as("sami", Role.PUPIL), client_as("anna", Role.STAFF, Level.PASSWORD)):
        for where in (path(cast), f"/larande/bedomning/kunskap/{cast.id('sami')}/"):
            assert browser.get(where).url.startswith("/bekrafta/")


@pytest.mark.parametrize(
    ("key", "role", "answer"),
    [
        ("anna", Role.STAFF, 200),
        ("ingrid", Role.STAFF, 200),
        ("pekka", Role.STAFF, 404),
        ("erik", Role.STAFF, 404),
        ("lars", Role.STAFF, 404),
        ("maja", Role.STAFF, 404),
        ("birgitta", Role.STAFF, 404),
        ("karin", Role.GUARDIAN, 404),
        ("elsa", Role.PUPIL, 404),
    ],
)
def test_only_the_relation_opens_it(cast: Cast, client_as: Any, key: str, role: Role, answer: int) -> None:
    judge(cast, use := made.grid(cast.anna), use.matrix.rows.all()[0], 1, published=True)
    browser = client_as(key, role, Level.TWO_FACTOR if role is Role.PUPIL else None)
    assert browser.get(path(cast)).status_code == answer
    assert browser.get(path(cast, subject="GRGRFEL01")).status_code == 404


def test_a_former_guardian_reads_no_more(cast: Cast, client_as: Any) -> None:
    amira = client_as("amira", Role.GUARDIAN)
    assert amira.get(path(cast)).status_code == 200
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(revoked_at=days.now(), revoked_by=cast.pekka)
    assert amira.get(path(cast)).status_code == 404


def test_a_protected_pupil_is_named_to_the_own_teacher_alone(cast: Cast, client_as: Any) -> None:
    assert client_as("anna", Role.STAFF).get(path(cast, "kim")).context["found"].pupil.shown_name == "Kim Ek"
    for key, role in (("ingrid", Role.STAFF), ("pekka", Role.STAFF), ("petra", Role.GUARDIAN)):
        assert client_as(key, role).get(path(cast, "kim")).status_code == 404


def test_switched_off_it_is_nowhere(cast: Cast, teacher: Any) -> None:
    unit = made.activity().school_unit
    ModuleSwitch.objects.create(school_unit=unit, module=Module.ASSESSMENT, is_on=False, start_date=days.today())
    assert teacher.get(path(cast)).status_code == 404


def test_the_pupils_own_view_stands_beside_where_it_is_on(cast: Cast, teacher: Any) -> None:
    use = made.grid(cast.anna)
    SelfAssessment.objects.create(use=use, row=use.matrix.rows.all()[0], activity=use.activity, pupil=cast.sami, comment="Jag kan")
    assert "Jag kan" not in teacher.get(path(cast)).content.decode()
    ModuleSwitch.objects.create(school_unit=use.activity.school_unit, module=Module.SELF_ASSESSMENT, is_on=True, start_date=days.today())
    assert "Jag kan" in teacher.get(path(cast)).content.decode()


def test_the_page_takes_the_same_statements_for_one_row_and_three(cast: Cast, teacher: Any, client_as: Any, statements: Any) -> None:
    curriculum()
    use = made.grid(cast.anna, rows=3)
    rows = list(use.matrix.rows.all())
    amira = client_as("amira", Role.GUARDIAN)
    judge(cast, use, rows[0], 1, published=True)
    one = [statements(lambda: teacher.get(path(cast))), statements(lambda: amira.get(path(cast)))]
    for row in rows[1:]:
        judge(cast, use, row, 2, published=True)
    assert (one, [statements(lambda: teacher.get(path(cast))), statements(lambda: amira.get(path(cast)))]) == ([18, 15], [18, 15])

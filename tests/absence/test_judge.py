"""The school judges absence: new verdicts stand, old ones stay as history, and nothing that was injected is saved."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from absence.actions import judgements as actions
from absence.actions.judgements import Mark
from absence.actions.roll_calls import Seen, take_roll_call
from absence.models import AbsenceReport, Deviation, Effective, Judgement, ReportedDay, RollCall, Source, Verdict
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import AssignmentRole, DutyAssignment, Guardianship, ProtectedAccess
from tests.conftest import OVERHEAD

LIST, JUDGE = "/franvaro/bedom/", "/franvaro/bedom/spara/"


@pytest.fixture(autouse=True)
def nothing_is_judged(db: None) -> None:
    """The history of the cast holds judgements; here each test begins without."""
    Judgement.objects.all().delete()


@pytest.fixture
def taken(cast: Any, actor: Callable[..., Actor], at: Any) -> RollCall:
    """The first lesson of 4A: Sami and Elsa absent, Kim (protected) late."""
    Judgement.objects.all().delete()
    Deviation.objects.all().delete()
    ReportedDay.objects.all().delete()
    at(10, 0)
    marks = {cast.id("sami"): Seen(whole=True), cast.id("elsa"): Seen(whole=True), cast.id("kim"): Seen(late=10)}
    lesson = cast.lesson("4A")
    return take_roll_call(actor=actor("anna", Role.STAFF), lesson=lesson, marks=marks, version=0, submission=uuid.uuid4())


def effective(roll_call: RollCall, pupil: Any) -> Effective:
    return Effective.objects.get(roll_call=roll_call, pupil=pupil)


def key(roll_call: RollCall, pupil: Any) -> str:
    standing = Judgement.objects.standing().filter(lesson=roll_call.lesson, pupil=pupil).values_list("pk", flat=True).first()
    return f"{effective(roll_call, pupil).deviation_id}:{standing or ''}"


def test_several_are_judged_at_once_and_the_verdict_decides(cast: Any, teacher: Any, taken: RollCall) -> None:
    sami, elsa = cast.id("sami"), cast.id("elsa")
    assert effective(taken, sami).unauthorised_minutes == 50
    page = teacher.get(f"{LIST}?del=utan-anmalan").content.decode()
    assert "Sami Haddad" in page
    assert "Elsa Sandström" in page
    answer = teacher.send(
        JUDGE, {"mark": [key(taken, sami), key(taken, elsa)], "verdict": "valid", "reason": "Bussen kom inte"}, follow=True
    )
    assert "2 lektioner är bedömda" in answer.content.decode()
    assert effective(taken, sami).valid_minutes == 50
    assert Judgement.objects.filter(reason="Bussen kom inte", judged_by=cast.anna).count() == 2
    assert "Inget väntar här" in teacher.get(f"{LIST}?del=utan-anmalan").content.decode()


def test_a_line_of_its_own_and_the_press_that_takes_it_back(cast: Any, teacher: Any, taken: RollCall) -> None:
    sami = cast.id("sami")
    teacher.send(JUDGE, {"one": f"{key(taken, sami)}=unauthorised"})
    first = Judgement.objects.get()
    teacher.send(JUDGE, {"one": f"{key(taken, sami)}=valid"})
    second = Judgement.objects.standing().get()
    first.refresh_from_db()
    assert (first.verdict, second.verdict, first.replaced_at is not None) == ("unauthorised", "valid", True)
    assert f'value="{second.pk}"' in teacher.get(LIST).content.decode()
    assert teacher.send("/franvaro/bedom/ta-tillbaka/", {"one": str(second.pk)}).status_code == 302
    assert not Judgement.objects.standing().exists()
    assert Judgement.objects.count() == 2
    assert effective(taken, sami).unauthorised_minutes == 50
    assert "har ändrat det redan" in teacher.send("/franvaro/bedom/ta-tillbaka/", {"one": str(second.pk)}, follow=True).content.decode()


def test_a_late_report_waits_and_a_contradiction_is_confirmed(cast: Any, teacher: Any, taken: RollCall) -> None:
    opens, closes = days.bounds(days.today())
    report = AbsenceReport.objects.create(reported_by=cast.amira, source=Source.GUARDIAN, submission=uuid.uuid4(), reported_at=days.now())
    early = AbsenceReport.objects.create(
        reported_by=cast.karin, source=Source.GUARDIAN, submission=uuid.uuid4(), reported_at=opens + timedelta(hours=6)
    )
    whole = {"day": days.today(), "starts_at": opens, "ends_at": closes, "whole_day": True}
    ReportedDay.objects.create(report=report, pupil=cast.sami, **whole)
    waiting = teacher.get(LIST).content.decode()
    assert "Sami Haddad" in waiting
    assert "Sent anmäld" in waiting
    ReportedDay.objects.create(report=early, pupil=cast.elsa, **whole)
    Deviation.objects.filter(pupil=cast.elsa).delete()
    there = teacher.get(f"{LIST}?del=narvarande").content.decode()
    assert "Elsa Sandström" in there
    assert "Sami Haddad" not in there
    sent = {"one": f"{taken.pk}:{cast.id('elsa')}"}
    assert "Sparat" in teacher.send("/franvaro/bedom/var-har/", sent, follow=True).content.decode()
    assert "Inget väntar här" in teacher.get(f"{LIST}?del=narvarande").content.decode()
    assert teacher.send("/franvaro/bedom/var-har/", sent).status_code == 422
    assert teacher.send("/franvaro/bedom/var-har/", {"mark": ["x", f"{taken.pk}:{cast.id('sami')}"]}).status_code == 422


def test_injected_foreign_repeated_and_broken_ids_are_refused_whole(cast: Any, teacher: Any, taken: RollCall) -> None:
    sami = key(taken, cast.id("sami"))
    other = Deviation.objects.create(
        roll_call=RollCall.objects.filter(lesson__activity__groups__name="8A")[0], pupil=cast.leila, late_minutes=5
    )
    protected = key(taken, cast.id("kim"))
    bad_lists: list[list[str]] = [
        [sami, f"{other.pk}:"],
        [sami, f"{uuid.uuid4()}:"],
        [sami, sami],
        [sami, "x"],
        [sami, protected],
        ["' OR 1=1 --:"],
        [sami] * 201,
    ]
    for bad in bad_lists:
        answer = teacher.send(JUDGE, {"mark": bad, "verdict": "valid"})
        assert answer.status_code == 422, bad
    for broken in ({"verdict": "present"}, {"verdict": ""}, {"mark": []}):
        assert teacher.send(JUDGE, {"mark": [sami], "verdict": "valid", **broken}).status_code == 422
    assert not Judgement.objects.exists()
    assert f'value="{sami}" checked' in teacher.send(f"{JUDGE}?del=utan-anmalan", {"mark": [sami], "verdict": ""}).content.decode()


def test_somebody_who_judged_meanwhile_is_told_of_and_nothing_is_lost(
    cast: Any, teacher: Any, client_as: Callable[..., Any], taken: RollCall
) -> None:
    shown = key(taken, cast.id("sami"))
    client_as("ingrid", Role.STAFF).send(JUDGE, {"one": f"{shown}=valid"})
    answer = teacher.send(
        f"{JUDGE}?del=utan-anmalan", {"mark": [shown, key(taken, cast.id("elsa"))], "verdict": "unauthorised", "reason": "Ord"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Någon annan har bedömt det här under tiden: Sami Haddad" in page
    assert 'value="Ord"' in page
    assert f'value="{key(taken, cast.id("elsa"))}" checked' in page
    assert Judgement.objects.get().verdict == "valid"


def test_the_same_form_after_a_time_out_judges_once(cast: Any, teacher: Any, taken: RollCall) -> None:
    for verdict in ("valid", "unauthorised"):
        form = {"mark": [key(taken, cast.id("sami")), key(taken, cast.id("elsa"))], "verdict": verdict, "reason": "Ord"}
        for _time in range(2):
            assert "2 lektioner är bedömda" in teacher.send(JUDGE, form, follow=True).content.decode()
    assert teacher.send(JUDGE, {**form, "verdict": "valid"}).status_code == 409, "another word is another form"
    assert teacher.send(JUDGE, {**form, "mark": [*form["mark"], key(taken, cast.id("kim"))]}).status_code in {409, 422}
    assert Judgement.objects.filter(replaced_at=None, verdict="unauthorised").count() == 2
    assert Judgement.objects.count() == 4


def test_a_corrected_roll_call_makes_the_old_mark_worthless(cast: Any, teacher: Any, actor: Callable[..., Actor], taken: RollCall) -> None:
    shown = key(taken, cast.id("sami"))
    take_roll_call(
        actor=actor("anna", Role.STAFF), lesson=taken.lesson, marks={cast.id("sami"): Seen(late=5)}, version=1, submission=uuid.uuid4()
    )
    assert teacher.send(JUDGE, {"one": f"{shown}=valid"}).status_code == 422
    assert not Judgement.objects.exists()


def test_who_may_judge(cast: Any, client_as: Callable[..., Any], actor: Callable[..., Actor], taken: RollCall) -> None:
    """The pupil's mentor, the lesson's teacher, office and principal of the unit; to the day, and nobody else."""
    for who in ("anna", "ingrid", "pekka"):
        assert client_as(who, Role.STAFF).send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code == 302
    for who in ("lars", "nina", "hassan", "erik", "maja", "birgitta"):
        assert client_as(who, Role.STAFF).send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code == 422
    for who, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL), ("mikael", Role.GUARDIAN)):
        assert client_as(who, role).send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code in {302, 404}
    sunna = client_as("sunna", Role.STAFF)
    assert sunna.send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code == 403, "sees the class and judges nothing"
    assert "Sami Haddad" not in sunna.get(f"{LIST}?del=utan-anmalan").content.decode()
    assert Judgement.objects.count() == 3


def test_a_former_mentor_and_teacher_judges_no_more_though_still_seeing(cast: Any, client_as: Callable[..., Any], taken: RollCall) -> None:
    anna, yesterday = client_as("anna", Role.STAFF), days.today() - timedelta(days=1)
    AssignmentRole.objects.filter(duty__person=cast.anna).update(end_date=yesterday)
    assert anna.send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code == 302, "still teaches the lesson"
    DutyAssignment.objects.filter(duty__person=cast.anna).update(end_date=yesterday)
    assert anna.send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=unauthorised"}).status_code == 403
    assert anna.send("/franvaro/bedom/ta-tillbaka/", {"one": str(Judgement.objects.get().pk)}).status_code == 403
    assert "judging__pick" not in anna.get(f"{LIST}?del=utan-anmalan").content.decode()


def test_a_mentor_judges_lessons_of_others_and_a_teacher_their_own_alone(cast: Any, client_as: Callable[..., Any], taken: RollCall) -> None:
    DutyAssignment.objects.filter(activity=taken.lesson.activity).update(duty=cast.erik.duties.get())
    assert client_as("anna", Role.STAFF).send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid"}).status_code == 302
    erik = client_as("erik", Role.STAFF)
    assert erik.send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=unauthorised"}).status_code == 302
    another = RollCall.objects.filter(lesson__activity__groups__name="4A").exclude(lesson__activity=taken.lesson.activity)[0]
    Deviation.objects.create(roll_call=another, pupil=cast.sami, late_minutes=5)
    assert erik.send(JUDGE, {"one": f"{key(another, cast.id('sami'))}=valid"}).status_code == 422


def test_a_protected_pupil_is_judged_by_the_named_alone(cast: Any, teacher: Any, client_as: Callable[..., Any], taken: RollCall) -> None:
    assert "Kim Ek" not in teacher.get(f"{LIST}?del=utan-anmalan").content.decode()
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.anna, granted_by=cast.ingrid, reason="mentor")
    assert "Kim Ek" in teacher.get(f"{LIST}?del=utan-anmalan").content.decode()
    assert "Robin" not in teacher.get(f"{LIST}?del=utan-anmalan").content.decode()
    assert teacher.send(JUDGE, {"one": f"{key(taken, cast.id('kim'))}=valid"}).status_code == 302
    assert client_as("ingrid", Role.STAFF).send(JUDGE, {"one": f"{key(taken, cast.id('kim'))}=valid"}).status_code == 422


@pytest.mark.django_db(transaction=False)
def test_the_database_keeps_one_standing_verdict(cast: Any, taken: RollCall) -> None:
    row = {"lesson": taken.lesson, "pupil": cast.sami, "judged_by": cast.anna, "judged_at": days.now()}
    Judgement.objects.create(verdict="valid", **row)
    with pytest.raises(Exception, match="one_standing_judgement"), transaction.atomic():
        Judgement.objects.create(verdict="unauthorised", **row)


def test_script_in_a_reason_is_text(cast: Any, teacher: Any, taken: RollCall) -> None:
    teacher.send(JUDGE, {"one": f"{key(taken, cast.id('sami'))}=valid", "reason": "<script>alert(1)</script>"})
    page = teacher.get(f"/min-klass/elev/{cast.id('sami')}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("pupils", [1, 3])
@pytest.mark.parametrize(("part", "expected"), [("vantar", 10), ("utan-anmalan", 10), ("narvarande", 11)])
def test_the_lists_take_the_same_statements_for_any_number_of_rows(
    cast: Any, teacher: Any, taken: RollCall, statements: Any, pupils: int, part: str, expected: int
) -> None:
    opens, closes = days.bounds(days.today())
    chosen = [pupil for pupil in taken.roster if pupil != cast.id("kim")][:pupils]
    Deviation.objects.all().delete()
    if part != "narvarande":
        Deviation.objects.bulk_create(Deviation(roll_call=taken, pupil_id=pupil, absent_minutes=50) for pupil in chosen)
    for pupil in chosen if part != "utan-anmalan" else []:
        report = AbsenceReport.objects.create(reported_by=cast.amira, source="office", submission=uuid.uuid4(), reported_at=days.now())
        ReportedDay.objects.create(report=report, pupil_id=pupil, day=days.today(), starts_at=opens, ends_at=closes, whole_day=True)
    path = f"{LIST}?del={part}&klass={cast.group('4A').pk}"
    teacher.get(path)
    assert statements(lambda: teacher.get(path)) == expected + OVERHEAD


def test_sorting_paging_and_narrowing_hold_against_nonsense(cast: Any, teacher: Any, taken: RollCall) -> None:
    for query in (
        "ordning=' OR 1=1",
        "sida=-1",
        "sida=zz",
        "klass=x",
        f"klass={uuid.uuid4()}",
        "del=x",
        "mine=on",
        "ordning=namn",
        "ordning=amne",
    ):
        assert teacher.get(f"{LIST}?{query}").status_code == 200, query
    assert "Sami Haddad" in teacher.get(f"{LIST}?del=utan-anmalan&mine=on").content.decode()
    assert "Sami Haddad" not in teacher.get(f"{LIST}?del=utan-anmalan&klass={uuid.uuid4()}").content.decode()


def test_the_action_alone_refuses_what_the_actor_does_not_see(cast: Any, actor: Callable[..., Actor], taken: RollCall) -> None:
    row = effective(taken, cast.id("sami"))
    with pytest.raises(Exception, match="Listan"):
        actions.judge(actor=actor("lars", Role.STAFF), marks=[Mark(row.deviation_id, None)], verdict=Verdict.VALID)


def test_nobody_judges_the_own_child(cast: Any, teacher: Any, client_as: Any, taken: RollCall) -> None:
    """Not after the guardianship has ended either; somebody else of the school does."""
    sami, yesterday = cast.id("sami"), days.today() - timedelta(days=1)
    Guardianship.objects.create(guardian=cast.anna, child=cast.sami, start_date=yesterday, end_date=yesterday)
    page = teacher.get(f"{LIST}?del=utan-anmalan").content.decode()
    assert "Elsa Sandström" in page
    assert "Sami Haddad" not in page
    assert teacher.send(JUDGE, {"mark": [key(taken, sami)], "verdict": "valid"}).status_code == 403
    assert not Judgement.objects.exists()
    assert client_as("pekka", Role.STAFF).send(JUDGE, {"mark": [key(taken, sami)], "verdict": "valid"}).status_code == 302

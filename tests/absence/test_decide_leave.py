"""The school decides: who may, on what, how much, and what follows from it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from absence.models import Deviation, Effective, LeaveDay, LeaveDecision, LeaveNote, LeaveRequest, LeaveState, RollCall
from dexter.audit.models import Entry
from dexter.files.models import StoredFile
from dexter.lib import days
from dexter.lib.access import Role
from dexter.notices.composers import composer_of
from dexter.notices.models import Notice
from registry.models import AssignmentRole, Duty, Guardianship, Person, ProtectedAccess, SchoolUnit

from .leaves import LIST, ahead, applied, decided, path, settings


@pytest.fixture
def request_of_sami(cast: Any, actor: Callable[..., Any], morning: Any) -> LeaveRequest:
    return applied(actor, cast, "sami", first=20, last=21)[0]


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def text_of(response: Any) -> str:
    assert response["Content-Type"] == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages).split())


def test_granted_leave_is_a_decision_with_a_number_and_days_of_valid_absence(
    cast: Any, principal: Any, guardian: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    assert 'Ansökningar om ledighet</a><span class="state state--notice">1<' in principal.get("/start/").content.decode()
    assert "Sami Haddad" in principal.get(LIST).content.decode()
    response = principal.send(path(request_of_sami, "beslut/"), {"outcome": "granted"}, follow=True)
    assert "Beslutet är fattat" in response.content.decode()
    decision = LeaveDecision.objects.get()
    assert (decision.outcome, decision.school_days, decision.days_before, decision.as_principal) == ("granted", 2, 0, True)
    assert decision.registry_no == f"{days.today().year}:1"
    assert list(LeaveDay.objects.order_by("day").values_list("day", flat=True)) == [ahead(20), ahead(21)]
    for reader in (guardian, client_as("jonas", Role.GUARDIAN), client_as("anna", Role.STAFF), principal):
        text = text_of(reader.get(path(request_of_sami, "beslut/pdf/")))
        assert "Beslut om ledighet" in text
        assert decision.registry_no in text
        assert "Sami Haddad beviljas ledighet" in text
        assert "Ingrid Sjöberg, rektor" in text
        assert "7 kap. 18 §" in text
        assert not {"Amira", "Kiruna"} & set(text.split())
    assert Entry.objects.filter(action="absence.download_leave_decision").count() == 4


def test_absence_on_a_granted_day_is_valid_and_unauthorised_again_when_it_is_given_back(
    cast: Any, actor: Callable[..., Any], morning: Any
) -> None:
    (request,) = applied(actor, cast, "sami", first=1, last=1)
    decided(actor("ingrid", Role.STAFF), request)
    lesson = cast.lesson("4A", day=ahead(1))
    roll_call = RollCall.objects.create(
        lesson=lesson,
        school_unit=request.school_unit,
        taken_by=cast.anna,
        taken_at=lesson.starts_at,
        submission=request.pk,
        roster=[cast.id("sami")],
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=lesson.minutes,
    )
    Deviation.objects.create(roll_call=roll_call, pupil=cast.sami, absent_minutes=lesson.minutes)
    assert Effective.objects.get(roll_call=roll_call).unauthorised_minutes == 0
    LeaveDay.objects.update(revoked_at=days.now())
    assert Effective.objects.get(roll_call=roll_call).unauthorised_minutes == lesson.minutes


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"outcome": "refused"}, "Skriv skälen"),
        ({"outcome": "partly", "first": "20", "last": "20"}, "Skriv skälen"),
        ({"outcome": "partly", "first": "20", "last": "21", "reasons": "x"}, "allt som söktes"),
        ({"outcome": "partly", "first": "19", "last": "20", "reasons": "x"}, "Välj dagar inom"),
        ({"outcome": "partly", "first": "21", "last": "20", "reasons": "x"}, "Sista dagen ligger före"),
        ({"outcome": "partly", "reasons": "x"}, "från vilken dag"),
        ({"outcome": "given"}, None),
        ({}, None),
    ],
)
def test_a_decision_that_does_not_fit_is_explained_and_saves_nothing(
    principal: Any, request_of_sami: LeaveRequest, sent: dict[str, str], said: str | None
) -> None:
    sent = {name: ahead(int(value)).isoformat() if name in {"first", "last"} else value for name, value in sent.items()}
    response = principal.send(path(request_of_sami, "beslut/"), sent)
    assert response.status_code == 422
    assert said is None or said in response.content.decode()
    assert not LeaveDecision.objects.exists()
    assert not StoredFile.objects.filter(name__startswith="beslut").exists()


def test_part_of_a_leave_is_granted_with_reasons(principal: Any, guardian: Any, request_of_sami: LeaveRequest) -> None:
    day = ahead(21).isoformat()
    principal.send(path(request_of_sami, "beslut/"), {"outcome": "partly", "first": day, "last": day, "reasons": "Nationellt prov."})
    assert list(LeaveDay.objects.values_list("day", flat=True)) == [ahead(21)]
    text = text_of(guardian.get(path(request_of_sami, "beslut/pdf/")))
    assert "en del av ledigheten" in text
    assert "Nationellt prov." in text


def test_a_refusal_says_why_and_gives_no_day(principal: Any, guardian: Any, request_of_sami: LeaveRequest) -> None:
    reasons = "<b>Studierna</b> #let x = 1"
    principal.send(path(request_of_sami, "beslut/"), {"outcome": "refused", "reasons": reasons})
    assert not LeaveDay.objects.exists()
    text = text_of(guardian.get(path(request_of_sami, "beslut/pdf/")))
    assert "beviljas inte ledighet" in text
    assert reasons in text
    assert "&lt;b&gt;Studierna" in guardian.get(path(request_of_sami)).content.decode()


def test_a_mentor_decides_within_the_sum_of_the_school_year(cast: Any, actor: Callable[..., Any], teacher: Any, morning: Any) -> None:
    anna, ingrid = actor("anna", Role.STAFF), actor("ingrid", Role.STAFF)
    (two,) = applied(actor, cast, "sami", first=20, last=21)
    assert not decided(anna, two).as_principal
    (other,) = applied(actor, cast, "sami", first=30, last=31)
    page = teacher.get(path(other)).content.decode()
    assert "Rektor: en mentor får bevilja sammanlagt 3 dagar" in page
    assert path(other, "beslut/") not in page
    assert teacher.get(path(other, "beslut/")).status_code == 403
    assert teacher.send(path(other, "beslut/"), {"outcome": "refused", "reasons": "x"}).status_code == 403
    (one,) = applied(actor, cast, "sami", first=33, last=33)
    assert decided(anna, one).days_before == 2
    assert decided(ingrid, other).days_before == 3


def test_days_given_back_count_no_more(cast: Any, actor: Callable[..., Any], guardian: Any, morning: Any) -> None:
    (first,) = applied(actor, cast, "sami", first=20, last=22)
    decided(actor("anna", Role.STAFF), first)
    LeaveDay.objects.update(revoked_at=days.now())
    (second,) = applied(actor, cast, "sami", first=20, last=22)
    assert decided(actor("anna", Role.STAFF), second).days_before == 0


def test_more_than_ten_days_is_the_principals_alone(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], morning: Any
) -> None:
    settings("Granskolan", delegated_leave_days=10)
    (long,) = applied(actor, cast, "sami", first=20, last=30)
    assert client_as("anna", Role.STAFF).send(path(long, "beslut/"), {"outcome": "granted"}).status_code == 403
    assert "Mer än tio på ett läsår" in client_as("ingrid", Role.STAFF).get(path(long)).content.decode()
    assert decided(actor("ingrid", Role.STAFF), long).school_days == 11


def test_who_may_see_and_decide(cast: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest) -> None:
    sent = {"outcome": "granted"}
    for who, role, status in (
        ("pekka", Role.STAFF, 403),  # the office sees it
        ("sunna", Role.STAFF, 404),  # special educator of the class
        ("maja", Role.STAFF, 404),
        ("lars", Role.STAFF, 404),
        ("nina", Role.STAFF, 404),  # another school's principal
        ("birgitta", Role.STAFF, 404),
        ("amira", Role.GUARDIAN, 404),
        ("sami", Role.PUPIL, 404),
    ):
        assert client_as(who, role).send(path(request_of_sami, "beslut/"), sent).status_code == status, who
        assert client_as(who, role).get(path(request_of_sami, "beslut/pdf/")).status_code in {404, 302}, who
    assert not LeaveDecision.objects.exists()


def test_a_protected_guardian_is_not_named_to_the_school(cast: Any, principal: Any, client_as: Any, request_of_sami: LeaveRequest) -> None:
    assert "Amira Haddad" in principal.get(path(request_of_sami)).content.decode()
    Person.objects.filter(pk=cast.id("amira")).update(security_marking="Sekretessmarkering", agreed_name="Nora Ask")
    for reader in (principal, client_as("anna", Role.STAFF), client_as("pekka", Role.STAFF)):
        page = reader.get(path(request_of_sami)).content.decode()
        assert "Mormor fyller 80" in page
        assert "en vårdnadshavare" in page
        assert "Nora Ask" not in page
        assert "Amira" not in page


def test_nobody_decides_for_the_own_child(cast: Any, client_as: Callable[..., Any], actor: Callable[..., Any], morning: Any) -> None:
    Duty.objects.create(
        person=cast.erik, school_unit=SchoolUnit.objects.get(name="Granskolan"), duty_role="Rektor", start_date=days.today()
    )
    (request,) = applied(actor, cast, "alva", who="erik")
    erik = client_as("erik", Role.STAFF)
    assert erik.send(path(request, "beslut/"), {"outcome": "granted"}).status_code == 403
    assert "Besluta" not in erik.get(path(request)).content.decode()


def test_the_second_decider_is_told_and_loses_no_word(actor: Callable[..., Any], principal: Any, request_of_sami: LeaveRequest) -> None:
    decided(actor("anna", Role.STAFF), request_of_sami)
    response = principal.send(path(request_of_sami, "beslut/"), {"outcome": "refused", "reasons": "Mina långa skäl"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Någon annan har beslutat under tiden" in page
    assert "Anna Lindqvist" in page
    assert "Mina långa skäl" in page
    assert LeaveDecision.objects.get().outcome == "granted"


def test_a_double_press_is_one_decision(principal: Any, request_of_sami: LeaveRequest) -> None:
    for _twice in range(2):
        assert principal.send(path(request_of_sami, "beslut/"), {"outcome": "granted"}).status_code == 302
    assert (LeaveDecision.objects.count(), LeaveDay.objects.count()) == (1, 2)
    assert Notice.objects.filter(kind="absence.leave_decided").count() == 2


def test_what_was_taken_back_meanwhile_is_not_decided(principal: Any, guardian: Any, request_of_sami: LeaveRequest) -> None:
    guardian.send(path(request_of_sami, "ta-tillbaka/"))
    response = principal.send(path(request_of_sami, "beslut/"), {"outcome": "granted"})
    assert response.status_code == 409
    assert "tagits tillbaka" in response.content.decode()


def test_days_that_have_passed_are_never_granted(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], morning: Any, at: Any
) -> None:
    (request,) = applied(actor, cast, "sami", first=1, last=3)
    at(8, 0, day=ahead(2))
    principal = client_as("ingrid", Role.STAFF)
    assert "Börjad utan beslut" in principal.get(LIST).content.decode()
    assert "Ledigheten har börjat" in principal.send(path(request, "beslut/"), {"outcome": "granted"}).content.decode()
    part = {"outcome": "partly", "first": ahead(0).isoformat(), "last": ahead(1).isoformat(), "reasons": "Sent beslut"}
    assert principal.send(path(request, "beslut/"), part).status_code == 302
    assert list(LeaveDay.objects.order_by("day").values_list("day", flat=True)) == [ahead(0), ahead(1)]


def test_the_home_is_told_without_the_outcome_and_only_while_it_holds(
    cast: Any, actor: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    decided(actor("ingrid", Role.STAFF), request_of_sami, "refused", "Skäl")
    notices = Notice.objects.filter(kind="absence.leave_decided")
    assert set(notices.values_list("recipient_id", flat=True)) == {cast.id("amira"), cast.id("jonas")}
    notice = notices.get(recipient_id=cast.id("jonas"))
    compose = composer_of(notice.kind)
    assert "Skolan har beslutat om ledighet för Sami." in compose(notice).body
    Guardianship.objects.filter(guardian=cast.jonas).update(revoked_at=days.now(), revoked_by=cast.pekka)
    assert compose(notice) is None


def test_a_protected_pupils_application_is_for_named_persons_and_nobody_is_told(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], morning: Any
) -> None:
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.petra, granted_by=cast.ingrid, reason="vårdnad")
    (request,) = applied(actor, cast, "kim", who="petra")
    for who in ("ingrid", "anna", "pekka"):
        reader = client_as(who, Role.STAFF)
        assert reader.get(path(request)).status_code == 404
        assert "Kim Ek" not in reader.get(LIST).content.decode()
    principal = client_as("ingrid", Role.STAFF)
    assert "1 ansökan gäller en elev med skyddade" in principal.get(LIST).content.decode()
    assert "skyddade personuppgifter som inte" not in client_as("pekka", Role.STAFF).get(LIST).content.decode()
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.ingrid, reason="beslut")
    assert "Kim Ek" in principal.get(LIST).content.decode()
    assert principal.send(path(request, "beslut/"), {"outcome": "granted"}).status_code == 302
    text = text_of(client_as("petra", Role.GUARDIAN).get(path(request, "beslut/pdf/")))
    assert "Kim Ek beviljas" in text
    assert "Hemlig" not in text
    assert not Notice.objects.filter(kind__startswith="absence.leave").exists()


def test_the_mentor_tells_the_decider_and_the_home_does_not_read_it(
    cast: Any, teacher: Any, guardian: Any, principal: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest
) -> None:
    sent = {"text": "Ligger efter i matematik <i>"}
    for _twice in range(2):
        assert teacher.send(path(request_of_sami, "yttrande/"), sent).status_code == 302
    assert LeaveNote.objects.count() == 1
    assert "Ligger efter i matematik &lt;i&gt;" in principal.get(path(request_of_sami, "beslut/")).content.decode()
    assert "Ligger efter" not in guardian.get(path(request_of_sami)).content.decode()
    assert principal.get(path(request_of_sami, "yttrande/")).status_code == 403
    assert client_as("lars", Role.STAFF).send(path(request_of_sami, "yttrande/"), sent).status_code == 404
    assert teacher.send(path(request_of_sami, "yttrande/"), {"text": ""}).status_code == 422


def test_the_decider_sees_the_school_year(cast: Any, actor: Callable[..., Any], principal: Any, request_of_sami: LeaveRequest) -> None:
    decided(actor("anna", Role.STAFF), applied(actor, cast, "sami", first=5, last=5)[0])
    page = principal.get(path(request_of_sami, "beslut/")).content.decode()
    assert "Andra ansökningar under läsåret" in page
    assert "Mentor eller rektor" in page
    assert "timmar" in page
    assert Entry.objects.filter(action="absence.leave_detail").count() == 0
    principal.get(path(request_of_sami))
    assert Entry.objects.filter(action="absence.leave_detail", subjects__contains=[cast.id("sami")]).count() == 1


def test_a_former_mentor_decides_no_more(cast: Any, client_as: Callable[..., Any], request_of_sami: LeaveRequest) -> None:
    AssignmentRole.objects.filter(duty__person=cast.anna).update(end_date=ahead(-1))
    anna = client_as("anna", Role.STAFF)
    assert anna.get(path(request_of_sami)).status_code == 200  # for as long as the pupils are seen
    assert anna.send(path(request_of_sami, "beslut/"), {"outcome": "granted"}).status_code == 403


@pytest.mark.parametrize("assignment", ["Specialpedagog", "Elevhälsopersonal", "Administrativ personal"])
def test_what_a_leave_is_for_is_read_by_no_other_assignment_in_the_class(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], request_of_sami: LeaveRequest, assignment: str
) -> None:
    """They see the pupil and the absence, not why a home asks for leave; whoever decided keeps the own decision."""
    sunna = client_as("sunna", Role.STAFF)
    AssignmentRole.objects.filter(duty__person=cast.sunna).update(assignment_role_type=assignment)
    assert Person.objects.visible_to(actor("sunna", Role.STAFF)).filter(pk=cast.id("sami")).exists()
    for verb in ("", "yttrande/", "beslut/", "beslut/pdf/"):
        assert sunna.get(path(request_of_sami, verb)).status_code == 404
    assert "Sami Haddad" not in sunna.get(LIST).content.decode()
    assert not LeaveNote.objects.visible_to(actor("sunna", Role.STAFF)).exists()
    decided(actor("anna", Role.STAFF), request_of_sami)
    AssignmentRole.objects.filter(duty__person=cast.anna).update(assignment_role_type=assignment)
    assert client_as("anna", Role.STAFF).get(path(request_of_sami)).status_code == 200
    assert sunna.get(path(request_of_sami)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("who", "role", "bar"), [("ingrid", Role.STAFF, 6), ("amira", Role.GUARDIAN, 4)])
def test_the_list_takes_the_same_statements_for_any_number(
    cast: Any,
    actor: Callable[..., Any],
    client_as: Callable[..., Any],
    statements: Any,
    morning: Any,
    number: int,
    who: str,
    role: Role,
    bar: int,
) -> None:
    from tests.conftest import OVERHEAD

    for step in range(number):
        applied(actor, cast, "sami", first=20 + 3 * step, last=20 + 3 * step)
    browser = client_as(who, role)
    browser.get("/om-dexter/")
    assert statements(lambda: browser.get(LIST)) == bar + OVERHEAD


def test_the_state_of_the_request_is_kept_by_the_database(request_of_sami: LeaveRequest) -> None:
    from django.db import IntegrityError, transaction

    for state in ("granted", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            LeaveRequest.objects.filter(pk=request_of_sami.pk).update(state=state)
    assert request_of_sami.state == LeaveState.IN_PREPARATION
    assert Person.objects.filter(pk=request_of_sami.pupil_id).exists()


def test_the_municipality_says_itself_how_a_decision_can_be_tried_and_made_decisions_keep_what_it_said(
    actor: Callable[..., Any], cast: Any, client_as: Callable[..., Any], guardian: Any, request_of_sami: LeaveRequest
) -> None:
    pekka, edit = client_as("pekka", Role.STAFF), "/installningar/texter/ledighetsbeslut/"
    assert "Skolväsendets överklagandenämnd" in pekka.get(edit).content.decode()
    assert edit in pekka.get("/kontakt/").content.decode()
    decided(actor("ingrid", Role.STAFF), request_of_sami)
    pekka.post("/sprak/", {"language": "en", "next": "/kontakt/"})  # documents are in the authority's language all the same
    assert pekka.send(edit, {"text": "Beslutet prövas av <b>förvaltningsrätten</b>.\n\n#let x = 1", "version": 0}).url == edit
    (later,) = applied(actor, cast, "sami", first=30, last=30)
    decided(actor("ingrid", Role.STAFF), later)
    first, second = (text_of(guardian.get(path(row, "beslut/pdf/"))) for row in (request_of_sami, later))
    assert "överklagandenämnd" in first
    assert "förvaltningsrätten" not in first
    assert "prövas av <b>förvaltningsrätten</b>" in second
    assert "#let x = 1" in second
    assert "överklagandenämnd" not in second
    assert client_as("anna", Role.STAFF).get(edit).status_code == 403

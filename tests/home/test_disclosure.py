"""Register extracts and public records: masked by default, reviewed by another, released once, fetched as an accessible PDF."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.models import Entry
from dexter.home.actions import disclosure as actions
from dexter.home.archive.coverage import COVERAGE, our_models
from dexter.home.extract.gathering import sections_offered
from dexter.home.extract.masking import shown
from dexter.home.extract.paths import NOT_ABOUT_PEOPLE, ways_to
from dexter.home.models import Disclosure
from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.models import CivicNumber, EmailAddress, Enrolment, Guardianship, Person, ProtectedAccess, SecurityMarking


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


@pytest.fixture
def principal(client_as: Callable[..., Any]) -> Any:
    return client_as("ingrid", Role.STAFF)


def draft(browser: Any, cast: Any, key: str = "sami", **fields: Any) -> Any:
    return browser.send(f"/personer/{cast.id(key)}/utlamning/", {"kind": "extract", **fields})


def drafted(browser: Any, cast: Any, key: str = "sami", **fields: Any) -> Disclosure:
    answer = draft(browser, cast, key, **fields)
    assert answer.status_code == 302, answer.content.decode()
    return Disclosure.objects.get(pk=answer.url.split("/")[2])


def do(browser: Any, disclosure: Disclosure, verb: str, **fields: Any) -> Any:
    disclosure.refresh_from_db()
    return browser.send(f"/utlamningar/{disclosure.pk}/{verb}/", {"version": disclosure.version, **fields})


def page(browser: Any, disclosure: Disclosure) -> str:
    return str(browser.get(f"/utlamningar/{disclosure.pk}/").content.decode())


def shown_mask() -> str:
    return str(_("[masked]"))


def texts(disclosure: Disclosure) -> list[str]:
    return [cell.text for section in shown(disclosure) for row in section.rows for cell in row]


def test_every_model_of_ours_is_known_to_the_extract() -> None:
    labels = {model._meta.label for model in our_models()}
    found = {model._meta.label for model in our_models() if ways_to(model)}
    assert not (labels - found) ^ NOT_ABOUT_PEOPLE, "say in dexter/home/extract/paths.py that it is about nobody"
    assert ways_to(Guardianship) == ("guardian", "child", "revoked_by")
    ways = {entry.label: ways_to(entry.model) for entry in COVERAGE}
    assert ways["registry.AssignmentRole"] == ways["registry.TeacherException"] == ("duty__person",)
    assert ways["absence.RollCall"] == ("taken_by", "roster__contains")
    assert ways["audit.Entry"] == ("actor_id", "subjects__contains")
    assert "audit.Entry" not in sections_offered(to_others=True)


def test_an_extract_holds_everything_and_masks_everybody_else(cast: Any, office: Any) -> None:
    Guardianship.objects.filter(guardian=cast.jonas, child=cast.sami).update(revoked_reason="dom om vårdnad", revoked_at=days.now())
    disclosure = drafted(office, cast)
    found = texts(disclosure)
    number = civic.decrypt(CivicNumber.objects.get(person=cast.sami).encrypted)
    for text in ("Sami", "Haddad", "Granskolan", "4A", f"{number[:8]}-{number[8:]}", shown_mask()):
        assert text in found, text
    assert not [text for text in found if "Amira" in text or "Jonas" in text or "dom om" in text]
    assert number not in json.dumps(disclosure.content)  # the number stays encrypted at rest
    sections = {section["section"] for section in disclosure.content}
    assert sections >= {"registry.Person", "registry.Enrolment", "registry.Guardianship", "absence.RollCall", "accounts.User"}
    assert "Amira" not in page(office, disclosure).split("<details")[-1]


def test_one_drafts_another_reviews_and_the_released_is_fetched(cast: Any, office: Any, principal: Any) -> None:
    disclosure = drafted(office, cast, purpose="dnr 2026/7")
    pdf = f"/utlamningar/{disclosure.pk}/pdf/"
    assert office.get(pdf).status_code == 404
    do(office, disclosure, "lamna-ut")
    do(office, disclosure, "granska")
    disclosure.refresh_from_db()
    assert disclosure.reviewed_at is disclosure.released_at is None
    do(principal, disclosure, "granska")
    disclosure.refresh_from_db()
    assert disclosure.reviewed_by_id == cast.id("ingrid")
    do(office, disclosure, "lamna-ut")
    answer = office.get(pdf)
    assert answer.status_code == 200
    assert answer.content[:5] == b"%PDF-"
    assert answer["Content-Type"] == "application/pdf"
    assert "Sami" not in answer["Content-Disposition"]
    steps = Entry.objects.filter(object_id=disclosure.pk).order_by("at").values_list("action", flat=True)
    assert [step for step in steps if step != "home.disclosure_detail"] == [
        f"home.{verb}_disclosure" for verb in ("draft", "review", "release", "download")
    ]
    assert all(cast.id("sami") in subjects for subjects in Entry.objects.filter(object_id=disclosure.pk).values_list("subjects", flat=True))


def test_lifting_a_mask_shows_one_person_and_takes_the_review_back(cast: Any, office: Any, principal: Any) -> None:
    disclosure = drafted(office, cast)
    do(principal, disclosure, "granska")
    do(office, disclosure, "maskera", opened=[f"person:{cast.id('amira')}"])
    disclosure.refresh_from_db()
    assert disclosure.reviewed_at is None
    assert "Amira Haddad" in texts(disclosure)
    assert "Jonas Haddad" not in texts(disclosure)
    do(principal, disclosure, "maskera", opened=[])
    do(principal, disclosure, "granska")  # the principal chose masks: now neither of the two may review
    disclosure.refresh_from_db()
    assert disclosure.reviewed_at is None


def test_a_review_counts_for_what_was_read_alone(cast: Any, office: Any, principal: Any) -> None:
    disclosure = drafted(office, cast)
    version = disclosure.version
    do(office, disclosure, "maskera", opened=[f"person:{cast.id('amira')}"])
    principal.send(f"/utlamningar/{disclosure.pk}/granska/", {"version": version})
    disclosure.refresh_from_db()
    assert disclosure.reviewed_at is None
    text = page(principal, disclosure)
    assert "Någon annan" in text or "Somebody else" in text


@pytest.mark.parametrize("key", ["kim", "lars", "nobody"])
def test_injected_masks_open_nobody(cast: Any, office: Any, key: str) -> None:
    """The protected, somebody of another school, somebody who is not in it."""
    Guardianship.objects.create(guardian=cast.sami, child=cast.kim, start_date=days.today())
    disclosure = drafted(office, cast)
    do(office, disclosure, "maskera", opened=[f"person:{cast.id(key) if key != 'nobody' else uuid4()}"])
    disclosure.refresh_from_db()
    assert disclosure.opened == []
    assert str(cast.id("kim")) not in page(office, disclosure)
    assert "Kim Ek" not in page(office, disclosure)


def test_a_marking_masks_again_even_what_was_released(cast: Any, office: Any, principal: Any) -> None:
    disclosure = drafted(office, cast)
    do(office, disclosure, "maskera", opened=[f"person:{cast.id('amira')}"])
    do(principal, disclosure, "granska")
    do(office, disclosure, "lamna-ut")
    disclosure.refresh_from_db()
    assert "Amira Haddad" in texts(disclosure)
    assert "Jonas" not in json.dumps(disclosure.content)
    assert str(cast.id("jonas")) not in json.dumps(disclosure.content)  # what was masked has left the row
    Person.objects.filter(pk=cast.id("amira")).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Ada Ek")
    assert not [text for text in texts(disclosure) if "Amira" in text or "Ada" in text]


def test_what_was_released_never_changes(cast: Any, office: Any, principal: Any) -> None:
    disclosure = drafted(office, cast)
    do(principal, disclosure, "granska")
    do(office, disclosure, "lamna-ut")
    for verb in ("maskera", "granska", "lamna-ut"):
        do(principal, disclosure, verb)
    before = Disclosure.objects.get(pk=disclosure.pk)
    assert before.reviewed_by_id == cast.id("ingrid")
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(content=[])


def test_the_database_wants_two_people(cast: Any, office: Any) -> None:
    disclosure = drafted(office, cast)
    rows = Disclosure.objects.filter(pk=disclosure.pk)
    for values in (
        {"reviewed_by": cast.pekka, "reviewed_at": days.now()},
        {"released_by": cast.ingrid, "released_at": days.now()},
        {"reviewed_by": cast.ingrid},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_records_for_others_hold_what_was_chosen_and_mask_how_one_is_reached(cast: Any, office: Any) -> None:
    EmailAddress.objects.create(person=cast.sami, value="sami@example.org")
    chosen = ["registry.Person", "registry.Enrolment", "registry.EmailAddress"]
    disclosure = drafted(office, cast, kind="disclosure", sections=chosen)
    assert [section["section"] for section in disclosure.content] == ["registry.Person", "registry.EmailAddress", "registry.Enrolment"]
    assert "sami@example.org" not in texts(disclosure)
    do(office, disclosure, "maskera", opened=["section:registry.EmailAddress"])
    disclosure.refresh_from_db()
    assert "sami@example.org" in texts(disclosure)
    for secret in ("registry.CivicNumber", "audit.Entry", "registry.ProtectedAccess", "accounts.User"):
        assert draft(office, cast, kind="disclosure", sections=[secret]).status_code == 422
    assert draft(office, cast, kind="disclosure").status_code == 422


def test_the_protected_get_their_own_extract_by_a_named_access_and_are_given_to_nobody(cast: Any, office: Any) -> None:
    assert draft(office, cast, "kim").status_code == 404
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.pekka, granted_by=cast.ingrid, reason="handlägger")
    assert draft(office, cast, "kim", kind="disclosure", sections=["registry.Enrolment"]).status_code == 422
    disclosure = drafted(office, cast, "kim")
    assert "Kim Ek" not in office.get("/utlamningar/").content.decode()
    assert str(disclosure.pk) in office.get(f"/personer/{cast.id('kim')}/utlamning/").content.decode()
    ProtectedAccess.objects.update(revoked_at=days.now())
    assert office.get(f"/utlamningar/{disclosure.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["anna", "hassan", "birgitta", "maja"])
def test_nobody_but_the_own_office_gets_there(cast: Any, office: Any, client_as: Callable[..., Any], who: str) -> None:
    disclosure, browser = drafted(office, cast), client_as(who, Role.STAFF)
    assert draft(browser, cast).status_code == 404
    assert browser.get(f"/utlamningar/{disclosure.pk}/").status_code == 404
    for verb in ("maskera", "granska", "lamna-ut"):
        assert do(browser, disclosure, verb).status_code == 404
    disclosure.refresh_from_db()
    assert disclosure.version == 1


def test_who_left_lately_still_gets_an_extract(cast: Any, office: Any) -> None:
    yesterday = days.today() - timedelta(days=1)
    Enrolment.objects.filter(pupil=cast.id("sami")).update(end_date=yesterday)
    assert drafted(office, cast).content
    Enrolment.objects.filter(pupil=cast.id("sami")).update(
        start_date=yesterday - timedelta(days=800), end_date=yesterday - timedelta(days=400)
    )
    assert draft(office, cast).status_code == 404


def test_script_and_typst_in_names_stay_text(cast: Any, office: Any, principal: Any) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(family_name='<script>x</script> #panic("x") $x$ *fet* ]')
    disclosure = drafted(office, cast)
    do(principal, disclosure, "granska")
    do(office, disclosure, "lamna-ut")
    assert "<script>x" not in page(office, disclosure)
    assert office.get(f"/utlamningar/{disclosure.pk}/pdf/").content[:5] == b"%PDF-"


def test_an_action_asks_for_itself_who_may(cast: Any, actor: Callable[..., Any]) -> None:
    sami = cast.sami
    made = actions.draft_disclosure(actor=actor("pekka", Role.STAFF), person=sami, kind="extract", purpose="", sections=[])
    with pytest.raises(ValidationError, match=r"."):
        actions.review_disclosure(actor=actor("pekka", Role.STAFF), disclosure=made, version=1)
    for key in ("anna", "hassan"):
        with pytest.raises(PermissionDenied, match=r"home\.disclose"):
            actions.review_disclosure(actor=actor(key, Role.STAFF), disclosure=made, version=1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int], count: int) -> None:
    for _number in range(count):
        drafted(office, cast)
    office.get("/om-dexter/")
    assert statements(lambda: office.get("/utlamningar/")) == 3 + 3


@pytest.mark.parametrize("released", [False, True])
def test_records_for_others_stop_when_the_person_is_marked(cast: Any, office: Any, principal: Any, released: bool) -> None:
    """A named access opens the page to the office, and gives nothing to others."""
    disclosure = drafted(office, cast, kind="disclosure", sections=["registry.Person", "registry.Enrolment"])
    if released:
        do(principal, disclosure, "granska")
        do(office, disclosure, "lamna-ut")
        assert office.get(f"/utlamningar/{disclosure.pk}/pdf/").status_code == 200
    Person.objects.filter(pk=cast.id("sami")).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Vide B")
    for key in ("pekka", "ingrid"):
        ProtectedAccess.objects.create(person=cast.sami, grantee_id=cast.id(key), granted_by=cast.ingrid, reason="handlägger")
    do(principal, disclosure, "granska")
    do(office, disclosure, "lamna-ut")
    disclosure.refresh_from_db()
    assert bool(disclosure.released_at) is released
    assert office.get(f"/utlamningar/{disclosure.pk}/").status_code == 200
    assert office.get(f"/utlamningar/{disclosure.pk}/pdf/").status_code == 404

"""The office's page of a person: who gets there, what stands there, and what leaves a line in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.models import CivicNumber, EmailAddress, Enrolment, LanguageProfile, Person, PhoneNumber, ProtectedAccess


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def path(cast: Any, key: str, verb: str = "") -> str:
    return f"/personer/{cast.id(key)}/{verb}"


def test_the_page_gathers_what_the_office_keeps(cast: Any, office: Any) -> None:
    text = office.get(path(cast, "sami")).content.decode()
    for part in ("Sami Haddad", "Amira Haddad", "Jonas Haddad", "4A", "Granskolan", "-****"):
        assert part in text
    assert civic.decrypt(CivicNumber.objects.get(person=cast.sami).encrypted) not in text


def test_the_number_is_shown_on_demand_and_logged(cast: Any, office: Any) -> None:
    number = civic.decrypt(CivicNumber.objects.get(person=cast.sami).encrypted)
    assert f"{number[:8]}-{number[8:]}" in office.send(path(cast, "sami", "nummer/")).content.decode()
    assert Entry.objects.filter(action="registry.show_civic_no", subjects__contains=[cast.id("sami")]).count() == 1


@pytest.mark.parametrize("who", ["anna", "hassan", "birgitta", "maja"])
def test_nobody_but_the_own_office_gets_there(cast: Any, client_as: Callable[..., Any], who: str) -> None:
    browser = client_as(who, Role.STAFF)
    for verb in ("", "uppgifter/", "kontakt/", "klass/", "vardnadshavare/", "tjanst/", "inskrivning/"):
        assert browser.get(path(cast, "sami", verb)).status_code == 404
        assert browser.send(path(cast, "sami", verb), {"given_name": "X"}).status_code in {404, 405}
    assert browser.send(path(cast, "sami", "nummer/")).status_code == 404


def test_a_protected_person_opens_for_the_named_alone(cast: Any, office: Any) -> None:
    assert office.get(path(cast, "kim")).status_code == 404
    assert office.send("/personer/", {"text": "Robin"}).content.decode().count("Robin") == 1  # what was typed, not a hit
    number = civic.decrypt(CivicNumber.objects.get(person=cast.kim).encrypted)
    assert "Kim Ek" not in office.send("/personer/", {"text": number}).content.decode()
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.pekka, granted_by=cast.ingrid, reason="handlägger")
    assert "Kim Ek" in office.get(path(cast, "kim")).content.decode()


def edit(cast: Any, office: Any, key: str = "sami", **changes: str) -> Any:
    person = getattr(cast, key)
    fields = {
        "given_name": "Sami",
        "family_name": "Haddad",
        "birth_date": str(person.birth_date),
        "sex": "Man",
        "person_status": "Aktiv",
        "version": person.modified_at.isoformat(),
        "home_language": "ara",
        "interpreter_language": "",
    }
    return office.send(path(cast, key, "uppgifter/"), {**fields, **changes})


def test_identity_and_language_are_changed(cast: Any, office: Any) -> None:
    assert edit(cast, office, given_name="Samir").status_code == 302
    assert Person.objects.get(pk=cast.id("sami")).shown_name == "Samir Haddad"
    assert LanguageProfile.objects.get(person=cast.sami).home_language == "ara"
    assert "Arabiska" in office.get(path(cast, "sami")).content.decode()


def test_the_second_of_two_savers_is_told_and_loses_nothing(cast: Any, office: Any) -> None:
    old = cast.sami.modified_at.isoformat()
    edit(cast, office, given_name="Samir")
    answer = edit(cast, office, given_name="Samuel", version=old)
    assert answer.status_code == 422
    assert "Samuel" in answer.content.decode()
    assert Person.objects.get(pk=cast.id("sami")).given_name == "Samir"


def test_a_new_number_keeps_the_old_as_history(cast: Any, office: Any) -> None:
    before = CivicNumber.objects.get(person=cast.sami)
    assert edit(cast, office, civic_no="20151231TF07").status_code == 302
    numbers = CivicNumber.objects.filter(person=cast.sami)
    assert numbers.count() == 2
    assert numbers.get(replaced_at__isnull=False).pk == before.pk
    taken = civic.decrypt(CivicNumber.objects.get(person=cast.elsa).encrypted)
    answer = edit(cast, office, civic_no=taken)
    assert answer.status_code == 422
    assert numbers.count() == 2


@pytest.mark.parametrize("number", ["123", "201512319999", "19000000-0000", "ÅÄÖ", "0" * 30])
def test_a_bad_number_is_refused_with_a_reason(cast: Any, office: Any, number: str) -> None:
    answer = edit(cast, office, civic_no=number)
    assert answer.status_code == 422
    assert 'id="id_civic_no_error"' in answer.content.decode() or "aria-invalid" in answer.content.decode()


def test_contact_details_are_replaced_and_taken_away(cast: Any, office: Any) -> None:
    details = {
        "email": "amira@example.org",
        "phone": "070-174 06 99",
        "street_address": "Gatan 1",
        "postal_code": "452 30",
        "locality": "Ås",
    }
    assert office.send(path(cast, "amira", "kontakt/"), details).status_code == 302
    assert [row.value for row in EmailAddress.objects.filter(person=cast.amira)] == ["amira@example.org"]
    assert "Gatan 1" in office.get(path(cast, "amira")).content.decode()
    assert office.send(path(cast, "amira", "kontakt/"), {}).status_code == 302
    assert not PhoneNumber.objects.filter(person=cast.amira).exists()
    assert office.send(path(cast, "amira", "kontakt/"), {**details, "phone": "ring mig"}).status_code == 422


def test_the_page_takes_a_constant_number_of_statements(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    office.get("/om-dexter/")
    one, three = (statements(lambda key=key: office.get(path(cast, key))) for key in ("elsa", "amira"))
    assert one <= 20
    assert three <= 20


def test_a_former_school_reads_the_name_for_a_year_and_changes_nothing(cast: Any, office: Any) -> None:
    gone = days.today() - timedelta(days=1)
    Enrolment.objects.filter(pupil=cast.elsa).update(end_date=gone)
    text = office.get(path(cast, "elsa")).content.decode()
    assert "Elsa Sandström" in text
    assert "-****" not in text
    assert office.get(path(cast, "elsa", "kontakt/")).status_code == 403
    assert edit(cast, office, key="elsa").status_code == 403
    Enrolment.objects.filter(pupil=cast.elsa).update(start_date=gone - timedelta(days=900), end_date=gone - timedelta(days=400))
    assert office.get(path(cast, "elsa")).status_code == 404

"""Homes read what the school has written: their own, while the relation holds, and nothing that was taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.home.models import MessageReceipt, SchoolMessage
from dexter.lib import days
from dexter.lib.access import Level, Role
from registry.models import GroupMembership, Guardianship, Person, ProtectedAccess
from tests.pages import visible

from .school_messages import SUBJECT, TEXT, choose, receipt, send

LIST = "/meddelanden/"


@pytest.fixture
def message(cast: Any, teacher: Any) -> SchoolMessage:
    return send(teacher, cast.group("4A"), subject_en="Outdoor day", text_en="Bring lunch.")


def test_a_guardian_reads_it_from_the_start_page_and_it_is_unread_no_more(cast: Any, guardian: Any, message: SchoolMessage) -> None:
    start = guardian.get("/start/").content.decode()
    assert "1 oläst meddelande från skolan" in start
    assert f"{LIST}{message.pk}/" in start
    assert "Oläst" in guardian.get(LIST).content.decode()
    page = guardian.get(f"{LIST}{message.pk}/").content.decode()
    for shown in (SUBJECT, "Ta med matsäck.", "Anna Lindqvist, Granskolan", "hemmen i 4A", "(Sami Haddad)", "Outdoor day"):
        assert shown in page
    assert "oläst" not in guardian.get("/start/").content.decode()
    assert "Oläst" not in guardian.get(LIST).content.decode()
    assert receipt(message, cast.amira).opened_at is not None
    assert receipt(message, cast.jonas).opened_at is None


def test_nobody_sees_who_else_got_it(cast: Any, guardian: Any, teacher: Any, message: SchoolMessage) -> None:
    for browser in (guardian, teacher):
        for path in (LIST, f"{LIST}{message.pk}/"):
            page = browser.get(path).content.decode()
            assert "Karin" not in page
            assert "Jonas" not in page
            assert "Elsa" not in visible(page)


def test_siblings_in_the_same_group_make_one_line(cast: Any, guardian: Any, teacher: Any) -> None:
    GroupMembership.objects.filter(person=cast.noor, in_class=True).update(group=cast.group("4A"))
    send(teacher, cast.group("4A"))
    page = guardian.get(LIST).content.decode()
    assert page.count(SUBJECT) == 1
    assert "Noor Haddad" in page
    assert "Sami Haddad" in page


def test_another_guardian_finds_nothing_by_id(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    message = send(teacher, cast.group("4B"))
    for key, role in (
        ("amira", Role.GUARDIAN),
        ("karin", Role.GUARDIAN),
        ("piera", Role.PUPIL),
        ("lars", Role.STAFF),
        ("hassan", Role.STAFF),
    ):
        browser = client_as(key, role)
        assert browser.get(f"{LIST}{message.pk}/").status_code == 404
        assert SUBJECT not in browser.get(LIST).content.decode()
        assert browser.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
        assert browser.send(f"{LIST}{message.pk}/aterkalla/").status_code == 404
    assert not MessageReceipt.objects.exclude(opened_at=None).exists()


@pytest.mark.parametrize("change", [{"end_date": days.today() - timedelta(days=1)}, {"revoked_at": days.now()}], ids=["ended", "revoked"])
def test_a_former_guardian_reads_no_old_message(cast: Any, guardian: Any, message: SchoolMessage, change: dict[str, Any]) -> None:
    assert guardian.get(f"{LIST}{message.pk}/").status_code == 200
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(**change)
    assert guardian.get(f"{LIST}{message.pk}/").status_code == 404  # two other children open nothing
    assert SUBJECT not in guardian.get(LIST).content.decode()
    assert "oläst" not in guardian.get("/start/").content.decode()


def test_when_the_child_comes_of_age_the_guardian_reads_no_more_unless_it_consents(
    cast: Any, guardian: Any, message: SchoolMessage
) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=days.years_before(days.today(), 18))
    assert guardian.get(f"{LIST}{message.pk}/").status_code == 404
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(consented_at=days.now())
    assert guardian.get(f"{LIST}{message.pk}/").status_code == 200


def test_a_pupil_of_age_reads_the_own_and_a_minor_none(cast: Any, client_as: Callable[..., Any], message: SchoolMessage) -> None:
    owner = client_as("birgitta", Role.STAFF)
    assert owner.get(LIST).status_code == 200
    adults, piera = cast.group("Vux 1"), client_as("piera", Role.PUPIL)
    sent = SchoolMessage.objects.create(
        school_unit=adults.school_unit, group=adults, urgency="urgent", language="sv", subject="Prov", text="Ta med legitimation.",
        sent_by=cast.anna, sent_at=days.now(), submission=uuid.uuid4(),
    )  # fmt: skip
    for key in ("piera", "fadumo"):
        MessageReceipt.objects.create(message=sent, person=getattr(cast, key), children=[cast.id(key)])
    assert "Prov" in visible(piera.get("/start/"))
    assert LIST in piera.get("/start/").content.decode()
    assert "Ta med legitimation." in piera.get(f"{LIST}{sent.pk}/").content.decode()
    assert "Prov" not in visible(client_as("fadumo", Role.GUARDIAN).get(LIST))  # a role sees with its own eyes
    assert "Prov" in visible(client_as("fadumo", Role.PUPIL).get(LIST))
    for key in ("sami", "oskar"):
        pupil = client_as(key, Role.PUPIL)
        assert pupil.get(LIST).status_code == 403
        assert pupil.get(f"{LIST}{message.pk}/").status_code == 404
        assert f'"{LIST}"' not in pupil.get("/start/").content.decode()


def test_a_guardian_of_a_protected_child_reads_once_the_school_has_opened(
    cast: Any, client_as: Callable[..., Any], message: SchoolMessage
) -> None:
    petra = client_as("petra", Role.GUARDIAN)
    assert petra.get(f"{LIST}{message.pk}/").status_code == 404
    assert SUBJECT not in petra.get(LIST).content.decode()
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.petra, granted_by=cast.ingrid, reason="stöd")
    assert TEXT.splitlines()[0] in petra.get(f"{LIST}{message.pk}/").content.decode()


def test_the_words_come_in_the_language_of_the_reader(
    cast: Any, guardian: Any, client_as: Callable[..., Any], message: SchoolMessage
) -> None:
    detail = f"{LIST}{message.pk}/"
    choose(cast.amira, language="en")
    assert "Bring lunch." in guardian.get(detail).content.decode()
    assert "Outdoor day" in guardian.get(LIST).content.decode()
    assert "Ta med matsäck." in guardian.get(f"{detail}?sprak=sv").content.decode()
    assert "Bring lunch." not in client_as("jonas", Role.GUARDIAN).get(detail).content.decode()
    assert guardian.get(f"{detail}?sprak=<script>").status_code == 200
    message.translations.all().delete()
    page = guardian.get(detail).content.decode()
    assert "Ta med matsäck." in page
    assert "inte skrivit det här på ditt språk" in page


def test_a_protected_teachers_name_stands_nowhere(cast: Any, guardian: Any, message: SchoolMessage) -> None:
    Person.objects.filter(pk=cast.id("anna")).update(security_marking="Sekretessmarkering", agreed_name="Lo Ek")
    for path in (LIST, f"{LIST}{message.pk}/", "/start/"):
        page = guardian.get(path).content.decode()
        assert "Anna" not in visible(page)
        assert "Lo Ek" not in page


def test_the_office_sees_those_of_its_schools_and_a_teacher_the_own(
    cast: Any, teacher: Any, client_as: Callable[..., Any], message: SchoolMessage
) -> None:
    for browser in (teacher, client_as("pekka", Role.STAFF), client_as("ingrid", Role.STAFF)):
        assert SUBJECT in browser.get(LIST).content.decode()
        assert "Ta med matsäck." in browser.get(f"{LIST}{message.pk}/").content.decode()
    for key in ("sunna", "maja", "lars", "nina"):
        assert client_as(key, Role.STAFF).get(f"{LIST}{message.pk}/").status_code == 404
    assert receipt(message, cast.amira).opened_at is None


def test_a_page_holds_twenty_and_leads_on(cast: Any, guardian: Any, teacher: Any) -> None:
    unit = cast.group("4A").school_unit
    for number in range(23):
        made = SchoolMessage.objects.create(
            school_unit=unit, group=cast.group("4A"), urgency="routine", language="sv", subject=f"Nummer {number:02d}.", text="x",
            sent_by=cast.anna, sent_at=days.now() + timedelta(seconds=number), submission=uuid.uuid4(),
        )  # fmt: skip
        MessageReceipt.objects.create(message=made, person=cast.amira, children=[cast.id("sami")])
    for browser in (guardian, teacher):
        first, last = (browser.get(f"{LIST}?sida={number}").content.decode() for number in (1, 2))
        assert first.count("Nummer") == 20
        assert "Nummer 22." in first
        assert last.count("Nummer") == 3
        assert browser.get(f"{LIST}?sida=x").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_a_constant_number_of_statements(
    cast: Any, guardian: Any, teacher: Any, statements: Callable[..., int], count: int
) -> None:
    empty = statements(lambda: guardian.get("/start/"))
    sent = [send(teacher, cast.group("4A"), subject_en="Day", text_en="Text") for _number in range(count)]
    teacher.get("/start/")
    assert statements(lambda: guardian.get("/start/")) == empty <= 3 + 8
    assert statements(lambda: guardian.get(LIST)) == 3 + 6
    assert statements(lambda: teacher.get(LIST)) == 3 + 6
    path = f"{LIST}{sent[-1].pk}/"
    guardian.get(path)
    assert statements(lambda: guardian.get(path)) == 3 + 7
    assert statements(lambda: teacher.get(path)) == 3 + 5


def test_a_password_alone_opens_no_page_of_a_guardian_or_colleague(
    cast: Any, client_as: Callable[..., Any], message: SchoolMessage
) -> None:
    anna = client_as("anna", Role.STAFF, Level.PASSWORD)
    assert anna.get(LIST).url.startswith("/bekrafta/")
    assert anna.get(f"{LIST}{message.pk}/").url.startswith("/bekrafta/")

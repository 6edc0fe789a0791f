"""A teacher or the office writes to the homes of a group or lesson: who may, who gets it, and what is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dexter.audit.models import Entry
from dexter.home.actions import messages as actions
from dexter.home.models import MessageReceipt, MessageText, SchoolMessage
from dexter.home.school_messages.audience import audience_of
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import (
    AssignmentRole,
    DutyAssignment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Person,
    TeacherException,
)
from tests.pages import visible

from .school_messages import SUBJECT, TEXT, form, path_to, send


@pytest.fixture
def group(cast: Any) -> Any:
    return cast.group("4A")


def test_a_teacher_looks_once_more_and_sends_to_the_homes(cast: Any, teacher: Any, guardian: Any, group: Any) -> None:
    written = form(step="preview", text_en="Bring lunch.", subject_en="Outdoor day")
    preview = teacher.send(path_to(group), written)
    page = preview.content.decode()
    assert preview.status_code == 200
    assert not SchoolMessage.objects.exists()
    homes = audience_of(group).homes
    for shown in (
        SUBJECT,
        "Ta med matsäck.<br>Vi går klockan nio.",
        "Outdoor day",
        "Bring lunch.",
        f"Skicka till {homes}",
        "4A",
        "Anna Lindqvist",
    ):
        assert shown in page
    changed = teacher.send(path_to(group), {**written, "step": "edit"})
    assert changed.status_code == 200
    assert "Ta med matsäck.\nVi går klockan nio." in changed.content.decode()
    message = send(teacher, group, **{**written, "step": "send"})
    assert (message.group, message.lesson, message.sent_by_id) == (group, None, cast.id("anna"))
    assert [(row.language, row.subject) for row in MessageText.objects.all()] == [("en", "Outdoor day")]
    assert SUBJECT in guardian.get("/meddelanden/").content.decode()
    line = Entry.objects.get(action="home.write_message")
    assert (line.object_id, line.details) == (message.pk, {"homes": homes, "urgency": "routine"})


def test_the_guardians_of_minors_get_it_and_pupils_of_age_themselves(cast: Any, teacher: Any, group: Any) -> None:
    GroupMembership.objects.filter(person=cast.noor, in_class=True).update(group=group)
    message = send(teacher, group)
    receipts = {row.person_id: set(row.children) for row in message.receipts.all()}
    assert receipts[cast.id("amira")] == receipts[cast.id("jonas")] == {cast.id("sami"), cast.id("noor")}
    assert cast.id("mikael") not in receipts
    assert cast.id("sami") not in receipts
    assert cast.id("karin") in receipts


def test_adults_read_for_themselves(cast: Any, client_as: Callable[..., Any]) -> None:
    adults = cast.group("Vux 1")
    recipients = audience_of(adults).recipients
    assert recipients[cast.id("piera")] == [cast.id("piera")]
    assert recipients[cast.id("fadumo")] == [cast.id("fadumo")]


def test_who_teaches_mentors_or_leads_may_write_and_others_find_nothing(cast: Any, client_as: Callable[..., Any], group: Any) -> None:
    for key in ("anna", "sunna", "pekka", "ingrid"):
        assert client_as(key, Role.STAFF).get(path_to(group)).status_code == 200
    for key in ("lars", "hassan", "nina", "maja", "erik", "birgitta"):
        assert client_as(key, Role.STAFF).send(path_to(group), form()).status_code == 404
    for key, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(key, role).send(path_to(group), form()).status_code == 404
    assert not SchoolMessage.objects.exists()


def test_who_taught_the_group_before_sees_it_and_may_not_write(cast: Any, teacher: Any, group: Any) -> None:
    yesterday = days.today() - timedelta(days=1)
    AssignmentRole.objects.filter(group=group, duty__person=cast.anna).update(end_date=yesterday)
    DutyAssignment.objects.filter(duty__person=cast.anna).update(end_date=yesterday)
    assert teacher.get(f"/grupper/{group.pk}/").status_code == 200
    assert "/meddelanden/nytt/" not in teacher.get(f"/grupper/{group.pk}/").content.decode()
    assert teacher.send(path_to(group), form()).status_code == 403


def test_a_substitute_writes_on_the_day_and_not_after_it(cast: Any, client_as: Callable[..., Any], at: Any) -> None:
    lesson = TeacherException.objects.filter(duty__person=cast.maja, participates=True)[0].calendar_event
    at(8, 10, day=lesson.day)
    maja = client_as("maja", Role.STAFF)
    assert path_to(lesson) in maja.get(f"/lektioner/{lesson.pk}/narvaro/").content.decode()
    message = send(maja, lesson)
    assert message.receipts.filter(person=cast.id("amira")).exists()
    at(8, 10, day=lesson.day + timedelta(days=1))
    assert maja.send(path_to(lesson), form()).status_code == 404
    assert maja.get(f"/meddelanden/{message.pk}/").status_code == 200  # the own text stays one's own


def test_the_links_stand_on_the_pages_of_group_and_lesson(
    cast: Any, teacher: Any, client_as: Callable[..., Any], group: Any, at: Any
) -> None:
    at(8, 10)
    lesson = cast.lesson("4A", number=1)
    assert path_to(group) in teacher.get(f"/grupper/{group.pk}/").content.decode()
    assert path_to(lesson) in teacher.get(f"/lektioner/{lesson.pk}/narvaro/").content.decode()
    assert path_to(group) in client_as("pekka", Role.STAFF).get(f"/grupper/{group.pk}/").content.decode()


def test_the_same_form_twice_is_one_message_and_other_words_are_refused(teacher: Any, group: Any) -> None:
    data = form()
    first, second = (teacher.send(path_to(group), data) for _time in range(2))
    assert first.url == second.url
    refused = teacher.send(path_to(group), {**data, "text": "Något annat"})
    assert refused.status_code == 422
    assert "Något annat" in refused.content.decode()
    assert SchoolMessage.objects.count() == 1


def test_another_persons_form_opens_no_message(teacher: Any, client_as: Callable[..., Any], group: Any) -> None:
    data = form()
    teacher.send(path_to(group), data)
    assert client_as("pekka", Role.STAFF).send(path_to(group), data).status_code == 422
    assert SchoolMessage.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"subject": "Hej\r\nBcc: alla@example.org"},
        {"subject": "Hej\nX-Header: 1"},
        {"subject": "Hej\x0bdu"},
        {"subject": "Hej\u2028du"},
        {"subject_en": "Hi\nBcc: all@example.org", "text_en": "Hello"},
        {"subject": ""},
        {"text": "  "},
        {"text": "x" * 5001},
        {"text": "x" * 2_000_000},
        {"subject": "x" * 121},
        {"urgency": "now"},
        {"submission": "x"},
        {"subject_en": "Only a subject"},
        {"text_en": "Only a text"},
    ],
    ids=lambda fault: f"{next(iter(fault))}-{len(str(fault))}",
)
@pytest.mark.parametrize("step", ["preview", "send"])
def test_what_cannot_be_sent_is_refused_and_stays_in_the_form(teacher: Any, group: Any, fault: dict[str, str], step: str) -> None:
    answer = teacher.send(path_to(group), form(step=step, **fault))
    assert answer.status_code == 422
    assert 'name="step" value="preview"' in answer.content.decode()
    assert not SchoolMessage.objects.exists()


def test_the_database_too_refuses_a_subject_of_two_lines(cast: Any, teacher: Any, group: Any) -> None:
    message = send(teacher, group)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolMessage.objects.filter(pk=message.pk).update(subject="a\nBcc: b")


def test_script_stays_text_for_sender_and_receiver(cast: Any, teacher: Any, guardian: Any, group: Any) -> None:
    script = "<script>alert(1)</script>"
    preview = teacher.send(path_to(group), form(step="preview", subject=script, text=script)).content.decode()
    message = send(teacher, group, subject=script, text=script)
    start = guardian.get("/start/").content.decode()
    pages = [
        preview,
        start,
        *[
            browser.get(path).content.decode()
            for browser in (teacher, guardian)
            for path in ("/meddelanden/", f"/meddelanden/{message.pk}/")
        ],
    ]
    for page in pages:
        assert script not in page
        assert "&lt;script&gt;alert" in page


def test_nobody_sends_more_than_the_day_allows(cast: Any, teacher: Any, client_as: Callable[..., Any], group: Any) -> None:
    for _number in range(actions.MOST_A_DAY):
        send(teacher, group)
    refused = teacher.send(path_to(group), form())
    assert refused.status_code == 422
    assert "10 meddelanden" in refused.content.decode()
    assert TEXT.splitlines()[0] in refused.content.decode()
    send(client_as("pekka", Role.STAFF), group)
    SchoolMessage.objects.update(sent_at=days.now() - timedelta(days=1))
    send(teacher, group)


def test_an_office_may_send_more(cast: Any, client_as: Callable[..., Any], group: Any) -> None:
    pekka = client_as("pekka", Role.STAFF)
    for _number in range(actions.MOST_A_DAY + 1):
        send(pekka, group)


def test_a_group_whose_homes_nobody_knows_takes_no_message(cast: Any, client_as: Callable[..., Any], group: Any) -> None:
    GroupMembership.objects.filter(group=group).delete()
    pekka = client_as("pekka", Role.STAFF)
    assert "step" not in pekka.get(path_to(group)).content.decode()
    assert pekka.send(path_to(group), form()).status_code == 422
    assert not SchoolMessage.objects.exists()


def test_who_left_the_school_gets_nothing_and_who_has_no_guardian_is_counted(cast: Any, teacher: Any, group: Any) -> None:
    Enrolment.objects.filter(pupil=cast.elsa).update(end_date=days.today() - timedelta(days=1))
    Guardianship.objects.filter(child=cast.sami).update(revoked_at=days.now())
    before = audience_of(group)
    assert cast.id("karin") not in before.recipients
    assert before.without_guardian >= 1
    assert "har ingen vårdnadshavare i Dexter" in teacher.send(path_to(group), form(step="preview")).content.decode()


def test_extra_fields_change_nothing(cast: Any, teacher: Any, group: Any) -> None:
    message = send(
        teacher, group, sent_by=cast.id("ingrid"), group=cast.group("8A").pk, school_unit="x", recalled_at="2026-01-01", language="en"
    )
    assert (message.sent_by_id, message.group_id, message.recalled_at, message.language) == (cast.id("anna"), group.pk, None, "sv")


def test_a_protected_home_is_in_no_number_and_nobody_hears_of_it(cast: Any, teacher: Any, group: Any) -> None:
    with_kim = audience_of(group)
    assert cast.id("petra") in with_kim.recipients
    assert cast.id("petra") not in with_kim.open
    message = send(teacher, group)
    page = teacher.get(f"/meddelanden/{message.pk}/").content.decode()
    assert f"<dd>{with_kim.homes}</dd>" in page
    assert "Kim" not in visible(page)
    assert f"av {with_kim.homes}<" in teacher.get("/meddelanden/").content.decode()


def test_a_thousand_homes_take_as_many_statements_as_one(cast: Any, teacher: Any, group: Any, statements: Callable[..., int]) -> None:
    def cost() -> tuple[int, int, int]:
        written = form(submission=uuid.uuid4())
        teacher.get("/start/")  # what was said of the one before is shown and gone
        return (
            statements(lambda: teacher.get(path_to(group))),
            statements(lambda: teacher.send(path_to(group), {**written, "step": "preview"})),
            statements(lambda: teacher.send(path_to(group), written)),
        )

    few = cost()
    pupils = Person.objects.bulk_create(
        Person(given_name=f"E{n}", family_name="Extra", birth_date=cast.sami.birth_date) for n in range(500)
    )
    guardians = Person.objects.bulk_create(Person(given_name=f"V{n}", family_name="Extra") for n in range(1000))
    yesterday, unit = days.today() - timedelta(days=1), group.school_unit
    Enrolment.objects.bulk_create(Enrolment(pupil=pupil, school_unit=unit, school_type="GR", start_date=yesterday) for pupil in pupils)
    GroupMembership.objects.bulk_create(GroupMembership(group=group, person=pupil, start_date=yesterday) for pupil in pupils)
    Guardianship.objects.bulk_create(
        Guardianship(guardian=guardian, child=pupils[number // 2], start_date=yesterday) for number, guardian in enumerate(guardians)
    )
    before = MessageReceipt.objects.count()
    many = cost()
    assert MessageReceipt.objects.count() - before > 1000
    assert few == (3 + 5, 3 + 5, 3 + 14)
    assert many[:2] == few[:2]
    assert many[2] <= few[2] + 1  # a second batch of rows

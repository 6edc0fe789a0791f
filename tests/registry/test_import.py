"""The one pipeline that feeds the register: dry run first, then all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from dexter.audit.models import Entry
from dexter.files.models import StoredFile
from dexter.lib.access import Actor, Level, Role
from registry.actions import contact, imports, people, relations
from registry.imports import feed
from registry.models import (
    EmailAddress,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    ImportRun,
    ImportState,
    Person,
    PhoneNumber,
    SecurityMarking,
)

from .import_files import BEGIN, FATHER, MOTHER, NEW, SISTER, TODAY, carry_out, did, pekka, person, row, send, table

__all__ = ["carry_out", "pekka", "send"]


def test_a_dry_run_shows_and_changes_nothing(cast: Any, send: Callable[..., ImportRun]) -> None:
    before = (Person.objects.count(), Enrolment.objects.count(), Guardianship.objects.count(), GroupMembership.objects.count())
    run = send(table(row(NEW, guardian=f"{MOTHER};Maria;Ek;maria@example.org;070-1740605")))
    assert run.state == ImportState.PREVIEWED
    assert did(run, "person") == {"create": 2}
    assert did(run, "enrolment") == did(run, "guardianship") == did(run, "membership") == {"create": 1}
    assert before == (Person.objects.count(), Enrolment.objects.count(), Guardianship.objects.count(), GroupMembership.objects.count())
    assert ProcrastinateJob.objects.filter(task_name="registry.tasks.read_import", args={"run_id": str(run.pk)}).count() == 1


def test_a_pupil_comes_with_guardians_class_and_contact(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    run = carry_out(table(row(NEW, email="alva@example.org", guardian=f"{MOTHER};Maria;Ek;maria@example.org;070-1740605")))
    assert run.state == ImportState.DONE
    alva, maria = person(NEW), person(MOTHER)
    assert (alva.shown_name, str(alva.birth_date)) == ("Alva Ek", "2015-03-23")
    assert Enrolment.objects.on(TODAY).get(pupil=alva).source == "file"
    assert GroupMembership.objects.get(person=alva, in_class=True).group == cast.group("4A")
    assert GroupMembership.objects.get(person=alva, in_class=True).start_date == BEGIN
    assert Guardianship.objects.get(guardian=maria, child=alva).start_date == TODAY
    assert EmailAddress.objects.get(person=maria).value == "maria@example.org"
    assert not StoredFile.objects.exists()  # what was sent in is gone when it has served
    assert Entry.objects.filter(action="registry.apply_import", object_id=run.pk).count() == 1


def test_the_same_file_twice_changes_nothing(cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun]) -> None:
    content = table(
        row(NEW, email="a@example.org", guardian=f"{MOTHER};Maria;Ek;m@example.org;070-1740605", guardian_2=f"{FATHER};Olle;Ek;;"),
        row(SISTER, "Siv", klass="Ny klass", guardian=f"{MOTHER};Maria;Ek;;"),
    )
    carry_out(content)
    stamps = {
        model: set(model.objects.values_list("pk", "modified_at")) for model in (Person, Enrolment, Guardianship, GroupMembership, Group)
    }
    again = send(content)
    assert again.changes_nothing
    assert did(again, "person") == {"same": 4}
    carry_out(content)
    assert stamps == {model: set(model.objects.values_list("pk", "modified_at")) for model in stamps}


def test_who_is_missing_has_left_and_leaves_the_groups(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW), row(SISTER, "Siv")))
    choir = Group.objects.create(name="Kör", group_type="Övrigt", school_unit=cast.group("4A").school_unit, start_date=BEGIN)
    GroupMembership.objects.create(group=choir, person=person(SISTER), start_date=BEGIN)
    run = carry_out(table(row(NEW)))
    assert (run.pupils_ended, did(run, "enrolment")) == (1, {"same": 1, "end": 1})
    assert Enrolment.objects.get(pupil=person(SISTER)).end_date == TODAY - timedelta(days=1)
    assert set(GroupMembership.objects.filter(person=person(SISTER)).values_list("end_date", flat=True)) == {TODAY - timedelta(days=1)}
    assert Enrolment.objects.on(TODAY).filter(pupil=cast.sami).exists()  # kept by the school itself: no file ends it


def test_the_register_changes_class_without_rewriting_the_past(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW)))
    carry_out(table(row(NEW, klass="4B")))
    places = GroupMembership.objects.filter(person=person(NEW)).order_by("start_date")
    assert [(place.group.name, place.start_date, place.end_date) for place in places] == [
        ("4A", BEGIN, TODAY - timedelta(days=1)),
        ("4B", TODAY, None),
    ]


def test_what_the_office_changed_by_hand_is_held(cast: Any, carry_out: Callable[..., ImportRun], pekka: Actor) -> None:
    carry_out(table(row(NEW, email="fran@example.org")))
    alva = person(NEW)
    people.edit_contact_details(actor=pekka, person=alva, email="hemma@example.org", phone="", address={})
    relations.move_to_class(actor=pekka, pupil=alva, school_class=cast.group("4B"), first_day=TODAY)
    run = carry_out(table(row(NEW, email="annan@example.org")))
    assert did(run, "person") == did(run, "membership") == {"held": 1}
    assert EmailAddress.objects.get(person=alva).value == "hemma@example.org"
    assert GroupMembership.objects.on(TODAY).get(person=alva, in_class=True).group == cast.group("4B")


def test_a_custody_judgement_is_not_undone_by_the_next_import(cast: Any, carry_out: Callable[..., ImportRun], pekka: Actor) -> None:
    content = table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;"))
    carry_out(content)
    relation = Guardianship.objects.get(child=person(NEW))
    relations.end_guardianship(actor=pekka, guardianship=relation, reason="dom")
    held = carry_out(content)
    assert did(held, "guardianship") == {"held": 1}
    assert not Guardianship.objects.holding(TODAY).filter(child=person(NEW)).exists()
    relations.release_guardianship(actor=pekka, guardianship=relation)
    assert did(carry_out(content), "guardianship") == {"create": 1}
    assert Guardianship.objects.holding(TODAY).filter(child=person(NEW)).exists()


def test_a_guardian_whom_the_file_no_longer_names_is_shut_out(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;", guardian_2=f"{FATHER};Olle;Ek;;")))
    Guardianship.objects.filter(child=person(NEW)).update(start_date=BEGIN)
    carry_out(table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;")))
    assert [row.guardian for row in Guardianship.objects.holding(TODAY).filter(child=person(NEW))] == [person(MOTHER)]


def test_a_protected_person_is_never_touched(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW)))
    Person.objects.filter(pk=person(NEW).pk).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Vide B")
    run = carry_out(table(row(NEW, "Annat", "Namn", email="ny@example.org", mark="Ingen")))
    alva = person(NEW)
    assert did(run, "person") == {"same": 1}  # not even told that it differs
    assert (alva.shown_name, alva.given_name, alva.security_marking) == ("Vide B", "Alva", SecurityMarking.CONFIDENTIAL)
    assert not EmailAddress.objects.filter(person=alva).exists()


def test_a_marking_in_the_file_acts_at_once(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW)))
    carry_out(table(row(NEW, mark="Sekretessmarkering")))
    assert person(NEW).shown_name == "Skyddad uppgift"
    carry_out(table(row(NEW, mark="Ingen")))
    assert person(NEW).is_protected


def test_too_many_leavers_stop_the_import_and_ask(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], pekka: Actor
) -> None:
    everybody = [row(f"2015040{number}TF11", f"Nr{number}") for number in range(1, 7)]
    carry_out(table(*everybody))
    run = send(table(*everybody[:3]))
    assert run.ends_too_many
    with pytest.raises(Exception, match="Kryssa för att eleverna"):
        imports.confirm_import(actor=pekka, run=run, accept_ending=False, accept_rejected=False)
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.PREVIEWED
    carry_out(table(*everybody[:3]))
    assert Enrolment.objects.on(TODAY).filter(source="file").count() == 3


def test_a_rejected_row_is_named_and_nobody_is_ended(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun]
) -> None:
    carry_out(table(row(NEW), row(SISTER, "Siv")))
    run = send(table(row(NEW), row(SISTER, "Siv", start="30 februari")))
    fault = run.report["rejected"][0]
    assert (fault["line"], fault["column"], fault["value"]) == (3, "Startdatum", "30 februari")
    assert (run.rejected, did(run, "enrolment")) == (1, {"same": 1})
    assert Enrolment.objects.on(TODAY).filter(pupil=person(SISTER)).exists()


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"number": "20150323-0000"}, "Personnummer"),
        ({"given": "=HYPERLINK(1)"}, "Förnamn"),
        ({"given": ""}, "Förnamn"),
        ({"given": "A" * 101}, "Förnamn"),
        ({"unit": "12345678"}, "Skolenhetskod"),
        ({"start": "2026-13-01"}, "Startdatum"),
        ({"start": "1066-10-14"}, "Startdatum"),
        ({"end": "2001-01-01"}, "Slutdatum"),
        ({"email": "inte en adress"}, "E-post"),
        ({"mark": "Hemlig"}, "Skyddsmarkering"),
        ({"guardian": ";Maria;Ek;;"}, "Vårdnadshavare 1 personnummer"),
        ({"guardian": f"{NEW};Alva;Ek;;"}, "Vårdnadshavare 1 personnummer"),
    ],
)
def test_a_faulty_cell_is_rejected_by_line_and_column(
    cast: Any, send: Callable[..., ImportRun], changes: dict[str, str], column: str
) -> None:
    values: dict[str, Any] = {"number": NEW, **changes}
    run = send(table(row(values.pop("number"), **values)))
    assert [(fault["line"], fault["column"]) for fault in run.report["rejected"]] == [(2, column)]
    assert did(run, "person") == {}


def test_it_is_carried_out_once(cast: Any, send: Callable[..., ImportRun], pekka: Actor) -> None:
    run = send(table(row(NEW)))
    imports.confirm_import(actor=pekka, run=run, accept_ending=False, accept_rejected=False)
    with pytest.raises(Exception, match="väntar inte"):
        imports.confirm_import(actor=pekka, run=run, accept_ending=False, accept_rejected=False)
    feed.apply_import(run_id=run.pk)
    feed.apply_import(run_id=run.pk)
    assert Enrolment.objects.filter(pupil=person(NEW)).count() == 1


def test_another_register_than_was_shown_stops_it(cast: Any, send: Callable[..., ImportRun], pekka: Actor) -> None:
    run = send(table(row(NEW)))
    carried = send(table(row(NEW)))
    for waiting in (carried, run):
        imports.confirm_import(actor=pekka, run=waiting, accept_ending=False, accept_rejected=False)
        feed.apply_import(run_id=waiting.pk)
    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert "ändrats sedan" in run.failure


def test_what_its_owner_confirmed_no_import_changes(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], pekka: Actor
) -> None:
    told = f"{MOTHER};Maria;Ek;forr@example.org;070-1740605"
    carry_out(table(row(NEW, guardian=told)))
    maria = person(MOTHER)
    actor = Actor(maria.pk, Role.GUARDIAN, Level.E_ID)
    for kind, value in (("email", "maria@example.org"), ("phone", "+46701740606")):
        change = contact.change_contact(actor=actor, kind=kind, value=value)
        assert contact.confirm_contact(actor=actor, change=change, code=change.code)
    run = send(table(row(NEW, guardian=told)))
    assert did(run, "person") == {"same": 1, "held": 1}
    imports.release_to_import(actor=pekka, run=run, kind="person", person=maria, row="")  # not even by the office's leave
    carry_out(table(row(NEW, guardian=told)))
    assert EmailAddress.objects.get(person=maria).value == "maria@example.org"
    assert PhoneNumber.objects.get(person=maria).value == "+46701740606"


def places(number: str) -> list[tuple[Any, ...]]:
    rows = Enrolment.objects.filter(pupil=person(number)).order_by("start_date")
    return [(place.school_year, place.start_date, place.end_date) for place in rows]


def test_a_new_year_in_the_file_leaves_the_old_one_standing(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun]
) -> None:
    carry_out(table(row(NEW)))
    fifth = table(row(NEW).replace(";GR;4;", ";GR;5;"))
    carry_out(fifth)
    assert places(NEW) == [(4, BEGIN, TODAY - timedelta(days=1)), (5, TODAY, None)]
    assert send(fifth).changes_nothing
    carry_out(table(row(NEW, end=str(TODAY + timedelta(days=30))).replace(";GR;4;", ";GR;5;")))
    assert places(NEW) == [(4, BEGIN, TODAY - timedelta(days=1)), (5, TODAY, TODAY + timedelta(days=30))]


def test_after_a_change_of_school_year_the_file_goes_on(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun]
) -> None:
    """The change of school year ended the place and began the next one; the file still tells one long place."""
    carry_out(table(row(NEW)))
    first = Enrolment.objects.get(pupil=person(NEW))
    Enrolment.objects.filter(pk=first.pk).update(end_date=TODAY - timedelta(days=10))
    Enrolment.objects.create(
        pupil=first.pupil,
        school_unit=first.school_unit,
        school_type="GR",
        school_year=5,
        start_date=TODAY - timedelta(days=9),
        source="file",
    )
    assert send(table(row(NEW).replace(";GR;4;", ";GR;5;"))).changes_nothing


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ({}, {"number": NEW}, 3),  # the same place twice
        ({}, {"number": NEW, "klass": "4B", "form": "FTH"}, 3),  # two classes at a time
        ({"guardian": f"{MOTHER};Maria;Ek;;"}, {"guardian": f"{MOTHER};Mona;Ek;;"}, 3),  # one number, two names
        ({"guardian": f"{SISTER};Siv;Ek;;"}, {"guardian": f"{NEW};Alva;Ek;;"}, 2),  # each other's guardians
    ],
)
def test_a_list_that_contradicts_itself_names_the_line(
    cast: Any, send: Callable[..., ImportRun], first: dict[str, str], second: dict[str, str], line: int
) -> None:
    number, form = second.get("number", SISTER), second.get("form", "GR")
    given = "Alva" if number == NEW else "Siv"
    more = {name: value for name, value in second.items() if name not in ("number", "form")}
    run = send(table(row(NEW, **first), row(number, given, **more).replace(";GR;", f";{form};")))
    assert line in {fault["line"] for fault in run.report["rejected"]}
    assert did(run, "enrolment") != {"create": 2} or did(run, "guardianship") == {}

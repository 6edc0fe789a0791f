"""What a file must not do: reach other schools, protected persons, more rights, or over a hand that changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dexter.jobs.progress import silent
from dexter.lib import civic
from dexter.lib.access import Actor, Role
from dexter.lib.models import SCHOOL
from registry.actions import imports, relations
from registry.imports import files, tables
from registry.imports import run as running
from registry.imports.batch import Unreadable
from registry.models import (
    CivicNumber,
    EmailAddress,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    ImportRun,
    Person,
    SchoolUnit,
    SecurityMarking,
    Template,
)

from .import_files import BEGIN, FATHER, MOTHER, NEW, TODAY, carry_out, code, did, pekka, person, row, send, table

__all__ = ["carry_out", "pekka", "send"]


def member(number: str, unit: str, group: str = "Schack") -> bytes:
    return f"Skolenhetskod;Grupp;Grupptyp;Personnummer;Startdatum\n{unit};{group};Undervisning;{number};{TODAY}\n".encode()


def test_a_file_puts_no_pupil_of_another_school_into_a_group(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], actor: Callable[..., Actor]
) -> None:
    """All files are one source, so it knows the pupils of every school."""
    carry_out(table(row(NEW)))
    hassan = actor("hassan", Role.STAFF)
    run = send(member(NEW, code("Åsenskolan")), Template.GROUPS, hassan)
    assert (run.rejected, did(run, "membership")) == (1, {})
    carry_out(member(NEW, code()), Template.GROUPS)
    assert GroupMembership.objects.filter(person=person(NEW), group__name="Schack").count() == 1


def test_a_file_changes_nobody_who_answers_for_a_protected_child(
    cast: Any, carry_out: Callable[..., ImportRun], actor: Callable[..., Actor]
) -> None:
    carry_out(table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;")))
    Guardianship.objects.filter(child=person(NEW)).update(start_date=BEGIN)
    Person.objects.filter(pk=person(NEW).pk).update(security_marking=SecurityMarking.CONFIDENTIAL, agreed_name="Vide B")
    run = carry_out(table(row(NEW, guardian=f"{FATHER};Olle;Ek;;")))
    assert [row.guardian for row in Guardianship.objects.holding(TODAY).filter(child=person(NEW))] == [person(MOTHER)]
    assert did(run, "guardianship") == {}


def test_a_marking_on_any_line_counts(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW), row(NEW, klass="", mark="Sekretessmarkering").replace(";GR;4;", ";FTH;;")))
    assert person(NEW).is_protected
    assert person(NEW).shown_name == "Skyddad uppgift"


def test_an_office_gives_back_what_its_own_school_keeps_alone(cast: Any, carry_out: Callable[..., ImportRun], pekka: Actor) -> None:
    run = carry_out(table(row(NEW)))
    pupil, unit = person(NEW), SchoolUnit.objects.get(name="Åsenskolan")
    choir = Group.objects.create(name="Kör", group_type="Övrigt", school_unit=unit, start_date=BEGIN)
    theirs = GroupMembership.objects.create(person=pupil, group=choir, start_date=BEGIN)
    place = Enrolment.objects.create(pupil=pupil, school_unit=unit, school_type="FTH", start_date=BEGIN)
    GroupMembership.objects.filter(person=pupil, in_class=True).update(source=SCHOOL)
    for kind, key in (("membership", ""), ("enrolment", str(place.pk))):
        imports.release_to_import(actor=pekka, run=run, kind=kind, person=pupil, row=key)
    theirs.refresh_from_db()
    place.refresh_from_db()
    assert (theirs.source, place.source) == (SCHOOL, SCHOOL)
    assert GroupMembership.objects.get(person=pupil, in_class=True).source == "file"


def test_a_small_school_is_not_emptied_unasked_beside_a_large_one(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], actor: Callable[..., Actor]
) -> None:
    """The share is counted of the schools that the file speaks for, not of all that were ever fed by files."""
    carry_out(table(*[row(f"201504{day:02}TF{tail}", f"Nr{day}{tail}", klass="") for day in range(1, 29) for tail in (21, 22, 23)]))
    hassan = actor("hassan", Role.STAFF)
    few = [row(f"2015050{number}TF11", f"Nr{number}", unit=code("Åsenskolan"), klass="") for number in range(1, 5)]
    carry_out(table(*few), actor=hassan)
    assert send(table(few[0]), actor=hassan).ends_too_many


@pytest.mark.parametrize("by", ["hand", "marking"])
def test_what_a_hand_changes_while_an_import_runs_is_not_lost(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], pekka: Actor, by: str
) -> None:
    """Between the comparison and the carrying out, which may take minutes."""
    carry_out(table(row(NEW)))
    content = table(row(NEW, "Annat", "Namn", klass="4B"))
    batch = files.read_rows(Template.PUPILS, tables.read_table(content), {code(): SchoolUnit.objects.get(name="Granskolan").pk})
    running.prepare(batch, "file", pekka, silent)
    told = (
        {"given_name": "Alva-Li", "school_owned": ["given_name"]}
        if by == "hand"
        else {"security_marking": "Sekretessmarkering", "agreed_name": "Vide B"}
    )
    Person.objects.filter(pk=person(NEW).pk).update(**told)
    with pytest.raises(Unreadable, match="ändrats sedan"):
        running.do(batch, "file", silent)
    assert person(NEW).given_name != "Annat"


def test_a_guardianship_ended_by_hand_while_an_import_runs_stays_ended(
    cast: Any, carry_out: Callable[..., ImportRun], pekka: Actor
) -> None:
    carry_out(table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;")))
    relation = Guardianship.objects.get(child=person(NEW))
    Guardianship.objects.filter(pk=relation.pk).update(end_date=TODAY + timedelta(days=30))
    content = table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;"))
    batch = files.read_rows(Template.PUPILS, tables.read_table(content), {code(): SchoolUnit.objects.get(name="Granskolan").pk})
    running.prepare(batch, "file", pekka, silent)
    relations.end_guardianship(actor=pekka, guardianship=relation, reason="dom")
    running.do(batch, "file", silent)
    relation.refresh_from_db()
    assert (relation.end_date, relation.is_held) == (TODAY, True)


def test_an_office_does_not_make_itself_principal_by_a_file(
    cast: Any, send: Callable[..., ImportRun], carry_out: Callable[..., ImportRun], actor: Callable[..., Actor]
) -> None:
    head = "Personnummer;Förnamn;Efternamn;Skolenhetskod;Befattning;Startdatum"

    def staff(key: str, role: str) -> bytes:
        number = civic.decrypt(CivicNumber.objects.get(person_id=cast.id(key), replaced_at=None).encrypted)
        return f"{head}\n{number};A;B;{code()};{role};{BEGIN}\n".encode()

    run = send(staff("pekka", "Rektor"), Template.STAFF)
    assert (run.rejected, did(run, "duty")) == (1, {})
    assert send(staff("pekka", "Lärare"), Template.STAFF).rejected == 0
    assert send(staff("ingrid", "Rektor"), Template.STAFF, actor("ingrid", Role.STAFF)).rejected == 0


def test_the_same_temporary_number_at_two_schools_is_two_pupils(
    cast: Any, carry_out: Callable[..., ImportRun], send: Callable[..., ImportRun], actor: Callable[..., Actor]
) -> None:
    """Each school makes up its own: else a guessed one would open the pupil of another school."""
    hassan = actor("hassan", Role.STAFF)
    theirs = table(row(NEW, "Siv", unit=code("Åsenskolan"), klass=""))
    carry_out(table(row(NEW)))
    carry_out(theirs, actor=hassan)
    assert set(Enrolment.objects.filter(source="file").values_list("pupil__given_name", "school_unit__name")) == {
        ("Alva", "Granskolan"),
        ("Siv", "Åsenskolan"),
    }
    assert send(table(row(NEW))).changes_nothing
    assert send(theirs, actor=hassan).changes_nothing


def test_the_office_feeds_its_own_units_alone(cast: Any, send: Callable[..., ImportRun], actor: Callable[..., Actor]) -> None:
    run = send(table(row(NEW, unit=code("Åsenskolan"))))
    assert run.report["rejected"][0]["column"] == "Skolenhetskod"
    allowed = send(table(row(NEW, unit=code("Åsenskolan"), klass="")), actor=actor("hassan", Role.STAFF))
    assert did(allowed, "person") == {"create": 1}


def test_another_schools_pupil_keeps_name_and_contact(cast: Any, carry_out: Callable[..., ImportRun], actor: Callable[..., Actor]) -> None:
    """Kim goes to Åsenskolan: Granskolan's file may enrol, but not rename."""
    kim = cast.kim
    bearer = CivicNumber.objects.get(person=kim, replaced_at=None)
    carry_out(table(row(civic.decrypt(bearer.encrypted), "Annan", "Person", klass="", email="tagen@example.org")))
    kim.refresh_from_db()
    assert kim.given_name != "Annan"
    assert not EmailAddress.objects.filter(person=kim, value="tagen@example.org").exists()


def test_a_teacher_may_not_feed_the_register(actor: Callable[..., Actor], cast: Any) -> None:
    with pytest.raises(Exception, match=r"registry\.administer"):
        imports.upload_import(actor=actor("anna", Role.STAFF), template=Template.PUPILS, upload=SimpleUploadedFile("l.csv", b"x"))

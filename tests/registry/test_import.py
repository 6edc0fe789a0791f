"""The one pipeline that feeds the register: dry run first, then all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob

from dexter.audit.models import Entry
from dexter.files.models import StoredFile
from dexter.jobs.models import JobRun
from dexter.jobs.progress import silent
from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from dexter.lib.models import SCHOOL
from registry import tasks
from registry.actions import contact, imports, people, relations
from registry.imports import feed, files, tables
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
    ImportSource,
    ImportState,
    Person,
    PhoneNumber,
    SchoolUnit,
    SecurityMarking,
    Template,
)

TODAY = days.today()
BEGIN = TODAY - timedelta(days=60)
NEW, SISTER, MOTHER, FATHER = "20150323TF11", "20170405TF12", "19820101TF13", "19810202TF14"
HEADINGS = (
    "Personnummer;Förnamn;Efternamn;Skolenhetskod;Skolform;Årskurs;Klass;Startdatum;Slutdatum;E-post;Telefon;Skyddsmarkering;"
    + ";".join(
        f"Vårdnadshavare {number} {part}" for number in (1, 2) for part in ("personnummer", "förnamn", "efternamn", "e-post", "telefon")
    )
)


def code(name: str = "Granskolan") -> str:
    return SchoolUnit.objects.get(name=name).school_unit_code


def row(
    number: str, given: str = "Alva", family: str = "Ek", *, klass: str = "4A", unit: str = "", start: object = BEGIN, **more: str
) -> str:
    guardian = more.get("guardian", ";;;;")
    cells = [
        number,
        given,
        family,
        unit or code(),
        "GR",
        "4",
        klass,
        str(start),
        more.get("end", ""),
        more.get("email", ""),
        "",
        more.get("mark", ""),
    ]
    return ";".join([*cells, guardian, more.get("guardian_2", ";;;;")])


def table(*rows: str) -> bytes:
    return "\r\n".join([HEADINGS, *rows, ""]).encode()


@pytest.fixture
def pekka(actor: Callable[..., Actor]) -> Actor:
    return actor("pekka", Role.STAFF)


@pytest.fixture
def send(pekka: Actor) -> Callable[..., ImportRun]:
    """Send a file in and read it, as the worker would."""

    def sent(content: bytes, template: str = Template.PUPILS, actor: Actor | None = None) -> ImportRun:
        run = imports.upload_import(actor=actor or pekka, template=template, upload=SimpleUploadedFile("lista.csv", content))
        feed.read_import(run_id=run.pk)
        run.refresh_from_db()
        return run

    return sent


@pytest.fixture
def carry_out(send: Callable[..., ImportRun], pekka: Actor) -> Callable[..., ImportRun]:
    def carried(content: bytes, template: str = Template.PUPILS, actor: Actor | None = None, *, accept: bool = True) -> ImportRun:
        run = send(content, template, actor)
        assert run.state == ImportState.PREVIEWED, run.failure
        imports.confirm_import(actor=actor or pekka, run=run, accept_ending=accept, accept_rejected=accept)
        feed.apply_import(run_id=run.pk)
        run.refresh_from_db()
        return run

    return carried


def person(number: str) -> Person:
    return Person.objects.get(civic_numbers__keyed_hash=civic.keyed_hash(civic.parse(number).value))


def did(run: ImportRun, kind: str) -> dict[str, int]:
    return {verdict: count for verdict, count in run.counts[kind].items() if count}


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


def test_work_that_was_cut_off_says_so(cast: Any, send: Callable[..., ImportRun], pekka: Actor) -> None:
    """A worker killed in the middle: the run does not wait for ever, and nothing is half done."""
    run = send(table(row(NEW)))
    imports.confirm_import(actor=pekka, run=run, accept_ending=False, accept_rejected=False)
    run.refresh_from_db()
    JobRun.objects.filter(pk=run.job_id).update(state="running", started_at=days.now() - timedelta(hours=2))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.file) == (ImportState.FAILED, None)
    assert "avbröts" in run.failure
    feed.apply_import(run_id=run.pk)  # a second worker takes it up again: too late
    assert not Enrolment.objects.filter(source="file").exists()


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


def test_reports_forget_whom_they_named(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    run = carry_out(table(row(NEW)))
    ImportRun.objects.update(ended_at=days.now() - timedelta(days=31))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.report, run.counts["person"]["create"]) == ({}, 1)


def test_scheduled_sources_are_pulled_once_a_night(cast: Any, at: Callable[..., Any]) -> None:
    source = ImportSource.objects.create(name="natt", kind="folder", address="/finns-inte", is_scheduled=True)
    at(12, 0)
    tasks.pull_sources(timestamp=0)
    assert not ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").exists()
    at(3, 0)
    tasks.pull_sources(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").count() == 1
    tasks.pull_source(source_id=str(source.pk))
    tasks.pull_sources(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").count() == 1
    source.refresh_from_db()
    assert source.is_alarming


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


def test_a_dry_run_that_nobody_answers_is_thrown_away(cast: Any, send: Callable[..., ImportRun]) -> None:
    run = send(table(row(NEW), row(SISTER, "Siv", start="fel")))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.report != {}) == (ImportState.PREVIEWED, True)
    with time_machine.travel(days.now() + timedelta(days=8)):
        tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.report, run.file) == (ImportState.DISCARDED, {}, None)

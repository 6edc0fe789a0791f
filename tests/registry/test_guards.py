"""What the database itself refuses, whoever asks."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from dexter.audit.models import Entry
from dexter.lib import civic, days
from registry.models import CivicNumber, Enrolment, Group, GroupMembership, GroupType, Guardianship, Person, SecurityMarking


def refused(make: Any, error: type[Exception] = IntegrityError) -> bool:
    with pytest.raises(error), transaction.atomic():
        make()
    return True


def test_a_guardianship_never_overlaps_itself(cast: Any) -> None:
    amira, sami = cast.amira, cast.sami
    today = days.today()
    assert refused(lambda: Guardianship.objects.create(guardian=amira, child=sami, start_date=today))
    assert refused(lambda: Guardianship.objects.create(guardian=sami, child=sami, start_date=today))
    karin = cast.karin
    assert refused(
        lambda: Guardianship.objects.create(guardian=karin, child=sami, start_date=today, end_date=today - datetime.timedelta(1))
    )
    assert Guardianship.objects.create(guardian=karin, child=sami, start_date=today).pk


def test_a_pupil_is_in_one_class_at_a_time(cast: Any) -> None:
    sami, class_4b, today = cast.sami, cast.group("4B"), days.today()
    assert refused(lambda: GroupMembership.objects.create(group=class_4b, person=sami, start_date=today))
    choir = Group.objects.create(name="Kör", group_type=GroupType.TEACHING, school_unit=class_4b.school_unit, start_date=today)
    assert GroupMembership.objects.create(group=choir, person=sami, start_date=today).pk
    GroupMembership.objects.filter(person=sami, in_class=True).update(end_date=today - datetime.timedelta(1))
    assert GroupMembership.objects.create(group=class_4b, person=sami, start_date=today).pk


def test_the_type_of_a_group_never_changes(cast: Any) -> None:
    assert refused(lambda: Group.objects.filter(pk=cast.group("4A").pk).update(group_type=GroupType.TEACHING))


def test_an_enrolment_never_overlaps_but_a_cancelled_one_may(cast: Any) -> None:
    old = Enrolment.objects.get(pupil=cast.id("sami"))
    copy = {"pupil": old.pupil, "school_unit": old.school_unit, "school_type": old.school_type, "start_date": days.today()}
    assert refused(lambda: Enrolment.objects.create(**copy))
    assert Enrolment.objects.create(**copy, cancelled=True).pk


def test_a_civic_number_is_held_by_one_person_and_its_history_stays(cast: Any) -> None:
    number = CivicNumber.objects.get(person=cast.id("amira"))
    jonas = cast.jonas
    stolen = {"kind": number.kind, "keyed_hash": number.keyed_hash, "encrypted": number.encrypted}
    assert refused(lambda: CivicNumber.objects.create(person=jonas, replaced_at=days.now(), **stolen))
    fresh = {"kind": "samordningsnummer", "keyed_hash": civic.keyed_hash("197302889931"), "encrypted": civic.encrypt("197302889931")}
    assert refused(lambda: CivicNumber.objects.create(person=cast.amira, **fresh))
    CivicNumber.objects.filter(pk=number.pk).update(replaced_at=days.now())
    assert CivicNumber.objects.create(person=cast.amira, **fresh).pk


def test_temporary_numbers_may_collide(cast: Any) -> None:
    CivicNumber.objects.filter(person__in=[cast.id("noor"), cast.id("sami")]).delete()
    for key in ("noor", "sami"):
        CivicNumber.objects.create(person_id=cast.id(key), kind="tillfälligt", keyed_hash=b"x" * 32, encrypted=b"y")
    assert CivicNumber.objects.filter(keyed_hash=b"x" * 32).count() == 2


def test_a_protected_person_needs_an_agreed_name(cast: Any) -> None:
    sami = Person.objects.filter(pk=cast.id("sami"))
    assert refused(lambda: sami.update(security_marking=SecurityMarking.PROTECTED))
    sami.update(security_marking=SecurityMarking.PROTECTED, agreed_name="Sam A")
    assert sami.get().shown_name == "Sam A"


def test_names_sort_as_swedes_sort(cast: Any) -> None:
    for family in ("Öst", "Ärlig", "Åberg", "Zetterlund", "Édouard"):
        Person.objects.create(given_name="Prov", family_name=family)
    ordered = Person.objects.filter(given_name="Prov").values_list("family_name", flat=True)
    assert list(ordered) == ["Édouard", "Zetterlund", "Åberg", "Ärlig", "Öst"]


def test_modified_at_moves_only_when_the_row_really_differs(cast: Any) -> None:
    before = cast.amira.modified_at
    Person.objects.filter(pk=cast.id("amira")).update(given_name="Amira")
    assert cast.amira.modified_at == before
    Person.objects.filter(pk=cast.id("amira")).update(given_name="Amirah")
    assert cast.amira.modified_at > before


def test_the_web_role_may_not_touch_the_log_or_the_tables(db: None) -> None:
    entry = Entry.objects.create(action="test.note")
    assert refused(lambda: Entry.objects.filter(pk=entry.pk).update(action="test.other"), ProgrammingError)
    assert refused(lambda: Entry.objects.filter(pk=entry.pk).delete(), ProgrammingError)
    for statement in (
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    ):
        with connection.cursor() as cursor:
            assert refused(lambda: cursor.execute(statement), DatabaseError)  # noqa: B023

"""Everything into files and back: the same rows, the protected apart, and nothing at all from an archive that is broken."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import EnrolmentCode, User
from dexter.audit.models import Entry
from dexter.files.models import StoredFile
from dexter.home.archive import snapshot
from dexter.home.archive.coverage import COVERAGE, kept, our_models
from dexter.home.archive.sealing import Key, opened_rows
from dexter.home.models import DisposalBatch, RetentionRule
from dexter.lib import civic, days
from registry.models import (
    ActivityGroup,
    CivicNumber,
    Group,
    Person,
)
from tests import database

from .archives import Town, manifest_of


def rows_of(town: Town, folder: Path, envelope: str) -> list[tuple[str, str]]:
    return list(opened_rows(Key(town.key_file.read_text()), folder / envelope))


def test_every_model_of_ours_is_known_to_the_archive() -> None:
    assert len(our_models()) > 35
    assert not [model._meta.label for model in our_models() if kept(model) is None], "add a row to dexter/home/archive/coverage.py"
    assert len({entry.label for entry in COVERAGE}) == len({entry.file for entry in COVERAGE}) == len(COVERAGE)
    for entry in COVERAGE:
        fields = {column.name for column in entry.model._meta.concrete_fields}
        assert {*entry.names, *entry.left_out} <= fields, entry.label
        names = [entry.name_of(column) for column in entry.fields]
        assert len(names) == len(set(names)), entry.label


def test_an_archive_read_into_a_new_database_gives_the_same_archive(town: Town, tmp_path: Path) -> None:
    again = tmp_path / "again"
    database.empty(town.bare)
    call_command("import_all", str(town.folder), protected_key_file=town.key_file, verbosity=0)
    call_command("export_all", str(again), protected_key_file=town.key_file, verbosity=0)
    open_files = sorted(path.name for path in town.folder.glob("*.jsonl"))
    assert len(open_files) > 30
    for name in open_files:
        assert (again / name).read_bytes() == (town.folder / name).read_bytes(), name
    envelopes = sorted(path.name for path in town.folder.glob("*.sealed"))
    secret = "civicNumbers deliveries disclosures disposalBatches homeNotices notices phoneCalls protected teacherReminders".split()
    assert envelopes == [f"{name}.sealed" for name in secret]
    for envelope in envelopes:
        assert rows_of(town, again, envelope) == rows_of(town, town.folder, envelope) != []
    first, second = manifest_of(town.folder), manifest_of(again)
    for manifest in (first, second):
        for name in ("madeAt", "mark"):
            del manifest[name]
        for name in envelopes:
            del manifest["files"][name]["sha256"]
    assert first == second
    what_was_read_in_works(town)


def what_was_read_in_works(town: Town) -> None:
    sami = Person.objects.get(pk=town.keys["sami"])
    assert sami.shown_name == "Sami Haddad"
    number = CivicNumber.objects.get(person=sami, replaced_at=None)
    assert civic.decrypt(number.encrypted) == "20150101TF07"
    assert bytes(number.keyed_hash) == civic.keyed_hash("20150101TF07")
    assert not User.objects.get(person=town.keys["anna"]).has_usable_password()
    assert not EnrolmentCode.objects.exists()
    assert RetentionRule.objects.get(code="log").years == 7
    assert bytes(DisposalBatch.objects.get().package or b"") == b"\x00zip"
    loose = Group.objects.create(
        name="Ny", group_type="Övrigt", school_unit=Group.objects.filter(name="4A")[0].school_unit, start_date=days.today()
    )
    activity = ActivityGroup.objects.all()[0].activity
    assert ActivityGroup.objects.create(activity=activity, group=loose).pk > 1  # the numbering goes on
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(action="test.other")


def test_the_protected_and_all_that_points_at_them_are_sealed(town: Town) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(town.folder.glob("*.json*")))
    for key in ("kim", "viggo"):
        assert town.keys[key] not in text
    for word in ("Kim Ek", "Robin", "kim@example.org", "p-kim", "Vide Ek", "hävt", "registry.protect_person"):
        assert word not in text, word
    assert "Sami" in text
    sealed = rows_of(town, town.folder, "protected.sealed")
    files = {file for file, _row in sealed}
    assert files >= {"persons", "civicNumbers", "groupMemberships", "responsibles", "enrolments", "protectedAccesses", "rollCalls", "log"}
    persons = {json.loads(row)["givenName"] for file, row in sealed if file == "persons"}
    assert persons == {"Robin", "Viggo"}
    assert any(town.keys["kim"] in json.loads(row)["roster"] for file, row in sealed if file == "rollCalls")
    accesses = [json.loads(row) for file, row in sealed if file == "protectedAccesses"]
    assert {access["person"] for access in accesses} == {town.keys["kim"], town.keys["elsa"]}
    assert "rows" not in manifest_of(town.folder)["files"]["protected.sealed"]


def test_the_archive_knows_every_kind_of_document_that_is_kept() -> None:
    """A file names nobody: `_documents_with_the_protected` seals by what owns it. A new owner is to be put in there too."""
    owners = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is StoredFile
    }
    read_and_gone = {"registry.ImportRun.file"}  # a list on its way into the register
    assert owners - read_and_gone == {"absence.LeaveDecision.document", "planning.PlanFile.stored"}


def test_open_rows_refer_to_open_rows_alone(town: Town) -> None:
    open_ids = {json.loads(line)["id"] for path in town.folder.glob("*.jsonl") for line in path.open(encoding="utf-8")}
    for entry in COVERAGE:
        path = town.folder / f"{entry.file}.jsonl"
        keys = [entry.name_of(column) for column in entry.fields if column.is_relation and column.related_model._meta.app_label != "auth"]
        for line in path.open(encoding="utf-8") if path.exists() and keys else ():
            row = json.loads(line)
            assert all(row[key] is None or row[key] in open_ids for key in keys if key in row), entry.label


def test_no_civic_number_password_or_factor_leaves_in_the_clear(town: Town) -> None:
    with database.pointed_at(town.full):
        numbers = [civic.decrypt(row.encrypted) for row in CivicNumber.objects.all()]
        hashes = {user.password for user in User.objects.all() if user.password}
    assert len(numbers) > 100
    for path in town.folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [number for number in numbers if number in text], path.name
        assert not [password for password in hashes if password in text], path.name
    sealed = rows_of(town, town.folder, "civicNumbers.sealed") + [
        row for row in rows_of(town, town.folder, "protected.sealed") if row[0] == "civicNumbers"
    ]
    assert sorted(json.loads(row)["civicNo"]["value"] for _file, row in sealed) == sorted(numbers)
    notes = " ".join(manifest_of(town.folder)["notes"]) + json.dumps(manifest_of(town.folder)["leftOut"])
    assert "passwords" in notes
    assert "accounts.EnrolmentCode" in notes


def test_the_names_are_those_of_the_standard(town: Town) -> None:
    rows = {path.stem: json.loads(path.open(encoding="utf-8").readline() or "{}") for path in town.folder.glob("*.jsonl")}
    person = {
        "id",
        "meta",
        "givenName",
        "middleName",
        "familyName",
        "agreedName",
        "birthDate",
        "sex",
        "securityMarking",
        "personStatus",
        "schoolOwned",
        "contactCheckedAt",
    }
    assert set(rows["persons"]) == person
    assert set(rows["persons"]["meta"]) == {"created", "modified"}
    assert {"enroledAt", "schoolYear", "schoolType", "startDate", "endDate", "cancelled"} <= set(rows["enrolments"])
    assert {"startTime", "endTime", "activity"} <= set(rows["calendarEvents"])
    assert {"displayName", "groupType", "organisation"} <= set(rows["groups"])
    assert "day" not in rows["calendarEvents"]  # a generated column


def test_the_archive_is_of_one_moment_and_stands_in_the_log(town: Town) -> None:
    """What is committed after the first row was read does not show; the export itself is logged after it."""
    with database.pointed_at(town.full):
        assert Entry.objects.filter(action="home.export_all", actor_id=None).count() == 1
        assert "home.export_all" not in (town.folder / "log.jsonl").read_text(encoding="utf-8")
        with snapshot.snapshot():
            entry = next(entry for entry in COVERAGE if entry.label == "registry.Person")
            before = snapshot.open_rows(entry).count()
            Person.objects.create(given_name="Ny", family_name="Nyss")  # the other connection, committed at once
            assert snapshot.open_rows(entry).count() == before
            assert before + snapshot.sealed_rows(entry).count() == snapshot.all_rows(entry)
        Person.objects.filter(given_name="Ny", family_name="Nyss").delete()


def test_only_its_owner_may_read_the_files(town: Town) -> None:
    assert {path.stat().st_mode & 0o777 for path in town.folder.iterdir()} == {0o600}
    assert town.folder.stat().st_mode & 0o777 == 0o700
    with closing(connections["default"].cursor()) as cursor:
        cursor.execute("SELECT to_regclass('archive_sealed')")
        assert cursor.fetchone() == (None,)
    assert connection.settings_dict["NAME"]

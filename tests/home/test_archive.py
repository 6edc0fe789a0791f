"""Everything into files and back: the same rows, the protected apart, and nothing at all from an archive that is broken."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import EnrolmentCode, User
from dexter.audit.actions import record
from dexter.audit.models import Entry
from dexter.home.actions.disclosure import draft_disclosure
from dexter.home.archive import snapshot
from dexter.home.archive.coverage import COVERAGE, kept, our_models
from dexter.home.archive.sealing import Key, opened_rows
from dexter.home.models import DisposalBatch, RetentionRule, SiteText
from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from registry.actions.feeds import make_feed_address
from registry.models import (
    ActivityGroup,
    CivicNumber,
    EmailAddress,
    ExternalId,
    Group,
    GroupMembership,
    Person,
    ProtectedAccess,
)
from tests import database


class Town(NamedTuple):
    """Two databases, one full and one without a row, and an archive of the full one."""

    full: str
    bare: str
    keys: dict[str, str]
    folder: Path
    key_file: Path


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Town]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    names, tmp = (f"archive_full_{worker}", f"archive_bare_{worker}"), tmp_path_factory.mktemp("archive")
    key_file = tmp / "key"
    key_file.write_text(Fernet.generate_key().decode())
    with django_db_blocker.unblock(), database.pointed_at(names[0]):
        database.empty(names[1])
        keys = database.make(names[0])
        _add_rarities(keys)
        call_command("export_all", str(tmp / "first"), protected_key_file=key_file, verbosity=0)
        yield Town(*names, keys, tmp / "first", key_file)
        for name in names:
            database.drop(name)


def _add_rarities(keys: dict[str, str]) -> None:
    """What the cast alone does not have: protection, quotes and line breaks, replaced numbers, other systems' names."""
    ingrid = Actor(Person.objects.get(pk=keys["ingrid"]).pk, Role.STAFF, Level.TWO_FACTOR)
    make_feed_address(actor=ingrid)
    ProtectedAccess.objects.create(person_id=keys["kim"], grantee_id=keys["anna"], granted_by_id=keys["ingrid"], reason='mentor, "ny"\nrad')
    ProtectedAccess.objects.create(person_id=keys["elsa"], grantee_id=keys["anna"], granted_by_id=keys["ingrid"], reason="hävt")
    EmailAddress.objects.create(person_id=keys["kim"], value="kim@example.org")
    EmailAddress.objects.create(person_id=keys["sami"], value="sami@example.org")
    CivicNumber.objects.filter(person=keys["sami"]).update(replaced_at=days.now())
    CivicNumber.objects.create(
        person_id=keys["sami"], kind="tillfälligt", encrypted=civic.encrypt("20150101TF07"), keyed_hash=civic.keyed_hash("20150101TF07")
    )
    for key in ("kim", "sami"):
        ExternalId.objects.create(source="Procapita", value=f"p-{key}", entity_kind="person", entity_id=keys[key])
    SiteText.objects.create(kind="tillganglighet", language="sv", text="Rad ett\u2028\n\n## Åäö 'citat' \\ \t slut")
    Person.objects.filter(pk=keys["viggo"]).update(agreed_name="Vide Ek")  # was protected once; the name was never cleared
    record(actor=ingrid, action="registry.person_detail", subjects=[Person.objects.get(pk=keys["kim"]).pk], details={"rows": 1})
    record(actor=ingrid, action="registry.protect_person", subjects=[Person.objects.get(pk=keys["elsa"]).pk])
    record(actor=ingrid, action="registry.group_detail", object_id=GroupMembership.objects.filter(person=keys["kim"])[0].pk)
    RetentionRule.objects.filter(code="log").update(years=7, decision_reference="KS 2026/114")
    sami = Person.objects.get(pk=keys["sami"])
    pekka = Actor(Person.objects.get(pk=keys["pekka"]).pk, Role.STAFF, Level.TWO_FACTOR)
    draft_disclosure(actor=pekka, person=sami, kind="extract", purpose="dnr 1", sections=[])
    DisposalBatch.objects.create(
        rule=RetentionRule.objects.get(code="log"),
        cutoff=days.today(),
        package=b"\x00zip",
        keys={"audit.Entry": [keys["kim"]]},
        proposed_by=sami,
        proposed_at=days.now(),
    )
    EnrolmentCode.objects.create(user=User.objects.get(person=keys["anna"]), code_hash=b"x" * 32, expires_at=days.now())


def rows_of(town: Town, folder: Path, envelope: str) -> list[tuple[str, str]]:
    return list(opened_rows(Key(town.key_file.read_text()), folder / envelope))


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def copied(town: Town, tmp_path: Path) -> Path:
    return Path(shutil.copytree(town.folder, tmp_path / "copy"))


def rows_in_database() -> int:
    return sum(entry.model._base_manager.count() for entry in COVERAGE if not entry.seeded)


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
    assert envelopes == ["civicNumbers.sealed", "disclosures.sealed", "disposalBatches.sealed", "protected.sealed"]
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
    person = {"id", "meta", "givenName", "middleName", "familyName", "agreedName", "birthDate", "sex", "securityMarking", "personStatus"}
    assert set(rows["persons"]) == person
    assert set(rows["persons"]["meta"]) == {"created", "modified"}
    assert {"enroledAt", "schoolYear", "schoolType", "startDate", "endDate", "cancelled"} <= set(rows["enrolments"])
    assert {"startTime", "endTime", "activity"} <= set(rows["calendarEvents"])
    assert {"displayName", "groupType", "organisation"} <= set(rows["groups"])
    assert "day" not in rows["calendarEvents"]  # a generated column


def cut_off(folder: Path) -> None:
    path = folder / "persons.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def changed_byte(folder: Path) -> None:
    path = folder / "groups.jsonl"
    path.write_bytes(path.read_bytes().replace(b"4A", b"4C", 1))


def missing_file(folder: Path) -> None:
    (folder / "enrolments.jsonl").unlink()


def cut_envelope(folder: Path) -> None:
    path = folder / "protected.sealed"
    path.write_bytes(path.read_bytes()[: -len(path.read_bytes().splitlines()[-1])])


def without_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def cut_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:100])


def wrong_version(folder: Path) -> None:
    manifest = {**manifest_of(folder), "format": 2}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def forged(folder: Path) -> None:
    """A row changed and the checksum with it."""
    changed_byte(folder)
    manifest = manifest_of(folder)
    manifest["files"]["groups.jsonl"]["sha256"] = hashlib.sha256((folder / "groups.jsonl").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


BROKEN = {
    cut_off: "persons.jsonl is cut off or was changed",
    changed_byte: "groups.jsonl is cut off or was changed",
    missing_file: "enrolments.jsonl is missing",
    cut_envelope: "protected.sealed is cut off or was changed",
    without_manifest: "no whole archive here",
    cut_manifest: "manifest.json cannot be read",
    wrong_version: "not of format 1",
    forged: "key does not fit the archive, or the manifest was changed",
}


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda breaking: breaking.__name__)
def test_a_broken_archive_is_refused_in_one_sentence_and_changes_nothing(town: Town, tmp_path: Path, breaking: Any) -> None:
    folder = copied(town, tmp_path)
    breaking(folder)
    database.empty_of_rows(town.bare)
    with pytest.raises(CommandError, match=BROKEN[breaking]) as refusal:
        call_command("import_all", str(folder), protected_key_file=town.key_file)
    assert "\n" not in str(refusal.value)
    assert rows_in_database() == 0


def resealed(town: Town, folder: Path, name: str, content: str) -> None:
    """A file replaced by somebody who holds the key."""
    (folder / name).write_text(content, encoding="utf-8")
    manifest = manifest_of(folder)
    manifest["files"][name]["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    manifest["mark"] = Key(town.key_file.read_text()).mark(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_rows_that_the_database_refuses_leave_nothing_behind(town: Town, tmp_path: Path) -> None:
    folder = copied(town, tmp_path)
    database.empty_of_rows(town.bare)
    lines = (folder / "enrolments.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[0])
    for changes, sentence in (
        ({"endDate": "1999-01-01"}, r"refused the rows \(registry_enrolment enrolment_period\)"),
        ({"student": "00000000-0000-7000-8000-000000000000"}, r"refused the rows \(registry_enrolment"),
        ({"startDate": "igår"}, "startDate holds something that cannot be read"),
        ({"shoeSize": 31}, r"fields of this version of Dexter \(shoeSize\)"),
    ):
        resealed(town, folder, "enrolments.jsonl", "\n".join([json.dumps({**row, **changes}), *lines[1:]]) + "\n")
        with pytest.raises(CommandError, match=sentence):
            call_command("import_all", str(folder), protected_key_file=town.key_file)
        assert rows_in_database() == 0
    resealed(town, folder, "enrolments.jsonl", "\n".join(lines[1:]) + "\n")
    with pytest.raises(CommandError, match=r"enrolments.jsonl does not hold as many rows"):
        call_command("import_all", str(folder), protected_key_file=town.key_file)
    assert rows_in_database() == 0


def test_the_key_is_the_archives_own_and_lies_elsewhere(town: Town, tmp_path: Path, settings: Any) -> None:
    def refused(key: Path, sentence: str, folder: Path | None = None) -> None:
        target = folder or tmp_path / "new"
        with pytest.raises(CommandError, match=sentence):
            call_command("export_all", str(target), protected_key_file=key)
        assert folder or not target.exists()

    lying_beside, own, none = tmp_path / "new" / "key", tmp_path / "own", tmp_path / "none"
    own.write_text(settings.DATA_KEYS[0])
    none.write_text("hemligt")
    refused(lying_beside, "whoever gets the archive would get the key")
    refused(own, "one of DATA_KEYS")
    refused(none, "holds no key")
    refused(tmp_path / "missing", "cannot be read")
    refused(town.key_file, "not empty", folder=town.folder)
    other = tmp_path / "other"
    other.write_text(Fernet.generate_key().decode())
    database.empty_of_rows(town.bare)
    with pytest.raises(CommandError, match="key does not fit"):
        call_command("import_all", str(town.folder), protected_key_file=other)


def test_a_database_with_rows_takes_no_archive(town: Town) -> None:
    with database.pointed_at(town.full):
        before = rows_in_database()
        with pytest.raises(CommandError, match=r"not empty \(.*persons"):
            call_command("import_all", str(town.folder), protected_key_file=town.key_file)
        assert rows_in_database() == before > 1000


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

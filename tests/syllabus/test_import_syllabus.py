"""The command from end to end, against a server that plays the API."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from dexter.audit.models import Entry
from larande.syllabus.imports import source
from larande.syllabus.models import Ability, CentralContentItem, Criterion, SubjectVersion
from registry.models import Syllabus

from .answers import SyllabusServer, chemistry, envelope


@pytest.fixture
def server() -> Iterator[SyllabusServer]:
    made = SyllabusServer()
    yield made
    made.http.shutdown()


def bring(**options: Any) -> str:
    told = io.StringIO()
    call_command("import_syllabus", stdout=told, **options)
    return told.getvalue()


def kept(folder: Path, *answers: Any) -> Path:
    for number, answer in enumerate(answers):
        (folder / f"{number}.json").write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
    return folder


def chemistries() -> list[SubjectVersion]:
    return list(SubjectVersion.objects.filter(subject_code="GRGRKEM01").order_by("number"))


def parts() -> tuple[int, ...]:
    return tuple(model._default_manager.count() for model in (SubjectVersion, Ability, CentralContentItem, Criterion, Syllabus))


def test_a_subject_is_read_from_the_api(cast: Any, server: SyllabusServer) -> None:
    told = bring(address=server.address, school_type=["GR", "GRAN"])
    assert "GRGRKEM01 GR version 3: new, 4 points, 2 abilities, 8 criteria" in told
    (version,) = chemistries()
    assert not version.is_example
    assert version.source == server.address
    assert Syllabus.objects.get(subject_code="GRGRKEM01").start_school_year == 4
    assert Entry.objects.filter(action="syllabus.import_subject").latest("at").details == {
        "new": 1, "same": 0, "ended": 0, "differs": 0, "example": False,
    }  # fmt: skip
    assert server.asked == [
        "/syllabus/v1/subjects?schooltype=GR&timespan=LATEST",
        "/syllabus/v1/subjects/GRGRKEM01",
        "/syllabus/v1/subjects?schooltype=GRAN&timespan=LATEST",
    ]


def test_what_comes_is_asked_for_by_its_version(cast: Any, server: SyllabusServer) -> None:
    bring(address=f"{server.address}/v1/", school_type=["GR"], timespan="FUTURE", date=date(2027, 1, 1))
    assert server.asked[0].endswith("timespan=FUTURE&date=2027-01-01")
    assert server.asked[1] == "/syllabus/v1/subjects/GRGRKEM01/versions/3"


def test_the_same_again_changes_nothing(cast: Any, server: SyllabusServer) -> None:
    bring(address=server.address)
    before = parts()
    assert "new 0, same 1" in bring(address=server.address)
    assert parts() == before


def test_a_new_version_adds_and_keeps_the_keys(cast: Any, server: SyllabusServer) -> None:
    bring(address=server.address)
    (old,) = chemistries()
    before = list(old.content_items.values_list("pk", "key", "text"))
    changed = chemistry(version=4, startDate="2026-07-01")
    changed["centralContents"][0]["text"] = changed["centralContents"][0]["text"].replace("och former.", "och olika former.")
    changed["centralContents"][1]["text"] += "<ul><li>Batterier och laddning.</li></ul>"
    changed["knowledgeRequirements"] = [
        {**entry, "text": entry["text"].replace("<p>Eleven prövar", "<p>Eleven städar efter sig.</p><p>Eleven prövar")}
        for entry in changed["knowledgeRequirements"]
    ]
    server.subjects = [changed]
    bring(address=server.address)
    old, new = chemistries()
    assert list(old.content_items.values_list("pk", "key", "text")) == before
    was, now = dict(old.content_items.values_list("key", "text")), dict(new.content_items.values_list("key", "text"))
    assert [now[key] for key in now.keys() - was.keys()] == ["Batterier och laddning."]
    assert [now[key] for key in was if now[key] != was[key]] == ["Vattnets kretslopp och olika former."]
    threads = {said.text: said.thread for said in new.criteria.all()}
    assert {said.thread for said in old.criteria.filter(text="Eleven prövar väl.")} == {threads["Eleven prövar väl."]}
    assert threads["Eleven städar efter sig."] == "6--2"


def test_an_older_version_read_later_takes_the_keys_too(cast: Any, server: SyllabusServer) -> None:
    bring(address=server.address)
    server.subjects = [chemistry(version=2, startDate="2020-07-01")]
    bring(address=server.address)
    older, newer = chemistries()
    assert set(older.content_items.values_list("key", flat=True)) == set(newer.content_items.values_list("key", flat=True))


def test_another_text_under_the_same_number_is_kept_out_and_told(cast: Any, server: SyllabusServer) -> None:
    bring(address=server.address)
    server.subjects = [chemistry(name="Kemi och lite till")]
    with pytest.raises(CommandError, match="what was read before stays"):
        bring(address=server.address)
    assert [version.name for version in chemistries()] == ["Kemi"]


def test_an_end_told_later_is_noted(cast: Any, server: SyllabusServer) -> None:
    bring(address=server.address)
    server.subjects = [chemistry(endDate="2028-06-30", modifiedDate="2026-10-01")]
    assert "ended 1" in bring(address=server.address)
    assert chemistries()[0].valid_to == date(2028, 6, 30)


def test_the_fault_of_one_subject_keeps_no_other_out(cast: Any, server: SyllabusServer) -> None:
    server.subjects = [chemistry(code="GRGRTRA01", startDate="någon dag"), chemistry()]
    with pytest.raises(CommandError, match=r"GRGRTRA01: »någon dag« in startDate is no date\."):
        bring(address=server.address)
    assert len(chemistries()) == 1
    assert not SubjectVersion.objects.filter(subject_code="GRGRTRA01").exists()


def test_a_run_broken_off_is_started_again(cast: Any, server: SyllabusServer) -> None:
    server.subjects = [chemistry(), chemistry(code="GRGRFYS01", name="Fysik")]
    server.broken = {"GRGRFYS01": (500, b"")}
    with pytest.raises(CommandError, match="GRGRFYS01 with 500"):
        bring(address=server.address)
    server.broken = {}
    assert "new 1, same 1" in bring(address=server.address)


def test_a_subject_is_added_whole_or_not_at_all(cast: Any, server: SyllabusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    before = parts()

    def fail(*_args: Any, **_options: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Criterion.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        bring(address=server.address)
    assert parts() == before


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [(302, b"{}", "302"), (500, b"", "500"), (200, b"<html>", "no JSON"), (200, b"{}", "no subject"), (200, b"\xff\xfe", "no JSON"),
     (200, b'{"subjects": [{"name": "utan kod"}]}', "without a code")],
)  # fmt: skip
def test_an_api_out_of_order_is_told_in_a_sentence(cast: Any, server: SyllabusServer, status: int, body: bytes, said: str) -> None:
    server.broken = {"subjects": (status, body)}
    with pytest.raises(CommandError, match=said):
        bring(address=server.address)


def test_an_empty_list_is_no_fault(cast: Any, server: SyllabusServer) -> None:
    server.subjects = []
    assert "new 0" in bring(address=server.address)


def test_an_answer_without_end_is_cut(cast: Any, server: SyllabusServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LARGEST", 1024)
    server.broken = {"subjects": (200, b" " * 200_000)}
    with pytest.raises(CommandError, match="larger than"):
        bring(address=server.address)


def test_nobody_there_is_told(cast: Any) -> None:
    with pytest.raises(CommandError, match="does not answer"):
        bring(address="http://127.0.0.1:1/syllabus")


def test_regulations_are_not_fetched_in_the_clear(cast: Any) -> None:
    with pytest.raises(CommandError, match="https://"):
        bring(address="http://example.org/syllabus")


def test_saved_answers_are_read_with_or_without_their_envelope(cast: Any, tmp_path: Path) -> None:
    physics, bare = chemistry(code="GRGRFYS01"), chemistry(code="GRGRGEO01")
    kept(tmp_path, envelope(chemistry(), physics), bare, {"errorCode": "404", "message": "Inga träffar"})
    assert "new 3" in bring(saved=tmp_path)
    assert "same 1" in bring(saved=kept(tmp_path, "\ufeff" + json.dumps(envelope(bare))) / "0.json")


@pytest.mark.parametrize(
    ("answer", "said"),
    [("inget", "no JSON"), ({"subjects": [{"code": "GRGRKEM01", "version": 3}]}, "without texts"), ("[" * 100_000, "no JSON"), ({"annat": 1}, "no subject")],
)  # fmt: skip
def test_a_saved_file_that_is_no_answer_is_told(cast: Any, tmp_path: Path, answer: Any, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        bring(saved=kept(tmp_path, answer))


def test_a_folder_without_answers_and_a_file_that_is_not_there_are_told(cast: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no \.json file"):
        bring(saved=tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        bring(saved=tmp_path / "borta.json")


def test_a_dry_run_tells_and_saves_nothing(cast: Any, server: SyllabusServer) -> None:
    before = parts()
    assert "version 3: read, 4 points" in bring(address=server.address, dry_run=True)
    assert parts() == before


def test_a_syllabus_that_the_school_has_stays_as_it_is(cast: Any, server: SyllabusServer) -> None:
    Syllabus.objects.create(school_type="GR", subject_code="GRGRKEM01", subject_name="Kemi hos oss", curriculum="Lgr11")
    bring(address=server.address)
    assert Syllabus.objects.get(subject_code="GRGRKEM01").subject_name == "Kemi hos oss"


def attempt(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["ability", "centralcontentitem", "criterion"])
@pytest.mark.parametrize("statement", ["UPDATE syllabus_{} SET text = 'x'", "DELETE FROM syllabus_{}"])
def test_points_cannot_be_rewritten_by_the_application(cast: Any, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        attempt(statement.format(table))

"""An office sends a list in, looks at it, lets it go on or throws it away."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dexter.lib.access import Actor, Role
from registry.imports import feed
from registry.models import Enrolment, ImportRun, ImportSource, ImportState, Person
from tests.pages import visible

from .import_files import MOTHER, NEW, SISTER, carry_out, pekka, person, row, send, table

__all__ = ["carry_out", "pekka", "send"]


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def upload(office: Any, content: bytes, name: str = "elever.csv", template: str = "pupils") -> Any:
    return office.send("/import/ny/", {"template": template, "upload": SimpleUploadedFile(name, content)})


def read(office: Any, content: bytes, name: str = "elever.csv") -> tuple[ImportRun, str]:
    """Send in, let the worker read, open the page."""
    path = upload(office, content, name).url
    run = ImportRun.objects.get(pk=path.split("/")[2])
    feed.read_import(run_id=run.pk)
    run.refresh_from_db()
    return run, office.get(path).content.decode()


def test_from_the_file_to_the_register(cast: Any, office: Any) -> None:
    run, page = read(office, table(row(NEW, guardian=f"{MOTHER};Maria;Ek;;")))
    assert "Genomför" in page
    assert office.send(f"/import/{run.pk}/genomfor/").status_code == 302
    assert (
        "håller på" in office.get(f"/import/{run.pk}/lage/").content.decode()
        or "Väntar" in office.get(f"/import/{run.pk}/lage/").content.decode()
    )
    feed.apply_import(run_id=run.pk)
    assert office.get(f"/import/{run.pk}/lage/")["HX-Refresh"] == "true"
    assert "Genomförd" in office.get(f"/import/{run.pk}/").content.decode()
    assert Enrolment.objects.filter(pupil=person(NEW)).count() == 1
    assert "Genomförd" in office.get("/import/").content.decode()


def test_the_page_asks_before_pupils_leave_and_names_them(cast: Any, office: Any, carry_out: Callable[..., ImportRun]) -> None:
    everybody = [row(f"2015040{number}TF11", f"Nr{number}") for number in range(1, 7)]
    carry_out(table(*everybody))
    run, page = read(office, table(*everybody[:3]))
    assert "Nr5 Ek" in page
    assert office.send(f"/import/{run.pk}/genomfor/").status_code == 422
    assert office.send(f"/import/{run.pk}/genomfor/", {"accept_ending": "on"}).status_code == 302


def test_a_list_is_thrown_away(cast: Any, office: Any) -> None:
    run, _page = read(office, table(row(NEW)))
    office.send(f"/import/{run.pk}/slang/")
    run.refresh_from_db()
    assert (run.state, run.report, run.file) == (ImportState.DISCARDED, {}, None)
    assert office.send(f"/import/{run.pk}/genomfor/").status_code == 422


def test_what_the_school_keeps_is_given_back(cast: Any, office: Any, carry_out: Callable[..., ImportRun]) -> None:
    carry_out(table(row(NEW)))
    Person.objects.filter(pk=person(NEW).pk).update(given_name="Alvina", school_owned=["given_name"])
    run, page = read(office, table(row(NEW)))
    assert "Alvina Ek" in page
    line = {"kind": "person", "row": str(person(NEW).pk), "person": str(person(NEW).pk)}
    assert office.send(f"/import/{run.pk}/slapp/", {**line, "person": str(cast.id("kim"))}).status_code == 404
    assert office.send(f"/import/{run.pk}/slapp/", line).status_code == 302
    carry_out(table(row(NEW)))
    assert person(NEW).given_name == "Alva"


def test_another_office_reaches_neither_the_list_nor_its_import(cast: Any, office: Any, client_as: Callable[..., Any]) -> None:
    run, _page = read(office, table(row(NEW)))
    other = client_as("hassan", Role.STAFF)
    assert other.get(f"/import/{run.pk}/").status_code == 404
    assert other.send(f"/import/{run.pk}/genomfor/").status_code == 404
    assert str(run.pk) not in other.get("/import/").content.decode()


def test_script_in_a_cell_is_shown_as_text(cast: Any, office: Any) -> None:
    _run, page = read(office, table(row("<script>alert(1)</script>")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells_of(content: bytes) -> list[list[object]]:
    return [list(line) for line in csv.reader(io.StringIO(content.decode()), delimiter=";")]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (310 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b" ", "tom"),
        (b"\xff\xfeP\x00e\x00", "CSV (UTF-8)"),
        (b"Personnummer;F\x81\x8d\x8f\x90", "CSV (UTF-8)"),
        (b"Namn;Klass\nAlva;4A\n", "Kolumnerna saknas"),
        (b'Personnummer;"F\xc3\xb6rnamn\nAlva', "Citattecknen"),
        (b"PK\x03\x04 not a workbook", "arbetsbok"),
        (b"Personnummer;Personnummer\n1;2\n", "två gånger"),
        (b"a;" * 150, "första raden"),
        (table(row(NEW, unit="1") + ";" * 40 + "en till"), "fler celler"),
    ],
)
def test_a_broken_file_gets_one_sentence_and_changes_nothing(cast: Any, office: Any, content: bytes, says: str) -> None:
    before = Person.objects.count()
    run, page = read(office, content)
    assert run.state == ImportState.FAILED
    assert says in page
    assert Person.objects.count() == before


def test_a_zip_bomb_is_not_unpacked(cast: Any, office: Any) -> None:
    run, page = read(office, bomb(), "elever.xlsx")
    assert run.state == ImportState.FAILED
    assert "för stor" in page


def test_a_million_rows_are_refused(cast: Any, office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = table(*["x" for _row in range(200_002)])
    run, page = read(office, content)
    assert run.state == ImportState.FAILED
    assert "200" in visible(page)


def test_a_large_file_is_refused_at_once(cast: Any, office: Any) -> None:
    answer = upload(office, b"x" * (20 * 1024 * 1024 + 1))
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_variant_of_csv_is_read(cast: Any, office: Any, encoding: str, separator: str) -> None:
    text = table(row(NEW, "Åsa", "Öberg")).decode().replace(";", separator)
    run, _page = read(office, text.encode(encoding))
    assert (run.counts["person"]["create"], run.rejected) == (1, 0)


@pytest.mark.parametrize("written", ["2026-08-17", "20260817", "17/8 2026", "17.8.2026", "2026/8/17"])
def test_days_are_read_as_people_write_them(cast: Any, office: Any, written: str) -> None:
    run, _page = read(office, table(row(NEW, start=written)))
    assert (run.counts["person"]["create"], run.rejected) == (1, 0)


def test_a_workbook_is_read_and_its_formulas_are_not(cast: Any, office: Any) -> None:
    lines = cells_of(table(row(NEW), row(SISTER, "Siv")))
    lines[2][1] = '=CONCATENATE("S","iv")'
    run, _page = read(office, xlsx(*lines), "elever.xlsx")
    assert run.counts["person"]["create"] == 1
    assert [(fault["line"], fault["column"]) for fault in run.report["rejected"]] == [(3, "Förnamn")]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("template", ["pupils", "staff", "groups"])
def test_a_template_can_be_sent_in_as_it_is(cast: Any, office: Any, template: str, ending: str) -> None:
    answer = office.get(f"/import/mallar/{template}.{ending}")
    assert answer["Content-Disposition"].startswith("attachment")
    path = upload(office, answer.content, f"mall.{ending}", template).url
    run = ImportRun.objects.get(pk=path.split("/")[2])
    feed.read_import(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEWED, run.failure
    assert [fault["column"] for fault in run.report["rejected"]] == ["Skolenhetskod"]  # the made-up school


def test_unknown_templates_and_endings_do_not_exist(cast: Any, office: Any) -> None:
    assert office.get("/import/mallar/secrets.csv").status_code == 404
    assert office.get("/import/mallar/pupils.exe").status_code == 404


@pytest.mark.parametrize("runs", [1, 3])
def test_the_list_and_the_page_take_the_same_number_of_statements(
    cast: Any, office: Any, statements: Callable[..., int], runs: int, actor: Callable[..., Actor]
) -> None:
    for _run in range(runs):
        run, _page = read(office, table(*[row(f"2015040{number}TF11", f"Nr{number}") for number in range(1, runs + 1)]))
    assert statements(lambda: office.get("/import/")) == 3 + 6
    assert statements(lambda: office.get(f"/import/{run.pk}/")) == 3 + 4


def test_nobody_answers_for_a_dry_run_of_an_interface(cast: Any, office: Any) -> None:
    """It has no file to carry out: confirmed, it would end as a failure of the source, and alarm everybody."""
    source = ImportSource.objects.create(name="natt", kind="api", is_scheduled=True)
    run = ImportRun.objects.create(source=source, template="ss12000", state=ImportState.PREVIEWED)
    assert "genomfor" not in office.get(f"/import/{run.pk}/").content.decode()
    assert office.send(f"/import/{run.pk}/genomfor/").status_code == 422
    office.send(f"/import/{run.pk}/slang/")
    run.refresh_from_db()
    assert run.state == ImportState.PREVIEWED


def test_a_long_postal_code_is_rejected_and_a_long_heading_is_told(cast: Any, office: Any) -> None:
    head, line = table(row(NEW)).decode().splitlines()
    run, _page = read(office, f"{head};Gatuadress;Postnummer;Ort\n{line};Gatan 1;123 45 678901;Byn".encode())
    assert [(fault["line"], fault["column"]) for fault in run.report["rejected"]] == [(2, "Postnummer")]
    run, page = read(office, f"{'x' * 400};{'x' * 400}\n1;2\n".encode())
    assert "två gånger" in page


@pytest.mark.parametrize(("place", "value"), [(10, 99), (8, 1)])
def test_a_workbook_packed_or_locked_in_another_way_gets_one_sentence(cast: Any, office: Any, place: int, value: int) -> None:
    """The method of compression, and the flag of encryption, of every part."""
    content = bytearray(xlsx(*cells_of(table(row(NEW)))))
    parts = [match.start() for match in re.finditer(b"PK\\x01\\x02", bytes(content))]
    for start in parts:
        content[start + place] = value
    run, page = read(office, bytes(content), "elever.xlsx")
    assert run.state == ImportState.FAILED
    assert "arbetsbok" in page


def test_a_workbook_with_damaged_parts_gets_one_sentence(cast: Any, office: Any) -> None:
    content = bytearray(xlsx(*cells_of(table(row(NEW)))))
    sheet = content.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    content[sheet : sheet + 8] = b"\xff" * 8
    run, page = read(office, bytes(content), "elever.xlsx")
    assert run.state == ImportState.FAILED
    assert "arbetsbok" in page

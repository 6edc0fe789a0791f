"""Reading what a spreadsheet saves: CSV in its Swedish variants, and xlsx; each row as texts by column."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from .batch import Unreadable

MEGABYTE = 1024 * 1024
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 300 * MEGABYTE  # of all parts of an xlsx together
MOST_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_CELL = 500  # characters
SEPARATORS = ";,\t"
ZIP_BEGINS = b"PK\x03\x04"
BROKEN = (  # what a damaged, encrypted or crafted workbook makes the libraries raise
    zipfile.BadZipFile, zlib.error, InvalidFileException, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, SyntaxError,
    EOFError, OSError, RuntimeError, AssertionError,
)  # fmt: skip
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    line: int
    cells: dict[str, str]  # by heading in lower case; a formula stands as written, with its "="


def read_table(content: bytes) -> Iterator[Row]:
    """The rows under the headings, empty ones left out. Raises Unreadable with a sentence that says what to do."""
    if len(content) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than 20 MB. Divide it."))
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    lines = _xlsx(content) if content.startswith(ZIP_BEGINS) else _csv(content)
    headings = _headings(next(lines, []))
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise Unreadable(_("The file has more than 200,000 rows. Divide it."))
        if len(cells) > len(headings) and any(cells[len(headings) :]):
            raise Unreadable(_("Line %(line)s has more cells than there are headings.") % {"line": number})
        if any(cells):
            yield Row(number, dict(zip(headings, [*cells, *[""] * len(headings)], strict=False)))


def _headings(cells: list[str]) -> list[str]:
    headings = [" ".join(cell.lower().split()) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if not headings or len(headings) > MOST_COLUMNS:
        raise Unreadable(_("The first line must hold the headings of the template."))
    doubled = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if doubled:
        raise Unreadable(_("The heading %(heading)s stands there twice.") % {"heading": f"“{doubled[0][:80]}”"})
    return headings


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield [_plain(cell) for cell in cells]
    except csv.Error:
        message = _("The quotation marks of the file do not fit together, at line %(line)s.") % {"line": reader.line_num}
        raise Unreadable(message) from None


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252, as Excel saves in Sweden."""
    if content.startswith(WIDE_MARKS) or b"\x00" in content:
        raise Unreadable(_("The file is no text that can be read. Save it as CSV (UTF-8) or as xlsx."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(_("The file is no text that can be read. Save it as CSV (UTF-8) or as xlsx.")) from None


def _xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        _refuse_bomb(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for cells in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS, max_row=MOST_ROWS + 2):
            yield [_plain(_written(cell)) for cell in cells]
    except BROKEN:
        raise Unreadable(_("The file cannot be opened as a workbook. Save it anew as xlsx.")) from None


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
            raise Unreadable(_("The workbook is too large when it is unpacked. Save only the sheet with the list."))


def _written(cell: object) -> str:
    """A cell as it would be written: days as year-month-day, times as hour:minute, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if isinstance(cell, str | int | float) else "="  # what is left are formulas over several cells


def _plain(cell: str) -> str:
    """Without surrounding and invisible signs; what is longer than any field is cut, and refused by the field."""
    return " ".join("".join(sign for sign in cell if sign.isprintable() or sign.isspace()).split())[:LONGEST_CELL]

"""Lists as files for a spreadsheet: xlsx and CSV, with nothing in them that a spreadsheet would carry out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
CARRIED_OUT = ("=", "+", "-", "@", "\t", "\r", "\n")
TOO_WIDE = 40  # characters of a column

Cells = Sequence[object]


def disarmed(cell: object) -> str:
    """A text that a spreadsheet shows and never carries out (OWASP: CSV injection)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(CARRIED_OUT) else text


def csv_of(headings: Cells, rows: Iterable[Cells]) -> bytes:
    """UTF-8 with its mark, semicolons: what a Swedish spreadsheet opens by a click. Fractions have two decimals."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([disarmed(cell) for cell in headings])
    writer.writerows([f"{cell:.2f}" if isinstance(cell, float) else disarmed(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def xlsx_of(title: str, headings: Cells, rows: Iterable[Cells]) -> bytes:
    """A workbook with one sheet, the headings bold and fixed above: numbers to reckon with, and texts."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings):
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(TOO_WIDE, max(12, len(str(heading)) + 2))
    first = [WriteOnlyCell(sheet, disarmed(heading)) for heading in headings]
    for cell in first:
        cell.font = Font(bold=True)
    sheet.append(first)
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: object) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, disarmed(value))
    cell.data_type = "s"  # never a formula, whatever it begins with
    return cell

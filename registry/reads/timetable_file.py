"""A timetable as a file: one row a weekly pattern, or one dated lesson. What cannot be read is told by line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.imports.batch import Rejected
from registry.imports.cells import day

Line = tuple[int, dict[str, str]]  # its number in the file, its cells by heading in small letters

COLUMNS = {
    "group": ("klass", "grupp", "aktivitet", "class", "group", "activity"),
    "subject": ("ämne", "kurs", "subject"),
    "teacher": ("lärare", "signatur", "teacher"),
    "room": ("sal", "lokal", "room"),
    "weekday": ("veckodag", "dag", "weekday"),
    "starts": ("start", "starttid", "från", "börjar"),
    "ends": ("slut", "sluttid", "till", "slutar", "end"),
    "weeks": ("veckor", "vecka", "weeks"),
    "parity": ("udda/jämna", "udda jämna", "odd/even", "varannan"),
    "first": ("första dag", "startdatum", "first day"),
    "last": ("sista dag", "slutdatum", "last day"),
    "day": ("datum", "date"),
}
WEEKDAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön"), ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARITIES = {"": "", "alla": "", "all": "", "udda": "odd", "odd": "odd", "jämna": "even", "jämn": "even", "even": "even"}
LAST_WEEK = 53


class Row(NamedTuple):
    """One row; `weeks` None is every week, `parity` "", "odd" or "even"; `day` is set in dated rows, else `weekday` (1 to 7)."""

    line: int
    group: str
    subject: str
    teachers: tuple[str, ...]
    room: str
    weekday: int | None
    starts: time
    ends: time
    weeks: frozenset[int] | None
    parity: str
    first: date | None
    last: date | None
    day: date | None


class Content(NamedTuple):
    rows: list[Row]
    rejected: list[Rejected]
    broken: set[tuple[str, str]]  # group and subject of the rejected rows: nothing of theirs is taken away


class CannotTake(Exception):
    """A cell that cannot be used, by the code of its column."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def read_rows(table: Iterable[Line]) -> Content:
    """The lines of a table, each with its number and cells by heading, as rows of a timetable."""
    content = Content([], [], set())
    for number, cells in table:
        named = {_column(heading): cell for heading, cell in cells.items()}
        if lacking := [COLUMNS[name][0] for name in ("group", "starts", "ends") if name not in named]:
            return Content([], [Rejected(1, name, "", _("The column is missing.")) for name in lacking], set())
        _read(number, named, content)
    return content


def _read(number: int, cells: dict[str, str], content: Content) -> None:
    try:
        content.rows.append(_row(number, cells))
    except CannotTake as fault:
        content.rejected.append(Rejected(number, COLUMNS[fault.column][0], cells.get(fault.column, ""), fault.reason))
        content.broken.add((cells.get("group", ""), cells.get("subject", "")))


def _row(number: int, cells: dict[str, str]) -> Row:
    if not cells.get("group"):
        raise CannotTake("group", _("Write a class or an activity."))
    on, starts, ends = _day("day", cells), _time("starts", cells), _time("ends", cells)
    if ends <= starts:
        raise CannotTake("ends", _("The lesson ends before it begins."))
    parity = PARITIES.get(cells.get("parity", "").lower())
    if parity is None:
        raise CannotTake("parity", _("Write odd, even or all."))
    return Row(
        line=number,
        group=cells["group"],
        subject=cells.get("subject", ""),
        teachers=tuple(part for part in re.split(r"[+/, ]+", cells.get("teacher", "")) if part),
        room=cells.get("room", ""),
        weekday=None if on else _weekday(cells),
        starts=starts,
        ends=ends,
        weeks=_weeks(cells),
        parity=parity,
        first=_day("first", cells),
        last=_day("last", cells),
        day=on,
    )


def _column(cell: str) -> str:
    return next((name for name, heads in COLUMNS.items() if cell in heads or cell == name), cell)


def _day(column: str, cells: dict[str, str]) -> date | None:
    try:
        return day(cells.get(column, ""))
    except ValueError as fault:
        raise CannotTake(column, str(fault)) from None


def _time(column: str, cells: dict[str, str]) -> time:
    found = re.fullmatch(r"([0-9]{1,2})[:.]?([0-9]{2})", cells.get(column, ""))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise CannotTake(column, _("Write the time as 08:10."))
    return time(int(found[1]), int(found[2]))


def _weekday(cells: dict[str, str]) -> int:
    text = cells.get("weekday", "").lower()
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        return int(text)
    for names in WEEKDAYS:
        if text[:3] in names:
            return names.index(text[:3]) + 1
    raise CannotTake("weekday", _("Write a weekday, or a day in the column of dates."))


def _weeks(cells: dict[str, str]) -> frozenset[int] | None:
    """34-51,2 is a set; a span that ends below where it begins goes over the turn of the year."""
    text = cells.get("weeks", "").replace(" ", "").lower().removeprefix("v")
    if not text or text in {"alla", "all"}:
        return None
    weeks: set[int] = set()
    for part in text.split(","):
        found = re.fullmatch(r"([0-9]{1,2})(?:[-–]([0-9]{1,2}))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not (1 <= first <= LAST_WEEK and 1 <= last <= LAST_WEEK):
            raise CannotTake("weeks", _("Write weeks as 34-51 or 34,36,38."))
        weeks |= set(range(first, last + 1)) if first <= last else {*range(first, LAST_WEEK + 1), *range(1, last + 1)}
    return frozenset(weeks)

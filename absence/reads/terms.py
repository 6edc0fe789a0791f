"""Terms as people count by them: the autumn term of 2026, whatever school a pupil goes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from registry.models import Term


class TermSpan(NamedTuple):
    """One semester; where several schools keep different terms, from the earliest first day to the latest last one."""

    semester: str
    name: str
    first: date
    last: date

    @property
    def key(self) -> str:
        return f"{self.semester}{self.first.year}"


def term_spans(terms: Iterable[Term]) -> list[TermSpan]:
    """In order of time."""
    found: dict[tuple[object, str], list[Term]] = defaultdict(list)
    for term in terms:
        found[term.school_year_id, term.semester].append(term)
    spans = [_span(rows) for rows in found.values()]
    return sorted(spans, key=lambda span: span.first)


def _span(rows: Sequence[Term]) -> TermSpan:
    first, last = min(row.start_date for row in rows), max(row.end_date for row in rows)
    return TermSpan(rows[0].semester, str(rows[0].get_semester_display()), first, last)


def span_at(spans: Sequence[TermSpan], first: date, last: date) -> TermSpan | None:
    """The span of the days from `first` to `last`: the last that shares a day with them, else the one before, else the first."""
    sharing = [span for span in spans if span.first <= last and span.last >= first]
    before = [span for span in spans if span.last < first]
    return sharing[-1] if sharing else before[-1] if before else spans[0] if spans else None

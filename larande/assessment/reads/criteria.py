"""The criteria in force as rows to judge by: one a thread, with its text at each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from larande.syllabus.models import SubjectVersion
from larande.syllabus.reads import Thread, content_of, threads, variant_of
from registry.models import Syllabus

from .scales import Scale

TITLE = 100  # letters of a row's name; the whole text stands in its cells


@dataclass(frozen=True)
class Criteria:
    """Of a subject for a year: `year` is the one at whose end they hold, none for courses; `variant` the teaching's own, if any."""

    version: SubjectVersion | None
    year: int | None
    years: list[int]
    threads: list[Thread]
    variant: str = ""


def criteria_of(syllabus: Syllabus, year: int | None, day: date) -> Criteria:
    """Those that a pupil of `year` works towards: the first that hold at the end of that year or a later one."""
    version = content_of(syllabus, day)
    if version is None:
        return Criteria(None, None, [], [])
    rows = list(version.criteria.all())
    years = sorted({row.year for row in rows if row.year is not None})
    aimed = next((each for each in years if year is None or each >= year), years[-1] if years else None)
    variants = {row.variant for row in rows} - {""}
    own = (variant_of(syllabus, version) or "") if variants else ""
    return Criteria(version, aimed, years, threads(row for row in rows if row.year == aimed), own)


def title_of(thread: Thread) -> str:
    """What a row made from it is called: the statement at its lowest step, cut at a word."""
    text = thread.first.text
    return text if len(text) <= TITLE else text[:TITLE].rsplit(" ", 1)[0] + " …"


def cells_of(thread: Thread, scale: Scale | None) -> dict[str, str]:
    """The texts by step of the scale; what has no step of its own is what the first reaching step asks for.

    Where the scale knows none of the criteria's steps (years that aim at those of a later year) the lowest is what is aimed at.
    """
    cells = {code: text for code, text in thread.texts.items() if code}
    reached = next((step.code for step in scale.steps if step.reaches), "") if scale else ""
    if scale and reached and not any(scale.step(code) for code in cells):
        cells[reached] = thread.first.text
    return cells

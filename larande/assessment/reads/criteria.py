"""The criteria in force as rows to judge by: one a thread, with its text at each step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from larande.syllabus.models import Criterion, SubjectVersion
from registry.models import Syllabus

from .scales import Scale

TITLE = 100  # letters of a row's name; the whole text stands in its cells


@dataclass(frozen=True)
class Thread:
    """What stands in the same place at each step."""

    key: str
    variant: str
    texts: dict[str, str] = field(default_factory=dict)  # by the step's code; "" where no grade is set

    @property
    def title(self) -> str:
        text = next(iter(self.texts.values()))
        return text if len(text) <= TITLE else text[:TITLE].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True)
class Criteria:
    """Of a subject for a year: `year` is the one at whose end they hold, none for courses."""

    version: SubjectVersion | None
    year: int | None
    years: list[int]
    threads: list[Thread]


def criteria_of(syllabus: Syllabus, year: int | None, day: date) -> Criteria:
    """Those that a pupil of `year` works towards: the first that hold at the end of that year or a later one."""
    kept = {"school_type": syllabus.school_type, "subject_code": syllabus.subject_code, "course_code": syllabus.course_code}
    version = SubjectVersion.objects.in_force(day).filter(**kept).first()
    rows = list(Criterion.objects.filter(version=version).order_by("position")) if version else []
    years = sorted({row.year for row in rows if row.year is not None})
    aimed = next((each for each in years if year is None or each >= year), years[-1] if years else None)
    threads: dict[str, Thread] = {}
    for row in rows:
        if row.year == aimed:
            threads.setdefault(row.thread, Thread(row.thread, row.variant)).texts.setdefault(row.step, row.text)
    return Criteria(version, aimed, years, list(threads.values()))


def cells_of(thread: Thread, scale: Scale | None) -> dict[str, str]:
    """The texts by step of the scale; what has no step of its own is what the first reaching step asks for.

    Where the scale knows none of the criteria's steps (years that aim at those of a later year) the lowest is what is aimed at.
    """
    cells = {code: text for code, text in thread.texts.items() if code}
    reached = next((step.code for step in scale.steps if step.reaches), "") if scale else ""
    if scale and reached and not any(scale.step(code) for code in cells):
        cells[reached] = next(iter(thread.texts.values()))
    return cells

"""Leave that was granted in what has passed: application, request, decision with its document, and the days."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from absence.models import LeaveApplication, LeaveDay, LeaveDecision, LeaveOutcome, LeaveRequest, LeaveState
from dexter.files.models import StoredFile
from dexter.lib import days
from dexter.lib.pdf import ACCESSIBLE, compile_pdf
from registry.models import Person, RegistrySeries

from .town import SchoolClass, Town

LEAST_WEEKS = 4  # of history, below which nobody has had leave
ASKS = 0.12  # of the pupils with a home
Days = defaultdict[date, set[UUID]]
PURPOSES = ("Bröllop i släkten", "Tävling", "Resa med familjen", "Högtid", "Begravning")


def grant(town: Town, group: SchoolClass, passed: list[date], on: Days, excused: Days) -> None:
    """One leave of one to three school days for some of the class; adds to who is away and excused."""
    for pupil in group.pupils:
        if pupil.id not in town.homes or town.rng.random() >= ASKS:
            continue
        first = town.rng.randrange(len(passed) - 3)
        span = passed[first : first + town.rng.randrange(1, 4)]
        _granted(town, group, pupil, span)
        for day in span:
            on[day].add(pupil.id)
            excused[day].add(pupil.id)


def close(town: Town) -> None:
    """The series of numbers go on after those given."""
    for year, latest in town.registry_numbers.items():
        town.rows.add(RegistrySeries(id=town.rng.uuid(), organisation=town.body, year=year, latest=latest))


def _granted(town: Town, group: SchoolClass, pupil: Person, span: list[date]) -> None:
    decided_at = days.moment(span[0] - timedelta(days=9), time(15))
    principal = town.duties[group.unit.id][0].person_id
    year = decided_at.year
    town.registry_numbers[year] = town.registry_numbers.get(year, 0) + 1
    application = LeaveApplication(
        id=town.rng.uuid(),
        applied_by_id=town.homes[pupil.id],
        submission=town.rng.uuid(),
        submitted_at=decided_at - timedelta(days=5),
        start_date=span[0],
        end_date=span[-1],
        purpose=town.rng.choice(PURPOSES),
    )
    request = LeaveRequest(
        id=town.rng.uuid(),
        application=application,
        pupil=pupil,
        school_unit=group.unit,
        start_date=span[0],
        end_date=span[-1],
        state=LeaveState.DECIDED,
        school_days=len(span),
    )
    content = _document()
    document = StoredFile(
        id=town.rng.uuid(),
        name="beslut.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        content=content,
    )
    decision = LeaveDecision(
        id=town.rng.uuid(),
        request=request,
        outcome=LeaveOutcome.GRANTED,
        start_date=span[0],
        end_date=span[-1],
        school_days=len(span),
        days_before=0,
        decided_by_id=principal,
        decided_at=decided_at,
        as_principal=False,
        registry_no=f"{year}:{town.registry_numbers[year]}",
        document=document,
    )
    town.rows.add(application, request, document, decision)
    town.rows.add_all(LeaveDay(id=town.rng.uuid(), request=request, pupil=pupil, school_unit=group.unit, day=day) for day in span)


@cache
def _document() -> bytes:
    """The same for all of them: what was written in a decision that never was is nobody's."""
    return compile_pdf(Path(__file__).with_suffix(".typ"), {}, ACCESSIBLE)

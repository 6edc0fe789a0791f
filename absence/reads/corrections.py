"""Requests for correction as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from absence.models import CorrectionRequest, Effective, ReportedDay, RollCall
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarEvent, Person

from .attendance import lines_of
from .attendance_sums import Line
from .reports import reported_at, with_receipt


def with_lesson(requests: QuerySet[CorrectionRequest]) -> QuerySet[CorrectionRequest]:
    """Adds what a list names: pupil, lesson, subject and school."""
    return requests.select_related("pupil", "lesson__activity__syllabus", "lesson__activity__school_unit")


def with_mine(requests: QuerySet[CorrectionRequest], person_id: UUID) -> QuerySet[CorrectionRequest]:
    """Adds `mine`: the asking person wrote it, and may read its text."""
    return requests.annotate(mine=Q(asked_by=person_id))


def line_of(pupil: Person, actor: Actor, lesson_id: UUID) -> Line | None:
    """What is registered of one lesson of the pupil; None when no roll-call of it held the pupil, or the actor does not see it."""
    called = RollCall.objects.filter(lesson=lesson_id, roster__contains=[pupil.pk]).values_list("day", flat=True).first()
    if called is None:
        return None
    return next((line for line in lines_of(pupil, actor, called, called) if line.lesson.pk == lesson_id), None)


@dataclass
class Registered:
    """What three records say of a pupil in a lesson."""

    effective: Effective | None  # None: there all the time
    reported: list[ReportedDay]


def registered_at(asked: CorrectionRequest, person_id: UUID) -> Registered:
    lesson: CalendarEvent = asked.lesson
    effective = Effective.objects.filter(lesson=lesson.pk, pupil=asked.pupil_id).first()
    return Registered(effective, list(with_receipt(reported_at(lesson).filter(pupil=asked.pupil_id), person_id)))


def waiting_for(requests: QuerySet[CorrectionRequest]) -> int:
    """How many of the requests that somebody sees wait for an answer, from the last year."""
    since = days.years_before(days.today(), 1)
    return requests.filter(state="open", lesson__day__gte=since).count()

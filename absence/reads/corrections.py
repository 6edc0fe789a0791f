"""Requests for correction as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from absence.models import CorrectionRequest, Effective, ReportedDay, RollCall
from absence.models.corrections import CorrectionQuerySet
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarEvent, Person, PersonStatus, scope
from registry.models.person import PersonQuerySet

from .attendance import lines_of
from .attendance_sums import Line
from .judging import described
from .reports import reported_at, with_receipt

DAYS_ANSWER_IS_NEWS = 7


def with_lesson(requests: CorrectionQuerySet) -> CorrectionQuerySet:
    """Adds what a list names: pupil, lesson, subject and school."""
    return requests.select_related("pupil", "lesson__activity__syllabus", "lesson__activity__school_unit")


def with_mine(requests: CorrectionQuerySet, person_id: UUID) -> CorrectionQuerySet:
    """Adds `mine`: the asking person wrote it, and may read its text."""
    return requests.annotate(mine=Q(asked_by=person_id))


def with_answer(people: PersonQuerySet) -> PersonQuerySet:
    """Adds `answered_lesson`: of the last request for each that the school answered within a week; no statement of its own."""
    answered = CorrectionRequest.objects.filter(pupil=OuterRef("pk"), answered_at__gte=days.now() - timedelta(days=DAYS_ANSWER_IS_NEWS))
    return people.annotate(answered_lesson=Subquery(answered.order_by("-answered_at").values("lesson")[:1]))


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


def registered_at(asked: CorrectionRequest, actor: Actor) -> Registered:
    lesson: CalendarEvent = asked.lesson
    effective = described(Effective.objects.filter(lesson=lesson.pk, pupil=asked.pupil_id), actor).first()
    return Registered(effective, list(with_receipt(reported_at(lesson).filter(pupil=asked.pupil_id), actor.person_id)))


def may_read_answer(asked: CorrectionRequest) -> bool:
    """Whether who asked may still be told of the answer: as guardian of the minor, or as the pupil. Never of the protected."""
    pupil, asker = asked.pupil, asked.asked_by
    if pupil.is_protected or asker.is_protected or PersonStatus.DECEASED in {pupil.person_status, asker.person_status}:
        return False
    return asker.pk == pupil.pk or scope.children_of(asker.pk, days.today()).filter(child=pupil.pk).exists()


def answered_with(first: str, person_id: UUID) -> list[CorrectionRequest]:
    """The request of the person and those of theirs that were answered since, the latest last; of what they may still read."""
    own = CorrectionRequest.objects.filter(asked_by=person_id, answered_at__isnull=False)
    since = own.filter(pk=first).values("answered_at")
    found = own.filter(answered_at__gte=Subquery(since)).select_related("pupil", "asked_by").order_by("answered_at", "pk")
    return [row for row in found if may_read_answer(row)]

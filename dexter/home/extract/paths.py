"""Which rows are about a person: found from the models themselves, so that no new one is forgotten."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model, Q, UUIDField

from dexter.home.retention.plan import plan
from registry.models import Person

NOT_ABOUT_PEOPLE = frozenset(
    """
    registry.Organisation registry.SchoolUnit registry.SchoolYear registry.Term registry.CalendarDay registry.Group
    absence.SchoolFormRule absence.UnitSettings absence.AlertRule absence.AbsenceCheck absence.LadderStep registry.RegistrySeries
    registry.ModuleSwitch syllabus.SubjectVersion syllabus.Ability syllabus.CentralContentItem syllabus.Criterion
    assessment.AssessmentScale assessment.AssessmentStep absence.BlockedPeriod
    registry.Syllabus registry.Room registry.Activity registry.ActivityGroup registry.CalendarEvent
    registry.ImportSource jobs.JobRun files.StoredFile accounts.Throttle home.Municipality home.SiteText home.RetentionRule
    """.split()
)


@cache
def ways_to(model: type[Model]) -> tuple[str, ...]:
    """Look-ups that tell that a row is about a person: the row itself, its references, its loose keys, else through another."""
    if model is Person:
        return ("pk",)
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.generated]
    direct = [field.name for field in fields if field.related_model is Person] + [_loose(field) for field in fields if _loose(field)]
    if direct:
        return tuple(direct)
    onward = [field for field in fields if field.related_model and field.related_model is not model]
    return tuple(f"{field.name}__{way}" for field in onward for way in ways_to(field.related_model))


def about(model: type[Model], person_id: UUID) -> Q:
    """A condition on the rows that are about the person; false for a model that is about nobody."""
    condition = Q(pk__in=[])
    for way in ways_to(model):
        condition |= Q(**{way: [person_id] if way.endswith("__contains") else person_id})
    return condition


def _loose(field: Field) -> str:
    """The look-up for keys of persons that are no references, or nothing."""
    if field.name in plan().technical or field.primary_key or field.is_relation:
        return ""
    if isinstance(field, ArrayField) and isinstance(field.base_field, UUIDField):
        return f"{field.name}__contains"
    return field.name if isinstance(field, UUIDField) and field.name != "object_id" else ""

"""What the tests of the change of school year share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from dexter.lib.access import Actor
from registry.actions.roll_over import add_pupil_step, start_roll_over
from registry.actions.roll_over_effect import effect_roll_over
from registry.models import ClassStep, Enrolment, GroupMembership, RollOver, SchoolUnit, SchoolYear

TABLES = ("registry_group", "registry_groupmembership", "registry_enrolment", "registry_assignmentrole", "registry_activitygroup")


def draft(actor: Actor, unit: str = "Granskolan") -> RollOver:
    year = SchoolYear.objects.order_by("-start_date")[0]
    return start_roll_over(actor=actor, school_unit=SchoolUnit.objects.get(name=unit), to_year=year)


def carry_out(actor: Actor, roll_over: RollOver) -> bool:
    roll_over.refresh_from_db()
    return effect_roll_over(actor=actor, roll_over=roll_over, version=roll_over.version)


def snapshot() -> dict[str, set[str]]:
    """Every row of the register that a change of school year could touch; without when it was changed last."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT (to_jsonb(t) - 'modified_at')::text FROM {table} t")
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def class_on(pupil_id: UUID, day: date) -> list[str]:
    return list(GroupMembership.objects.on(day).filter(person=pupil_id, in_class=True).values_list("group__name", flat=True))


def year_on(pupil_id: UUID, day: date) -> list[int | None]:
    return list(Enrolment.objects.on(day).filter(pupil=pupil_id, cancelled=False).values_list("school_year", flat=True))


def days_around(roll_over: Any) -> tuple[date, date]:
    return roll_over.effective_date - timedelta(days=1), roll_over.effective_date


def step(change: RollOver, name: str) -> ClassStep:
    return ClassStep.objects.get(roll_over=change, name=name)


def except_for(pekka: Any, change: RollOver, pupil: Any, fate: str, name: str = "", year: int | None = None) -> None:
    change.refresh_from_db()
    to_class = step(change, name) if name else None
    add_pupil_step(actor=pekka, roll_over=change, pupil=pupil, fate=fate, to_class=to_class, school_year=year, version=change.version)

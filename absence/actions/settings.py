"""A school decides how it goes about absence, and the responsible body what holds for a form of schooling: from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence.models import AlertRule, LadderStep, SchoolFormRule, UnitSettings
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from dexter.lib.models import PeriodQuerySet
from registry.models import SchoolUnit

Period = TypeVar("Period", UnitSettings, SchoolFormRule, LadderStep, AlertRule)
UNSAVED = ""  # the version of a school that never decided anything


@transaction.atomic
def edit_unit_settings(*, actor: Actor, school_unit: SchoolUnit, start_date: date, values: Mapping[str, Any], version: str) -> UnitSettings:
    """Let `values` hold from `start_date` on, until the next change that is decided already; what held before stays as it was.

    Raises ValidationError: a day that has passed, or (code "outdated") somebody decided since `version`.
    """
    require(actor, "absence.edit_unit_settings", school_unit)
    SchoolUnit.objects.select_for_update().get(pk=school_unit.pk)
    rows = UnitSettings.objects.filter(school_unit=school_unit)
    refuse_outdated(rows, version, start_date, values)
    row = from_day_on(rows, UnitSettings(school_unit=school_unit, start_date=start_date), values)
    record(actor=actor, action="absence.edit_unit_settings", object_id=school_unit.pk, details={"from": start_date.isoformat()})
    return row


@transaction.atomic
def edit_school_form_rule(
    *, actor: Actor, rule: SchoolFormRule, start_date: date, values: Mapping[str, Any], version: str
) -> SchoolFormRule:
    """The same for a form of schooling and age; the row that came with Dexter stays for the days before."""
    require(actor, "absence.edit_school_form_rule", rule)
    rows = SchoolFormRule.objects.filter(school_type=rule.school_type, of_age=rule.of_age)
    list(rows.select_for_update())
    refuse_outdated(rows, version, start_date, values)
    made = from_day_on(rows, SchoolFormRule(school_type=rule.school_type, of_age=rule.of_age, start_date=start_date), values)
    record(actor=actor, action="absence.edit_school_form_rule", object_id=made.pk, details={"from": start_date.isoformat()})
    return made


def version_of(rows: PeriodQuerySet) -> str:
    """Which state of the periods a page shows: changes with every one of them."""
    newest = rows.order_by("-modified_at").values_list("modified_at", flat=True).first()
    return newest.isoformat() if newest else UNSAVED


def refuse_outdated(rows: PeriodQuerySet, version: str, start_date: date, values: Mapping[str, Any]) -> None:
    """Raises ValidationError (OUTDATED) when somebody decided since the page showed `version`; not when the very same is saved
    already, as by the same form a moment ago."""
    saved = rows.filter(start_date=start_date).values(*values).first()
    if version_of(rows) != version and saved != dict(values):
        raise ValidationError(_("Somebody else saved meanwhile. What is saved now stands at the top. Check and save again."), code=OUTDATED)


def from_day_on(rows: PeriodQuerySet, made: Period, values: Mapping[str, Any]) -> Period:
    """Save `made` with `values` in the place of the period that holds its first day: cut there, or rewritten if it begins then."""
    if made.start_date < days.today():
        raise ValidationError({"start_date": _("That day is over: what has been registered keeps what held then.")})
    same = rows.filter(start_date=made.start_date).first()
    if same is not None:
        made = same
    else:
        holding, later = rows.on(made.start_date).first(), rows.filter(start_date__gt=made.start_date).order_by("start_date").first()
        made.end_date = later.start_date - timedelta(days=1) if later else None
        if holding is not None:
            rows.filter(pk=holding.pk).update(end_date=made.start_date - timedelta(days=1))
    for name, value in values.items():
        setattr(made, name, value)
    made.validate_constraints()
    made.save()
    return made

"""Alerts are raised by rules in the night, and handled by people in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from absence import reads
from absence.models import AbsenceAlert, AbsenceCheck, AlertRule, AlertState
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, System, require
from dexter.lib.forms import OUTDATED
from registry.models import SchoolUnit

from .settings import from_day_on, refuse_outdated

COUNTED_DAYS = 30  # before the day, in the sums that the responsible body sees


@transaction.atomic
def raise_alerts(*, unit: SchoolUnit) -> int:
    """Hold a unit's pupils against its rules, once a day; gives how many alerts were raised. Ten statements for any number of pupils.

    The common rules concern those whose absence the law has investigated (7:19 a); adults in komvux by a rule of the unit alone.
    An open alert is not raised again; a handled one only when the rule's window has passed since. Nobody is told: the alerts
    stand on My class and in the list.
    """
    today = days.today()
    if not _is_first(unit, today):
        return 0
    rules = [rule for rule in reads.rules_at(unit.pk, today) if rule.is_on]
    pupils = reads.pupils_at(unit.pk, today)
    window = max([COUNTED_DAYS, *(rule.window_days for rule in rules)])
    rows = reads.days_at_unit(unit.pk, pupils, today - timedelta(days=window), today - timedelta(days=1))
    found = reads.not_raised_yet(reads.findings(rules, rows, today, pupils), unit.pk)
    AbsenceAlert.objects.bulk_create((_alert(unit, finding) for finding in found), ignore_conflicts=True)
    _keep_sums(unit, rows, pupils, sum(not pupils[row.pupil].is_protected for row in found))
    subjects = {finding.pupil for finding in found}
    record(actor=System(), action="absence.raise_alerts", subjects=subjects, object_id=unit.pk, details={"raised": len(found)})
    return len(found)


def _is_first(unit: SchoolUnit, today: Any) -> bool:
    """The unique row of the day is the lock: a second worker waits for the first, and then has nothing to do."""
    _check, made = AbsenceCheck.objects.get_or_create(school_unit=unit, day=today)
    return made


def _alert(unit: SchoolUnit, finding: reads.Finding) -> AbsenceAlert:
    rule = finding.rule
    return AbsenceAlert(
        pupil_id=finding.pupil,
        school_unit=unit,
        rule=rule,
        kind=rule.kind,
        figures={"found": finding.found, "limit": rule.threshold, "days": rule.window_days},
        raised_at=days.now(),
    )


def _keep_sums(unit: SchoolUnit, rows: list[reads.DaySums], pupils: dict[UUID, reads.Placed], raised: int) -> None:
    """The month's sums without the protected, for who sees counts alone."""
    first = days.today() - timedelta(days=COUNTED_DAYS)
    sums = reads.sums_of_days(row for row in rows if row.day >= first and not pupils[row.pupil].is_protected)
    AbsenceCheck.objects.filter(school_unit=unit, day=days.today()).update(
        pupils=sum(not placed.is_protected for placed in pupils.values()),
        offered_minutes=sums.offered,
        away_minutes=sums.absent,
        unauthorised_minutes=sums.unauthorised,
        raised=raised,
    )


@transaction.atomic
def handle_alert(*, actor: Actor, alert: AbsenceAlert, done: str) -> AbsenceAlert:
    """Close an alert with what was done. The same again changes nothing. Raises ValidationError when somebody has handled it
    already, and tells who."""
    require(actor, "absence.handle_alert", alert)
    alert = AbsenceAlert.objects.select_for_update(of=("self",)).select_related("handled_by").get(pk=alert.pk)
    if alert.handled_by and (alert.handled_by_id, alert.done) != (actor.person_id, done):
        raise ValidationError(_("%(name)s has handled this alert already.") % {"name": alert.handled_by.shown_name}, code=OUTDATED)
    alert.handled_at = alert.handled_at or days.now()
    alert.state, alert.handled_by_id, alert.done = AlertState.HANDLED, actor.person_id, done
    alert.save(update_fields=["state", "handled_by", "handled_at", "done"])
    record(actor=actor, action="absence.handle_alert", subjects=[alert.pupil_id], object_id=alert.pk)
    return alert


@transaction.atomic
def edit_alert_rule(*, actor: Actor, unit: SchoolUnit, kind: str, start_date: date, values: Mapping[str, Any], version: str) -> AlertRule:
    """From `start_date` on the unit has a rule of its own of this kind; the former one ends the day before and stays as history.

    Raises ValidationError: a day that has passed, or (OUTDATED) somebody decided since `version` of the unit's own rules.
    """
    require(actor, "absence.edit_alert_rule", unit)
    SchoolUnit.objects.select_for_update().get(pk=unit.pk)
    own = AlertRule.objects.filter(school_unit=unit, kind=kind)
    refuse_outdated(own, version, start_date, values)
    rule = from_day_on(own, AlertRule(school_unit=unit, kind=kind, start_date=start_date), values)
    details: dict[str, str | int | bool] = {"kind": kind, "limit": rule.threshold, "from": start_date.isoformat()}
    record(actor=actor, action="absence.edit_alert_rule", object_id=unit.pk, details=details)
    return rule

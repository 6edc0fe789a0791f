"""Who judges, follows up and investigates absence, and who receives what the responsible body is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rules
from django.db.models import Model

from absence.models import AbsenceAlert, AbsenceInvestigation, AbsenceStep, BodyReport, ReportReceiver
from absence.models.scope import open_to_judgement, units_headed_by
from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import Duty, Enrolment, Person, SchoolUnit
from registry.models import scope as relations
from registry.rules import is_principal_of, is_staff, leads_the_unit, works_for_a_body


@rules.predicate
def may_judge_all(actor: Actor, rows: Sequence[Model]) -> bool:
    """Mentor of the pupils, teacher of the lessons, or leader of their unit, for each of `rows` (of one kind, with lesson and pupil)."""
    keys = {row.pk for row in rows}
    return not keys or type(rows[0])._default_manager.filter(open_to_judgement(actor), pk__in=keys).count() == len(keys)


@rules.predicate
def follows_the_pupil(actor: Actor, pupil: Person) -> bool:
    """Mentor, or with another assignment in the pupil's class, or leader of a unit where the pupil has a place."""
    if relations.mentored_by(actor).filter(person_id=pupil.pk).exists():
        return True
    return Enrolment.objects.on(days.today()).filter(pupil=pupil.pk, cancelled=False).at_units_led_by(actor).exists()


@rules.predicate
def follows_its_pupil(actor: Actor, row: AbsenceAlert | AbsenceStep) -> bool:
    return bool(follows_the_pupil(actor, row.pupil))


@rules.predicate
def heads_a_school_of(actor: Actor, pupil: Person) -> bool:
    """Principal of a unit where the pupil has a place today."""
    return Enrolment.objects.on(days.today()).filter(pupil=pupil.pk, cancelled=False, school_unit__in=units_headed_by(actor)).exists()


@rules.predicate
def sees_the_investigation(actor: Actor, investigation: AbsenceInvestigation) -> bool:
    return AbsenceInvestigation.objects.visible_to(actor).filter(pk=investigation.pk).exists()


@rules.predicate
def heads_its_unit(actor: Actor, investigation: AbsenceInvestigation) -> bool:
    return SchoolUnit.objects.filter(pk__in=units_headed_by(actor)).filter(pk=investigation.school_unit_id).exists()


@rules.predicate
def receives_reports(actor: Actor, _obj: Any = None) -> bool:
    return ReportReceiver.objects.held_by(actor).exists()


@rules.predicate
def receives_the_report(actor: Actor, report: BodyReport) -> bool:
    return ReportReceiver.objects.held_by(actor).filter(school_unit=report.investigation.school_unit_id).exists()


@rules.predicate
def manages_the_body_of(actor: Actor, duty: Duty) -> bool:
    return duty.organisation_id is not None and relations.bodies_led_by(actor).filter(organisation_id=duty.organisation_id).exists()


rules.add_rule("absence.judge", is_staff & may_judge_all)
rules.add_rule("absence.take_back_judgement", is_staff & may_judge_all)
rules.add_rule("absence.confirm_presence", is_staff & may_judge_all)
rules.add_rule("absence.follow_pupil", is_staff & follows_the_pupil)
rules.add_rule("absence.take_step", is_staff & follows_the_pupil)
rules.add_rule("absence.edit_step", is_staff & follows_its_pupil)
rules.add_rule("absence.handle_alert", is_staff & follows_its_pupil)
rules.add_rule("absence.edit_alert_rule", is_staff & is_principal_of)
rules.add_rule("absence.edit_ladder", is_staff & leads_the_unit)
rules.add_rule("absence.open_investigation", is_staff & heads_a_school_of)
rules.add_rule("absence.edit_investigation", is_staff & sees_the_investigation)
rules.add_rule("absence.close_investigation", is_staff & heads_its_unit)
rules.add_rule("absence.send_report_onward", is_staff & heads_its_unit)
rules.add_rule("absence.invite_to_investigation", is_staff & heads_its_unit)
rules.add_rule("absence.read_body_reports", is_staff & (receives_reports | works_for_a_body))
rules.add_rule("absence.receive_body_report", is_staff & receives_the_report)
rules.add_rule("absence.keep_report_receivers", is_staff & works_for_a_body)
rules.add_rule("absence.end_report_receiver", is_staff & manages_the_body_of)

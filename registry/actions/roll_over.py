"""The draft of a change of school year: begun by the rule, put right class by class and pupil by pupil."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED
from registry.models import (
    ClassFate,
    ClassStep,
    Duty,
    Enrolment,
    Group,
    GroupType,
    Person,
    PupilFate,
    PupilStep,
    RollOver,
    RollOverState,
    SchoolUnit,
    SchoolYear,
)
from registry.reads.class_proposal import Proposal, other_groups, proposed_classes, school_years_of, years_up

OF_A_YEAR = (GroupType.TEACHING, GroupType.SCHEDULE, GroupType.TEST)  # such groups usually end with the school year


@transaction.atomic
def start_roll_over(*, actor: Actor, school_unit: SchoolUnit, to_year: SchoolYear) -> RollOver:
    """A draft with every class of the unit by the rule. Raises ValidationError when the year has one, or is no year to come."""
    require(actor, "registry.lead_unit", school_unit)
    effective = to_year.start_date
    years = school_years_of(school_unit)
    before = years.filter(end_date__lt=effective).first()
    if effective <= days.today() or before is None or to_year not in years:
        raise ValidationError({"to_year": _("Choose a school year to come.")})
    roll_over = RollOver(school_unit=school_unit, from_year=before, to_year=to_year, effective_date=effective, years_up=years_up(effective))
    try:
        with transaction.atomic():
            roll_over.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"to_year": _("There is a change to that school year already.")}) from None
    _propose(roll_over, proposed_classes(school_unit, effective, roll_over.years_up))
    roll_over.ending_groups.set(other_groups(roll_over).filter(group_type__in=OF_A_YEAR))
    record(actor=actor, action="registry.start_roll_over", object_id=roll_over.pk)
    return roll_over


@transaction.atomic
def choose_ending_groups(*, actor: Actor, roll_over: RollOver, groups: Iterable[Group], version: int) -> None:
    """Which groups beside the classes end with the school year; the others go on with their members."""
    row = locked(actor, roll_over, version)
    row.ending_groups.set(groups)
    changed(row)
    record(actor=actor, action="registry.choose_ending_groups", object_id=row.pk)


@transaction.atomic
def remove_roll_over(*, actor: Actor, roll_over: RollOver) -> None:
    """Throw a draft away; one that was carried out stays."""
    row = locked(actor, roll_over)
    PupilStep.objects.filter(roll_over=row).delete()
    RollOver.objects.filter(pk=row.pk).delete()
    record(actor=actor, action="registry.remove_roll_over", object_id=roll_over.pk)


@transaction.atomic
def add_class_step(*, actor: Actor, roll_over: RollOver, from_group: Group | None, version: int, **values: Any) -> ClassStep:
    """A class that the draft lacks: a new one, or one that was made after the draft. Raises ValidationError (see edit_class_step)."""
    row = locked(actor, roll_over, version)
    if from_group and (from_group.school_unit_id != row.school_unit_id or ClassStep.objects.filter(roll_over=row, from_group=from_group)):
        raise ValidationError({"from_group": _("The class is in the draft already.")})
    step = ClassStep(roll_over=row, from_group=from_group, school_type=from_group.school_type if from_group else _usual_form(row))
    _keep_step(step, row, **values)
    changed(row)
    record(actor=actor, action="registry.add_class_step", object_id=row.pk)
    return step


@transaction.atomic
def edit_class_step(*, actor: Actor, step: ClassStep, version: int, **values: Any) -> None:
    """Fate, name, year and mentors of a class. Raises ValidationError (code "outdated") when the draft changed since `version`."""
    row = locked(actor, step.roll_over, version)
    fresh = ClassStep.objects.get(pk=step.pk)
    _keep_step(fresh, row, **values)
    changed(row)
    record(actor=actor, action="registry.edit_class_step", object_id=row.pk)


@transaction.atomic
def remove_class_step(*, actor: Actor, step: ClassStep) -> None:
    """Take a new class out of the draft. Raises ValidationError for a class of today, or one that pupils are to go to."""
    row = locked(actor, step.roll_over)
    if step.fate != ClassFate.NEW:
        raise ValidationError(_("A class of today stays in the draft: choose what becomes of it."))
    if PupilStep.objects.filter(to_class=step).exists():
        raise ValidationError(_("Pupils are to go to that class. Take them out of the draft first."))
    ClassStep.objects.filter(pk=step.pk).delete()
    changed(row)
    record(actor=actor, action="registry.remove_class_step", object_id=row.pk)


@transaction.atomic
def add_pupil_step(
    *, actor: Actor, roll_over: RollOver, pupil: Person, fate: str, to_class: ClassStep | None, school_year: int | None, version: int
) -> None:
    """The way of a pupil who does not go with the class; once more replaces it."""
    row = locked(actor, roll_over, version)
    if fate == PupilFate.LEAVES:
        to_class, school_year = None, None
    elif to_class is None or to_class.roll_over_id != row.pk or not to_class.goes_on:
        raise ValidationError({"to_class": _("Choose a class of next year.")})
    places = Enrolment.objects.on(row.eve).filter(pupil=pupil, school_unit=row.school_unit_id, cancelled=False)
    if (fate == PupilFate.JOINS) == places.exists():
        message = _("The pupil is at the school already.") if fate == PupilFate.JOINS else _("The pupil has no place at the school.")
        raise ValidationError({"fate": message})
    PupilStep.objects.update_or_create(
        roll_over=row, pupil=pupil, defaults={"fate": fate, "to_class": to_class, "school_year": school_year}
    )
    changed(row)
    record(actor=actor, action="registry.add_pupil_step", subjects=[pupil.pk], object_id=row.pk)


@transaction.atomic
def remove_pupil_step(*, actor: Actor, step: PupilStep) -> None:
    """The pupil goes with the class again."""
    row = locked(actor, step.roll_over)
    PupilStep.objects.filter(pk=step.pk).delete()
    changed(row)
    record(actor=actor, action="registry.remove_pupil_step", subjects=[step.pupil_id], object_id=row.pk)


def locked(actor: Actor, roll_over: RollOver, version: int | None = None) -> RollOver:
    """The draft, held until the transaction ends. Raises ValidationError when it was carried out, or changed since `version`."""
    require(actor, "registry.lead_unit", roll_over.school_unit)
    row = RollOver.objects.select_for_update(of=("self",)).select_related("school_unit").filter(pk=roll_over.pk).first()
    if row is None or not row.is_open:
        raise ValidationError(_("The draft is carried out or thrown away already."))
    if version is not None and row.version != version:
        raise ValidationError(_("Somebody else changed the draft meanwhile. Look at it again before you save."), code=OUTDATED)
    return row


def changed(row: RollOver) -> None:
    """Another version; a draft that was ready is to be looked at again."""
    row.version, row.state = row.version + 1, RollOverState.DRAFT
    row.save(update_fields=["version", "state"])


def _propose(roll_over: RollOver, proposals: Iterable[Proposal]) -> None:
    known = set(Duty.objects.on(roll_over.effective_date).filter(school_unit=roll_over.school_unit_id).values_list("pk", flat=True))
    steps, chosen = [], []
    for item in proposals:
        step = ClassStep(roll_over=roll_over, fate=item.fate, from_group=item.group, name=item.name)
        step.school_type, step.school_year = item.school_type, item.school_year
        steps.append(step)
        chosen += [ClassStep.mentors.through(classstep_id=step.pk, duty_id=duty) for duty in item.mentors if duty in known]
    ClassStep.objects.bulk_create(steps)
    ClassStep.mentors.through.objects.bulk_create(chosen)


def _keep_step(step: ClassStep, row: RollOver, *, fate: str, name: str, school_year: int | None, mentors: Iterable[Duty]) -> None:
    if (fate == ClassFate.NEW) == (step.from_group_id is not None):
        raise ValidationError({"fate": _("A class of today cannot be new, nor a new one move up.")})
    if fate == ClassFate.LEAVES and PupilStep.objects.filter(to_class=step.pk).exists():
        raise ValidationError({"fate": _("Pupils are to go to that class. Take them out of the draft first.")})
    step.fate, step.school_year, step.name = fate, school_year, "" if fate == ClassFate.LEAVES else name
    if fate == ClassFate.CONTINUES and step.from_group:
        step.name = step.from_group.name
    others = ClassStep.objects.filter(roll_over=row).exclude(pk=step.pk).exclude(fate=ClassFate.LEAVES)
    if fate != ClassFate.LEAVES and (not step.name or others.filter(name__iexact=step.name).exists()):
        raise ValidationError({"name": _("Every class of next year has a name of its own.")})
    step.save()
    step.mentors.set([] if fate == ClassFate.LEAVES else [duty for duty in mentors if duty.school_unit_id == row.school_unit_id])


def _usual_form(row: RollOver) -> str:
    """The form of most classes in the draft."""
    forms = list(ClassStep.objects.filter(roll_over=row).values_list("school_type", flat=True))
    return max(set(forms), key=forms.count, default="") or row.school_unit.school_types[0]

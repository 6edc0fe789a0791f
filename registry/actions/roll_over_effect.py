"""Carrying out a change of school year, at once or on its day, and taking it back while nobody has built upon it."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, System, require
from dexter.lib.forms import OUTDATED
from registry.models import ActivityGroup, CalendarEvent, ClassStep, Group, GroupMembership, RollOver, RollOverState
from registry.reads.referring import is_referred_to
from registry.reads.roll_over import Facts, facts_of
from registry.reads.roll_over_faults import faults_of

from .ledger import MADE_FIRST, carry_out, undo
from .roll_over import locked
from .roll_over_changes import changes_of

LESSONS_HELD, IN_USE = "lessons_held", "in_use"
DAYS_LATE = 60  # a summer: longer after the day a change would rewrite lessons that were held


@transaction.atomic
def effect_roll_over(*, actor: Actor, roll_over: RollOver, version: int) -> bool:
    """Carry the draft out; before its day nothing is seen of it until then. False when it was carried out already.

    Raises ValidationError: a fault that must be put right, a draft that changed since `version`, or a day long past.
    """
    require(actor, "registry.lead_unit", roll_over.school_unit)
    row = RollOver.objects.select_for_update(of=("self",)).get(pk=roll_over.pk)
    if not row.is_open:
        return False
    if row.version != version:
        raise ValidationError(_("Somebody else changed the draft meanwhile. Look at it again before you save."), code=OUTDATED)
    details = _effect(row)
    row.effected_by_id = actor.person_id
    row.save(update_fields=["effected_by"])
    record(actor=actor, action="registry.effect_roll_over", object_id=row.pk, details=details)
    return True


@transaction.atomic
def schedule_roll_over(*, actor: Actor, roll_over: RollOver, version: int) -> None:
    """Let the draft be carried out by itself on its day. Raises ValidationError as `effect_roll_over`."""
    row = locked(actor, roll_over, version)
    _refuse_faults(row, facts_of(row))
    row.state = RollOverState.READY
    row.save(update_fields=["state"])
    record(actor=actor, action="registry.schedule_roll_over", object_id=row.pk)


@transaction.atomic
def effect_on_its_day(*, roll_over: RollOver) -> bool:
    """By the daily task: carry out what is ready, from its day on. Raises ValidationError as `effect_roll_over`."""
    row = RollOver.objects.select_for_update(of=("self",)).get(pk=roll_over.pk)
    if row.state != RollOverState.READY or row.effective_date > days.today():
        return False
    record(actor=System(), action="registry.effect_roll_over", object_id=row.pk, details=_effect(row))
    return True


@transaction.atomic
def reverse_roll_over(*, actor: Actor, roll_over: RollOver) -> bool:
    """Put every row back as it was. False when it was reversed already.

    Raises ValidationError once something refers to the new classes or their lessons (a roll-call, a plan), or a row has changed.
    """
    require(actor, "registry.lead_unit", roll_over.school_unit)
    row = RollOver.objects.select_for_update(of=("self",)).get(pk=roll_over.pk)
    if row.state != RollOverState.EFFECTED:
        return False
    _refuse_if_built_upon(row)
    ClassStep.objects.filter(roll_over=row).update(to_group=None)
    try:
        with transaction.atomic():
            undo(row.done)
    except IntegrityError:
        raise ValidationError(_("Pupils have got other places or classes since then, so this cannot be reversed as a whole.")) from None
    row.state, row.reversed_at = RollOverState.REVERSED, days.now()
    row.save(update_fields=["state", "reversed_at"])
    record(actor=actor, action="registry.reverse_roll_over", object_id=row.pk)
    return True


def _effect(row: RollOver) -> dict[str, str | int | bool]:
    if row.effective_date < days.today() - timedelta(days=DAYS_LATE):
        raise ValidationError(_("The first day of the new school year is too long ago."))
    facts = facts_of(row, lock=True)
    _refuse_faults(row, facts)
    changes, groups = changes_of(facts)
    try:
        with transaction.atomic():
            row.done = carry_out(changes)
    except IntegrityError:
        raise ValidationError(_("Somebody changed a pupil at the same moment. Nothing has been carried out; try again.")) from None
    for step_id, group in groups.items():
        facts.steps[step_id].to_group_id = group.pk
    ClassStep.objects.bulk_update([facts.steps[pk] for pk in groups], ["to_group"])
    row.state, row.effected_at, row.version = RollOverState.EFFECTED, days.now(), row.version + 1
    row.save(update_fields=["state", "effected_at", "version", "done"])
    return {f"made_{name}": len(ids) for name, ids in row.done["made"].items()}


def _refuse_faults(row: RollOver, facts: Facts) -> None:
    if faults := faults_of(facts):
        raise ValidationError(faults)


def _refuse_if_built_upon(row: RollOver) -> None:
    """Asks every table that refers to the lessons or the groups, whichever app it belongs to."""
    made: dict[str, list[str]] = row.done["made"]
    seated = GroupMembership.objects.filter(pk__in=made.get("groupmembership", [])).values("group")
    activities = ActivityGroup.objects.filter(group__in=seated).values("activity")
    lessons = CalendarEvent.objects.filter(activity__in=activities, day__gte=row.effective_date)
    if is_referred_to(CalendarEvent, lessons.values("pk"), []):
        message = _("Roll-calls or other notes refer to lessons of the new classes. It can no longer be reversed.")
        raise ValidationError(message, code=LESSONS_HELD)
    own = [*made.get("groupmembership", []), *made.get("assignmentrole", []), *_moved_into(row)]
    own += [str(pk) for pk in ClassStep.objects.filter(roll_over=row).values_list("pk", flat=True)]
    if is_referred_to(Group, made.get(MADE_FIRST, []), own):
        message = _("The new classes are in use: there are pupils, mentors or a timetable that came afterwards.")
        raise ValidationError(message, code=IN_USE)


def _moved_into(row: RollOver) -> list[str]:
    return [pk for change in row.done["changed"] if "group_id" in change["after"] for pk in change["ids"]]

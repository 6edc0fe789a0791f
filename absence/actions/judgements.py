"""The school judges time away: valid or unauthorised. What it said before stays as history, and what was seen is untouched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from absence.actions import same_day
from absence.models import Contradiction, Effective, Judgement, PresenceConfirmation, Verdict
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import CalendarEvent


class Conflict(Exception):
    """Somebody judged or corrected some of it meanwhile; nothing was changed. `pupils` are those whom it concerns."""

    def __init__(self, pupils: Iterable[UUID] = ()) -> None:
        super().__init__()
        self.pupils = list(pupils)


class Mark(NamedTuple):
    """One departure as the form showed it: its key, which a correction of the roll-call renews, and what verdict stood."""

    deviation: UUID
    standing: UUID | None  # the judgement; None: none


@transaction.atomic
def judge(*, actor: Actor, marks: Collection[Mark], verdict: Verdict, reason: str = "") -> list[Judgement]:
    """Give the departures of `marks` a new standing verdict, all or none.

    Raises ValidationError for a key that is repeated or that the actor does not see, PermissionDenied for what the actor sees but may
    not judge, Conflict when another verdict stands, or the roll-call was corrected, since the form was made. The same form
    again changes nothing. The homes are told where the verdict is other than what they were told before.
    """
    rows = _seen(actor, [mark.deviation for mark in marks])
    require(actor, "absence.judge", list(rows.values()))
    expected = {(rows[mark.deviation].lesson_id, rows[mark.deviation].pupil_id): mark.standing for mark in marks}
    try:
        _refuse_changed(expected, rows.values())
    except Conflict:
        if again := _of_the_same_form(actor, expected, verdict, reason):
            return again
        raise
    _replace(expected.values())
    now = days.now()
    made = [
        Judgement(lesson_id=lesson, pupil_id=pupil, verdict=verdict, reason=reason, judged_by_id=actor.person_id, judged_at=now)
        for lesson, pupil in expected
    ]
    try:
        with transaction.atomic():
            Judgement.objects.bulk_create(made)
    except IntegrityError:
        if again := _of_the_same_form(actor, expected, verdict, reason):
            return again
        raise Conflict(pupil for _lesson, pupil in expected) from None
    _tell_the_homes(made)
    record(actor=actor, action="absence.judge", subjects=_pupils(made), details={"verdict": str(verdict), "lessons": len(made)})
    return made


@transaction.atomic
def take_back_judgement(*, actor: Actor, judgements: Collection[UUID]) -> int:
    """Let no verdict stand where one of `judgements` does: the absence counts by report and leave again, and may wait for a new one.

    Those that do not stand any more stay as they are; gives how many were taken back. Raises ValidationError for keys that
    the actor does not see, PermissionDenied for what the actor may not judge.
    """
    found = list(Judgement.objects.visible_to(actor).filter(pk__in=judgements).order_by("pk"))
    if len(found) != len(judgements):
        raise ValidationError(_("The list has changed. Nothing was saved: load the page again."))
    require(actor, "absence.take_back_judgement", found)
    standing = list(Judgement.objects.standing().filter(pk__in=judgements).select_for_update().order_by("pk"))
    _replace(row.pk for row in standing)
    _tell_the_homes(standing)
    record(actor=actor, action="absence.take_back_judgement", subjects=_pupils(standing), details={"lessons": len(standing)})
    return len(standing)


@transaction.atomic
def confirm_presence(*, actor: Actor, keys: Collection[str]) -> int:
    """Say of pupils who were reported or on leave that they were there; the roll-call stands, and the list forgets them.

    Doing it twice changes nothing more. Raises ValidationError for keys that the actor does not see, PermissionDenied for
    what the actor may not judge.
    """
    rows = list(Contradiction.objects.visible_to(actor).filter(pk__in=keys, roll_call__in=_roll_calls(keys)))
    if len(rows) != len(set(keys)) or len(set(keys)) != len(keys):
        raise ValidationError(_("The list has changed. Nothing was saved: load the page again."))
    require(actor, "absence.confirm_presence", rows)
    PresenceConfirmation.objects.bulk_create(
        [
            PresenceConfirmation(lesson_id=row.lesson_id, pupil_id=row.pupil_id, confirmed_by_id=actor.person_id, confirmed_at=days.now())
            for row in rows
        ],
        ignore_conflicts=True,
    )
    record(actor=actor, action="absence.confirm_presence", subjects={row.pupil_id for row in rows}, details={"lessons": len(rows)})
    return len(rows)


def _roll_calls(keys: Collection[str]) -> list[UUID]:
    """By which the view is read, and not through and through."""
    try:
        return [UUID(key.partition(":")[0]) for key in keys]
    except ValueError:
        raise ValidationError(_("The list has changed. Nothing was saved: load the page again.")) from None


def _seen(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Effective]:
    """The departures by key. A key that is not there was injected, or its roll-call was corrected: both are refused whole."""
    if len(set(keys)) != len(keys):
        raise ValidationError(_("The list has changed. Nothing was saved: load the page again."))
    rows = {row.deviation_id: row for row in Effective.objects.visible_to(actor).filter(pk__in=keys).order_by()}
    if len(rows) != len(keys):
        raise ValidationError(_("The list has changed. Nothing was saved: load the page again."))
    return rows


def _of_the_same_form(
    actor: Actor, expected: dict[tuple[UUID, UUID], UUID | None], verdict: Verdict, reason: str
) -> list[Judgement] | None:
    """What stands, if all of it is what this form asks for, put by the actor over what the form showed; else None."""
    kept: dict[tuple[UUID, UUID], list[Judgement]] = {pair: [] for pair in expected}
    lessons, pupils = {lesson for lesson, _pupil in expected}, {pupil for _lesson, pupil in expected}
    for row in Judgement.objects.filter(lesson__in=lessons, pupil__in=pupils).order_by("judged_at", "pk"):
        kept.get((row.lesson_id, row.pupil_id), []).append(row)
    for pair, rows in kept.items():
        *before, last = [None, *rows]
        shown = before[-1].pk if before and before[-1] else None
        if last is None or last.replaced_at or shown != expected[pair]:
            return None
        if (last.judged_by_id, last.verdict, last.reason) != (actor.person_id, verdict, reason):
            return None
    return [rows[-1] for rows in kept.values()] or None


def _refuse_changed(expected: dict[tuple[UUID, UUID], UUID | None], rows: Iterable[Effective]) -> None:
    """Lock the verdicts that stand, in one order for all, and hold them against what the form showed."""
    lessons, pupils = {row.lesson_id for row in rows}, {row.pupil_id for row in rows}
    standing = Judgement.objects.standing().filter(lesson__in=lessons, pupil__in=pupils).select_for_update().order_by("pk")
    found = {(row.lesson_id, row.pupil_id): row.pk for row in standing}
    changed = {pupil for (lesson, pupil), shown in expected.items() if found.get((lesson, pupil)) != shown}
    if changed:
        raise Conflict(changed)


def _replace(keys: Iterable[UUID | None]) -> None:
    Judgement.objects.filter(pk__in=[key for key in keys if key]).update(replaced_at=days.now())


def _pupils(judgements: Iterable[Judgement]) -> set[UUID]:
    return {row.pupil_id for row in judgements}


def _tell_the_homes(judgements: Collection[Judgement]) -> None:
    """The one place from which a home is told that absence of today counts otherwise than it was told."""
    lessons = {row.lesson_id for row in judgements}
    today = CalendarEvent.objects.on(days.today()).filter(pk__in=lessons).with_activity() if lessons else []
    same_day.follow_up(list(today), _pupils(judgements))

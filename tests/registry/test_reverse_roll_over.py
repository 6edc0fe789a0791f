"""A change of school year is taken back to the row, as long as nobody has built upon it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from absence.models import RollCall
from dexter.lib import days
from dexter.lib.access import Role
from registry.actions.relations import end_enrolment, enrol_pupil, move_to_class
from registry.actions.roll_over_effect import reverse_roll_over
from registry.models import (
    Activity,
    ActivityGroup,
    AssignmentRole,
    CalendarEvent,
    Enrolment,
    Group,
    GroupMembership,
    PupilFate,
    RollOver,
    RollOverState,
    SchoolUnit,
)

from .roll_overs import carry_out, draft, except_for, snapshot


@pytest.fixture
def pekka(actor: Callable[..., Any]) -> Any:
    return actor("pekka", Role.STAFF)


@pytest.fixture
def change(cast: Any, pekka: Any) -> RollOver:
    return draft(pekka)


def test_it_is_reversed_to_the_row(cast: Any, pekka: Any, change: RollOver) -> None:
    except_for(pekka, change, cast.leila, PupilFate.JOINS, "6B")
    except_for(pekka, change, cast.viggo, PupilFate.LEAVES)
    first = change.effective_date
    GroupMembership.objects.create(group=Group.objects.get(name="Spanska 6"), person=cast.viggo, start_date=first)
    before = snapshot()
    carry_out(pekka, change)
    assert snapshot() != before
    assert reverse_roll_over(actor=pekka, roll_over=change)
    assert snapshot() == before
    assert not reverse_roll_over(actor=pekka, roll_over=change)
    assert draft(pekka).pk != change.pk  # and may be begun anew


def lesson_of(change: RollOver, cast: Any) -> CalendarEvent:
    group = Group.objects.get(name="5A", start_date=change.effective_date)
    activity = Activity.objects.create(name="Bild 5A", school_unit=change.school_unit, start_date=change.effective_date)
    ActivityGroup.objects.create(activity=activity, group=group)
    starts_at = days.moment(change.effective_date, days.now().time())
    return CalendarEvent.objects.create(activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))


def refusal_of(pekka: Any, change: RollOver) -> str:
    with pytest.raises(ValidationError) as refusal:
        reverse_roll_over(actor=pekka, roll_over=change)
    return str(refusal.value.code)


def test_a_roll_call_or_a_timetable_ends_the_way_back(cast: Any, pekka: Any, change: RollOver) -> None:
    carry_out(pekka, change)
    lesson, after = lesson_of(change, cast), snapshot()
    assert refusal_of(pekka, change) == "in_use"
    RollCall.objects.create(
        lesson=lesson,
        taken_by=cast.anna,
        taken_at=days.now(),
        submission=lesson.pk,
        roster=[],
        school_unit=lesson.activity.school_unit,
        lesson_starts_at=lesson.starts_at,
        lesson_minutes=60,
    )
    assert refusal_of(pekka, change) == "lessons_held"
    assert snapshot() == after


def meddle_move(cast: Any, pekka: Any, first: Any) -> None:
    move_to_class(actor=pekka, pupil=cast.sami, school_class=Group.objects.get(name="5B", start_date=first), first_day=first)


def meddle_end(cast: Any, pekka: Any, first: Any) -> None:
    end_enrolment(actor=pekka, enrolment=Enrolment.objects.get(pupil=cast.id("sami"), start_date=first), last_day=first)


def meddle_mentor(cast: Any, pekka: Any, first: Any) -> None:
    AssignmentRole.objects.filter(start_date=first)[:1].get().delete()


def meddle_old(cast: Any, pekka: Any, first: Any) -> None:
    Enrolment.objects.filter(pupil=cast.id("sami"), start_date__lt=first).update(end_date=days.today())


def meddle_new(cast: Any, pekka: Any, first: Any) -> None:
    GroupMembership.objects.create(group=Group.objects.get(name="FA", start_date=first), person=cast.ayaan, start_date=first)


def meddle_return(cast: Any, pekka: Any, first: Any) -> None:
    pupil = GroupMembership.objects.filter(group__name="6A", end_date__lt=first)[0].person
    place = {"school_unit": SchoolUnit.objects.get(name="Granskolan"), "school_type": "GR", "school_year": 6, "start_date": first}
    enrol_pupil(actor=pekka, pupil=pupil, **place)


@pytest.mark.parametrize("meddle", [meddle_move, meddle_end, meddle_mentor, meddle_old, meddle_return])
def test_what_somebody_changed_since_is_never_lost(cast: Any, pekka: Any, change: RollOver, meddle: Any) -> None:
    carry_out(pekka, change)
    meddle(cast, pekka, change.effective_date)
    after = snapshot()
    with pytest.raises(ValidationError):
        reverse_roll_over(actor=pekka, roll_over=change)
    assert snapshot() == after
    change.refresh_from_db()
    assert change.state == RollOverState.EFFECTED


def test_a_pupil_put_into_a_new_class_by_hand_ends_the_way_back(cast: Any, pekka: Any, change: RollOver) -> None:
    except_for(pekka, change, cast.ayaan, PupilFate.LEAVES)
    carry_out(pekka, change)
    meddle_new(cast, pekka, change.effective_date)
    assert refusal_of(pekka, change) == "in_use"

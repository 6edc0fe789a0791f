"""Whatever the draft says and in whatever order the schools change: no pupil loses a day, and the way back is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dexter.lib.access import Role
from registry.actions.roll_over import add_pupil_step
from registry.actions.roll_over_effect import reverse_roll_over
from registry.models import ClassStep, Enrolment, Group, GroupMembership, Person, PupilFate, PupilStep, RollOver

from .roll_overs import carry_out, draft, snapshot

PUPILS = st.integers(0, 200)
EXCEPTION = st.tuples(st.sampled_from(PupilFate.values), PUPILS, st.integers(0, 30), st.sampled_from([None, None, 1, 5]))
ENDING = st.tuples(PUPILS, st.integers(-400, 60), st.booleans())  # days from the first day; the membership too
AHEAD = st.tuples(PUPILS, st.integers(0, 30), st.integers(0, 20))


@contextmanager
def tried() -> Iterator[None]:
    """Each example has the town for itself."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def end_some(endings: list[tuple[int, int, bool]], change: RollOver, pupils: list[Person]) -> None:
    for number, offset, both in endings:
        pupil, last = pupils[number % len(pupils)], change.effective_date + timedelta(days=offset)
        Enrolment.objects.filter(pupil=pupil, start_date__lte=last).update(end_date=last)
        if both:
            GroupMembership.objects.filter(person=pupil, start_date__lte=last).update(end_date=last)


def register_ahead(ahead: list[tuple[int, int, int]], change: RollOver, pupils: list[Person]) -> None:
    """Seats in today's classes from some day of next year, for who has none then."""
    classes = list(Group.objects.filter(group_type="Klass", school_unit=change.school_unit).order_by("name"))
    for number, group, offset in ahead:
        first = change.effective_date + timedelta(days=offset)
        seated = GroupMembership.objects.on_or_after(first).filter(person=pupils[number % len(pupils)], in_class=True)
        if not seated.exists():
            GroupMembership.objects.create(person=pupils[number % len(pupils)], group=classes[group % len(classes)], start_date=first)


def add_exceptions(exceptions: list[Any], who: Any, change: RollOver, pupils: list[Person]) -> None:
    steps = list(ClassStep.objects.filter(roll_over=change).exclude(fate="leaves").order_by("name"))
    for fate, number, step, year in exceptions:
        change.refresh_from_db()
        given = {"fate": fate, "to_class": steps[step % len(steps)], "school_year": year, "version": change.version}
        try:
            add_pupil_step(actor=who, roll_over=change, pupil=pupils[number % len(pupils)], **given)
        except ValidationError:
            continue


def places(change: RollOver, day: Any) -> set[Any]:
    return set(Enrolment.objects.on(day).filter(school_unit=change.school_unit, cancelled=False).values_list("pupil_id", flat=True))


def seats(change: RollOver, day: Any) -> dict[Any, GroupMembership]:
    rows = GroupMembership.objects.on(day).filter(in_class=True, group__school_unit=change.school_unit)
    return {row.person_id: row for row in rows}


class Before(NamedTuple):
    """Who had a place and a seat on the eve, and who would have kept them, had the year not changed."""

    places: set[Any]
    seats: dict[Any, GroupMembership]
    kept_places: set[Any]
    kept_seats: set[Any]

    @classmethod
    def of(cls, change: RollOver) -> Before:
        were, sat, later = places(change, change.eve), seats(change, change.eve), seats(change, change.effective_date)
        kept = {pupil for pupil, row in sat.items() if pupil in later and later[pupil].pk == row.pk}
        return cls(were, sat, were & places(change, change.effective_date), kept)


@settings(
    max_examples=25, phases=[Phase.explicit, Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    exceptions=st.lists(EXCEPTION, max_size=8),
    endings=st.lists(ENDING, max_size=4),
    ahead=st.lists(AHEAD, max_size=3),
    reverse_order=st.booleans(),
)
def test_no_draft_breaks_a_rule_or_loses_a_day(
    actor: Callable[..., Any], exceptions: Any, endings: Any, ahead: Any, reverse_order: bool
) -> None:
    with tried():
        offices = {"Granskolan": actor("pekka", Role.STAFF), "Åsenskolan": actor("hassan", Role.STAFF)}
        changes = [(who, draft(who, unit)) for unit, who in offices.items()]
        change = changes[0][1]
        pupils = list(Person.objects.filter(enrolments__isnull=False).distinct().order_by("pk"))
        end_some(endings, change, pupils)
        register_ahead(ahead, change, pupils)
        for who, row in changes:
            add_exceptions(exceptions, who, row, pupils)
        start, before = snapshot(), [Before.of(row) for _who, row in changes]
        order = list(reversed(changes)) if reverse_order else changes
        for who, row in order:
            assert carry_out(who, row)
        for (_who, row), was in zip(changes, before, strict=True):
            joining_elsewhere = set(PupilStep.objects.filter(fate="joins").exclude(roll_over=row).values_list("pupil_id", flat=True))
            holds(row, was, joining_elsewhere)
        for who, row in reversed(order):
            assert reverse_roll_over(actor=who, roll_over=row)
        assert snapshot() == start


def holds(change: RollOver, before: Before, elsewhere: set[Any]) -> None:
    """The eve is as it was; on the first day everyone who goes on has a place, and a seat in next year's class."""
    assert places(change, change.eve) == before.places
    assert {row.pk for row in seats(change, change.eve).values()} == {row.pk for row in before.seats.values()}
    steps = {step.from_group_id: step for step in ClassStep.objects.filter(roll_over=change)}
    exceptions = {row.pupil_id: row for row in change.pupil_steps.select_related("to_class")}
    now, sits = places(change, change.effective_date), seats(change, change.effective_date)
    for pupil, seat in before.seats.items():
        exception, step = exceptions.get(pupil), steps[seat.group_id]
        if (exception or step).fate == "leaves":
            assert pupil not in now
            assert pupil not in sits
        elif pupil in before.kept_places:
            assert pupil in now
            if pupil in before.kept_seats - elsewhere:
                assert sits[pupil].group_id == (exception.to_class if exception else step).to_group_id
    joining = {pupil for pupil, row in exceptions.items() if row.fate == "joins"}
    assert joining <= now
    assert joining - elsewhere <= set(sits)


@pytest.mark.parametrize("reverse_order", [False, True])
def test_two_schools_may_change_in_any_order(cast: Any, actor: Callable[..., Any], reverse_order: bool) -> None:
    """Sixth-years of one school join the other: the same days in the same classes, whoever is first."""
    pekka, hassan = actor("pekka", Role.STAFF), actor("hassan", Role.STAFF)
    here, there = draft(pekka), draft(hassan, "Åsenskolan")
    target = ClassStep.objects.get(roll_over=there, fate="new", name="7A")
    sixth = list(Person.objects.filter(group_memberships__group__name="6A"))
    for pupil in sixth:
        there.refresh_from_db()
        given = {"fate": PupilFate.JOINS, "to_class": target, "school_year": None, "version": there.version}
        add_pupil_step(actor=hassan, roll_over=there, pupil=pupil, **given)
    order = [(hassan, there), (pekka, here)] if reverse_order else [(pekka, here), (hassan, there)]
    for who, row in order:
        assert carry_out(who, row)
    for pupil in sixth:
        rows = GroupMembership.objects.filter(person=pupil, in_class=True).order_by("start_date")
        assert [(row.group.name, row.end_date) for row in rows] == [("6A", here.eve), ("7A", None)]
        years = Enrolment.objects.filter(pupil=pupil).order_by("start_date").values_list("school_unit__name", "school_year", "end_date")
        assert list(years) == [("Granskolan", 6, here.eve), ("Åsenskolan", 7, None)]

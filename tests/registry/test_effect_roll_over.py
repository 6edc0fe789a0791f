"""The school year changes: everyone is where they should be on every day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from dexter.lib import days
from dexter.lib.access import Role
from registry.actions.relations import enrol_pupil
from registry.actions.roll_over import add_class_step, edit_class_step
from registry.actions.roll_over_effect import effect_roll_over, reverse_roll_over, schedule_roll_over
from registry.models import (
    AssignmentRole,
    ClassFate,
    ClassStep,
    Duty,
    Enrolment,
    Group,
    GroupMembership,
    Person,
    PupilFate,
    RollOver,
    RollOverState,
    SchoolUnit,
)
from registry.tasks import effect_ready_roll_overs

from .roll_overs import carry_out, class_on, days_around, draft, except_for, snapshot, step, year_on


@pytest.fixture
def pekka(actor: Callable[..., Any]) -> Any:
    return actor("pekka", Role.STAFF)


@pytest.fixture
def change(cast: Any, pekka: Any) -> RollOver:
    return draft(pekka)


def fate_of(change: RollOver, name: str) -> tuple[str, str, int | None]:
    row = ClassStep.objects.get(roll_over=change, from_group__name=name)
    return row.fate, row.name, row.school_year


def test_the_rule_proposes_every_class(change: RollOver) -> None:
    assert fate_of(change, "4A") == ("moves", "5A", 5)
    assert fate_of(change, "FA") == ("moves", "1A", 1)
    assert fate_of(change, "6B") == ("leaves", "", None)
    new = ClassStep.objects.filter(roll_over=change, fate=ClassFate.NEW)
    assert sorted(new.values_list("name", "school_year")) == [("FA", 0), ("FB", 0)]
    assert list(step(change, "5A").mentors.values_list("person__given_name", flat=True)) == ["Anna"]


def test_nothing_changes_before_the_day_and_everything_on_it(cast: Any, pekka: Any, change: RollOver) -> None:
    eve, first = days_around(change)
    sami, before = cast.id("sami"), snapshot()
    assert class_on(sami, first) == ["4A"]
    assert carry_out(pekka, change)
    assert (class_on(sami, days.today()), class_on(sami, eve), class_on(sami, first)) == (["4A"], ["4A"], ["5A"])
    assert (year_on(sami, eve), year_on(sami, first)) == ([4], [5])
    assert class_on(cast.id("kim"), first) == ["5A"]  # protected: moved as the others, only not listed
    assert before["registry_enrolment"] & snapshot()["registry_enrolment"]
    old, new = Group.objects.get(name="4A", start_date__lt=first), Group.objects.get(name="5A", start_date=first)
    assert (old.end_date, new.end_date, new.group_type) == (eve, None, "Klass")
    mentors = AssignmentRole.objects.filter(duty__person=cast.id("anna"), assignment_role_type="Mentor").order_by("start_date")
    assert [(row.group_id, row.end_date) for row in mentors] == [(old.pk, eve), (new.pk, None)]
    assert AssignmentRole.objects.filter(group=new, duty__person=cast.id("sunna"), start_date=first).exists()


def test_the_last_year_leaves_with_its_groups(cast: Any, pekka: Any, change: RollOver) -> None:
    eve, first = days_around(change)
    pupil = GroupMembership.objects.filter(group__name="6A")[0].person_id
    choir = Group.objects.create(name="Kör", group_type="Övrigt", school_unit=change.school_unit, start_date=days.today())
    GroupMembership.objects.create(group=choir, person_id=pupil, start_date=days.today())
    ahead = GroupMembership.objects.create(group=Group.objects.get(name="Spanska 6"), person=cast.sami, start_date=first)
    carry_out(pekka, change)
    assert not Enrolment.objects.on(first).filter(pupil=pupil).exists()
    assert not GroupMembership.objects.on(first).filter(person=pupil).exists()
    assert GroupMembership.objects.on(eve).filter(person=pupil, group=choir).exists()
    assert GroupMembership.objects.filter(pk=ahead.pk, group__name="Spanska 6").exists()


def test_exceptions_go_their_own_way(cast: Any, pekka: Any, change: RollOver) -> None:
    _eve, first = days_around(change)
    sixth = GroupMembership.objects.filter(group__name="6A")[0].person
    except_for(pekka, change, cast.sami, PupilFate.REPEATS, "4B")
    except_for(pekka, change, cast.elsa, PupilFate.OTHER_CLASS, "5B")
    except_for(pekka, change, cast.viggo, PupilFate.LEAVES)
    except_for(pekka, change, cast.alva, PupilFate.OTHER_CLASS, "5A", 5)  # skips a year
    except_for(pekka, change, sixth, PupilFate.REPEATS, "6A")
    except_for(pekka, change, cast.leila, PupilFate.JOINS, "6B")
    carry_out(pekka, change)
    found = {key: (class_on(cast.id(key), first), year_on(cast.id(key), first)) for key in ("sami", "elsa", "viggo", "alva")}
    assert found == {"sami": (["4B"], [4]), "elsa": (["5B"], [5]), "viggo": ([], []), "alva": (["5A"], [5])}
    assert (class_on(sixth.pk, first), year_on(sixth.pk, first)) == (["6A"], [6])
    assert class_on(cast.id("leila"), first) == ["6B"]
    assert sorted(year_on(cast.id("leila"), first)) == [6, 8]  # the other school ends its own place
    assert Enrolment.objects.filter(pupil=cast.id("sami")).count() == 1  # the same year: the same row


def test_what_was_registered_ahead_is_kept(cast: Any, pekka: Any, change: RollOver) -> None:
    eve, first = days_around(change)
    later = first + timedelta(days=40)
    GroupMembership.objects.filter(person=cast.id("sami"), in_class=True).update(end_date=later)
    Enrolment.objects.filter(pupil=cast.id("sami")).update(end_date=later)
    Enrolment.objects.filter(pupil=cast.id("elsa")).update(end_date=eve - timedelta(days=10))
    GroupMembership.objects.filter(person=cast.id("elsa")).update(end_date=eve - timedelta(days=10))
    unit = {"actor": pekka, "school_unit": change.school_unit, "school_type": "GR", "school_year": 4}
    newcomer = enrol_pupil(
        **unit, start_date=first, school_class=cast.group("4A"), pupil=Person.objects.create(given_name="Ny", family_name="Elev")
    )
    carry_out(pekka, change)
    assert [row.end_date for row in Enrolment.objects.filter(pupil=cast.id("sami")).order_by("start_date")] == [eve, later]
    assert class_on(cast.id("sami"), later) == ["5A"]
    assert class_on(cast.id("sami"), later + timedelta(days=1)) == []
    assert not GroupMembership.objects.on_or_after(first).filter(person=cast.id("elsa")).exists()
    seat = GroupMembership.objects.get(person=newcomer.pk, start_date=first)
    assert (seat.group.name, seat.group.start_date) == ("4A", first)  # next year's class of the name


def test_a_class_made_ahead_is_taken_and_a_forgotten_one_stops_it(cast: Any, pekka: Any, change: RollOver) -> None:
    _eve, first = days_around(change)
    fields = {"group_type": "Klass", "school_type": "GR", "school_unit": change.school_unit}
    ahead = Group.objects.create(name="5a", start_date=first, **fields)
    forgotten = Group.objects.create(name="4C", start_date=days.today(), **fields)
    before = snapshot()
    with pytest.raises(ValidationError, match="4C"):
        carry_out(pekka, change)
    assert snapshot() == before
    values = {"fate": "moves", "name": "5C", "school_year": 5, "mentors": []}
    add_class_step(actor=pekka, roll_over=change, from_group=forgotten, version=change.version, **values)
    carry_out(pekka, change)
    assert GroupMembership.objects.filter(person=cast.id("sami"), group=ahead, start_date=first).exists()


def test_twice_is_once(cast: Any, pekka: Any, change: RollOver) -> None:
    assert carry_out(pekka, change)
    after = snapshot()
    assert not carry_out(pekka, change)
    assert snapshot() == after
    with pytest.raises(ValidationError):
        edit_class_step(actor=pekka, step=step(change, "5A"), version=change.version, fate="leaves", name="", school_year=None, mentors=[])


def test_who_looked_at_an_older_draft_is_told(cast: Any, pekka: Any, change: RollOver) -> None:
    seen = change.version
    except_for(pekka, change, cast.sami, PupilFate.LEAVES)
    with pytest.raises(ValidationError) as refusal:
        effect_roll_over(actor=pekka, roll_over=change, version=seen)
    assert refusal.value.code == "outdated"
    assert class_on(cast.id("sami"), change.effective_date) == ["4A"]


def test_nobody_changes_another_schools_year(cast: Any, actor: Callable[..., Any], change: RollOver) -> None:
    for key in ("hassan", "anna", "birgitta"):
        with pytest.raises(PermissionDenied):
            carry_out(actor(key, Role.STAFF), change)
        with pytest.raises(PermissionDenied):
            reverse_roll_over(actor=actor(key, Role.STAFF), roll_over=change)
    change.refresh_from_db()
    assert change.state == RollOverState.DRAFT


def test_what_is_ready_is_carried_out_on_its_day_alone(cast: Any, pekka: Any, change: RollOver, at: Callable[..., Any]) -> None:
    eve, first = days_around(change)
    other = draft(pekka.__class__(cast.id("hassan"), Role.STAFF, pekka.level), "Åsenskolan")
    schedule_roll_over(actor=pekka, roll_over=change, version=change.version)
    at(23, 50, day=eve)
    effect_ready_roll_overs(timestamp=0)
    assert class_on(cast.id("sami"), first) == ["4A"]
    at(0, 20, day=first)
    effect_ready_roll_overs(timestamp=0)
    effect_ready_roll_overs(timestamp=0)
    assert (class_on(cast.id("sami"), eve), class_on(cast.id("sami"), first)) == (["4A"], ["5A"])
    change.refresh_from_db()
    other.refresh_from_db()
    assert (change.state, change.effected_by, other.state) == (RollOverState.EFFECTED, None, RollOverState.DRAFT)


def test_a_change_of_a_ready_draft_takes_it_back_and_a_fault_leaves_it(
    cast: Any, pekka: Any, change: RollOver, at: Callable[..., Any]
) -> None:
    schedule_roll_over(actor=pekka, roll_over=change, version=change.version)
    Group.objects.create(name="4C", group_type="Klass", school_unit=change.school_unit, start_date=days.today())
    at(6, 0, day=change.effective_date)
    effect_ready_roll_overs(timestamp=0)
    change.refresh_from_db()
    assert change.state == RollOverState.READY
    except_for(pekka, change, cast.sami, PupilFate.LEAVES)
    change.refresh_from_db()
    assert change.state == RollOverState.DRAFT


def test_a_day_long_past_is_refused(cast: Any, pekka: Any, change: RollOver, at: Callable[..., Any]) -> None:
    at(8, 0, day=change.effective_date + timedelta(days=61))
    with pytest.raises(ValidationError):
        carry_out(pekka, change)


def test_a_pupil_of_many_is_no_statement_of_its_own(cast: Any, pekka: Any, statements: Callable[..., int]) -> None:
    small = SchoolUnit.objects.get(name="Åsenskolan")
    hassan = pekka.__class__(cast.id("hassan"), Role.STAFF, pekka.level)
    changes = [(pekka, draft(pekka)), (hassan, draft(hassan, small.name))]
    sizes = [Enrolment.objects.filter(school_unit=change.school_unit).count() for _who, change in changes]
    assert sizes[0] > sizes[1]
    first, second = (statements(lambda: carry_out(who, change)) for who, change in changes)  # noqa: B023
    assert first == second <= 30


def test_mentors_without_a_duty_then_are_not_begun(cast: Any, pekka: Any, change: RollOver) -> None:
    eve, first = days_around(change)
    Duty.objects.filter(person=cast.id("anna")).update(end_date=eve)
    carry_out(pekka, change)
    assert not AssignmentRole.objects.filter(duty__person=cast.id("anna"), start_date=first).exists()

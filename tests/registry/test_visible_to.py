"""Only the relation opens the door: allowed and refused in one set-up, for each role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import (
    CalendarEvent,
    CivicNumber,
    Duty,
    DutyAssignment,
    Enrolment,
    Group,
    GroupMembership,
    Guardianship,
    Person,
    PhoneNumber,
    ProtectedAccess,
    TeacherException,
)


def seen(actor: Any, cast: Any) -> set[str]:
    visible = set(Person.objects.visible_to(actor).values_list("pk", flat=True))
    return {key for key in cast.keys() if cast.id(key) in visible}  # noqa: SIM118


def test_a_guardian_sees_the_own_children_and_nobody_else(cast: Any, actor: Any) -> None:
    assert seen(actor("amira", Role.GUARDIAN), cast) == {"amira", "noor", "sami", "leila"}
    assert seen(actor("mikael", Role.GUARDIAN), cast) == {"mikael"}
    assert seen(actor("petra", Role.GUARDIAN), cast) == {"petra"}


def test_the_same_person_sees_other_things_in_another_role(cast: Any, actor: Any) -> None:
    assert seen(actor("erik", Role.GUARDIAN), cast) == {"erik", "alva", "viggo"}
    assert not seen(actor("erik", Role.STAFF), cast) & {"alva", "viggo"}
    assert seen(actor("fadumo", Role.PUPIL), cast) == {"fadumo"}


def test_a_guardianship_ends_to_the_day_and_by_hand_at_once(cast: Any, actor: Any) -> None:
    amira = actor("amira", Role.GUARDIAN)
    relation = Guardianship.objects.filter(guardian=cast.id("amira"), child=cast.id("sami"))
    relation.update(end_date=days.today())
    assert "sami" in seen(amira, cast)
    relation.update(end_date=days.today() - timedelta(days=1))
    assert "sami" not in seen(amira, cast)
    relation.update(end_date=None, revoked_at=days.now())
    assert "sami" not in seen(amira, cast)


@pytest.mark.parametrize(("days_to_birthday", "opens"), [(1, True), (0, False)])
def test_the_18th_birthday_ends_the_guardians_access(cast: Any, actor: Any, days_to_birthday: int, opens: bool) -> None:
    birthday = days.today() + timedelta(days=days_to_birthday)
    Person.objects.filter(pk=cast.id("leila")).update(birth_date=days.years_before(birthday, 18))
    assert ("leila" in seen(actor("amira", Role.GUARDIAN), cast)) is opens


def test_a_teacher_sees_the_pupils_taught_from_30_days_before_to_60_after(cast: Any, actor: Any) -> None:
    anna, today = actor("anna", Role.STAFF), days.today()
    assert {"sami", "elsa"} <= seen(anna, cast)
    assert not {"kim", "leila", "noor", "amira"} & (seen(anna, cast) - {"amira"})
    assignments = DutyAssignment.objects.filter(duty__person=cast.id("anna"))
    Duty.objects.get(person=cast.id("anna")).assignment_roles.all().delete()
    for start, end, opens in [(30, None, True), (31, None, False), (-90, -60, True), (-90, -61, False)]:
        assignments.update(start_date=today + timedelta(start), end_date=None if end is None else today + timedelta(end))
        assert ("sami" in seen(anna, cast)) is opens, (start, end)


def test_a_mentor_sees_the_homes_and_their_phones_a_teacher_does_not(cast: Any, actor: Any) -> None:
    anna = actor("anna", Role.STAFF)
    assert "amira" in seen(anna, cast)
    assert PhoneNumber.objects.visible_to(anna).filter(person=cast.id("amira")).exists()
    assert not CivicNumber.objects.visible_to(actor("amira", Role.GUARDIAN)).exclude(person=cast.id("amira")).exists()
    Duty.objects.get(person=cast.id("anna")).assignment_roles.all().delete()
    assert "amira" not in seen(anna, cast)
    assert not PhoneNumber.objects.visible_to(anna).filter(person=cast.id("amira")).exists()


def test_a_substitute_sees_the_lesson_on_its_day_alone(cast: Any, actor: Any) -> None:
    maja = actor("maja", Role.STAFF)
    lesson = TeacherException.objects.get(duty__person=cast.id("maja")).calendar_event
    assert CalendarEvent.objects.visible_to(maja).get() == lesson
    assert "sami" not in seen(maja, cast)
    TeacherException.objects.update(calendar_event=cast.lesson("4A", days.today() - timedelta(days=1)))
    assert not CalendarEvent.objects.visible_to(maja).exists()


def test_principal_and_administrator_reach_the_own_unit_alone(cast: Any, actor: Any) -> None:
    for key in ("ingrid", "pekka"):
        visible = seen(actor(key, Role.STAFF), cast)
        assert {"sami", "noor", "anna", "amira"} <= visible
        assert not {"leila", "oskar", "lars", "piera", "kim"} & visible
    assert seen(actor("birgitta", Role.STAFF), cast) == {"birgitta"}


def test_a_duty_that_ended_opens_nothing(cast: Any, actor: Any) -> None:
    Duty.objects.update(end_date=days.today() - timedelta(days=1))
    for key in ("ingrid", "anna", "sunna"):
        assert seen(actor(key, Role.STAFF), cast) == {key}
        assert not Group.objects.visible_to(actor(key, Role.STAFF)).exists()


def test_the_protected_are_reached_by_name_alone(cast: Any, actor: Any) -> None:
    everyone = [("anna", Role.STAFF), ("ingrid", Role.STAFF), ("pekka", Role.STAFF), ("sunna", Role.STAFF), ("petra", Role.GUARDIAN)]
    assert not any("kim" in seen(actor(key, role), cast) for key, role in everyone)
    for key in ("ingrid", "petra"):
        ProtectedAccess.objects.create(person=cast.kim, grantee_id=cast.id(key), granted_by=cast.ingrid, reason="beslut")
    assert [key for key, role in everyone if "kim" in seen(actor(key, role), cast)] == ["ingrid", "petra"]
    ProtectedAccess.objects.update(revoked_at=days.now())
    assert not any("kim" in seen(actor(key, role), cast) for key, role in everyone)


def test_what_hangs_on_persons_follows_them(cast: Any, actor: Any) -> None:
    amira = actor("amira", Role.GUARDIAN)
    children = {cast.id(key) for key in ("noor", "sami", "leila")}
    assert set(Enrolment.objects.visible_to(amira).values_list("pupil", flat=True)) == children
    assert set(GroupMembership.objects.visible_to(amira).values_list("person", flat=True)) == children
    assert set(Guardianship.objects.visible_to(amira).values_list("guardian", flat=True)) == {cast.id("amira")}
    assert set(Group.objects.visible_to(amira).values_list("name", flat=True)) == {"1A", "4A", "8A", "Spanska 8", "Fritids Norrskenet"}

"""Homes are told of new plans in their digest: once, never at once, and only of what they may still read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dexter.home import notices
from dexter.home.actions.plan_news import KIND, tell_of_plans
from dexter.home.tasks import tell_of_plans_in_time
from dexter.lib import days
from dexter.lib.days import Week
from dexter.notices.models import Notice
from larande.planning.models import LessonPlan, PlanTeaching
from registry.models import Digest, Guardianship, Module, ModuleSwitch, NoticePreference, Person
from tests.larande.made import plan

WEDNESDAY = Week.of(days.today()).moved(1).days[2]


@pytest.fixture
def published(cast: Any, at: Any) -> LessonPlan:
    """Published on a Wednesday at ten."""
    at(10, 0, day=WEDNESDAY)
    return plan(cast.anna, published=True)


def told(cast: Any, key: str = "amira") -> list[Notice]:
    return list(Notice.objects.filter(kind=KIND, recipient_id=cast.id(key)))


def test_told_at_four_once_and_never_at_once(published: LessonPlan, cast: Any, at: Any) -> None:
    NoticePreference.objects.update_or_create(person=cast.amira, defaults={"digest": Digest.AT_ONCE})
    tell_of_plans_in_time(0)
    assert not told(cast)
    at(16, 5, day=WEDNESDAY)
    for _tick in range(3):
        tell_of_plans_in_time(0)
    (notice,) = told(cast)
    message = notices.plan_news(notice)
    assert message is not None
    assert "1 ny planering" in message.subject
    assert "Matematik 4A: Bråk i vardagen" in message.body
    assert not told(cast, "fadumo")  # of another class
    assert not told(cast, "sami")
    at(16, 5, day=WEDNESDAY + timedelta(days=1))
    tell_of_plans_in_time(0)
    assert len(told(cast)) == 1


def test_once_a_week_on_friday_for_who_chose_so(published: LessonPlan, cast: Any, at: Any) -> None:
    NoticePreference.objects.update_or_create(person=cast.amira, defaults={"digest": Digest.WEEKLY})
    at(16, 5, day=WEDNESDAY)
    tell_of_plans_in_time(0)
    assert not told(cast)
    at(16, 5, day=WEDNESDAY + timedelta(days=2))
    tell_of_plans_in_time(0)
    assert len(told(cast)) == 1


def test_what_is_withdrawn_switched_off_or_anothers_by_then_is_not_told(published: LessonPlan, cast: Any, at: Any) -> None:
    at(16, 5, day=WEDNESDAY)
    assert tell_of_plans(now=days.now(), weekly=False) > 0
    (notice,) = told(cast)
    assert notices.plan_news(notice) is not None
    off = ModuleSwitch.objects.create(school_unit=published.school_unit, module=Module.PLANNING, is_on=False, start_date=days.today())
    assert notices.plan_news(notice) is None
    off.delete()
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(end_date=days.today() - timedelta(days=1))
    assert notices.plan_news(notice) is None
    Guardianship.objects.filter(guardian=cast.amira, child=cast.sami).update(end_date=None)
    PlanTeaching.objects.update(published_at=None)
    assert notices.plan_news(notice) is None


def test_the_homes_of_the_protected_get_no_letter_that_names_a_class(published: LessonPlan, cast: Any, at: Any) -> None:
    of_kim = list(Guardianship.objects.filter(child=cast.kim).values_list("guardian_id", flat=True))
    Person.objects.filter(pk=cast.id("sami")).update(security_marking="Sekretessmarkering", agreed_name="S H")
    at(16, 5, day=WEDNESDAY)
    tell_of_plans_in_time(0)
    assert of_kim
    assert not Notice.objects.filter(kind=KIND, recipient_id__in=[*of_kim, cast.id("amira")]).exists()
    assert Notice.objects.filter(kind=KIND).exists()


def test_the_statements_do_not_grow_with_the_homes(published: LessonPlan, cast: Any, at: Any, statements: Any) -> None:
    at(16, 5, day=WEDNESDAY)
    assert statements(lambda: tell_of_plans(now=days.now(), weekly=False)) <= 11
    assert Notice.objects.filter(kind=KIND).count() > 3

"""The lists of plans: one's own, the colleagues', the bank; narrowed, searched, sorted, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.planning.models import LessonPlan, PlanContent, PlanTeaching
from registry.models import Person, SchoolYear
from tests.larande.curriculum import item, subject
from tests.larande.made import activity, place, plan

ROOM = "/larande/planeringar/"


def text(browser: Any, query: str = "") -> str:
    answer = browser.get(f"{ROOM}?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_ones_own_the_colleagues_and_the_bank(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    plan(cast.anna, title="Utkastet")
    plan(cast.anna, title="Det delade", state="shared")
    plan(cast.anna, title="Bankens", state="shared", in_bank=True)
    plan(cast.erik, activity("5B"), title="Eriks")
    mine, erik = text(teacher), client_as("erik", Role.STAFF)
    assert all(title in mine for title in ("Utkastet", "Det delade", "Bankens"))
    assert "Eriks" not in mine + text(teacher, "vy=kollegor")
    colleagues = text(erik, "vy=kollegor")
    assert "Det delade" in colleagues
    assert "Utkastet" not in colleagues
    assert "Anna Lindqvist" in colleagues
    bank = text(erik, "vy=bank")
    assert "Bankens" in bank
    assert "Det delade" not in bank
    assert "Bankens" not in text(client_as("lars", Role.STAFF), "vy=bank")


def test_narrowed_by_subject_state_year_and_words(cast: Any, teacher: Any) -> None:
    version = subject()
    maths, swedish = plan(cast.anna, title="Bråk"), plan(cast.anna, activity("4A", "GRGRSVE01"), title="Sagor", state="shared")
    PlanContent.objects.create(plan=maths, item=item(version, "geo-1"))
    assert "Sagor" not in text(teacher, "subject=GRGRMAT01")
    assert "Bråk<" not in text(teacher, "state=shared")
    assert "Bråk<" in text(teacher, "q=skala+ANVÄNDNING")
    assert "Sagor" not in text(teacher, "q=skala")
    LessonPlan.objects.filter(pk=swedish.pk).update(state="archived")
    assert "Sagor<" not in text(teacher)
    assert "Sagor<" in text(teacher, "state=archived")
    later = SchoolYear.objects.filter(start_date__gt=days.today())[0]
    assert "Bråk<" not in text(teacher, f"year={later.pk}")
    for wrong in ("subject=' OR 1=1--", "state=x", "year=x", "q=%27%3B", "sort=x", "vy=x", "vy=kollegor&sort=-by", "page=99"):
        text(teacher, wrong)
    assert "Bråk<" not in text(teacher, "subject=x")


@pytest.mark.parametrize("column", ["title", "-title", "first", "-last", "state"])
def test_sorted_by_each_column(cast: Any, teacher: Any, column: str) -> None:
    for place_, title in enumerate(("Alfa", "Beta", "Gamma")):
        made = plan(cast.anna, title=title)
        PlanTeaching.objects.filter(plan=made).update(
            start_date=days.today() + timedelta(days=place_), end_date=days.today() + timedelta(days=50 + place_)
        )
    found = text(teacher, f"sort={column}")
    order = sorted(("Alfa", "Beta", "Gamma"), key=lambda title: found.index(f">{title}<"))
    if column in ("title", "first"):
        assert order == ["Alfa", "Beta", "Gamma"]
    elif column in ("-title", "-last"):
        assert order == ["Gamma", "Beta", "Alfa"]


def test_a_constant_number_of_statements(cast: Any, teacher: Any, statements: Callable[..., int]) -> None:
    first = plan(cast.anna, published=True)
    pages = [ROOM, f"{ROOM}{first.pk}/", f"{ROOM}{first.pk}/andra/"]
    teacher.get("/om-dexter/")
    one = [statements(lambda page=page: teacher.get(page)) for page in pages]
    for title in ("b", "c"):
        plan(cast.anna, title=title)
    for class_name in ("4B", "5B"):
        place(first, activity(class_name), cast.anna)
    assert [statements(lambda page=page: teacher.get(page)) for page in pages] == one
    assert one == [3 + 13, 3 + 17, 3 + 16]


def test_a_protected_maker_is_named_on_no_list(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, state="shared")
    Person.objects.filter(pk=cast.id("anna")).update(security_marking="Sekretessmarkering", agreed_name="A L")
    erik = client_as("erik", Role.STAFF)
    seen = text(erik, "vy=kollegor") + erik.get(f"{ROOM}{made.pk}/").content.decode()
    assert "Bråk i vardagen" in seen
    assert "Anna Lindqvist" not in seen
    assert "A L" not in seen


def test_a_pupil_who_moves_keeps_what_was_published_meanwhile(cast: Any, client_as: Callable[..., Any]) -> None:
    from registry.models import GroupMembership

    made = plan(cast.anna, published=True)
    GroupMembership.objects.filter(person=cast.sami, group__name="4A").update(end_date=days.today() - timedelta(days=1))
    assert client_as("sami", Role.PUPIL).get(f"{ROOM}{made.pk}/", follow=True).status_code == 200
    PlanTeaching.objects.filter(plan=made).update(start_date=days.today())
    assert client_as("sami", Role.PUPIL).get(f"{ROOM}{made.pk}/", follow=True).status_code == 404

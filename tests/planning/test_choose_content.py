"""Content and criteria picked, and followed over the year and over versions of the curriculum."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.planning import reads
from larande.planning.models import LessonPlan, PlanChange, PlanContent, PlanCriterion, PlanTeaching
from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion
from tests.larande.curriculum import CONTENT, item, subject
from tests.larande.made import activity, plan

ROOM = "/larande/planeringar/"


@pytest.fixture
def maths(cast: Any) -> SubjectVersion:
    return subject()


def choose(browser: Any, made: LessonPlan, *items: Any, **fields: Any) -> Any:
    sent = {"version": made.version, "items": [str(getattr(key, "pk", key)) for key in items], **fields}
    return browser.send(f"{ROOM}{made.pk}/innehall/", sent)


def chosen(made: LessonPlan) -> set[str]:
    return set(PlanContent.objects.filter(plan=made).values_list("item__key", flat=True))


def test_points_a_whole_section_and_a_criterion_at_all_its_steps(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    page = teacher.get(f"{ROOM}{made.pk}/innehall/").content.decode()
    assert "Bråk och decimaltal" in page
    section = page.split('name="sections" value="')[1].split('"')[0]
    criterion = Criterion.objects.get(version=maths, step="E")
    answer = choose(teacher, made, item(maths, "geo-1"), sections=[section], criteria=[str(criterion.pk)])
    assert answer.status_code == 302
    assert chosen(made) == {"tal-1", "tal-2", "geo-1"}
    assert PlanCriterion.objects.filter(plan=made).count() == 3
    made.refresh_from_db()
    assert choose(teacher, made, item(maths, "geo-1")).status_code == 302
    assert chosen(made) == {"geo-1"}


def test_foreign_unknown_and_repeated_ids(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    other = subject(code="GRGRSVE01")
    made = plan(cast.anna)
    for foreign in (item(other, "tal-1"), uuid.uuid4(), "x"):
        assert choose(teacher, made, item(maths, "tal-1"), foreign).status_code == 422
    assert choose(teacher, made, criteria=[str(Criterion.objects.filter(version=other)[0].pk)]).status_code == 422
    assert choose(teacher, made, sections=["s99"]).status_code == 422
    assert not chosen(made)
    assert choose(teacher, made, item(maths, "tal-1"), item(maths, "tal-1")).status_code == 302
    assert chosen(made) == {"tal-1"}


def test_search_narrows_and_saves_nothing_and_what_is_ticked_stays(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    text = choose(teacher, made, item(maths, "geo-1"), text="BRÅK", then="search").content.decode()
    assert f'value="{item(maths, "geo-1").pk}" checked' in text
    assert "Bråk och decimaltal" in text
    assert "Rimlighetsbedömning" not in text
    assert not chosen(made)
    typed = teacher.send(f"{ROOM}{made.pk}/innehall/", {"version": 1, "text": "skala"}, headers={"HX-Request": "true"}).content.decode()
    assert "Skala och dess" in typed
    assert "<html" not in typed


def test_what_the_group_has_been_through_and_what_was_used_last_is_marked(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    earlier = plan(cast.anna, published=True)
    PlanContent.objects.create(plan=earlier, item=item(maths, "tal-1"))
    text = teacher.get(f"{ROOM}{plan(cast.anna).pk}/innehall/").content.decode()
    assert "Senast använt" in text
    assert "tagits upp 1 gång" in text


def test_of_two_who_choose_the_second_keeps_the_ticks_and_sees_the_others(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    assert choose(teacher, made, item(maths, "tal-1")).status_code == 302
    answer = choose(teacher, made, item(maths, "geo-1"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Valt av någon annan under tiden" in text
    assert f'value="{item(maths, "geo-1").pk}" checked' in text
    assert chosen(made) == {"tal-1"}


def test_a_change_of_what_homes_read_is_kept(maths: SubjectVersion, cast: Any, teacher: Any) -> None:
    made = plan(cast.anna, published=True)
    PlanContent.objects.create(plan=made, item=item(maths, "tal-1"))
    assert choose(teacher, made, item(maths, "geo-1"), note="Geometri först").status_code == 302
    change = PlanChange.objects.get()
    assert (change.before, change.note) == ({"content": ["Bråk och decimaltal i vardagen."]}, "Geometri först")


def test_others_choose_nothing(maths: SubjectVersion, cast: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, state="shared")
    for who, status in (("erik", 403), ("ingrid", 403), ("lars", 404)):
        assert choose(client_as(who, Role.STAFF), made, item(maths, "tal-1")).status_code == status
    assert not chosen(made)


def test_the_year_says_what_has_been_taken_up_by_key_over_versions(cast: Any, teacher: Any, maths: SubjectVersion) -> None:
    """Last spring's version, this autumn's with one point more; twice, once to come, and not yet."""
    yesterday = days.today() - timedelta(days=1)
    SubjectVersion.objects.filter(pk=maths.pk).update(valid_to=yesterday)
    newer = subject(91, content={**CONTENT, "ny-1": ("Geometri", "Vinklar.")}, valid_from=days.today())
    old, new, waiting = plan(cast.anna, published=True), plan(cast.anna, published=True, title="Mer bråk"), plan(cast.anna, title="Skala")
    for made, held in ((old, item(maths, "tal-1")), (new, item(newer, "tal-1")), (waiting, item(newer, "geo-1"))):
        PlanContent.objects.create(plan=made, item=held)
    text = teacher.get(f"{ROOM}arsplan/{activity().pk}/").content.decode()
    assert "1 av 4 punkter" in text
    assert "tagits upp 2 gånger" in text
    assert "planerat" in text
    assert text.count("inte ännu") == 2
    assert "Skala" in text


def test_a_class_keeps_what_it_did_under_another_name(cast: Any, maths: SubjectVersion, actor: Callable[..., Any]) -> None:
    """4A's pupils, now taught as a group of another name: at least half of them were there."""
    from registry.models import Activity, ActivityGroup, Group, GroupMembership

    made = plan(cast.anna, published=True)
    renamed = Group.objects.create(name="Gul", group_type="Undervisning", school_unit=made.school_unit, start_date=days.today())
    taught = Activity.objects.create(
        name="Matematik Gul", school_unit=made.school_unit, syllabus=activity().syllabus, start_date=days.today()
    )
    ActivityGroup.objects.create(activity=taught, group=renamed)
    pupils = list(GroupMembership.objects.on(days.today()).filter(group=cast.group("4A")).values_list("person_id", flat=True))
    strangers = list(GroupMembership.objects.on(days.today()).filter(group=cast.group("5B")).values_list("person_id", flat=True))
    seen = PlanTeaching.objects.visible_to(actor("anna", Role.STAFF))
    GroupMembership.objects.bulk_create(GroupMembership(group=renamed, person_id=key, start_date=days.today()) for key in pupils)
    assert [row.plan_id for row in reads.been_through(taught, seen)] == [made.pk]
    more = strangers + list(GroupMembership.objects.on(days.today()).filter(group=cast.group("4B")).values_list("person_id", flat=True))
    GroupMembership.objects.bulk_create(GroupMembership(group=renamed, person_id=key, start_date=days.today()) for key in more)
    assert not reads.been_through(taught, seen)


def test_the_pages_take_a_constant_number_of_statements(
    cast: Any, teacher: Any, maths: SubjectVersion, statements: Callable[..., int]
) -> None:
    made = plan(cast.anna)
    pages = [f"{ROOM}{made.pk}/innehall/", f"{ROOM}arsplan/{activity().pk}/"]
    teacher.get("/om-dexter/")
    PlanContent.objects.create(plan=plan(cast.anna, published=True), item=item(maths, "tal-1"))
    one = [statements(lambda page=page: teacher.get(page)) for page in pages]
    for _more in range(2):
        PlanContent.objects.create(plan=plan(cast.anna, published=True), item=item(maths, "tal-2"))
    assert [statements(lambda page=page: teacher.get(page)) for page in pages] == one
    assert one == [3 + 19, 3 + 17]


def test_items_are_the_spans_of_the_groups_years(cast: Any, teacher: Any, maths: SubjectVersion) -> None:
    CentralContentItem.objects.create(version=maths, key="sju", position=9, text="Funktioner.", area="Algebra", start_year=7, end_year=9)
    assert "Funktioner." not in teacher.get(f"{ROOM}{plan(cast.anna).pk}/innehall/").content.decode()

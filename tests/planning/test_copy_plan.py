"""Last year's plan, a colleague's or the bank's, made one's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from dexter.audit.models import Entry
from dexter.files.actions import keep
from dexter.files.models import StoredFile
from dexter.lib import days
from dexter.lib.access import Role
from larande.planning.models import LessonPlan, PlanContent, PlanCriterion, PlanFile, PlanGoal, PlanLink, PlanTeaching, Task
from larande.syllabus.models import Criterion, SubjectVersion
from tests.larande.curriculum import CONTENT, item, subject
from tests.larande.made import activity, place, plan

ROOM = "/larande/planeringar/"
MONDAY = days.Week.of(days.today()).moved(1).monday


def last_years(cast: Any, **values: Any) -> LessonPlan:
    """A plan of Anna's a year ago, with everything that a plan may hold."""
    made = plan(cast.anna, state="completed", **values)
    PlanTeaching.objects.filter(plan=made).delete()
    first = MONDAY - timedelta(weeks=52)
    place(made, activity(), cast.anna, published=True, first=first, last=first + timedelta(days=25))
    PlanGoal.objects.create(plan=made, position=0, text="Jag kan dela")
    PlanLink.objects.create(plan=made, title="Film", url="https://example.org/")
    PlanFile.objects.create(plan=made, stored=keep("blad.txt", "text/plain", b"text"), title="Blad", added_by=cast.anna)
    Task.objects.create(plan=made, title="Prov", kind="test", day=first + timedelta(days=10))
    return made


def sent(*groups: Any, **changes: Any) -> dict[str, Any]:
    keys = [str(group.pk) for group in groups]
    return {
        "title": "Bråk igen",
        "activities": keys,
        "first": str(MONDAY),
        "last": str(MONDAY + timedelta(days=25)),
        "submission": str(uuid.uuid4()),
        **changes,
    }


def test_all_of_it_comes_along_to_both_groups_with_its_days_moved(cast: Any, teacher: Any) -> None:
    source = last_years(cast)
    form = sent(activity("4A"), activity("4B"))
    page = teacher.get(f"{ROOM}{source.pk}/kopiera/").content.decode()
    assert page.count('name="activities"') > page.count(" checked") >= 2  # the groups of the same subject are ticked
    for _press in range(2):
        answer = teacher.send(f"{ROOM}{source.pk}/kopiera/", form)
        assert answer.status_code == 302
    made = LessonPlan.objects.get(copied_from=source)
    assert (made.state, made.title, made.what, made.in_bank) == ("draft", "Bråk igen", source.what, False)
    assert (made.teachings.count(), made.goals.get().text, made.links.get().title) == (2, "Jag kan dela", "Film")
    assert not PlanTeaching.objects.published().filter(plan=made).exists()
    task = Task.objects.get(plan=made)
    assert task.day == Task.objects.get(plan=source).day + timedelta(weeks=52)
    file = PlanFile.objects.get(plan=made)
    assert bytes(file.stored.content) == b"text"
    assert StoredFile.objects.filter(name="blad.txt").count() == 2
    assert Entry.objects.filter(action="planning.copy_plan").count() == 1


def test_the_curriculum_is_the_one_in_force_and_what_it_lacks_is_told(cast: Any, teacher: Any) -> None:
    older = subject(90, valid_to=MONDAY - timedelta(days=1))
    newer = subject(91, valid_from=MONDAY, content={key: CONTENT[key] for key in ("tal-1", "geo-1")})
    source = last_years(cast)
    PlanContent.objects.bulk_create(PlanContent(plan=source, item=item(older, key)) for key in ("tal-1", "tal-2"))
    PlanCriterion.objects.create(plan=source, criterion=Criterion.objects.get(version=older, step="E"))
    answer = teacher.send(f"{ROOM}{source.pk}/kopiera/", sent(activity()), follow=True)
    made = LessonPlan.objects.get(copied_from=source)
    assert [row.item for row in PlanContent.objects.filter(plan=made)] == [item(newer, "tal-1")]
    assert PlanCriterion.objects.get(plan=made).criterion.version == newer
    assert "Rimlighetsbedömning" in answer.content.decode()
    assert {row.item.version_id for row in PlanContent.objects.filter(plan=source)} == {older.pk}
    assert SubjectVersion.objects.filter(subject_code="GRGRMAT01", curriculum="Prov").count() == 2


def test_a_colleague_copies_what_is_shared_and_from_the_bank_and_nothing_else(cast: Any, client_as: Callable[..., Any]) -> None:
    erik, lars = client_as("erik", Role.STAFF), client_as("lars", Role.STAFF)
    draft, shared = plan(cast.anna), plan(cast.anna, state="shared", in_bank=True)
    form = sent(activity("5B"))
    assert erik.send(f"{ROOM}{draft.pk}/kopiera/", form).status_code == 404
    assert lars.send(f"{ROOM}{shared.pk}/kopiera/", sent(activity("8A"))).status_code == 404
    assert client_as("maja", Role.STAFF).send(f"{ROOM}{shared.pk}/kopiera/", form).status_code == 403
    assert erik.send(f"{ROOM}{shared.pk}/kopiera/", sent(activity("4A"))).status_code == 422
    assert "Bråk i vardagen" in erik.get(f"{ROOM}?vy=bank").content.decode()
    assert erik.send(f"{ROOM}{shared.pk}/kopiera/", form).status_code == 302
    assert LessonPlan.objects.get(copied_from=shared).created_by_id == cast.id("erik")


def test_a_task_never_falls_outside_the_new_days(cast: Any, teacher: Any) -> None:
    source = last_years(cast)
    short = sent(activity(), last=str(MONDAY + timedelta(days=3)))
    teacher.send(f"{ROOM}{source.pk}/kopiera/", short)
    task = Task.objects.get(plan__copied_from=source)
    assert date.fromisoformat(short["first"]) <= task.day <= date.fromisoformat(short["last"])

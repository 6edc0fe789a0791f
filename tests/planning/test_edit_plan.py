"""A plan made and rewritten: by whom, for which groups, with whose text when two save."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from larande.planning.models import LessonPlan, PlanChange, PlanGoal, PlanState, PlanTeaching, Task
from tests.larande.made import activity, place, plan

FIRST = str(days.today())
LAST = str(days.today() + datetime.timedelta(days=20))


def filled(*groups: Any, **changes: Any) -> dict[str, Any]:
    keys = [str(group.pk) for group in groups]
    made = {"title": "Bråk", "what": "Vi delar.", "why": "Rättvist.", "goals": "Jag kan dela\n\nJag kan jämföra", "activities": keys}
    return {**made, "first": FIRST, "last": LAST, "submission": str(uuid.uuid4()), **changes}


def as_saved(made: LessonPlan, **changes: Any) -> dict[str, Any]:
    """What the page of the plan would send."""
    rows = list(made.teachings.all())
    texts = {name: getattr(made, name) for name in ("title", "what", "why", "version")}
    goals = "\n".join(made.goals.values_list("text", flat=True))
    groups = {"activities": [str(row.activity_id) for row in rows], "first": str(rows[0].start_date), "last": str(rows[0].end_date)}
    return {**texts, **groups, "goals": goals, "submission": str(uuid.uuid4()), **changes}


def test_a_plan_is_made_for_two_groups_as_a_draft_of_ones_own(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    sent = filled(activity("4A"), activity("4B"))
    answer = teacher.send("/larande/planeringar/ny/", sent)
    assert answer.status_code == 302
    made = LessonPlan.objects.get()
    assert (made.state, made.created_by_id, made.teachings.count()) == (PlanState.DRAFT, cast.id("anna"), 2)
    assert list(made.goals.values_list("text", flat=True)) == ["Jag kan dela", "Jag kan jämföra"]
    assert teacher.send("/larande/planeringar/ny/", sent).status_code == 302  # pressed twice
    assert LessonPlan.objects.count() == 1
    assert Entry.objects.filter(action="planning.make_plan").count() == 1
    for colleague in ("erik", "ingrid", "maja"):
        assert client_as(colleague, Role.STAFF).get(answer.url).status_code == 404
    assert client_as("erik", Role.STAFF).send("/larande/planeringar/ny/", sent).status_code in (403, 422)


def test_the_page_says_before_saving_who_will_read_it(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    page = f"/larande/planeringar/{made.pk}/andra/"
    assert "Läses av: bara dig" in teacher.get(page).content.decode()
    LessonPlan.objects.update(state="shared")
    assert "Läses av: kollegor på Granskolan" in teacher.get(page).content.decode()
    published = plan(cast.anna, published=True)
    text = teacher.get(f"/larande/planeringar/{published.pk}/andra/").content.decode()
    assert text.count("Läses av: elever och vårdnadshavare i 4A; kollegor på Granskolan") == 1
    assert text.count('id="readers"') == 1
    described = dict(re.findall(r'name="(title|what|why|goals)"[^>]*aria-describedby="([^"]+)"', text))
    assert described == {"title": "readers", **{name: f"id_{name}_helptext readers" for name in ("what", "why", "goals")}}
    assert "Nämn ingen elev" in text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"title": ""}, 422),
        ({"title": "x" * 121}, 422),
        ({"activities": []}, 422),
        ({"first": LAST, "last": FIRST}, 422),
        ({"first": "", "last": ""}, 422),
        ({"last": str(days.today() + datetime.timedelta(days=900))}, 422),
        ({"what": "x" * 4001}, 422),
        ({"goals": "x" * 301}, 422),
        ({"goals": "\n".join("abcdefghijklmnop")}, 422),
        ({"state": "published", "created_by": "x", "in_bank": "on"}, 302),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_lost(cast: Any, teacher: Any, changes: dict[str, Any], status: int) -> None:
    answer = teacher.send("/larande/planeringar/ny/", filled(activity(), **changes))
    assert answer.status_code == status
    assert LessonPlan.objects.filter(state="draft", in_bank=False).count() == (status == 302)
    if status == 422:
        assert "Rättvist." in answer.content.decode()


def test_nobody_plans_for_groups_of_others(cast: Any, teacher: Any) -> None:
    """Another teacher's, another school's, one that does not exist: refused whole."""
    for other in (activity("5B").pk, activity("8A").pk, uuid.uuid4(), "x"):
        sent = filled(activity())
        answer = teacher.send("/larande/planeringar/ny/", {**sent, "activities": [*sent["activities"], str(other)]})
        assert answer.status_code == 422
    assert not LessonPlan.objects.exists()
    made = plan(cast.anna)
    changed = as_saved(made, title="Ny")
    changed["activities"].append(str(activity("5B").pk))
    assert teacher.send(f"/larande/planeringar/{made.pk}/andra/", changed).status_code == 422
    assert PlanTeaching.objects.filter(plan=made).count() == 1


def test_a_published_plan_asks_for_a_note_and_keeps_what_stood(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, published=True)
    page = f"/larande/planeringar/{made.pk}/andra/"
    answer = teacher.send(page, as_saved(made, what="Vi delar mer."))
    assert answer.status_code == 422
    assert "Vi delar mer." in answer.content.decode()
    assert teacher.send(page, as_saved(made, what="Vi delar mer.", note="Mer övning")).status_code == 302
    change = PlanChange.objects.get()
    assert (change.note, change.before, change.version) == ("Mer övning", {"what": "Vi delar och jämför."}, 2)
    home = client_as("amira", Role.GUARDIAN).get(f"/larande/planeringar/{made.pk}/", follow=True).content.decode()
    assert "Mer övning" in home
    assert "Vi delar mer." in home
    assert "Vi delar och jämför." in teacher.get(f"/larande/planeringar/{made.pk}/").content.decode()


def test_nothing_changed_asks_for_no_note_and_saves_nothing(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna, published=True)
    assert teacher.send(f"/larande/planeringar/{made.pk}/andra/", as_saved(made, then="task")).url.endswith("/uppgifter/")
    made.refresh_from_db()
    assert (made.version, PlanChange.objects.count()) == (1, 0)


def test_of_two_savers_the_second_sees_both_texts(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    page, old = f"/larande/planeringar/{made.pk}/andra/", as_saved(made)
    assert teacher.send(page, {**old, "what": "Den enas text", "goals": "Den enas mål"}).status_code == 302
    answer = teacher.send(page, {**old, "what": "Den andras text"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Den enas text" in text
    assert "Den andras text" in text
    assert 'name="version" value="2"' in text
    made.refresh_from_db()
    assert made.what == "Den enas text"
    assert teacher.send(page, {**old, "what": "Bådas", "version": "2"}).status_code == 302
    assert not PlanGoal.objects.exists()


def test_groups_get_own_days_and_are_taken_away_only_when_nothing_hangs_on_them(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna)
    first, second = activity("4A"), activity("4B")
    later = str(days.today() + datetime.timedelta(days=30))
    page = f"/larande/planeringar/{made.pk}/andra/"
    sent = as_saved(made, activities=[str(first.pk), str(second.pk)], **{f"last-{second.pk}": later})
    assert teacher.send(page, sent).status_code == 302
    assert str(PlanTeaching.objects.get(activity=second).end_date) == later
    made.refresh_from_db()
    task = Task.objects.create(plan=made, title="Läxa", day=days.today(), teaching=PlanTeaching.objects.get(activity=second))
    alone = as_saved(made, activities=[str(first.pk)])
    assert teacher.send(page, alone).status_code == 422
    task.delete()
    PlanTeaching.objects.filter(activity=second).update(published_at=days.now(), published_by=cast.anna)
    assert teacher.send(page, {**alone, "note": "4B väntar"}).status_code == 422
    PlanTeaching.objects.filter(activity=second).update(published_at=None)
    assert teacher.send(page, alone).status_code == 302
    assert PlanTeaching.objects.get(plan=made).activity_id == first.pk


def test_a_colleague_who_teaches_by_it_edits_it_and_leaves_the_makers_groups(cast: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, state="shared")
    erik, page = client_as("erik", Role.STAFF), f"/larande/planeringar/{made.pk}/andra/"
    assert erik.get(page).status_code == 403
    place(made, activity("5B"), cast.erik)
    sent = as_saved(made, activities=[str(activity("5B").pk)], title="Eriks titel")
    assert erik.send(page, sent).status_code == 302
    assert {row.activity_id for row in PlanTeaching.objects.filter(plan=made)} == {activity("4A").pk, activity("5B").pk}
    LessonPlan.objects.update(state="archived")
    assert erik.get(page).status_code == 403


def test_script_is_shown_as_it_was_written(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    bad = "<script>alert(1)</script>"
    made = plan(cast.anna, published=True, title=bad, what=bad, why=bad)
    PlanGoal.objects.create(plan=made, position=0, text=bad)
    Task.objects.create(plan=made, title=bad, text=bad, day=days.today())
    path = f"/larande/planeringar/{made.pk}/"
    for browser, page in (
        (teacher, path),
        (teacher, f"{path}andra/"),
        (client_as("sami", Role.PUPIL), path),
        (teacher, "/larande/planeringar/"),
    ):
        text = browser.get(page, follow=True).content.decode()
        assert bad not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_draft_is_thrown_away_with_its_files_and_nothing_else_is(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    made, shared = plan(cast.anna), plan(cast.anna, state="shared")
    assert client_as("ingrid", Role.STAFF).send(f"/larande/planeringar/{made.pk}/ta-bort/").status_code == 404
    assert teacher.get(f"/larande/planeringar/{made.pk}/ta-bort/").status_code == 200
    assert teacher.send(f"/larande/planeringar/{made.pk}/ta-bort/").status_code == 302
    assert teacher.send(f"/larande/planeringar/{shared.pk}/ta-bort/").status_code == 403
    assert list(LessonPlan.objects.all()) == [shared]

"""From draft to homes and back; what is unpublished stays so by every path."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexter.audit.models import Entry
from dexter.files.actions import keep
from dexter.lib import days
from dexter.lib.access import Role
from larande.planning import reads
from larande.planning.models import LessonPlan, PlanFile, PlanState, PlanTeaching, Task
from registry.models import Module, ModuleSwitch
from tests.larande.made import activity, place, plan

ROOM = "/larande/planeringar/"


@pytest.fixture
def whole(cast: Any) -> LessonPlan:
    """A draft for 4A and 4B with a task and a file."""
    made = plan(cast.anna)
    place(made, activity("4B"), cast.anna)
    Task.objects.create(plan=made, title="Läxa om bråk", day=days.today())
    PlanFile.objects.create(plan=made, stored=keep("blad.txt", "text/plain", b"hemligt"), title="Blad", added_by=cast.anna)
    return made


def teaching(made: LessonPlan, class_name: str) -> PlanTeaching:
    return PlanTeaching.objects.get(plan=made, activity__groups__name=class_name)


def paths(made: LessonPlan) -> list[str]:
    file, task = PlanFile.objects.get(plan=made), Task.objects.get(plan=made)
    verbs = ("", "andra/", "innehall/", "kopiera/", "uppgifter/", "lankar/", "filer/", "ta-bort/")
    return [*(f"{ROOM}{made.pk}/{verb}" for verb in verbs), f"{ROOM}filer/{file.pk}/", f"{ROOM}uppgifter/{task.pk}/"]


def test_what_is_no_more_than_a_draft_exists_for_nobody_else(whole: LessonPlan, client_as: Callable[..., Any], teacher: Any) -> None:
    assert all(teacher.get(path).status_code == 200 for path in paths(whole))
    readers = [
        ("amira", Role.GUARDIAN),
        ("sami", Role.PUPIL),
        ("erik", Role.STAFF),
        ("ingrid", Role.STAFF),
        ("maja", Role.STAFF),
        ("lars", Role.STAFF),
    ]
    for who, role in readers:
        browser = client_as(who, role)
        assert {browser.get(path).status_code for path in paths(whole)} == {404}, who
        if role is Role.STAFF:
            for tab in ("mina", "kollegor", "bank"):
                assert "Bråk i vardagen" not in browser.get(f"{ROOM}?vy={tab}&q=Bråk").content.decode()
            assert "Bråk i vardagen" not in browser.get(f"{ROOM}arsplan/{activity('4A').pk}/").content.decode()


def test_shared_is_read_by_colleagues_and_by_no_home(whole: LessonPlan, client_as: Callable[..., Any], teacher: Any) -> None:
    assert teacher.send(f"{ROOM}{whole.pk}/dela/").status_code == 302
    assert client_as("erik", Role.STAFF).get(f"{ROOM}{whole.pk}/").status_code == 200
    assert client_as("lars", Role.STAFF).get(f"{ROOM}{whole.pk}/").status_code == 404
    for who, role in (("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert {client_as(who, role).get(path).status_code for path in paths(whole)} == {404}
    assert teacher.send(f"{ROOM}{whole.pk}/sluta-dela/").status_code == 302
    assert client_as("erik", Role.STAFF).get(f"{ROOM}{whole.pk}/").status_code == 404


def test_published_to_4a_it_is_read_in_4a_alone(whole: LessonPlan, client_as: Callable[..., Any], teacher: Any) -> None:
    sent = {"teachings": [str(teaching(whole, "4A").pk)]}
    assert teacher.send(f"{ROOM}{whole.pk}/publicera/", sent).status_code == 302
    assert teacher.send(f"{ROOM}{whole.pk}/publicera/", sent).status_code == 302  # pressed twice
    assert Entry.objects.filter(action="planning.publish_plan").count() == 1
    home = client_as("amira", Role.GUARDIAN)
    page = home.get(f"{ROOM}{whole.pk}/", follow=True).content.decode()
    assert "Läxa om bråk" in page
    assert "4B" not in page
    file = home.get(f"{ROOM}filer/{PlanFile.objects.get(plan=whole).pk}/")
    assert (file.status_code, file.content) == (200, b"hemligt")
    for other in ("fadumo", "petra"):  # of another class; of a protected child in 4A, whose home the school has not opened
        assert client_as(other, Role.GUARDIAN).get(f"{ROOM}{whole.pk}/").status_code == 404
    assert client_as("mikael", Role.GUARDIAN).get(f"{ROOM}{whole.pk}/").status_code in (302, 404)


def test_withdrawn_it_is_gone_from_the_home_and_stays_with_the_school(
    whole: LessonPlan, client_as: Callable[..., Any], teacher: Any
) -> None:
    row = teaching(whole, "4A")
    teacher.send(f"{ROOM}{whole.pk}/publicera/", {"teachings": [str(row.pk)]})
    page = f"{ROOM}undervisning/{row.pk}/dra-tillbaka/"
    assert "elever och vårdnadshavare i 4a" in teacher.get(page).content.decode().lower()
    assert client_as("sami", Role.PUPIL).get(f"{ROOM}{whole.pk}/", follow=True).status_code == 200
    assert teacher.send(page).status_code == 302
    assert client_as("sami", Role.PUPIL).get(f"{ROOM}{whole.pk}/", follow=True).status_code == 404
    whole.refresh_from_db()
    assert whole.state == PlanState.SHARED
    assert teacher.send(page).status_code == 404


def test_only_who_teaches_the_group_or_leads_the_school_publishes(whole: LessonPlan, cast: Any, client_as: Callable[..., Any]) -> None:
    LessonPlan.objects.update(state="shared")
    place(whole, activity("5B"), cast.erik)
    erik, anna, key = client_as("erik", Role.STAFF), client_as("anna", Role.STAFF), f"{ROOM}{whole.pk}/publicera/"
    assert erik.send(key, {"teachings": [str(teaching(whole, "4A").pk)]}).status_code == 403
    assert anna.send(key, {"teachings": [str(teaching(whole, "4A").pk), str(teaching(whole, "5B").pk)]}).status_code == 403
    assert client_as("maja", Role.STAFF).send(key, {"teachings": [str(teaching(whole, "4A").pk)]}).status_code == 403
    assert not PlanTeaching.objects.published().exists()
    assert client_as("ingrid", Role.STAFF).send(key, {"teachings": [str(teaching(whole, "5B").pk)]}).status_code == 302
    assert list(PlanTeaching.objects.published()) == [teaching(whole, "5B")]


def test_ids_of_other_plans_or_of_nothing_refuse_the_whole(whole: LessonPlan, cast: Any, teacher: Any) -> None:
    other = plan(cast.anna)
    for foreign in (str(other.teachings.get().pk), str(uuid.uuid4()), "x"):
        sent = {"teachings": [str(teaching(whole, "4A").pk), foreign]}
        assert teacher.send(f"{ROOM}{whole.pk}/publicera/", sent).status_code == 404
    assert teacher.send(f"{ROOM}{whole.pk}/publicera/").status_code == 302
    assert not PlanTeaching.objects.published().exists()


def test_what_was_opened_since_is_found_for_the_digest_once(whole: LessonPlan, cast: Any, teacher: Any) -> None:
    before = days.now() - timedelta(minutes=1)
    assert not reads.published_between(before, days.now() + timedelta(minutes=1))
    teacher.send(f"{ROOM}{whole.pk}/publicera/", {"teachings": [str(teaching(whole, "4A").pk)]})
    after = days.now() + timedelta(minutes=1)
    assert [row.plan_id for row in reads.published_between(before, after)] == [whole.pk]
    assert not reads.published_between(after, after + timedelta(days=1))


def test_with_the_module_off_plans_are_nowhere(whole: LessonPlan, client_as: Callable[..., Any], teacher: Any) -> None:
    teacher.send(f"{ROOM}{whole.pk}/publicera/", {"teachings": [str(teaching(whole, "4A").pk)]})
    for module in (Module.PLANNING, Module.LARANDE):
        switch = ModuleSwitch.objects.create(school_unit=whole.school_unit, module=module, is_on=False, start_date=days.today())
        assert {teacher.get(path).status_code for path in [*paths(whole), ROOM, f"{ROOM}ny/", f"{ROOM}arsplan/{activity('4A').pk}/"]} == {
            404
        }
        assert client_as("sami", Role.PUPIL).get(f"{ROOM}{whole.pk}/").status_code == 404
        assert teacher.send(f"{ROOM}{whole.pk}/dela/").status_code == 404
        switch.delete()


STEPS = {
    ("draft", "dela"): "shared",
    ("draft", "publicera"): "published",
    ("shared", "sluta-dela"): "draft",
    ("shared", "publicera"): "published",
    ("shared", "arkivera"): "archived",
    ("published", "avsluta"): "completed",
    ("published", "dra-tillbaka"): "shared",
    ("completed", "oppna"): "published",
    ("completed", "arkivera"): "archived",
    ("completed", "dra-tillbaka"): "shared",
    ("archived", "oppna"): "completed or shared",
    ("archived", "dra-tillbaka"): "archived",
}
VERBS = ("dela", "sluta-dela", "publicera", "avsluta", "arkivera", "oppna", "dra-tillbaka")


@given(verbs=st.lists(st.sampled_from(VERBS), min_size=1, max_size=8))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_states_are_walked_as_the_field_has_them(cast: Any, client_as: Callable[..., Any], verbs: list[str]) -> None:
    """Whatever is pressed in whatever order: what does not belong to a state changes nothing, and the home reads what is open."""
    made, anna, home = plan(cast.anna), client_as("anna", Role.STAFF), client_as("sami", Role.PUPIL)
    row, state, is_open = made.teachings.get(), "draft", False
    for verb in verbs:
        path = f"{ROOM}undervisning/{row.pk}/{verb}/" if verb == "dra-tillbaka" else f"{ROOM}{made.pk}/{verb}/"
        anna.send(path, {"teachings": [str(row.pk)]})
        if (state, verb) in STEPS:
            target = STEPS[state, verb]
            state = target if " or " not in target else ("completed" if is_open else "shared")
            is_open = (is_open or verb == "publicera") and verb != "dra-tillbaka"
        made.refresh_from_db()
        assert made.state == state, verbs
        assert home.get(f"{ROOM}{made.pk}/", follow=True).status_code == (200 if is_open else 404)


def test_archived_is_changed_by_nobody_and_still_copied(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna, state="shared")
    teacher.send(f"{ROOM}{made.pk}/banken/", {"offered": "yes"})
    teacher.send(f"{ROOM}{made.pk}/arkivera/")
    made.refresh_from_db()
    assert (made.state, made.in_bank) == ("archived", True)
    assert teacher.get(f"{ROOM}{made.pk}/andra/").status_code == 403
    assert teacher.send(f"{ROOM}{made.pk}/publicera/", {"teachings": [str(made.teachings.get().pk)]}).status_code == 302
    assert not PlanTeaching.objects.published().exists()
    assert teacher.get(f"{ROOM}{made.pk}/kopiera/").status_code == 200

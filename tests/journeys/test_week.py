"""A guardian looks at the week of three children on a phone, and follows it to a plan and a task; a school switches a module off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.days import Week
from dexter.lib.models import uuid7
from larande.planning.models import LessonPlan, PlanChange, PlanContent, PlanCriterion, PlanGoal, PlanLink, PlanTeaching, Task, TaskKind
from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion
from registry.models import CalendarEvent, ModuleSwitch, Person
from tests.larande import made

from .test_every_page import LOOKS, inspect

pytestmark = pytest.mark.journey
TODAY, MONDAY = days.today(), Week.of(days.today()).monday
PLANS = [
    ("Anna Lindqvist", "4A", "GRGRMAT01", "Bråk i vardagen", "Vi delar pizzor, mäter upp recept och jämför bråk med varandra."),
    ("Anna Lindqvist", "4A", "GRGRSVE01", "Sagor och sägner", "Vi läser sagor från flera länder och skriver en egen."),
    ("Anna Lindqvist", "4A", "GRGRTEK01", "Broar som håller", "Vi bygger broar av papper och prövar hur mycket de bär."),
    ("Lars Öberg", "8A", "GRGRSVE01", "Argumentera så att någon lyssnar", "Vi läser insändare, skriver egna och håller tal."),
    ("Lars Öberg", "8A", "GRGRENG01", "News around the world", "Vi jämför hur samma nyhet berättas i olika länder."),
]  # fmt: skip


@pytest.fixture
def plans(system: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[PlanTeaching]]:
    """Five published plans, one with everything that a plan may hold, and a draft."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's own loop runs in this thread
    with django_db_blocker.unblock():
        found = [_published(*plan) for plan in PLANS]
        _fill(found[0])
        _task(found[1], TaskKind.SUBMISSION, "Lämna in din saga", MONDAY + timedelta(days=4))
        _task(found[3], TaskKind.TASK, "Välj ett ämne för ditt tal", MONDAY + timedelta(days=1))
        _task(found[4], TaskKind.HOMEWORK, "Learn twenty words", MONDAY + timedelta(days=9))
        anna = Person.objects.get(shown_name="Anna Lindqvist")
        made.plan(anna, made.activity("4B"), title="Geometri runt skolan")
        _follow_todays_lessons(anna)
        yield found
        ModuleSwitch.objects.all().delete()
        Task.objects.all().delete()
        PlanTeaching.objects.all().update(published_at=None, published_by=None)
        LessonPlan.objects.filter(changes=None).delete()
        LessonPlan.objects.update(state="draft")  # what was changed is kept


def _published(teacher: str, class_name: str, subject: str, title: str, what: str) -> PlanTeaching:
    maker = Person.objects.get(shown_name=teacher)
    return made.plan(maker, made.activity(class_name, subject), published=True, title=title, what=what).teachings.get()


def _task(teaching: PlanTeaching, kind: str, title: str, day: date, text: str = "") -> None:
    Task.objects.create(plan=teaching.plan, kind=kind, title=title, day=day, text=text)


def _follow_todays_lessons(anna: Person) -> None:
    """A plan for each of the day's lessons in 4B, so that whatever lesson is next has one."""
    lessons = CalendarEvent.objects.filter(day=TODAY, activity__groups__name__in=["4A", "4B"])
    for lesson in lessons.select_related("activity__school_unit"):
        if not PlanTeaching.objects.published().filter(activity=lesson.activity, end_date__gte=TODAY).exists():
            made.plan(anna, lesson.activity, published=True, title="Repetition", what="")


def _fill(teaching: PlanTeaching) -> None:
    version, _new = SubjectVersion.objects.get_or_create(
        school_type="GR", subject_code="GRGRMAT01", course_code="", number=9001, is_example=True,
        defaults={"name": "Matematik", "valid_from": date(2022, 7, 1), "valid_to": date(2022, 7, 2), "digest": str(uuid7())},
    )  # fmt: skip
    for place, text in enumerate(["Tal i bråkform och hur de används i vardagen.", "Rimlighet vid uppskattningar och beräkningar."]):
        item, _new = CentralContentItem.objects.get_or_create(version=version, key=f"k{place}", defaults={"position": place, "text": text})
        PlanContent.objects.create(plan=teaching.plan, item=item)
    for place, step in enumerate(["E", "C", "A"]):
        criterion, _new = Criterion.objects.get_or_create(
            version=version, key=f"c{place}", defaults={"position": place, "text": "Eleven löser uppgifter med bråk.", "step": step, "aspect": 0, "year": 6},
        )  # fmt: skip
        PlanCriterion.objects.create(plan=teaching.plan, criterion=criterion)
    for place, goal in enumerate(
        ["jämföra två bråk och säga vilket som är störst", "dela ett recept så att det räcker till halva klassen"]
    ):
        PlanGoal.objects.create(plan=teaching.plan, position=place, text=goal)
    LessonPlan.objects.filter(pk=teaching.plan_id).update(why="För att kunna dela rättvist, laga mat och förstå priser.")
    PlanLink.objects.create(plan=teaching.plan, title="Filmen om bråk", url="https://example.org/brak")
    _task(teaching, TaskKind.HOMEWORK, "Räkna sidan 12", TODAY, "Uppgift 1 till 9. Ta med boken på fredag.")
    _task(teaching, TaskKind.TEST, "Prov på bråk", MONDAY + timedelta(days=4), "En lektion, utan räknare.")
    _task(teaching, TaskKind.TASK, "Måla ett bråk", MONDAY + timedelta(days=11))
    anna = Person.objects.get(shown_name="Anna Lindqvist")
    note = "Provet flyttas till fredag för att vi har friluftsdag."
    PlanChange.objects.create(plan=teaching.plan, version=2, changed_by=anna, changed_at=days.now(), note=note, before={"day": "torsdag"})


def test_amira_follows_the_week_of_three_children_to_a_plan_and_a_task(visitor: Callable[..., Any], plans: list[PlanTeaching]) -> None:
    amira = visitor("phone").identify("Amira Haddad – vårdnadshavare")
    amira.page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Lärande").click()
    assert all(words in amira.text for words in ("Noor Haddad", "Sami Haddad", "Leila Haddad", "Bråk i vardagen", "News around the world"))
    assert "har inte publicerat något ännu i" in amira.text
    amira.press("Räkna sidan 12", "link")
    assert amira.heading == "Bråk i vardagen"
    assert "Provet flyttas till fredag" in amira.text
    assert amira.page.url.endswith(amira.page.locator(".task:target").get_attribute("id"))
    amira.press("Lärande", "link")
    amira.press("Veckan efter", "link")
    assert "Learn twenty words" in amira.text
    amira.page.locator("h2").get_by_role("link", name="Leila Haddad").click()
    amira.press("Engelska", "link")
    assert "News around the world" in amira.text


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_week(visitor: Callable[..., Any], plans: list[PlanTeaching], size: str, scheme: str) -> None:
    def walk(reader: Any, who: str, paths: dict[str, str]) -> None:
        assert [fault for name, path in paths.items() for fault in inspect(reader, path, f"week_{who}_{name}-{size}-{scheme}")] == []

    sami = Person.objects.get(shown_name="Sami Haddad").pk
    plan, pupil = f"/larande/planeringar/hem/{plans[0].pk}/", f"/larande/elev/{sami}/"
    home = {"start": "/start/", "week": "/larande/", "plan": plan, "pupil": pupil, "subject": f"{pupil}GRGRMAT01/"}
    walk(visitor(size, scheme).identify("Amira Haddad – vårdnadshavare"), "amira", home)
    walk(visitor(size, scheme).identify("Anna Lindqvist"), "anna", {"start": "/start/", "week": "/larande/", "plan": plan, "pupil": pupil})
    unit = plans[0].activity.school_unit_id
    ingrid = visitor(size, scheme).identify("Ingrid Sjöberg")
    walk(ingrid, "ingrid", {"week": "/larande/", "modules": f"/skolor/{unit}/moduler/", "switch": f"/skolor/{unit}/moduler/larande/"})


def test_a_school_switches_larande_off_and_on_again(visitor: Callable[..., Any], plans: list[PlanTeaching]) -> None:
    ingrid = visitor("desk").identify("Ingrid Sjöberg").open(f"/skolor/{plans[0].activity.school_unit_id}/moduler/")
    ingrid.press("Slå av Lärande", "link").press("Slå av")
    assert "Av tillsammans med helheten" in ingrid.text
    assert not ingrid.page.get_by_role("navigation").get_by_role("link", name="Lärande").count()
    karin = visitor("phone").identify("Karin")
    assert "Lärande" not in karin.page.locator("body").inner_text()
    amira = visitor("phone").identify("Amira Haddad – vårdnadshavare").open("/larande/")
    assert ("Leila Haddad" in amira.text, "Sami Haddad" in amira.text) == (True, False)
    ingrid.press("Slå på Lärande", "link").press("Slå på")
    assert "Sami Haddad" in amira.open("/larande/").text

"""Where Lärande begins: the week of the children, of oneself as a pupil, or of one's teaching."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.access import Role, allows
from dexter.lib.days import Week
from dexter.lib.requests import RoleRequest
from larande import reads
from larande.assessment import reads as assessment
from larande.assessment.models import MatrixUse
from larande.planning.models import LessonPlan, PlanTeaching, Task
from larande.planning.reads import classes, today
from larande.planning.reads.classes import groups_with_plans
from larande.planning.reads.week import week_of_class, weeks_of
from registry import reads as registry
from registry.models import Activity, CalendarDay, Group, Person


@require_GET
def start(request: RoleRequest, week: Week | None = None) -> HttpResponse:
    shown = week or Week.of(days.today())
    bar = _bar(shown, "larande:start")
    return _staff(request, shown, bar) if request.actor.role is Role.STAFF else _home(request, shown, bar)


@require_GET
def class_week(request: RoleRequest, pk: UUID, week: Week | None = None) -> HttpResponse:
    """What a class works with and has to do in all its subjects together: for who teaches it, is its mentor or leads its school."""
    group = get_object_or_404(groups_with_plans(Group.objects.visible_to(request.actor)), pk=pk)
    shown = week or Week.of(days.today())
    teachings, tasks = PlanTeaching.objects.visible_to(request.actor), Task.objects.visible_to(request.actor)
    card = week_of_class(group, shown, teachings, tasks, _calendar(request, shown))
    return render(request, "larande/class_week.html", {**_bar(shown, "larande:class_week", pk), "group": group, "card": card})


def _bar(week: Week, name: str, *arguments: Any) -> dict[str, Any]:
    """The week's name, and the ways to those beside it."""
    return {
        "week": week,
        "today": days.today(),
        "is_this_week": week == Week.of(days.today()),
        "this_week": reverse(name, args=arguments),
        "before": reverse(f"{name}_on", args=[*arguments, week.moved(-1)]),
        "after": reverse(f"{name}_on", args=[*arguments, week.moved(1)]),
    }


def _calendar(request: RoleRequest, week: Week) -> QuerySet[CalendarDay]:
    days_of_week: QuerySet[CalendarDay] = CalendarDay.objects.visible_to(request.actor)
    return days_of_week.filter(start_date__lte=week.days[-1], end_date__gte=week.days[0])


def _home(request: RoleRequest, week: Week, bar: dict[str, Any]) -> HttpResponse:
    pupils = list(reads.learners(Person.objects.visible_to(request.actor), request.actor))
    teachings, tasks = PlanTeaching.objects.visible_to(request.actor), Task.objects.visible_to(request.actor)
    weeks = weeks_of(pupils, week, teachings, tasks, _calendar(request, week))
    own = assessment.own_grids(request.actor).exists() if request.actor.role is Role.PUPIL else False
    return render(request, "larande/start_home.html", {**bar, "weeks": weeks, "assesses_oneself": own})


def _staff(request: RoleRequest, week: Week, bar: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    teachings, tasks = PlanTeaching.objects.visible_to(actor), Task.objects.visible_to(actor)
    own = today.own_activities(Activity.objects.visible_to(actor), actor, week)
    meanwhile = today.teachings_in([activity.pk for activity in own], week.days[0], week.days[-1], teachings)
    led = classes.classes_led(actor, week, teachings)
    context = {
        "lessons": today.with_plans(list(registry.lessons_held_by(actor).on(days.today())), teachings) if bar["is_this_week"] else [],
        "own": reads.with_grids(today.own_teachings(own, meanwhile), MatrixUse.objects.visible_to(actor)),
        "due": today.due_in(own, teachings, tasks, week),
        "drafts": today.drafts_of(LessonPlan.objects.visible_to(actor), actor),
        "classes": led,
        "taught": [] if led else list(groups_with_plans(Group.objects.visible_to(actor))),
    }
    rooms = {"may_assess": allows(actor, "assessment.open"), "may_plan": allows(actor, "planning.open")}
    return render(request, "larande/start_staff.html", {**bar, **context, **rooms, "now": days.now()})

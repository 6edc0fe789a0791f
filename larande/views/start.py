"""Where Lärande begins: the week of the children, of oneself as a pupil, or of one's teaching."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.days import Week
from dexter.lib.requests import RoleRequest
from larande import reads
from larande.planning.models import LessonPlan, PlanTeaching, Task
from larande.planning.reads import classes, today
from larande.planning.reads.week import weeks_of
from registry import reads as registry
from registry.models import Activity, CalendarDay, Person


@require_GET
def start(request: RoleRequest, week: Week | None = None) -> HttpResponse:
    shown = week or Week.of(days.today())
    bar = {
        "week": shown,
        "today": days.today(),
        "is_this_week": shown == Week.of(days.today()),
        "before": reverse("larande:start_on", args=[shown.moved(-1)]),
        "after": reverse("larande:start_on", args=[shown.moved(1)]),
    }
    return _staff(request, shown, bar) if request.actor.role is Role.STAFF else _home(request, shown, bar)


def _home(request: RoleRequest, week: Week, bar: dict[str, Any]) -> HttpResponse:
    pupils = list(reads.learners(Person.objects.visible_to(request.actor), request.actor))
    teachings, tasks = PlanTeaching.objects.visible_to(request.actor), Task.objects.visible_to(request.actor)
    calendar = CalendarDay.objects.visible_to(request.actor).filter(start_date__lte=week.days[-1], end_date__gte=week.days[0])
    return render(request, "larande/start_home.html", {**bar, "weeks": weeks_of(pupils, week, teachings, tasks, calendar)})


def _staff(request: RoleRequest, week: Week, bar: dict[str, Any]) -> HttpResponse:
    actor, now = request.actor, days.today()
    teachings, tasks = PlanTeaching.objects.visible_to(actor), Task.objects.visible_to(actor)
    own = today.own_activities(Activity.objects.visible_to(actor), actor, week)
    meanwhile = today.teachings_in([activity.pk for activity in own], week.days[0], week.days[-1], teachings)
    context = {
        "lessons": today.with_plans(list(registry.lessons_held_by(actor).on(now)), teachings) if bar["is_this_week"] else [],
        "own": today.own_teachings(own, meanwhile),
        "due": today.due_in(own, teachings, tasks, week),
        "drafts": today.drafts_of(LessonPlan.objects.visible_to(actor), actor),
        "classes": classes.classes_led(actor, week, teachings),
        "now": days.now(),
    }
    return render(request, "larande/start_staff.html", {**bar, **context})

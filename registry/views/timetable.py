"""The week of a person, a group or a room."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.days import Week
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.models import CalendarDay, CalendarEvent, Enrolment, Group, Person, Room, SchoolUnit
from registry.models.teaching import CalendarEventQuerySet


class Column(NamedTuple):
    day: date
    lessons: list[CalendarEvent]
    departures: list[str]


@require_GET
def timetable(request: RoleRequest, week: Week | None = None) -> HttpResponse:
    """One's own week: the lessons one holds, or as a pupil has."""
    held = request.actor.role is Role.STAFF
    lessons = reads.lessons_held_by(request.actor) if held else CalendarEvent.objects.visible_to(request.actor).held().with_activity()
    return _week(request, lessons, week, "registry:timetable", [])


@require_GET
def person_timetable(request: RoleRequest, pk: UUID, week: Week | None = None) -> HttpResponse:
    """The week of somebody whom the actor may see: what they are taught, or teach."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    return _week(
        request, reads.lessons_of_person(person), week, "registry:person_timetable", [pk], person.shown_name, _page_of(request, person)
    )


@require_GET
def group_timetable(request: RoleRequest, pk: UUID, week: Week | None = None) -> HttpResponse:
    group = get_object_or_404(Group.objects.visible_to(request.actor), pk=pk)
    return _week(request, reads.lessons_of_group(group), week, "registry:group_timetable", [pk], group.name, "registry:group_detail")


@require_GET
def room_timetable(request: RoleRequest, pk: UUID, week: Week | None = None) -> HttpResponse:
    room = get_object_or_404(Room.objects.visible_to(request.actor), pk=pk)
    return _week(request, reads.lessons_in_room(room), week, "registry:room_timetable", [pk], room.name)


def _page_of(request: RoleRequest, person: Person) -> str:
    """Where one came from: the pupil's page; the office's for a colleague."""
    is_pupil = Enrolment.objects.visible_to(request.actor).filter(pupil=person).exists()
    return "home:pupil_detail" if is_pupil else "registry:person_detail"


def _shown_days(request: RoleRequest, lessons: CalendarEventQuerySet, week: Week) -> list[Column]:
    first, last = week.days[0], week.days[-1]
    found = reads.with_teachers(lessons.filter(day__range=(first, last)).order_by("starts_at", "activity__name", "pk"))
    departures = CalendarDay.objects.visible_to(request.actor).filter(start_date__lte=last, end_date__gte=first)
    return _columns(week, list(found), list(departures))


def _week(
    request: RoleRequest,
    lessons: CalendarEventQuerySet,
    week: Week | None,
    name: str,
    arguments: list[Any],
    subject: str = "",
    back: str = "",
) -> HttpResponse:
    shown = week or Week.of(days.today())
    context = {
        "week": shown,
        "columns": _shown_days(request, lessons, shown),
        "today": days.today(),
        "subject": subject,
        "this_week": reverse(name, args=arguments),
        "before": reverse(f"{name}_on", args=[*arguments, shown.moved(-1)]),
        "after": reverse(f"{name}_on", args=[*arguments, shown.moved(1)]),
        "own": not arguments,
        "led": {*SchoolUnit.objects.visible_to(request.actor).led_by(request.actor).values_list("pk", flat=True)},
        "back": (subject, reverse(back, args=arguments)) if back else None,
    }
    return render(request, "registry/timetable.html", context)


def _columns(week: Week, lessons: list[CalendarEvent], departures: list[CalendarDay]) -> list[Column]:
    """Monday to Friday, and the weekend when something happens there."""
    by_day = {day: list(rows) for day, rows in groupby(lessons, key=lambda lesson: lesson.day)}
    columns = [
        Column(day, by_day.get(day, []), [row.name for row in departures if row.start_date <= day <= row.end_date]) for day in week.days
    ]
    return columns if any(column.lessons for column in columns[5:]) else columns[:5]

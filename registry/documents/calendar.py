"""Lessons as a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import icalendar
from django.utils.translation import gettext as _

from dexter.lib import days
from registry.models import CalendarEvent

REFRESH = timedelta(hours=1)  # how often a calendar is asked to look again (RFC 7986, 5.7)


def lessons_as_calendar(lessons: Iterable[CalendarEvent]) -> bytes:
    """What is taught, when and where; never who is in the group."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Dexter//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My lessons"))
    calendar.add("refresh-interval", REFRESH)
    for lesson in lessons:
        calendar.add_component(_event(lesson))
    return bytes(calendar.to_ical())


def _event(lesson: CalendarEvent) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{lesson.pk}@dexter")
    event.add("dtstamp", lesson.modified_at)
    event.add("last-modified", lesson.modified_at)
    event.add("dtstart", lesson.starts_at.astimezone(days.UTC))
    event.add("dtend", lesson.ends_at.astimezone(days.UTC))
    event.add("summary", lesson.activity.name)
    if lesson.room:
        event.add("location", lesson.room.name)
    return event

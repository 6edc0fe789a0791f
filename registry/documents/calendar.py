"""Lessons as a calendar (iCalendar, RFC 5545), and the days that other rooms add: by dotted names, so that nothing above is imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import icalendar
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.models import CalendarEvent

REFRESH = timedelta(hours=1)  # how often a calendar is asked to look again (RFC 7986, 5.7)


ADDED = ("larande.planning.documents.tasks_due",)  # each takes whose calendar it is, and its first and last day


class WholeDay(NamedTuple):
    """Something of a day, without an hour."""

    key: UUID
    day: date
    title: str
    changed_at: datetime


def days_added(owner: Actor, first: date, last: date) -> list[WholeDay]:
    return [each for name in ADDED for each in import_string(name)(owner, first, last)]


def lessons_as_calendar(lessons: Iterable[CalendarEvent], added: Iterable[WholeDay] = ()) -> bytes:
    """What is taught, when and where; never who is in the group."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Dexter//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("My lessons"))
    calendar.add("refresh-interval", REFRESH)
    for lesson in lessons:
        calendar.add_component(_event(lesson))
    for each in added:
        calendar.add_component(_whole_day(each))
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


def _whole_day(added: WholeDay) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{added.key}@dexter")
    event.add("dtstamp", added.changed_at)
    event.add("last-modified", added.changed_at)
    event.add("dtstart", added.day)
    event.add("summary", added.title)
    event.add("transp", "TRANSPARENT")  # the day is not taken
    return event

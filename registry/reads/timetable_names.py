"""Who and what the words of a timetable file stand for at one unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from registry.models import Activity, ActivityGroup, Duty, Group, GroupType, Room, SchoolUnit, Syllabus

from .timetable_file import CannotTake, Row

Found = TypeVar("Found")


def lists() -> Any:
    return defaultdict(list)


@dataclass
class Names:
    """The unit's activities, groups, subjects, signatures and rooms by their names in small letters; six statements."""

    unit: SchoolUnit
    from_day: date
    activities: dict[str, list[Activity]] = field(default_factory=lists)
    groups: dict[str, list[Group]] = field(default_factory=lists)
    taught: dict[UUID, list[Activity]] = field(default_factory=lists)
    subjects: dict[str, list[Syllabus]] = field(default_factory=lists)
    signatures: dict[str, list[Duty]] = field(default_factory=lists)
    rooms: dict[str, list[Room]] = field(default_factory=lists)
    new: dict[tuple[UUID, UUID], Activity] = field(default_factory=dict)
    new_groups: list[tuple[Activity, Group]] = field(default_factory=list)

    def activity_of(self, name: str, subject: str, first: date) -> Activity:
        """The activity named, or that of the class in the subject; a new one where there is none. Raises CannotTake."""
        named = self.activities[name.casefold()]
        if len(named) == 1:
            return named[0]
        group = self._group(name, first)
        if not subject:
            raise CannotTake("subject", _("Write the subject of the class."))
        fitting = [activity for activity in self.taught[group.pk] if activity.syllabus and _called(activity.syllabus, subject)]
        if len(fitting) > 1:
            raise CannotTake("group", _("The class has several activities in the subject: write the activity's name."))
        return fitting[0] if fitting else self._made(group, self._syllabus(group, subject))

    def duties_of(self, row: Row) -> list[Duty]:
        return [
            _one("teacher", self.signatures[text.casefold()], _("No colleague, or several, have the signature.")) for text in row.teachers
        ]

    def room_of(self, row: Row) -> Room | None:
        return _one("room", self.rooms[row.room.casefold()], _("The school has no such room.")) if row.room else None

    def _group(self, name: str, first: date) -> Group:
        """The class of the name on the first day, else the one that begins next."""
        named = sorted(self.groups[name.casefold()], key=lambda group: group.start_date)
        holding = [group for group in named if group.end_date is None or group.end_date >= first]
        if not holding:
            raise CannotTake("group", _("The school has no such class, group or activity."))
        return next((group for group in holding if group.group_type == GroupType.CLASS), holding[0])

    def _syllabus(self, group: Group, subject: str) -> Syllabus:
        found = [syllabus for syllabus in self.subjects[subject.casefold()] if group.school_type in ("", syllabus.school_type)]
        latest = max((syllabus.curriculum for syllabus in found), default="")
        fitting = [syllabus for syllabus in found if syllabus.curriculum == latest]
        return _one("subject", fitting, _("No subject of the school form, or several, have that name."))

    def _made(self, group: Group, syllabus: Syllabus) -> Activity:
        key = group.pk, syllabus.pk
        if key not in self.new:
            first = max(self.from_day, group.start_date)
            name = f"{syllabus.subject_name} {group.name}"
            activity = Activity(name=name, school_unit=self.unit, syllabus=syllabus, start_date=first, end_date=group.end_date)
            self.new[key] = activity
            self.new_groups.append((activity, group))
        return self.new[key]


def names_of(unit: SchoolUnit, from_day: date) -> Names:
    activities = Activity.objects.on_or_after(from_day).filter(school_unit=unit).select_related("syllabus")
    by_id = {activity.pk: activity for activity in activities}
    names = Names(unit, from_day)
    for link in ActivityGroup.objects.filter(activity__in=by_id):
        names.taught[link.group_id].append(by_id[link.activity_id])
    for activity in by_id.values():
        names.activities[activity.name.casefold()].append(activity)
    for group in Group.objects.on_or_after(from_day).filter(school_unit=unit):
        names.groups[group.name.casefold()].append(group)
    for syllabus in Syllabus.objects.filter(school_type__in=unit.school_types):
        for word in {syllabus.subject_designation, syllabus.subject_name, syllabus.subject_code}:
            names.subjects[word.casefold()].append(syllabus)
    for duty in Duty.objects.on_or_after(from_day).filter(school_unit=unit).exclude(signature=""):
        names.signatures[duty.signature.casefold()].append(duty)
    for room in Room.objects.filter(school_unit=unit):
        names.rooms[room.name.casefold()].append(room)
    return names


def _called(syllabus: Syllabus, text: str) -> bool:
    return text.casefold() in {word.casefold() for word in (syllabus.subject_designation, syllabus.subject_name, syllabus.subject_code)}


def _one(column: str, found: list[Found], reason: str) -> Found:
    if len(found) != 1:
        raise CannotTake(column, reason)
    return found[0]

"""What plans give to a teacher's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dexter.lib.access import Actor
from larande.planning.models import PlanTeaching, Task
from larande.planning.reads import today
from registry.documents.calendar import WholeDay


def tasks_due(owner: Actor, first: date, last: date) -> Iterator[WholeDay]:
    """What is due, or held, in the groups that the owner teaches, of what is published there."""
    activities = today.activities_taught(owner)
    for due in today.due_between(activities, PlanTeaching.objects.visible_to(owner), Task.objects.visible_to(owner), first, last):
        names = ", ".join(activity.name for activity in due.activities)
        yield WholeDay(due.task.pk, due.task.day, f"{due.task.title} ({due.task.get_kind_display()}, {names})", due.task.modified_at)

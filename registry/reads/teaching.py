"""What is taught at the schools, to whom and by whom."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from dexter.lib import days
from registry.models import Activity, ActivityGroup, DutyAssignment, Group, GroupMembership, SecurityMarking, Syllabus
from registry.models.person import PersonQuerySet
from registry.models.teaching import ActivityQuerySet, PupilSyllabusQuerySet


def syllabuses_for(school_types: Iterable[str]) -> QuerySet[Syllabus]:
    """The subjects of forms of schooling, in the order of their names."""
    return Syllabus.objects.filter(school_type__in=list(school_types)).order_by("subject_name", "start_school_year", "pk")


def subject_names(activities: ActivityQuerySet) -> list[str]:
    named = activities.exclude(syllabus=None).order_by("syllabus__subject_name")
    return list(named.values_list("syllabus__subject_name", flat=True).distinct())


def groups_taught(activities: ActivityQuerySet) -> QuerySet[Group]:
    """The groups that any of the activities is for."""
    links = ActivityGroup.objects.filter(activity__in=activities).values("group_id")
    return Group.objects.filter(pk__in=links).order_by("group_type", "sort_key", "pk")


def with_groups_and_teachers(activities: ActivityQuerySet) -> ActivityQuerySet:
    """Adds `links` (to the groups) and `assignments` (of today's teachers, the protected left out); three statements in all."""
    links = ActivityGroup.objects.select_related("group").order_by("group__sort_key", "pk")
    today = DutyAssignment.objects.on(days.today()).filter(duty__person__security_marking=SecurityMarking.NONE)
    teachers = today.select_related("duty__person").order_by("duty__person__sort_key", "pk")
    return activities.select_related("syllabus", "school_unit").prefetch_related(
        Prefetch("activity_groups", queryset=links, to_attr="links"), Prefetch("duty_assignments", queryset=teachers, to_attr="assignments")
    )


def groups_of(activity: Activity) -> QuerySet[Group]:
    return Group.objects.filter(activity_groups__activity=activity).order_by("sort_key", "pk")


def groups_to_add(groups: QuerySet[Group], activity: Activity) -> QuerySet[Group]:
    """Of `groups`, those of the activity's school that are not over and not in it yet."""
    there = ActivityGroup.objects.filter(activity=activity).values("group_id")
    lasting = Q(end_date__isnull=True) | Q(end_date__gte=days.today())
    return groups.filter(lasting, school_unit=activity.school_unit_id).exclude(pk__in=there).order_by("group_type", "sort_key", "pk")


def pupils_taught(pupils: PersonQuerySet, activity: Activity) -> PersonQuerySet:
    """Of `pupils`, those in the activity's groups today or later, in the order of names."""
    members = GroupMembership.objects.on_or_after(days.today()).filter(group__activity_groups__activity=activity)
    return pupils.filter(pk__in=members.values("person_id")).order_by("sort_key", "pk")


def other_syllabuses(activity: Activity) -> QuerySet[Syllabus]:
    """What a pupil may read instead: any but the activity's own, also of forms of schooling that the unit lacks."""
    return Syllabus.objects.exclude(pk=activity.syllabus_id).order_by("subject_name", "school_type", "start_school_year", "pk")


def own_syllabuses(rows: PupilSyllabusQuerySet, activity: Activity) -> PupilSyllabusQuerySet:
    """Of the rows given, the activity's that are not over, with pupil and syllabus."""
    chosen = rows.on_or_after(days.today()).filter(activity=activity)
    return chosen.select_related("pupil", "syllabus").order_by("pupil__sort_key", "start_date", "pk")

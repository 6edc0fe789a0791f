"""Groups and their dated memberships; a pupil is in one class at a time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When

from dexter.lib import days
from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap, source_field

from . import scope
from .codes import GroupType, SchoolType, SecurityMarking
from .organisation import SchoolUnit
from .person import Joined, Person, swedish_order

if TYPE_CHECKING:
    from dexter.lib.access import Actor


def school_order() -> Case:
    """As a school counts: preschool classes, then by year (2A before 10A), then what bears a name. Each number gets six digits."""
    wide = Func(F("name"), Value(r"(\d+)"), Value(r"00000\1"), Value("g"), function="regexp_replace", output_field=models.TextField())
    even = Func(wide, Value(r"0*(\d{6,})"), Value(r"\1"), Value("g"), function="regexp_replace", output_field=models.TextField())
    preschool = Q(school_type=SchoolType.PRESCHOOL_CLASS) | Q(name__iregex=r"^(f|f-klass|förskoleklass)([ -]?[a-zåäö0-9])?$")
    key = swedish_order(even)
    return Case(When(preschool, then=Joined(Value(" "), key)), default=key, output_field=models.TextField())


class GroupQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> GroupQuerySet:
        """Staff: the groups they teach or have an assignment in, and all of the units they lead. Others: their own."""
        return self.filter(pk__in=scope.group_ids(actor))

    def with_member(self, person: Person, day: date) -> GroupQuerySet:
        return self.filter(pk__in=scope.memberships_on(day).filter(person=person).values("group_id"))


class Group(Entity):
    name = models.CharField(max_length=80)
    group_type = models.CharField(max_length=20, choices=GroupType.choices)
    school_type = models.CharField(max_length=10, choices=SchoolType.choices, blank=True)
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="groups")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    source = source_field()
    sort_key = models.GeneratedField(expression=school_order(), output_field=models.TextField(db_collation="C"), db_persist=True)

    objects = GroupQuerySet.as_manager()

    class Meta(Entity.Meta):
        ordering: ClassVar = ["sort_key", "id"]
        indexes: ClassVar = [models.Index(fields=["school_unit", "sort_key"], name="group_order")]
        constraints: ClassVar = [ends_after_start("group_period")]
        triggers: ClassVar = [
            *Entity.Meta.triggers,
            pgtrigger.Trigger(
                name="group_type_is_fixed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__group_type__df=pgtrigger.F("new__group_type")),
                func="RAISE EXCEPTION 'the type of a group never changes' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMembershipQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> GroupMembershipQuerySet:
        return self.filter(person__in=Person.objects.visible_to(actor), group__in=Group.objects.visible_to(actor))

    def of_group(self, group: Group) -> GroupMembershipQuerySet:
        """The group's memberships that are not over, the protected left out, in the order of names."""
        rows = self.on_or_after(days.today()).filter(group=group, person__security_marking=SecurityMarking.NONE)
        return rows.select_related("person").order_by("person__sort_key", "pk")


class GroupMembership(Entity):
    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="group_memberships")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    source = source_field()
    in_class = models.BooleanField(default=False, editable=False, help_text="kept by a trigger: the group is a class")

    objects = GroupMembershipQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            no_overlap("membership_once", "group", "person"),
            no_overlap("one_class_at_a_time", "person", condition=Q(in_class=True)),
            ends_after_start("membership_period"),
        ]
        triggers: ClassVar = [
            *Entity.Meta.triggers,
            pgtrigger.Trigger(
                name="knows_its_group_type",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="NEW.in_class = (SELECT group_type = 'Klass' FROM registry_group WHERE id = NEW.group_id); RETURN NEW;",
            ),
        ]

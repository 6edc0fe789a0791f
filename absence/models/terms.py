"""What stands in the term report of unauthorised absence (skolförordningen 6:12), as it was when it was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from dexter.lib.models import Entity
from registry.models import Person, SchoolUnit, Term

if TYPE_CHECKING:
    from dexter.lib.access import Actor


class TermStatementQuerySet(models.QuerySet["TermStatement"]):
    def visible_to(self, actor: Actor) -> TermStatementQuerySet:
        return self.filter(pupil__in=Person.objects.visible_to(actor))

    def standing(self) -> TermStatementQuerySet:
        """The latest version of each pupil's statement of a term at a school."""
        newer = TermStatement.objects.filter(pupil=OuterRef("pupil"), term=OuterRef("term"), school_unit=OuterRef("school_unit"))
        return self.filter(version=Subquery(newer.order_by("-version").values("version")[:1]))


class TermStatement(Entity):
    """One pupil's minutes of a term, frozen. Freezing again adds a version where something differs; none is rewritten."""

    append_only = True

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="term_statements")
    term = models.ForeignKey(Term, models.PROTECT, related_name="term_statements")
    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="term_statements")
    version = models.PositiveSmallIntegerField(help_text="the highest stands")
    unauthorised_minutes = models.PositiveIntegerField()
    offered_minutes = models.PositiveIntegerField(help_text="of the lessons that the pupil could attend, reported or not")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = TermStatementQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "school_unit", "pupil", "version"], name="term_statement_version"),
            models.CheckConstraint(name="term_statement_within_term", condition=Q(unauthorised_minutes__lte=F("offered_minutes"))),
        ]

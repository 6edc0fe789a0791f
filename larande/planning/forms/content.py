"""Picking content and criteria: what is ticked is bound to what the curriculum of the plan's groups offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from larande.planning.reads import CriterionRow, Offer, Point, Section

from .shared import VersionedForm

UNKNOWN = {"invalid_choice": _("Something chosen is not in the curriculum of the plan's groups. Nothing was saved.")}


class Shown(NamedTuple):
    """A section with those of its points that are shown and not yet ticked."""

    section: Section
    points: list[Point]
    is_whole: bool


class ContentForm(VersionedForm):
    text = forms.CharField(label=_("Search"), required=False, max_length=100)
    items = forms.TypedMultipleChoiceField(required=False, coerce=UUID, error_messages=UNKNOWN)
    sections = forms.MultipleChoiceField(required=False, error_messages=UNKNOWN)
    criteria = forms.TypedMultipleChoiceField(required=False, coerce=UUID, error_messages=UNKNOWN)
    note = forms.CharField(label=_("What did you change?"), required=False, max_length=300)

    def __init__(self, *args: Any, offer: Offer, stored: dict[str, Any], **kwargs: Any) -> None:
        """`stored` holds the version, and the ids of the items and threads chosen as saved."""
        super().__init__(*args, initial=stored, **kwargs)
        self.offer, self.stored = offer, stored
        fields: Any = self.fields
        fields["items"].choices = [(str(key), "") for key in offer.items]
        fields["sections"].choices = [(section.key, section.area) for section in offer.sections]
        fields["criteria"].choices = [(str(key), "") for key in offer.threads]

    @property
    def chosen(self) -> dict[str, set[UUID]]:
        """The ids to save: single points with those of whole sections, and all steps of each criterion; and all that are offered."""
        whole = {
            point.item.pk for section in self.offer.sections if section.key in self.cleaned_data["sections"] for point in section.points
        }
        criteria = {step.pk for key in self.cleaned_data["criteria"] for step in self.offer.threads[key].steps}
        offered = {*self.offer.items, *(step.pk for row in self.offer.threads.values() for step in row.steps)}
        return {"items": {*self.cleaned_data["items"], *whole}, "criteria": criteria, "offered": offered}

    def _ticked(self, name: str) -> set[str]:
        return {str(key) for key in self[name].value() or ()}

    @property
    def ticked_items(self) -> list[Any]:
        """What is ticked now, saved or not: it stands first, whatever is searched for."""
        whole = {
            str(point.item.pk) for section in self.offer.sections if section.key in self._ticked("sections") for point in section.points
        }
        return [item for key, item in self.offer.items.items() if str(key) in self._ticked("items") | whole]

    @property
    def ticked_criteria(self) -> list[CriterionRow]:
        return [row for key, row in self.offer.threads.items() if str(key) in self._ticked("criteria")]

    @property
    def saved_meanwhile(self) -> list[Any]:
        """After a conflict: the points that somebody else chose and that are not ticked here."""
        ticked = {item.pk for item in self.ticked_items}
        return (
            [item for key, item in self.offer.items.items() if key in self.stored["items"] and key not in ticked]
            if self.is_outdated
            else []
        )

    @property
    def words(self) -> list[str]:
        return str(self["text"].value() or "").lower().split()

    @property
    def used_last(self) -> list[Point]:
        return [] if self.words else self._left(self.offer.used_last)

    @property
    def shown(self) -> Iterator[Shown]:
        """The sections with what fits the search and is not ticked."""
        first = {point.item.pk for point in self.used_last}
        for section in self.offer.sections:
            points = [
                point
                for point in self._left(section.points)
                if self._fits(f"{section.area} {point.item.text}") and point.item.pk not in first
            ]
            if points:
                yield Shown(section, points, len(points) == len(section.points) and not self.words)

    @property
    def shown_criteria(self) -> list[CriterionRow]:
        ticked = {row.steps[0].pk for row in self.ticked_criteria}
        rows = [row for row in self.offer.criteria if row.steps[0].pk not in ticked]
        return [row for row in rows if self._fits(" ".join(step.text for step in row.steps))]

    def _left(self, points: list[Point]) -> list[Point]:
        ticked = {item.pk for item in self.ticked_items}
        return [point for point in points if point.item.pk not in ticked]

    def _fits(self, text: str) -> bool:
        return all(word in text.lower() for word in self.words)

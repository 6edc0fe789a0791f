"""The page on which a plan is written: what, why, goals, and for whom and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dexter.lib.forms import Submission
from larande.planning import reads
from larande.planning.actions.plans import Texts
from larande.planning.models import LessonPlan, PlanTeaching
from larande.planning.reads import Placement
from registry.forms.fields import DayField
from registry.models import Activity

from .shared import VersionedForm, say_readers

WRITTEN = ("title", "what", "why", "goals")


def _area(label: Any, rows: int, help_text: Any = "", longest: int = 4000) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )


class Row(NamedTuple):
    """A group on the page, with the days of its own."""

    activity: Activity
    name: str
    is_on: bool
    is_published: bool
    first: forms.BoundField
    last: forms.BoundField


class PlacingForm(forms.Form):
    """For whom and when: ticked groups share the days at the top unless they have days of their own."""

    activities = forms.TypedMultipleChoiceField(
        label=gettext_lazy("For whom?"),
        required=False,
        coerce=UUID,
        error_messages={"invalid_choice": gettext_lazy("Choose among your groups.")},
    )
    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)
    submission = Submission()

    def __init__(self, *args: Any, options: Sequence[Activity], placed: Sequence[PlanTeaching] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options, self.placed = {option.pk: option for option in options}, {row.activity_id: row for row in placed}
        field: Any = self.fields["activities"]
        field.choices = [(str(key), option.name) for key, option in self.options.items()]
        for key in self.options:
            self.fields[f"first-{key}"] = DayField(label=_("First day"), required=False)
            self.fields[f"last-{key}"] = DayField(label=_("Last day"), required=False)
        self._propose_days()

    def _propose_days(self) -> None:
        """Days that all groups share stand at the top; otherwise each has its own."""
        spans = {(row.start_date, row.end_date) for row in self.placed.values()}
        if not spans:
            for name, day in zip(("first", "last"), reads.usual_days(), strict=True):
                self.initial.setdefault(name, day)
        elif len(spans) == 1:
            self.initial.update(zip(("first", "last"), spans.pop(), strict=True))
        else:
            for key, row in self.placed.items():
                self.initial.update({f"first-{key}": row.start_date, f"last-{key}": row.end_date})
        self.initial.setdefault("activities", [str(key) for key in self.placed])

    @property
    def rows_at_hand(self) -> list[Row]:
        """The ticked groups; all of them where none is ticked yet."""
        return [row for row in self._rows if row.is_on] or list(self._rows)

    @property
    def other_rows(self) -> list[Row]:
        at_hand = {row.activity.pk for row in self.rows_at_hand}
        return [row for row in self._rows if row.activity.pk not in at_hand]

    @property
    def _rows(self) -> Iterator[Row]:
        ticked = {str(key) for key in self["activities"].value() or ()}
        for key, option in self.options.items():
            stored = self.placed.get(key)
            name = f"{option.syllabus} {reads.groups_in_words(option)}"
            is_published = bool(stored and stored.published_at)
            yield Row(option, name, str(key) in ticked, is_published, self[f"first-{key}"], self[f"last-{key}"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["placements"] = [self._placement(key, cleaned) for key in dict.fromkeys(cleaned.get("activities") or ())]
        if any(placement is None for placement in cleaned["placements"]):
            self.add_error("first" if not cleaned.get("first") else "last", _("Give the first and the last day."))
        return cleaned

    def _placement(self, key: UUID, cleaned: dict[str, Any]) -> Placement | None:
        days: list[date | None] = [cleaned.get(f"{end}-{key}") or cleaned.get(end) for end in ("first", "last")]
        return Placement(self.options[key], days[0], days[1]) if days[0] and days[1] else None


class PlanForm(PlacingForm, VersionedForm):
    """A plan as a whole; of one that exists it carries the version it was made from, and shows both texts where they differ."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    what = _area(gettext_lazy("What we will do"), 5, gettext_lazy("In plain words, so that pupils and guardians understand."))
    why = _area(gettext_lazy("Why"), 3, gettext_lazy("What it is good for."))
    goals = _area(gettext_lazy("Goals"), 4, gettext_lazy("One on each line: when we are done, I can …"), 4000)
    note = forms.CharField(
        label=gettext_lazy("What did you change?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A few words for the pupils and guardians who read the plan already."),
    )

    def __init__(self, *args: Any, plan: LessonPlan | None = None, **kwargs: Any) -> None:
        self.plan = plan
        stored = {"version": plan.version, **_stored(plan)} if plan else {}
        super().__init__(*args, initial=stored, **kwargs)
        say_readers(self, *WRITTEN)

    def clean_goals(self) -> tuple[str, ...]:
        goals = tuple(line.strip() for line in self.cleaned_data["goals"].splitlines() if line.strip())
        if any(len(goal) > 300 for goal in goals):
            raise forms.ValidationError(_("A goal is at most 300 characters: one on each line."))
        return goals

    @property
    def texts(self) -> Texts:
        return Texts(*(self.cleaned_data[name] for name in WRITTEN))

    @property
    def both(self) -> list[tuple[forms.BoundField, str]]:
        """Each text with what is saved, where that is another than the one typed."""
        saved = _stored(self.plan) if self.plan and self.is_outdated else {}
        return [(self[name], text if _lines(text := saved.get(name, "")) != _lines(self[name].value()) else "") for name in WRITTEN]


class CopyForm(PlacingForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)


def _stored(plan: LessonPlan) -> dict[str, str]:
    return {"title": plan.title, "what": plan.what, "why": plan.why, "goals": "\n".join(reads.goals_of(plan))}


def _lines(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").strip()

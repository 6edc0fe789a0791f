"""What a teacher fills in: who was away, and for how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.actions import roll_calls
from absence.actions.roll_calls import Seen
from absence.models import SEEN, RollCall
from dexter.lib.forms import Submission

MINUTES_NAME = re.compile(rf"(?P<seen>{'|'.join(SEEN)})-(?P<pupil>[0-9a-f-]{{36}})")
LONGEST = 24 * 60


class RollCallForm(forms.Form):
    """`absent` holds the ids of who was away all the time; `late-<id>`, `left_early-<id>`, `absent-<id>`, `other-<id>` minutes;
    `with_next` the other half of a double lesson too.

    Whether an id belongs to the lesson is decided by the action, against the roster on the server.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    submission = Submission()
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300, required=False)
    with_next = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["marks"] = marks_in(self.data)
        except ValueError:
            raise forms.ValidationError(_("What was sent is not a list of pupils. Nothing was saved: load the page again.")) from None
        return cleaned

    @property
    def action(self) -> Callable[..., RollCall]:
        return roll_calls.take_double_lesson if self.cleaned_data["with_next"] else roll_calls.take_roll_call

    @property
    def observed(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "with_next"}


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it opened again?"), max_length=300, help_text=_("Kept with the lesson. Write nothing about health.")
    )
    open_days = forms.IntegerField(
        label=_("Number of days"), min_value=1, max_value=roll_calls.LONGEST_OPENED, initial=3, help_text=_("Today counts as the first.")
    )


def marks_in(data: Any) -> dict[UUID, Seen]:
    """Raises ValueError for ids or minutes that are none, and for a pupil who is named twice."""
    whole = [UUID(text) for text in data.getlist("absent")]
    if len(set(whole)) != len(whole):
        raise ValueError("repeated")
    minutes: dict[UUID, dict[str, int]] = {}
    for name in _minute_fields(data):
        match = MINUTES_NAME.fullmatch(name)
        if match and data[name].strip():
            minutes.setdefault(UUID(match["pupil"]), {})[match["seen"]] = _count(data.getlist(name))
    return {pupil: Seen(whole=pupil in whole, **minutes.get(pupil, {})) for pupil in {*whole, *minutes}}


def _minute_fields(data: Any) -> Iterable[str]:
    return (name for name in data if "-" in name)


def _count(texts: list[str]) -> int:
    if len(texts) != 1 or not 0 <= int(texts[0]) <= LONGEST:
        raise ValueError("minutes")
    return int(texts[0])

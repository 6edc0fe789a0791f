"""What is filled in for a class and a day: who was away, and when they came or left."""

from __future__ import annotations

import re
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.actions.day_calls import AwayFromDay
from dexter.lib.forms import Submission

TIME_NAME = re.compile(r"(?P<which>came|left)-(?P<pupil>[0-9a-f-]{36})")
TIME = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.]?(?P<minute>[0-5]\d)", re.ASCII)  # 8:05, 08.05, 0805


class DayCallForm(forms.Form):
    """`absent` holds the ids of who was away all of it; `came-<id>` and `left-<id>` times of day.

    Whether an id belongs to the class is decided by the action, against the roster on the server.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    submission = Submission()
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["marks"] = marks_in(self.data)
        except ValueError:
            raise forms.ValidationError(_("What was sent is not a list of pupils with times like 08:30. Nothing was saved.")) from None
        return cleaned


def marks_in(data: Any) -> dict[UUID, AwayFromDay]:
    """Raises ValueError for ids or times that are none, and for a pupil who is named twice."""
    whole = [UUID(text) for text in data.getlist("absent")]
    if len(set(whole)) != len(whole):
        raise ValueError("repeated")
    times: dict[UUID, dict[str, time]] = {}
    for name in data:
        match = TIME_NAME.fullmatch(name)
        if match and "".join(data.getlist(name)).strip():
            times.setdefault(UUID(match["pupil"]), {})[f"{match['which']}_at"] = _time(data.getlist(name))
    return {pupil: AwayFromDay(whole=pupil in whole, **times.get(pupil, {})) for pupil in {*whole, *times}}


def _time(texts: list[str]) -> time:
    match = TIME.fullmatch(texts[0].strip())
    if len(texts) != 1 or match is None:
        raise ValueError("time")
    return time(int(match["hour"]), int(match["minute"]))

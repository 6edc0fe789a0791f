"""What a teacher fills in: who was away, and for how long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from absence.actions.roll_calls import Seen
from absence.models import SEEN

from .reports import Submission

MINUTES_NAME = re.compile(rf"(?P<seen>{'|'.join(SEEN)})-(?P<pupil>[0-9a-f-]{{36}})")
LONGEST = 24 * 60


class RollCallForm(forms.Form):
    """`absent` holds the ids of who was away all the time; `late-<id>`, `left_early-<id>`, `absent-<id>`, `other-<id>` minutes.

    Whether an id belongs to the lesson is decided by the action, against the roster on the server.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    submission = Submission()
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["marks"] = marks_in(self.data)
        except ValueError:
            raise forms.ValidationError(_("What was sent is not a list of pupils. Nothing was saved: load the page again.")) from None
        return cleaned


def marks_in(data: Any) -> dict[UUID, Seen]:
    """Raises ValueError for ids or minutes that are none, and for a pupil who is named twice."""
    whole = [UUID(text) for text in data.getlist("absent")]
    if len(set(whole)) != len(whole):
        raise ValueError("repeated")
    marks = {pupil: Seen(whole=True) for pupil in whole}
    minutes: dict[UUID, dict[str, int]] = {}
    for name in _minute_fields(data):
        match = MINUTES_NAME.fullmatch(name)
        if match and data[name].strip():
            minutes.setdefault(UUID(match["pupil"]), {})[match["seen"]] = _count(data.getlist(name))
    return {pupil: Seen(whole=False, **found) for pupil, found in minutes.items()} | marks


def _minute_fields(data: Any) -> Iterable[str]:
    return (name for name in data if "-" in name)


def _count(texts: list[str]) -> int:
    if len(texts) != 1 or not 0 <= int(texts[0]) <= LONGEST:
        raise ValueError("minutes")
    return int(texts[0])

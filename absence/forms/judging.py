"""What is ticked and pressed where absence is judged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters as filters
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from absence import reads
from absence.actions.judgements import Mark
from absence.models import Effective, Verdict
from absence.models.scope import mentored_today_by
from registry.models import Group, GroupType, SchoolUnit

PARTS = 2  # of a key: the departure, and the verdict that stood
MOST = 200  # rows ticked at once


class JudgeForm(forms.Form):
    """`mark` holds the keys that are ticked, `one` a single key with its verdict, of the button on its line.

    Whose they are is decided by the action, against what the actor sees and may judge.
    """

    verdict = forms.ChoiceField(choices=Verdict.choices, required=False)
    one = forms.CharField(required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Shown to the home. Never write about illness or health.")
    )
    pupil = forms.UUIDField(required=False)
    asked = forms.UUIDField(required=False)

    data: Any

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        one, _sep, verdict = cleaned.get("one", "").rpartition("=")
        keys = [one] if one else self.data.getlist("mark")
        cleaned["verdict"] = verdict if one else cleaned.get("verdict")
        if not keys:
            raise forms.ValidationError(_("Tick at least one row first."))
        if cleaned["verdict"] not in Verdict.values:
            raise forms.ValidationError(_("Choose valid or unauthorised."))
        cleaned["marks"] = _marks(keys)
        return cleaned


class KeysForm(forms.Form):
    """Rows that are ticked, by `mark` or by the button of one line, `one`."""

    data: Any

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["keys"] = self.data.getlist("one") or self.data.getlist("mark")
        if not cleaned["keys"]:
            raise forms.ValidationError(_("Tick at least one row first."))
        if len(cleaned["keys"]) > MOST:
            raise forms.ValidationError(_("Tick fewer rows at once."))
        return cleaned


class TakeBackForm(KeysForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            cleaned["keys"] = {UUID(key) for key in cleaned["keys"]}
        except ValueError:
            raise forms.ValidationError(_("What was sent is not a list of rows. Nothing was saved: load the page again.")) from None
        return cleaned


def _marks(keys: list[str]) -> list[Mark]:
    if len(keys) > MOST:
        raise forms.ValidationError(_("Tick fewer rows at once."))
    try:
        return [_mark(key) for key in keys]
    except ValueError:
        raise forms.ValidationError(_("What was sent is not a list of rows. Nothing was saved: load the page again.")) from None


def _mark(key: str) -> Mark:
    parts = key.split(":")
    if len(parts) != PARTS:
        raise ValueError(key)
    return Mark(UUID(parts[0]), UUID(parts[1]) if parts[1] else None)


def classes_seen(request: Any) -> Any:
    groups = Group.objects.visible_to(request.actor).filter(group_type__in=[GroupType.CLASS, GroupType.MENTOR])
    return groups.order_by("name", "pk")


def units_seen(request: Any) -> Any:
    return SchoolUnit.objects.visible_to(request.actor)


class JudgeFilter(filters.FilterSet):
    """What narrows the lists to judge; the address holds nothing about a pupil."""

    request: HttpRequest
    klass = filters.ModelChoiceFilter(label=_("Class"), queryset=classes_seen, empty_label=_("All"), method="of_class")
    mine = filters.BooleanFilter(label=_("Only pupils I mentor"), method="of_mentor", widget=forms.CheckboxInput)
    school_unit = filters.ModelChoiceFilter(label=_("School"), queryset=units_seen, empty_label=_("All"))

    class Meta:
        model = Effective
        fields = ("klass", "school_unit", "mine")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Who works at one school alone is not asked for it."""
        super().__init__(*args, **kwargs)
        if units_seen(self.request).count() <= 1:
            del self.filters["school_unit"]

    def filter_queryset(self, queryset: Any) -> Any:
        """For any of the lists. An unknown value narrows to nothing rather than showing everything."""
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

    def of_class(self, rows: Any, _name: str, group: Group) -> Any:
        return reads.in_class(rows, group)

    def of_mentor(self, rows: Any, _name: str, mine: bool) -> Any:
        actor: Any = self.request.actor  # type: ignore[attr-defined]
        return rows.filter(pupil__in=mentored_today_by(actor)) if mine else rows

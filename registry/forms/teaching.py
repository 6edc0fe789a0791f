"""What is filled in when a teacher is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.access import Actor
from registry.actions.people import Identity
from registry.models import Duty, SchoolUnit

from .fields import CivicNumberField, DayField
from .relations import DutyChoice


class HandOverForm(forms.Form):
    """Who is away, and who comes instead: a colleague, or somebody new by name and number."""

    absent = DutyChoice(Duty.objects.none(), label=_("Who is absent?"))
    day = DayField(label=_("Day"), initial=days.today)
    substitute = DutyChoice(Duty.objects.none(), label=_("Substitute"), required=False, empty_label=_("Somebody new, written below"))
    given_name = forms.CharField(label=_("Given name"), max_length=100, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    civic_no = CivicNumberField(help_text=_("With it the substitute signs in by e-identification; else hand over a one-time code."))
    use_registered = forms.BooleanField(label=_("Use the registered person if the number is known"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        led = SchoolUnit.objects.visible_to(actor).led_by(actor)
        duties = Duty.objects.visible_to(actor).filter(school_unit__in=led).on_or_after(days.today())
        for name in ("absent", "substitute"):
            self.fields[name].queryset = duties.select_related("person").order_by("person__sort_key")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        absent, substitute = cleaned.get("absent"), cleaned.get("substitute")
        if absent and substitute and absent.school_unit_id != substitute.school_unit_id:
            self.add_error("substitute", _("The substitute has no duty at that school."))
        if not self.errors and not substitute and not (cleaned["given_name"] and cleaned["family_name"]):
            self.add_error("given_name", _("Choose a substitute above, or write the name of somebody new."))
        return cleaned

    def hand_over(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in ("absent", "day", "substitute", "use_registered")}
        if not cleaned["substitute"]:
            given["identity"] = Identity(cleaned["given_name"], cleaned["family_name"], cleaned["civic_no"])
        return given

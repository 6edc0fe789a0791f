from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .extract.gathering import sections_offered
from .extract.wording import section_title
from .models import Disclosure, Municipality, RetentionRule, SiteText


class ContactForm(forms.ModelForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Municipality
        fields = ("name", "contact_name", "contact_email", "contact_phone")


class SiteTextForm(forms.ModelForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = SiteText
        fields = ("text",)
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 20})}
        help_texts: ClassVar = {
            "text": _("An empty line begins a new paragraph. A line that begins with ## is a heading. Web addresses become links.")
        }


class DraftForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=Disclosure.Kind.choices, widget=forms.RadioSelect)
    sections = forms.MultipleChoiceField(
        label=_("Records"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for public records to somebody else. An extract for the person holds everything."),
    )
    purpose = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example the case number. Whoever asks for public records need not say who they are or why."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sections"]
        field.choices = [(label, section_title(apps.get_model(label))) for label in sections_offered(to_others=True)]


class VersionForm(forms.Form):
    """A button that means exactly what was on the page."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class MasksForm(VersionForm):
    opened = forms.MultipleChoiceField(
        label=_("Show"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among what stands on the page.")},
    )

    def __init__(self, *args: Any, masks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["opened"]
        field.choices = masks


class RetentionRuleForm(forms.ModelForm):
    """The time that the municipality decided, and where the decision stands."""

    version = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = RetentionRule
        fields = ("years", "days", "decision_reference")
        help_texts: ClassVar = {"decision_reference": _("For example the number of the document plan. Nothing is disposed of without one.")}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        lacks = values.get("years") is None and values.get("days") is None
        if self.instance.outcome == RetentionRule.Outcome.DISPOSE and lacks:
            self.add_error("years", _("Write after how long."))
        elif self.instance.outcome == RetentionRule.Outcome.PRESERVE and not lacks:
            self.add_error("years", _("This is preserved: it has no time."))
        return values

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .extract.gathering import sections_offered
from .extract.wording import section_title
from .models import LONGEST_SUBJECT, LONGEST_TEXT, Disclosure, Municipality, RetentionRule, SiteText, Urgency, Words

CONTROLS = {"Cc", "Zl", "Zp"}  # control characters and line separators, which could begin a header of their own


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


class MessageForm(forms.Form):
    """A message to homes, in the language of the site and as many others as the writer can."""

    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=[
            (Urgency.ROUTINE, _("Ordinary: each home is told as it has chosen, usually once a day")),
            (Urgency.URGENT, _("Urgent: everybody is told at once, also by text message")),
        ],
        initial=Urgency.ROUTINE,
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(label=_("Subject line"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Everybody reads the same. Write nothing about a single pupil. Nobody can answer here: say whom to turn to."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        for code, name in self.languages:
            subject, text = _("Subject line (%(language)s)"), _("Text (%(language)s)")
            shown, widget = {"language": name}, forms.Textarea(attrs={"rows": 6, "lang": code, "dir": "auto"})
            field = forms.CharField(label=subject % shown, max_length=LONGEST_SUBJECT, required=False)
            field.widget.attrs |= {"lang": code, "dir": "auto"}
            self.fields[f"subject_{code}"] = field
            self.fields[f"text_{code}"] = forms.CharField(label=text % shown, max_length=LONGEST_TEXT, required=False, widget=widget)

    def translations(self) -> list[tuple[Any, ...]]:
        """Name of the language, its two fields, and whether something is in them."""
        pairs = [(str(name), [self[f"{part}_{code}"] for part in ("subject", "text")]) for code, name in self.languages]
        return [(name, *fields, any(field.value() or field.errors for field in fields)) for name, fields in pairs]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for name in [name for name in self.fields if name.startswith("subject") and name in values]:
            if any(unicodedata.category(letter) in CONTROLS for letter in values[name]):
                self.add_error(name, _("The subject must be a single line of text."))
        for code, _name in self.languages:
            given = {part: values.get(f"{part}_{code}") for part in ("subject", "text")}
            for part in [part for part, text in given.items() if not text and any(given.values())]:
                self.add_error(f"{part}_{code}", _("Write both subject and text, or neither."))
        return values

    def message(self) -> dict[str, Any]:
        """The arguments of the action."""
        others = [self._words(code, f"_{code}") for code, _name in self.languages if self.cleaned_data[f"text_{code}"]]
        given = {name: self.cleaned_data[name] for name in ("urgency", "submission")}
        return {**given, "words": self._words(settings.LANGUAGE_CODE, ""), "others": others}

    def _words(self, code: str, ending: str) -> Words:
        return Words(code, self.cleaned_data[f"subject{ending}"], self.cleaned_data[f"text{ending}"].replace("\r\n", "\n"))

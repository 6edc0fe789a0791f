"""How somebody wants to be told things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.models import Digest, NoticePreference, UrgentChannel
from registry.reads import OwnContact

WHEN = {
    Digest.AT_ONCE: _("At once, each by itself"),
    Digest.DAILY: _("Once a day, together at four in the afternoon"),
    Digest.WEEKLY: _("Once a week, together on Friday at four in the afternoon"),
}


class NoticePreferenceForm(forms.ModelForm):
    """The channel is asked for only where there are two to choose from."""

    urgent_channel = forms.ChoiceField(
        label=_("Urgent messages, and notices of absence"),
        choices=UrgentChannel.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    digest = forms.ChoiceField(label=_("Other messages from the school"), choices=list(WHEN.items()), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Used where the school has written in it; else you get the language of the site."),
    )

    class Meta:
        model = NoticePreference
        fields = ("urgent_channel", "digest", "language")

    def __init__(self, *args: Any, contact: OwnContact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["language"]
        languages.choices = [("", _("The language of the site")), *settings.LANGUAGES]
        if not (contact.email and contact.mobile):
            del self.fields["urgent_channel"]

    def values(self) -> dict[str, str]:
        return {name: str(self.cleaned_data[name]) for name in self.fields}

"""How somebody wants to be told things."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from registry.models import Digest, NoticePreference, UrgentChannel
from registry.reads import OwnContact

BY = {
    UrgentChannel.BOTH: _("Text message and e-mail"),
    UrgentChannel.SMS: _("Text message"),
    UrgentChannel.EMAIL: _("E-mail"),
}
WHEN = {
    Digest.AT_ONCE: _("At once, each by itself"),
    Digest.DAILY: _("Once a day, together at four in the afternoon"),
    Digest.WEEKLY: _("Once a week, together on Friday at four in the afternoon"),
}


class NoticePreferenceForm(forms.ModelForm):
    """The channel is asked for only where there are two to choose from."""

    urgent_channel = forms.ChoiceField(
        label=_("Urgent messages, and notices of absence"),
        choices=list(BY.items()),
        required=False,
        widget=forms.RadioSelect,
    )
    digest = forms.ChoiceField(
        label=_("Other messages from the school"), choices=list(WHEN.items()), initial=Digest.DAILY, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of letters, and of messages where the school has written in it; else they are in Swedish."),
    )

    class Meta:
        model = NoticePreference
        fields = ("urgent_channel", "digest", "language")

    def __init__(self, *args: Any, contact: OwnContact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["language"]
        languages.choices = [("" if code == settings.LANGUAGE_CODE else code, name) for code, name in settings.LANGUAGES]
        if not (contact.email and contact.mobile):
            del self.fields["urgent_channel"]

    def values(self) -> dict[str, str]:
        return {name: str(self.cleaned_data[name]) for name in self.fields}

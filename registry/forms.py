from django import forms
from django.utils.translation import gettext_lazy as _

MIN_LETTERS = 2


class PersonSearchForm(forms.Form):
    """A name or a part of one; sent by POST, so that no name stands in an address or a log."""

    text = forms.CharField(
        label=_("Name"),
        min_length=MIN_LETTERS,
        max_length=100,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

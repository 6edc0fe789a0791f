"""What is filled in to feed the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import ImportRun, Template

OF_FILES = [(value, label) for value, label in Template.choices if value != Template.SS12000]


class UploadForm(forms.Form):
    template = forms.ChoiceField(
        label=_("What the list holds"), choices=[choice for choice in Template.choices if choice[0] != Template.SS12000]
    )
    upload = forms.FileField(
        label=_("File"),
        help_text=_("CSV or xlsx, at most 20 MB. Nothing is changed until you have seen what would be done."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class ConfirmImportForm(forms.Form):
    """Ticks for what could hurt; they are asked only where it applies."""

    accept_ending = forms.BooleanField(required=False)
    accept_rejected = forms.BooleanField(required=False)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ending, rejected = self.fields["accept_ending"], self.fields["accept_rejected"]
        told = {"ended": run.pupils_ended, "before": run.pupils_before}
        ending.label = _("%(ended)s of %(before)s pupils are not in the file and shall leave") % told
        rejected.label = _("Go on without the %(rows)s rejected rows; nobody is ended") % {"rows": run.rejected}
        if not run.ends_too_many:
            ending.widget = forms.HiddenInput()
        if not run.rejected:
            rejected.widget = forms.HiddenInput()

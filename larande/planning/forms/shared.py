"""What the forms about plans share: who reads a text, and going on after a conflict."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from dexter.lib.forms import OUTDATED

NO_PUPIL = _("Name no pupil: a plan is for everybody in the group.")


def say_readers(form: forms.Form, *names: str) -> None:
    """Ties each of the text fields to the page's sentence on who will read it (`planning/parts/readers.html`), before it is saved."""
    for name in names:
        described = [f"id_{name}_helptext"] if form.fields[name].help_text else []
        form.fields[name].widget.attrs["aria-describedby"] = " ".join([*described, "readers"])


class VersionedForm(forms.Form):
    """A form that carries the version it was made from; one without is as old as can be."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def version_read(self) -> int:
        return self.cleaned_data["version"] or 0

    @property
    def is_outdated(self) -> bool:
        return self.is_bound and self.has_error(NON_FIELD_ERRORS, OUTDATED)

    def renew(self, version: int) -> None:
        """After a refusal as outdated the next press saves over what the page now shows as saved; what is typed stays."""
        if self.is_outdated:
            data: Any = self.data
            self.data = data.copy()
            self.data["version"] = str(version)  # type: ignore[index]

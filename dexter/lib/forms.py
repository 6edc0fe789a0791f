"""Forms meet actions: what an action refuses becomes the form's errors, beside the right field, and nothing typed is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

OUTDATED = "outdated"  # the code of a ValidationError: somebody saved since the form was made
Result = TypeVar("Result")


class Submission(forms.UUIDField):
    """Made once with the form, so that the same form sent twice is one change."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(initial=uuid.uuid4)


def submit(form: forms.BaseForm, action: Callable[..., Result], **arguments: Any) -> Result | None:
    """Run `action(**arguments)` and put its ValidationError on the form; None means that the form has errors.

    Call it with a form that is valid: `form.is_valid() and submit(...)`.
    """
    try:
        return action(**arguments)
    except ValidationError as refusal:
        _put_on(form, refusal)
        return None


def accepted(form: forms.BaseForm, action: Callable[..., Any], **arguments: Any) -> bool:
    """Run `action(**arguments)` and tell whether it was done; otherwise its errors are on the form."""
    submit(form, action, **arguments)
    return not form.errors


def show_form(request: HttpRequest, template: str, form: forms.BaseForm, **context: Any) -> HttpResponse:
    """The page with the form: 422 when something was sent and not accepted."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


def is_outdated(form: forms.BaseForm) -> bool:
    """Whether it was refused since somebody saved after it was made."""
    return form.is_bound and form.has_error(NON_FIELD_ERRORS, OUTDATED)


def go_on_from(form: forms.BaseForm, version: object) -> None:
    """After a refusal as outdated the next press saves over `version`, which the page now shows; what is typed stays."""
    if is_outdated(form):
        sent: Any = form.data.copy()  # type: ignore[attr-defined]  # of several values all stay
        sent["version"] = str(version)
        form.data = sent


def _put_on(form: forms.BaseForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)

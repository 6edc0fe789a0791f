"""Register extracts and public records: drafted, masked, reviewed by another person, released, fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.home import reads
from dexter.home.actions import disclosure as actions
from dexter.home.documents.disclosure import disclosure_pdf
from dexter.home.extract.masking import liftable, mentioned, shown
from dexter.home.forms import DraftForm, MasksForm, VersionForm
from dexter.home.models import Disclosure
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.downloads import download
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry.models import Person


@require_GET
def disclosure_list(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    return render(request, "home/disclosure_list.html", {"disclosures": Disclosure.objects.visible_to(request.actor).listed()})


@require_http_methods(["GET", "POST"])
def draft_disclosure(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.actor).kept_by(request.actor), pk=pk)
    require(request.actor, "home.disclose", person)
    form = DraftForm(request.POST or None)
    if form.is_valid() and (made := submit(form, actions.draft_disclosure, actor=request.actor, person=person, **form.cleaned_data)):
        return redirect("home:disclosure_detail", made.pk)
    earlier = Disclosure.objects.visible_to(request.actor).filter(subject=person).defer("content")
    return show_form(request, "home/draft_disclosure.html", form, person=person, earlier=earlier)


@require_GET
def disclosure_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The whole as it would be given out; before the release with the masks to lift."""
    disclosure = _disclosure(request, pk)
    record(actor=request.actor, action="home.disclosure_detail", subjects=[disclosure.subject_id], object_id=disclosure.pk)
    context = {
        "disclosure": disclosure,
        "sections": shown(disclosure),
        "form": None if disclosure.released_at else MasksForm(masks=_masks(request, disclosure), initial=_chosen(disclosure)),
        "may_review": request.actor.person_id not in (disclosure.drafted_by_id, disclosure.edited_by_id),
    }
    return render(request, "home/disclosure_detail.html", context)


@require_POST
def mask_disclosure(request: RoleRequest, pk: UUID) -> HttpResponse:
    disclosure = _disclosure(request, pk)
    form = MasksForm(request.POST, masks=_masks(request, disclosure))
    return _do(request, form, actions.mask_disclosure, disclosure, _("The masks are chosen."))


@require_POST
def review_disclosure(request: RoleRequest, pk: UUID) -> HttpResponse:
    done = _("You have reviewed the secrecy. It can be released.")
    return _do(request, VersionForm(request.POST), actions.review_disclosure, _disclosure(request, pk), done)


@require_POST
def release_disclosure(request: RoleRequest, pk: UUID) -> HttpResponse:
    done = _("It is released and can be fetched.")
    return _do(request, VersionForm(request.POST), actions.release_disclosure, _disclosure(request, pk), done)


@require_GET
def download_disclosure(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The PDF, once released; each time it is fetched stands in the log."""
    disclosure = _disclosure(request, pk)
    if disclosure.released_at is None or disclosure.is_closed_by_marking:
        raise Http404
    record(actor=request.actor, action="home.download_disclosure", subjects=[disclosure.subject_id], object_id=disclosure.pk)
    content = disclosure_pdf(disclosure, municipality=reads.municipality().name)
    return download(content, f"{_('extract')}-{days.day_of(disclosure.released_at).isoformat()}", "pdf")


def _disclosure(request: RoleRequest, pk: UUID) -> Disclosure:
    rows = Disclosure.objects.visible_to(request.actor).select_related("subject", "drafted_by", "reviewed_by", "released_by")
    disclosure: Disclosure = get_object_or_404(rows, pk=pk)
    require(request.actor, "home.disclose", disclosure.subject)
    return disclosure


def _masks(request: RoleRequest, disclosure: Disclosure) -> list[tuple[str, str]]:
    """Of other people only those whom the actor may see anyway can be shown."""
    persons = Person.objects.visible_to(request.actor).filter(pk__in=mentioned(disclosure))
    return liftable(disclosure, set(persons.values_list("pk", flat=True)))


def _chosen(disclosure: Disclosure) -> dict[str, Any]:
    return {"opened": disclosure.opened, "version": disclosure.version}


def _do(request: RoleRequest, form: VersionForm, action: Callable[..., None], disclosure: Disclosure, done: str) -> HttpResponse:
    """Back to the page, with what was done or why not."""
    if form.is_valid() and accepted(form, action, actor=request.actor, disclosure=disclosure, **form.cleaned_data):
        messages.success(request, done)
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return redirect("home:disclosure_detail", disclosure.pk)

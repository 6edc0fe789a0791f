"""What an administrator changes of the public pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.home import reads
from dexter.home.actions import site as actions
from dexter.home.forms import ContactForm, SiteTextForm
from dexter.home.models import SiteText
from dexter.lib.access import require
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest

SHOWN_AT = {SiteText.Kind.ACCESSIBILITY: "home:accessibility", SiteText.Kind.PRIVACY: "home:privacy"}


@require_http_methods(["GET", "POST"])
def edit_contact(request: RoleRequest) -> HttpResponse:
    require(request.actor, "home.edit_site")
    row = reads.municipality()
    form = ContactForm(request.POST or None, instance=row, initial={"version": row.version})
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ContactForm.Meta.fields}
        if submit(form, actions.edit_contact, actor=request.actor, values=values, version=form.cleaned_data["version"]):
            messages.success(request, _("The contact details are saved."))
            return redirect("home:contact")
    return render(request, "home/edit_contact.html", {"form": form, "stored": reads.municipality()}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit_site_text(request: RoleRequest, kind: str) -> HttpResponse:
    require(request.actor, "home.edit_site")
    if kind not in SiteText.Kind.values:
        raise Http404
    language = reads.edited_language(SiteText.Kind(kind), translation.get_language() or "")
    stored = reads.site_text(kind, language)
    form = SiteTextForm(request.POST or None, initial={"text": stored.text, "version": stored.version})
    arguments = {"actor": request.actor, "kind": kind, "language": language}
    if form.is_valid() and submit(form, actions.edit_site_text, **arguments, **form.cleaned_data) is not None:
        messages.success(request, _("The text is saved."))
        return redirect(SHOWN_AT.get(SiteText.Kind(kind)) or request.path)
    context = {"form": form, "kind": SiteText.Kind(kind), "stored": reads.site_text(kind, language)}
    return render(request, "home/edit_site_text.html", context, status=422 if form.is_bound else 200)

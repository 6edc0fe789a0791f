"""A person as the office keeps them: everything on one page, and the forms that change it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.audit.reads import entries_about
from dexter.lib import civic, days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import people, relations
from registry.forms.person import LANGUAGES, ContactDetailsForm, PersonForm
from registry.forms.relations import NewColleagueForm, NewPupilForm
from registry.models import (
    Person,
)

HISTORY_LINES = 20


def kept_person(request: RoleRequest, pk: UUID) -> Person:
    """The person, when the actor's office keeps their data; else 404."""
    persons = Person.objects.visible_to(request.actor).kept_by(request.actor).with_details_open(request.actor)
    return get_object_or_404(reads.with_class_name(persons, days.today()), pk=pk)


@require_GET
def person_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    record(actor=request.actor, action="registry.person_detail", subjects=[person.pk])
    relations_of = reads.relations_of(person, request.actor)._asdict()
    return render(request, "registry/person_detail.html", {"person": person, **_sections(request, person), **relations_of})


@require_POST
def show_civic_no(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The number in full, on demand and with a line of its own in the log."""
    person = kept_person(request, pk)
    current = next((number for number in reads.details_of(person).numbers if number.replaced_at is None), None)
    record(actor=request.actor, action="registry.show_civic_no", subjects=[person.pk])
    shown = civic.decrypt(current.encrypted) if current else ""
    return render(request, "registry/show_civic_no.html", {"person": person, "number": f"{shown[:8]}-{shown[8:]}" if shown else ""})


@require_http_methods(["GET", "POST"])
def create_pupil(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = NewPupilForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        given = {"identity": form.identity(), "use_registered": form.cleaned_data["use_registered"], **form.place()}
        if pupil := submit(form, relations.enrol_pupil, actor=request.actor, **given):
            messages.success(request, _("The pupil is enrolled."))
            return redirect("registry:person_detail", pupil.pk)
    return show_form(request, "registry/create_pupil.html", form)


@require_http_methods(["GET", "POST"])
def create_colleague(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = NewColleagueForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        given = {"identity": form.identity(), "use_registered": form.cleaned_data["use_registered"], **form.duty()}
        if colleague := submit(form, relations.add_duty, actor=request.actor, **given):
            messages.success(request, _("The colleague is registered."))
            return redirect("registry:person_detail", colleague.pk)
    return show_form(request, "registry/create_colleague.html", form)


@require_http_methods(["GET", "POST"])
def edit_person(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    require(request.actor, "registry.keep_person", person)
    profile = reads.details_of(person).languages
    initial = {"version": person.modified_at.isoformat()}
    if profile:
        initial |= {"home_language": profile.home_language, "interpreter_language": profile.interpreter_language}
    form = PersonForm(request.POST or None, instance=person, initial=initial)
    if form.is_valid():
        values, version = form.cleaned_data, form.cleaned_data["version"]
        if accepted(form, people.edit_person, actor=request.actor, person=person, values=values, version=version):
            messages.success(request, _("Saved."))
            return redirect("registry:person_detail", pk)
    return show_form(request, "registry/edit_person.html", form, person=kept_person(request, pk))


@require_http_methods(["GET", "POST"])
def edit_contact_details(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    require(request.actor, "registry.keep_person", person)
    form = ContactDetailsForm(request.POST or None, initial=_contact(person))
    if form.is_valid() and accepted(form, people.edit_contact_details, actor=request.actor, person=person, **form.details()):
        messages.success(request, _("Saved."))
        return redirect("registry:person_detail", pk)
    return show_form(request, "registry/edit_contact_details.html", form, person=person)


def _contact(person: Person) -> dict[str, Any]:
    details = reads.details_of(person)
    address = next((row for row in details.addresses), None)
    fields = ("street_address", "postal_code", "locality")
    return {
        "email": details.emails[0].value if details.emails else "",
        "phone": details.phones[0].value if details.phones else "",
        **({name: getattr(address, name) for name in fields} if address else {}),
    }


def _sections(request: RoleRequest, person: Person) -> dict[str, Any]:
    details, names = reads.details_of(person), dict(LANGUAGES)
    spoken = details.languages.home_language if details.languages else ""
    interpreted = details.languages.interpreter_language if details.languages else ""
    return {
        "today": days.today(),
        "is_principal": allows(request.actor, "registry.list_protected"),
        **details._asdict(),
        "numbers": [(civic.masked(civic.decrypt(number.encrypted)), number) for number in details.numbers],
        "home_language": names.get(spoken, spoken),
        "interpreter_language": names.get(interpreted, interpreted),
        "history": reads.log_lines(entries_about(person.pk)[:HISTORY_LINES], request.actor),
    }

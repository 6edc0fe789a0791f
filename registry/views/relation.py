"""The forms by which the office lets relations begin, move and end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dexter.lib.access import require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import lists, relations
from registry.forms.relations import DutyForm, EndGuardianshipForm, EnrolForm, GuardianForm, LastDayForm, MoveForm, MoveToSchoolForm
from registry.models import Duty, Enrolment, Guardianship

from .person import kept_person


@require_http_methods(["GET", "POST"])
def enrol_pupil(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    form = EnrolForm(request.POST or None, actor=request.actor)
    if form.is_valid() and accepted(form, relations.enrol_pupil, actor=request.actor, pupil=person, **form.place()):
        messages.success(request, _("The pupil is enrolled."))
        return redirect("registry:person_detail", pk)
    return show_form(request, "registry/enrol_pupil.html", form, person=person)


@require_http_methods(["GET", "POST"])
def end_enrolment(request: RoleRequest, pk: UUID) -> HttpResponse:
    enrolment = get_object_or_404(Enrolment.objects.visible_to(request.actor).select_related("pupil", "school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", enrolment.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, relations.end_enrolment, actor=request.actor, enrolment=enrolment, **form.cleaned_data):
        messages.success(request, _("The place ends on the day you chose, and so do the memberships in the school's groups."))
        return redirect("registry:person_detail", enrolment.pupil_id)
    return show_form(request, "registry/end_enrolment.html", form, enrolment=enrolment, person=enrolment.pupil)


@require_http_methods(["GET", "POST"])
def move_to_school(request: RoleRequest, pk: UUID) -> HttpResponse:
    enrolment = get_object_or_404(Enrolment.objects.visible_to(request.actor).select_related("pupil", "school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", enrolment.school_unit)
    form = MoveToSchoolForm(request.POST or None, units=reads.other_units(enrolment))
    if form.is_valid() and accepted(form, relations.move_to_school, actor=request.actor, enrolment=enrolment, **form.cleaned_data):
        messages.success(request, _("The pupil changes school on the day you chose. The new school chooses the class."))
        return redirect("registry:person_detail", enrolment.pupil_id)
    return show_form(request, "registry/move_to_school.html", form, enrolment=enrolment, person=enrolment.pupil)


@require_http_methods(["GET", "POST"])
def move_to_class(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    form = MoveForm(request.POST or None, actor=request.actor)
    if form.is_valid() and accepted(form, relations.move_to_class, actor=request.actor, pupil=person, **form.cleaned_data):
        messages.success(request, _("The pupil changes class on the day you chose."))
        return redirect("registry:person_detail", pk)
    return show_form(request, "registry/move_to_class.html", form, person=person)


@require_http_methods(["GET", "POST"])
def add_guardian(request: RoleRequest, pk: UUID) -> HttpResponse:
    child = kept_person(request, pk)
    require(request.actor, "registry.keep_person", child)
    form = GuardianForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("relation_type", "start_date", "use_registered")}
        if accepted(form, relations.add_guardian, actor=request.actor, child=child, identity=form.identity(), **given):
            messages.success(request, _("The relation is registered."))
            return redirect("registry:person_detail", pk)
    return show_form(request, "registry/add_guardian.html", form, person=child)


@require_http_methods(["GET", "POST"])
def end_guardianship(request: RoleRequest, pk: UUID) -> HttpResponse:
    relation = get_object_or_404(Guardianship.objects.visible_to(request.actor).select_related("child", "guardian"), pk=pk)
    require(request.actor, "registry.keep_person", relation.child)
    form = EndGuardianshipForm(request.POST or None)
    if form.is_valid() and accepted(form, relations.end_guardianship, actor=request.actor, guardianship=relation, **form.cleaned_data):
        messages.success(request, _("The guardianship has ended. From now on nothing about the child opens for this person."))
        return redirect("registry:person_detail", relation.child_id)
    return show_form(request, "registry/end_guardianship.html", form, relation=relation)


@require_POST
def release_guardianship(request: RoleRequest, pk: UUID) -> HttpResponse:
    relation = get_object_or_404(Guardianship.objects.visible_to(request.actor).select_related("child"), pk=pk)
    require(request.actor, "registry.keep_person", relation.child)
    relations.release_guardianship(actor=request.actor, guardianship=relation)
    messages.success(request, _("What the population register says about this relation counts again."))
    return redirect("registry:person_detail", relation.child_id)


@require_http_methods(["GET", "POST"])
def add_duty(request: RoleRequest, pk: UUID) -> HttpResponse:
    person = kept_person(request, pk)
    form = DutyForm(request.POST or None, actor=request.actor)
    if form.is_valid() and accepted(form, relations.add_duty, actor=request.actor, person=person, **form.duty()):
        messages.success(request, _("The duty is registered."))
        return redirect("registry:person_detail", pk)
    return show_form(request, "registry/add_duty.html", form, person=person)


@require_http_methods(["GET", "POST"])
def end_duty(request: RoleRequest, pk: UUID) -> HttpResponse:
    duty = get_object_or_404(Duty.objects.visible_to(request.actor).select_related("person", "school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", duty.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, relations.end_duty, actor=request.actor, duty=duty, **form.cleaned_data):
        messages.success(request, _("The duty ends on the day you chose."))
        return redirect("registry:person_detail", duty.person_id)
    return show_form(request, "registry/end_duty.html", form, duty=duty, person=duty.person)


@require_POST
def let_export(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The right to take lists out, given or taken back."""
    duty = get_object_or_404(Duty.objects.visible_to(request.actor), pk=pk)
    lists.let_export(actor=request.actor, duty=duty, allowed=request.POST.get("allowed") == "yes")
    messages.success(request, _("Saved."))
    return redirect("registry:person_detail", duty.person_id)

"""What is taught: found, shown, made and changed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import activities
from registry.forms.activities import ActivityFilterForm, ActivityForm, EditActivityForm, GroupChoiceForm, TeacherForm, activity_as_saved
from registry.forms.fields import PressForm
from registry.forms.relations import LastDayForm
from registry.models import Activity, DutyAssignment, Group, PupilSyllabus
from registry.tables import ActivityTable, shown

LESSONS_SHOWN = 30


@require_GET
def activity_list(request: RoleRequest) -> HttpResponse:
    """What the own schools teach from today on, of one group or subject if chosen."""
    rows = Activity.objects.visible_to(request.actor).on_or_after(days.today())
    groups = reads.groups_taught(rows)
    form = ActivityFilterForm(request.GET or None, groups=groups, subjects=reads.subject_names(rows))
    if form.is_valid():
        chosen = {"groups": form.cleaned_data["group"], "syllabus__subject_name": form.cleaned_data["subject"]}
        rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    table = shown(request, ActivityTable(reads.with_groups_and_teachers(rows)))
    may_administer = allows(request.actor, "registry.administer")
    return render(request, "registry/activity_list.html", {"form": form, "table": table, "may_administer": may_administer})


@require_GET
def activity_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.visible_to(request.actor).select_related("school_unit", "syllabus"), pk=pk)
    assignments = DutyAssignment.objects.visible_to(request.actor).filter(activity=activity).select_related("duty__person")
    context = {
        "activity": activity,
        "groups": reads.groups_of(activity),
        "assignments": assignments.order_by("start_date", "duty__person__sort_key"),
        "lessons": reads.lessons_of_activity(activity, days.today())[:LESSONS_SHOWN],
        "own_syllabuses": reads.own_syllabuses(PupilSyllabus.objects.visible_to(request.actor), activity),
        "may_lead": allows(request.actor, "registry.lead_unit", activity.school_unit),
        "today": days.today(),
    }
    return render(request, "registry/activity_detail.html", context)


def led_activity(request: RoleRequest, pk: UUID) -> Activity:
    activity: Activity = get_object_or_404(Activity.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", activity.school_unit)
    return activity


@require_http_methods(["GET", "POST"])
def create_activity(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = ActivityForm(request.POST or None, actor=request.actor)
    if form.is_valid() and (activity := submit(form, activities.create_activity, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("It is made. Choose who teaches, and put lessons into the timetable."))
        return redirect("registry:activity_detail", activity.pk)
    return show_form(request, "registry/create_activity.html", form)


@require_http_methods(["GET", "POST"])
def edit_activity(request: RoleRequest, pk: UUID) -> HttpResponse:
    activity = led_activity(request, pk)
    form = EditActivityForm(request.POST or None, activity=activity, initial=activity_as_saved(activity))
    if form.is_valid():
        cancelled = submit(form, activities.edit_activity, actor=request.actor, activity=activity, **form.cleaned_data)
        if cancelled is not None:
            messages.success(request, _saved(cancelled))
            return redirect("registry:activity_detail", pk)
    form.go_on_from(activity)
    return show_form(request, "registry/edit_activity.html", form, activity=activity)


def _saved(cancelled: int) -> str:
    if not cancelled:
        return _("Saved.")
    done = ngettext("Saved, and %(count)d lesson is cancelled.", "Saved, and %(count)d lessons are cancelled.", cancelled)
    return done % {"count": cancelled}


@require_http_methods(["GET", "POST"])
def assign_teacher(request: RoleRequest, pk: UUID) -> HttpResponse:
    activity = led_activity(request, pk)
    form = TeacherForm(request.POST or None, actor=request.actor, activity=activity)
    if form.is_valid() and accepted(form, activities.assign_teacher, actor=request.actor, activity=activity, **form.cleaned_data):
        messages.success(request, _("The colleague teaches from the day you chose."))
        return redirect("registry:activity_detail", pk)
    return show_form(request, "registry/assign_teacher.html", form, activity=activity)


@require_http_methods(["GET", "POST"])
def end_teaching(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = DutyAssignment.objects.visible_to(request.actor).select_related("activity__school_unit", "duty__person")
    assignment = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.lead_unit", assignment.activity.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, activities.end_teaching, actor=request.actor, assignment=assignment, **form.cleaned_data):
        messages.success(request, _("The colleague teaches until the day you chose."))
        return redirect("registry:activity_detail", assignment.activity_id)
    return show_form(request, "registry/end_teaching.html", form, activity=assignment.activity, assignment=assignment)


@require_http_methods(["GET", "POST"])
def add_group_to_activity(request: RoleRequest, pk: UUID) -> HttpResponse:
    activity = led_activity(request, pk)
    form = GroupChoiceForm(request.POST or None, actor=request.actor, activity=activity)
    if form.is_valid() and accepted(form, activities.add_group_to_activity, actor=request.actor, activity=activity, **form.cleaned_data):
        messages.success(request, _("The group is taught with the others."))
        return redirect("registry:activity_detail", pk)
    return show_form(request, "registry/add_group_to_activity.html", form, activity=activity)


@require_http_methods(["GET", "POST"])
def remove_group_from_activity(request: RoleRequest, pk: UUID, group_pk: UUID) -> HttpResponse:
    activity = led_activity(request, pk)
    group = get_object_or_404(Group.objects.visible_to(request.actor).filter(activity_groups__activity=activity), pk=group_pk)
    form = PressForm(request.POST or None)
    taken = {"actor": request.actor, "activity": activity, "group": group}
    if request.method == "POST" and form.is_valid() and accepted(form, activities.remove_group_from_activity, **taken):
        messages.success(request, _("The group is no longer taught here."))
        return redirect("registry:activity_detail", pk)
    return show_form(request, "registry/remove_group_from_activity.html", form, activity=activity, group=group)

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form, submit
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.actions import groups
from registry.forms.groups import ClassChoiceForm, GroupForm, MembersForm, MentorForm
from registry.forms.lists import GroupFilter
from registry.forms.relations import LastDayForm
from registry.models import AssignmentRole, Group, GroupMembership, GroupType, Person
from registry.tables import GroupTable

OPEN_TO_SOME = {"may_read_contacts": "registry.read_contacts", "may_message": "home.write_message"}  # by the rule that opens it


@require_GET
def group_list(request: RoleRequest) -> HttpResponse:
    groups = reads.with_member_count(Group.objects.visible_to(request.actor).select_related("school_unit"))
    narrowed = GroupFilter(request.GET, queryset=groups)
    table = GroupTable(narrowed.qs)
    RequestConfig(request, paginate={"per_page": table.per_page, "silent": True}).configure(table)
    may_administer = allows(request.actor, "registry.administer")
    return render(request, "registry/group_list.html", {"table": table, "filter": narrowed, "may_administer": may_administer})


@require_GET
def group_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The members today whom the actor may reach; the protected are never on a list."""
    group = get_object_or_404(Group.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    members = list(Person.objects.visible_to(request.actor).unmarked().members_of(group, days.today()))
    record(actor=request.actor, action="registry.group_detail", subjects=[member.pk for member in members], object_id=group.pk)
    context = {"group": group, "members": members, "mentors": reads.mentors_of([group.pk], days.today()), "today": days.today()}
    return render(request, "registry/group_detail.html", {**context, **_office_of(request, group)})


def _office_of(request: RoleRequest, group: Group) -> dict[str, Any]:
    """What the one who leads the unit sees of a group besides; others whether they may read contacts and write to the homes."""
    if not allows(request.actor, "registry.lead_unit", group.school_unit):
        return {name: allows(request.actor, rule, group) for name, rule in OPEN_TO_SOME.items()}
    return {
        "may_lead": True,
        **dict.fromkeys(OPEN_TO_SOME, True),
        "is_class": group.group_type == GroupType.CLASS,
        "assignments": AssignmentRole.objects.visible_to(request.actor).of_group(group),
        "memberships": GroupMembership.objects.visible_to(request.actor).of_group(group),
    }


@require_http_methods(["GET", "POST"])
def create_group(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = GroupForm(request.POST or None, actor=request.actor)
    if form.is_valid() and (group := submit(form, groups.create_group, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The group is made."))
        return redirect("registry:group_detail", group.pk)
    return show_form(request, "registry/create_group.html", form)


def _led_group(request: RoleRequest, pk: UUID) -> Group:
    group: Group = get_object_or_404(Group.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", group.school_unit)
    return group


@require_http_methods(["GET", "POST"])
def add_members(request: RoleRequest, pk: UUID) -> HttpResponse:
    """First a class, then its pupils."""
    group = _led_group(request, pk)
    choice = ClassChoiceForm(request.GET or None, actor=request.actor)
    chosen = choice.cleaned_data["klass"] if choice.is_valid() else None
    pupils = Person.objects.visible_to(request.actor).unmarked()
    pupils = pupils.members_of(chosen, days.today()) if chosen else pupils.none()
    form = MembersForm(request.POST or None, pupils=pupils)
    if form.is_valid() and accepted(form, groups.add_members, actor=request.actor, group=group, **form.cleaned_data):
        messages.success(request, _("The pupils are members from the day you chose."))
        return redirect("registry:group_detail", pk)
    return show_form(request, "registry/add_members.html", form, group=group, choice=choice, chosen=chosen)


@require_http_methods(["GET", "POST"])
def end_membership(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = GroupMembership.objects.visible_to(request.actor).select_related("group__school_unit", "person")
    membership = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.lead_unit", membership.group.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, groups.end_membership, actor=request.actor, membership=membership, **form.cleaned_data):
        messages.success(request, _("The membership ends on the day you chose."))
        return redirect("registry:group_detail", membership.group_id)
    return show_form(request, "registry/end_membership.html", form, group=membership.group, membership=membership)


@require_http_methods(["GET", "POST"])
def appoint_mentor(request: RoleRequest, pk: UUID) -> HttpResponse:
    group = _led_group(request, pk)
    form = MentorForm(request.POST or None, actor=request.actor, group=group)
    if form.is_valid() and accepted(form, groups.appoint_mentor, actor=request.actor, group=group, **form.cleaned_data):
        messages.success(request, _("The colleague is mentor from the day you chose."))
        return redirect("registry:group_detail", pk)
    return show_form(request, "registry/appoint_mentor.html", form, group=group)


@require_http_methods(["GET", "POST"])
def end_assignment(request: RoleRequest, pk: UUID) -> HttpResponse:
    rows = AssignmentRole.objects.visible_to(request.actor).select_related("group__school_unit", "duty__person")
    assignment = get_object_or_404(rows, pk=pk)
    require(request.actor, "registry.lead_unit", assignment.group.school_unit)
    form = LastDayForm(request.POST or None)
    if form.is_valid() and accepted(form, groups.end_assignment, actor=request.actor, assignment=assignment, **form.cleaned_data):
        messages.success(request, _("The assignment ends on the day you chose."))
        return redirect("registry:group_detail", assignment.group_id)
    return show_form(request, "registry/end_assignment.html", form, group=assignment.group, assignment=assignment)

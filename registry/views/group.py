from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.models import Group, Person


@require_GET
def group_list(request: RoleRequest) -> HttpResponse:
    groups = reads.with_member_count(Group.objects.visible_to(request.actor).select_related("school_unit"))
    return render(request, "registry/group_list.html", {"groups": groups})


@require_GET
def group_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The members today whom the actor may reach; the protected are never on a list."""
    group = get_object_or_404(Group.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    members = list(Person.objects.visible_to(request.actor).unmarked().members_of(group, days.today()))
    record(actor=request.actor, action="registry.group_detail", subjects=[member.pk for member in members], object_id=group.pk)
    context = {"group": group, "members": members, "mentors": reads.mentors_of([group.pk], days.today())}
    return render(request, "registry/group_detail.html", context)

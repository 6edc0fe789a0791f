"""The rooms of the own schools."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dexter.lib.access import allows, require
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest
from registry.actions import activities
from registry.forms.activities import EditRoomForm, RoomForm, room_as_saved
from registry.models import Room
from registry.tables import RoomTable, shown


@require_GET
def room_list(request: RoleRequest) -> HttpResponse:
    """Who leads a unit changes its rooms."""
    may_administer = allows(request.actor, "registry.administer")
    rooms = Room.objects.visible_to(request.actor).select_related("school_unit")
    table = shown(request, RoomTable(rooms, exclude=() if may_administer else ("edit",)))
    return render(request, "registry/room_list.html", {"table": table, "may_administer": may_administer})


@require_http_methods(["GET", "POST"])
def create_room(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.administer")
    form = RoomForm(request.POST or None, actor=request.actor)
    if form.is_valid() and accepted(form, activities.create_room, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("The room is added."))
        return redirect("registry:room_list")
    return show_form(request, "registry/create_room.html", form)


@require_http_methods(["GET", "POST"])
def edit_room(request: RoleRequest, pk: UUID) -> HttpResponse:
    room = get_object_or_404(Room.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.lead_unit", room.school_unit)
    form = EditRoomForm(request.POST or None, initial=room_as_saved(room))
    if form.is_valid() and accepted(form, activities.edit_room, actor=request.actor, room=room, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("registry:room_list")
    form.go_on_from(room)
    return show_form(request, "registry/edit_room.html", form, room=room)

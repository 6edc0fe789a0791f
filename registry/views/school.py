"""The pupil's school in brief, and whom a mentor rings."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.models import EmailAddress, Group, Guardianship, Person, PhoneNumber


@require_GET
def my_school(request: RoleRequest) -> HttpResponse:
    """The pupil's own school: phone, mentor and teachers by subject."""
    return render(request, "registry/my_school.html", {"pupil": request.person, "school": reads.school_facts(request.person)})


@require_GET
def contact_list(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The ways to the homes of a group, for its mentors and the office; the protected are on no list."""
    group = get_object_or_404(Group.objects.visible_to(request.actor).select_related("school_unit"), pk=pk)
    require(request.actor, "registry.read_contacts", group)
    members = Person.objects.visible_to(request.actor).unmarked().members_of(group, days.today())
    pupils = list(members.with_details_open(request.actor).filter(details_open=True))
    phones = PhoneNumber.objects.visible_to(request.actor)
    emails = EmailAddress.objects.visible_to(request.actor)
    contacts = reads.contacts_of(pupils, Guardianship.objects.visible_to(request.actor), phones, emails)
    shown = {contact.pupil.pk for contact in contacts} | {row.guardian_id for contact in contacts for row, _ways in contact.guardians}
    record(actor=request.actor, action="registry.contact_list", subjects=sorted(shown), object_id=group.pk)
    return render(request, "registry/contact_list.html", {"group": group, "contacts": contacts, "today": days.today()})

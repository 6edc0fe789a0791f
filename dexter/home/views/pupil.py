"""One pupil, as each role may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from absence import reads as absence
from absence.models import ReportedDay
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Role, allows
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import Enrolment, Group, Guardianship, Person, PhoneNumber

REPORTED_BACK = timedelta(days=30)  # what was reported before is in the list of all reports, and in the attendance


@require_GET
def pupil_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    pupils = Person.objects.visible_to(request.actor).filter(pk__in=Enrolment.objects.visible_to(request.actor).values("pupil"))
    described = registry.with_larande(registry.with_class_name(pupils, days.today()))
    pupil = get_object_or_404(absence.with_reportable(described, request.actor), pk=pk)
    record(actor=request.actor, action="home.pupil_detail", subjects=[pupil.pk])
    return render(request, "home/pupil_detail.html", _sections(request, pupil))


def _sections(request: RoleRequest, pupil: Person) -> dict[str, Any]:
    groups = Group.objects.visible_to(request.actor).with_member(pupil, days.today())
    relations = Guardianship.objects.visible_to(request.actor).holding(days.today()).filter(child=pupil).select_related("guardian")
    reported = ReportedDay.objects.visible_to(request.actor)
    return {
        "pupil": pupil,
        "card": absence.today_of([pupil], request.actor.person_id).children[0],
        "may_report": request.actor.role is not Role.STAFF and pupil.is_reportable,
        "groups": groups,
        "school": None if request.actor.role is Role.STAFF else registry.school_facts(pupil),
        "relations": registry.with_phones(relations, PhoneNumber.objects.visible_to(request.actor)),
        "reported": absence.with_receipt(reported.filter(pupil=pupil, day__gte=days.today() - REPORTED_BACK), request.actor.person_id),
        "may_reset": allows(request.actor, "accounts.reset_pupil_password", pupil),
        "now": days.now(),
    }

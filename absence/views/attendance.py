"""A pupil's attendance month by month, for the home and for the staff by what they teach, mentor or lead."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from absence import reads
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Role, allows
from dexter.lib.requests import RoleRequest
from registry import reads as registry
from registry.models import Enrolment, Person


@require_GET
def attendance(request: RoleRequest, pk: uuid.UUID, month: date | None = None) -> HttpResponse:
    pupil = pupil_shown(request, pk)
    record(actor=request.actor, action="absence.attendance", subjects=[pupil.pk])
    context = {
        "pupil": pupil,
        "sheet": reads.attendance_of(pupil, request.actor, month or days.today().replace(day=1)),
        "today": days.today(),
        "may_ask": allows(request.actor, "absence.request_correction", pupil),
        "partial": request.actor.role is Role.STAFF and not pupil.is_mentored,
    }
    return render(request, "absence/attendance.html", context)


def pupil_shown(request: RoleRequest, pk: uuid.UUID) -> Person:
    """The pupil with `is_mentored`, by the actor's relation; never a guardian's or a teacher's own studies."""
    seen = Person.objects.visible_to(request.actor).filter(pk__in=Enrolment.objects.visible_to(request.actor).values("pupil"))
    pupils = registry.with_class_name(reads.in_role(seen, request.actor), days.today())
    return get_object_or_404(registry.with_mentored(pupils, request.actor), pk=pk)

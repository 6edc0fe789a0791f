"""Dexter's start page: today, in the role that is active; or the choice of a role."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from absence import reads as absence
from absence.models import LeaveRequest
from dexter.lib import days
from dexter.lib.access import Role, allows
from dexter.lib.requests import PersonRequest, RoleRequest
from registry import reads as registry
from registry.models import Person


@require_GET
def start(request: PersonRequest) -> HttpResponse:
    if request.actor is None:
        return render(request, "home/choose_role.html")
    shows = {Role.GUARDIAN: _guardian, Role.STAFF: _staff, Role.PUPIL: _pupil}[request.actor.role]
    return shows(cast(RoleRequest, request))


def _guardian(request: RoleRequest) -> HttpResponse:
    seen = absence.with_leave_to_answer(Person.objects.visible_to(request.actor), request.actor)
    found = list(registry.with_contact_values(seen))
    children = [person for person in found if person.pk != request.actor.person_id]
    today = absence.today_of(children, request.actor.person_id)
    context = {"today": days.today(), "day": today, "submission": uuid.uuid4(), "now": days.now()}
    context["unchecked"] = next((person for person in found if person not in children and person.has_contact_to_check), None)
    return render(request, "home/start_guardian.html", context)


def _staff(request: RoleRequest) -> HttpResponse:
    today = days.today()
    lessons = list(absence.with_roll_call_state(registry.lessons_held_by(request.actor).on(today)))
    current = absence.current_or_next(lessons)
    following = None if current else registry.lessons_held_by(request.actor).filter(day__gt=today).first()
    context = {"today": today, "lessons": lessons, "current": current, "following": following, "now": days.now()}
    context["leave_waiting"] = absence.leave_to_decide(LeaveRequest.objects.visible_to(request.actor)).count()
    context["may_administer"] = allows(request.actor, "registry.administer")
    context["is_principal"] = context["may_administer"] and allows(request.actor, "registry.list_protected")
    context["may_dispose"] = allows(request.actor, "home.dispose")
    return render(request, "home/start_staff.html", context)


def _pupil(request: RoleRequest) -> HttpResponse:
    today = absence.today_of([request.person], request.actor.person_id)
    adult = not days.is_minor(request.person.birth_date)
    context = {"today": days.today(), "card": today.children[0], "now": days.now(), "adult": adult}
    context["may_apply_for_leave"] = adult and absence.has_leave(request.person)
    return render(request, "home/start_pupil.html", context)

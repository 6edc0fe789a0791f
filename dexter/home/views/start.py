"""Dexter's start page: today, in the role that is active; or the choice of a role."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from absence import reads as absence
from absence.models import CorrectionRequest, LeaveRequest
from dexter.home.models import MessageReceipt
from dexter.home.models.message import MessageReceiptQuerySet
from dexter.home.school_messages import feed
from dexter.lib import days
from dexter.lib.access import Role, allows
from dexter.lib.requests import PersonRequest, RoleRequest
from larande.planning.models import PlanTeaching
from larande.planning.reads import today as today_in_larande
from registry import reads as registry
from registry.models import Group, Person

UNREPORTED_SHOWN = 4  # on the start page; the rest by a link


@require_GET
def start(request: PersonRequest) -> HttpResponse:
    if request.actor is None:
        return render(request, "home/choose_role.html")
    shows = {Role.GUARDIAN: _guardian, Role.STAFF: _staff, Role.PUPIL: _pupil}[request.actor.role]
    return shows(cast(RoleRequest, request))


def _guardian(request: RoleRequest) -> HttpResponse:
    people = absence.with_answer(absence.with_reportable(registry.with_larande(Person.objects.visible_to(request.actor)), request.actor))
    people = absence.with_leave_to_answer(people, request.actor)
    people = registry.with_letter_choice(registry.with_contact_values(people))
    found = list(feed.with_unread(people, _mail(request)))
    children = [person for person in found if person.pk != request.actor.person_id]
    today = absence.today_of(children, request.actor.person_id)
    context = {"today": days.today(), "day": today, "submission": uuid.uuid4(), "now": days.now()}
    context["unchecked"] = next((person for person in found if person not in children and person.has_contact_to_check), None)
    context["letters"] = next((_letters(person) for person in found if person not in children), None)
    context["unread"] = next((feed.unread_of(person) for person in found if person not in children), None)
    return render(request, "home/start_guardian.html", context)


def _letters(person: Person) -> dict[str, str] | None:
    """The page's language, to be offered for letters too: to who reads pages in another than the site's and never chose for letters."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE or person.has_chosen_letters or person.is_protected:
        return None
    names = dict(settings.LANGUAGES)
    return {"code": language, "name": names[language], "site": names[settings.LANGUAGE_CODE]}


def _staff(request: RoleRequest) -> HttpResponse:
    today = days.today()
    held = registry.lessons_held_by(request.actor)
    lessons = absence.marked_day_call(absence.with_day_call(absence.with_roll_call_state(held.on(today))))
    if request.has_larande:
        today_in_larande.with_plans(lessons, PlanTeaching.objects.visible_to(request.actor))
    current = absence.current_or_next(lessons)
    following = None if current else held.filter(day__gt=today).first()
    context = {"today": today, "lessons": lessons, "current": current, "following": following, "now": days.now()}
    context["unreported"] = absence.unreported(held, limit=UNREPORTED_SHOWN)
    return render(request, "home/start_staff.html", {**context, **_waiting(request), **_ways(request)})


def _waiting(request: RoleRequest) -> dict[str, Any]:
    """What somebody has asked for and not been answered."""
    return {
        "corrections_waiting": CorrectionRequest.objects.visible_to(request.actor).open().count(),
        "leave_waiting": absence.leave_to_decide(LeaveRequest.objects.visible_to(request.actor)).count(),
    }


def _ways(request: RoleRequest) -> dict[str, Any]:
    """Where the person may go on from here."""
    actor = request.actor
    doors, mentored = absence.doors_of(Group.objects.visible_to(actor), actor), list(absence.classes_mentored(actor))
    return {
        "may_administer": doors.leads,
        "is_principal": doors.leads and allows(actor, "registry.list_protected"),
        "classes_mentored": mentored,
        "follows": doors.leads or bool(mentored),
        "may_read_reports": allows(actor, "absence.read_body_reports"),
        "may_phone": doors.homes,
        "may_dispose": allows(actor, "home.dispose"),
        "doors": doors,
    }


def _pupil(request: RoleRequest) -> HttpResponse:
    card = absence.today_of([request.person], request.actor.person_id).children[0]
    adult = not days.is_minor(request.person.birth_date)
    context = {"today": days.today(), "card": card, "now": days.now(), "adult": adult}
    context["may_report"] = allows(request.actor, "absence.open_reporting")
    context["may_apply_for_leave"] = adult and absence.has_leave(request.person)
    if adult:
        context["unread"] = feed.unread_of(feed.with_unread(Person.objects.visible_to(request.actor), _mail(request)).get())
    return render(request, "home/start_pupil.html", context)


def _mail(request: RoleRequest) -> MessageReceiptQuerySet:
    return MessageReceipt.objects.visible_to(request.actor)

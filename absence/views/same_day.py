"""The day that a message leads to, and the homes that somebody has to phone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from absence import reads
from absence.actions import same_day as actions
from absence.forms.same_day import CallForm
from absence.models import HomeNotice, UnauthorisedDay
from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Role, allows, require
from dexter.lib.forms import accepted
from dexter.lib.requests import RoleRequest
from registry.models import Person, PhoneNumber

from .wording import lesson_states


@require_GET
def absence_day(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    """The lessons of the day with what is registered; to the school also what was sent."""
    row = get_object_or_404(UnauthorisedDay.objects.visible_to(request.actor).select_related("pupil", "school_unit"), pk=pk)
    of_school = request.actor.role is Role.STAFF
    told = HomeNotice.objects.visible_to(request.actor).filter(unauthorised_day=row)
    context = {
        "row": row,
        "lessons": [(lesson, lesson_states(lesson)) for lesson in reads.lessons_of_day(row.pupil_id, row.day)],
        "told": reads.told_of(told, Person.objects.visible_to(request.actor) if of_school else None),
        "of_school": of_school,
        "may_report": row.day == days.today() and allows(request.actor, "absence.report_absence", row.pupil),
    }
    if of_school:
        record(actor=request.actor, action="absence.absence_day", subjects=[row.pupil_id], object_id=row.pk)
    return render(request, "absence/absence_day.html", context)


@require_GET
def phone_list(request: RoleRequest) -> HttpResponse:
    """Today's homes that no channel reached."""
    require(request.actor, "absence.phone_homes")
    notices = HomeNotice.objects.visible_to(request.actor).phoned_by(request.actor)
    schools = reads.homes_to_phone(notices, PhoneNumber.objects.visible_to(request.actor), days.today())
    shown = [pupil for _unit, pupils in schools for pupil in pupils]
    subjects = {*[pupil.pupil.pk for pupil in shown], *[home.guardian.pk for pupil in shown for home in pupil.homes]}
    if subjects:
        record(actor=request.actor, action="absence.phone_list", subjects=subjects)
    return render(request, "absence/phone_list.html", {"schools": schools, "today": days.today(), "submission": uuid.uuid4})


@require_POST
def record_call(request: RoleRequest, pk: uuid.UUID) -> HttpResponse:
    found = HomeNotice.objects.visible_to(request.actor).phoned_by(request.actor)
    notice = get_object_or_404(found.select_related("unauthorised_day"), pk=pk)
    form = CallForm(request.POST)
    if form.is_valid() and accepted(form, actions.record_call, actor=request.actor, home_notice=notice, **form.cleaned_data):
        messages.success(request, _("The call is written down."))
    else:
        refusals = [str(error) for error in form.non_field_errors()]
        messages.error(request, " ".join(refusals) or _("That could not be written down. Try again."))
    return redirect("absence:phone_list")

"""A plan copied to one's own groups."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dexter.lib.access import require
from dexter.lib.forms import show_form, submit
from dexter.lib.requests import RoleRequest
from larande.planning import reads
from larande.planning.actions.copying import copy_plan as copy
from larande.planning.forms.plans import CopyForm
from larande.planning.models import LessonPlan, PlanTeaching, Task
from registry.models import Activity

from .plans import seen

LISTED = 10  # texts named in the message
LETTERS = 90


@require_http_methods(["GET", "POST"])
def copy_plan(request: RoleRequest, pk: UUID) -> HttpResponse:
    """The groups of the same subject are ticked from the start; the days are proposed."""
    source = seen(request, pk)
    require(request.actor, "planning.make_plan")
    form = _form(request, source)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("title", "placements", "submission")}
        copied = submit(form, copy, actor=request.actor, source=source, tasks=Task.objects.visible_to(request.actor), **given)
        if copied:
            messages.success(request, _("Copied. It is a draft that you alone read until you share or publish it."))
            _tell_what_is_lost(request, copied.lost)
            return redirect("planning:plan_detail", copied.plan.pk)
    return show_form(request, "planning/copy_plan.html", form, source=source)


def _form(request: RoleRequest, source: LessonPlan) -> CopyForm:
    mine = reads.activities_planned_by(request.actor, Activity.objects.visible_to(request.actor))
    options = list(reads.with_groups(mine).order_by("name"))
    rows = reads.teachings_of(source, PlanTeaching.objects.visible_to(request.actor))
    subjects = {row.activity.syllabus_id for row in rows}
    same = [str(option.pk) for option in options if option.syllabus_id in subjects]
    return CopyForm(request.POST or None, options=options, initial={"title": source.title, "activities": same})


def _tell_what_is_lost(request: RoleRequest, lost: list[str]) -> None:
    if lost:
        named = "; ".join(f"«{text[:LETTERS]}»" for text in lost[:LISTED])
        told = _("Not carried over, since the curriculum in force does not have it (%(count)d): %(texts)s")
        messages.warning(request, told % {"count": len(lost), "texts": named})

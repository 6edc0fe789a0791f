"""The lists that the school judges: late and waiting reports, absence without a word, reported but present."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from absence import reads
from absence.actions import judgements as actions
from absence.forms.judging import JudgeFilter, JudgeForm, KeysForm, TakeBackForm
from absence.models import Contradiction, Effective, Judgement
from absence.models.scope import units_judged_in
from dexter.audit.actions import record
from dexter.lib.forms import submit
from dexter.lib.requests import RoleRequest

WAITING, UNREPORTED, PRESENT = "vantar", "utan-anmalan", "narvarande"
ORDERS = {
    "tid": ("-lesson_starts_at", "pupil__sort_key", "pk"),
    "namn": ("pupil__sort_key", "-lesson_starts_at", "pk"),
    "amne": ("lesson__activity__name", "-lesson_starts_at", "pupil__sort_key", "pk"),
}
ROWS = 50


@require_GET
def judge_list(request: RoleRequest) -> HttpResponse:
    return _page(request)


@require_POST
def judge(request: RoleRequest) -> HttpResponse:
    form = JudgeForm(request.POST)
    given = {name: form.cleaned_data[name] for name in ("marks", "verdict", "reason")} if form.is_valid() else {}
    try:
        made = submit(form, actions.judge, actor=request.actor, **given) if given else None
    except actions.Conflict as conflict:
        form.add_error(None, _conflict_text(request, conflict))
        return _refused(request, form, 409)
    if made is None:
        return _refused(request, form, 422)
    done = ngettext("%(count)d lesson is judged.", "%(count)d lessons are judged.", len(made)) % {"count": len(made)}
    messages.success(request, done)
    return _back(request, form)


@require_POST
def take_back_judgement(request: RoleRequest) -> HttpResponse:
    form = TakeBackForm(request.POST)
    count = (
        submit(form, actions.take_back_judgement, actor=request.actor, judgements=form.cleaned_data["keys"]) if form.is_valid() else None
    )
    if count is None:
        return _page(request, form, 422)
    messages.success(request, _("The judgement is taken back.") if count else _("Somebody has changed it already."))
    return _back(request)


@require_POST
def confirm_presence(request: RoleRequest) -> HttpResponse:
    form = KeysForm(request.POST)
    count = submit(form, actions.confirm_presence, actor=request.actor, keys=form.cleaned_data["keys"]) if form.is_valid() else None
    if count is None:
        return _page(request, form, 422)
    messages.success(request, _("Saved: the pupils were there."))
    return _back(request)


def _page(request: RoleRequest, form: Any = None, status: int = 200) -> HttpResponse:
    """One part at a time, narrowed, sorted and paged; what was ticked and refused stays ticked."""
    shown = _shown(request)
    record(actor=request.actor, action="absence.judge_list", subjects={row.pupil_id for row in (*shown["page"], *shown["mine"])})
    context = {"form": form, "ticked": set(form.data.getlist("mark")) if form else set(), "query": request.GET.urlencode()}
    return render(request, "absence/judge_list.html", {**context, **shown}, status=status)


def _shown(request: RoleRequest) -> dict[str, Any]:
    narrowed, order = _narrowed(request), request.GET.get("ordning", "")
    order = order if order in ORDERS else "tid"
    keys = _keys(request, narrowed, ORDERS[order])
    part = request.GET.get("del", WAITING)
    part = part if part in keys else WAITING
    return {
        "part": part,
        "counts": [(name, len(found)) for name, found in keys.items()],
        "filter": narrowed,
        "order": order,
        "page": _page_of_keys(request, part, keys[part], ORDERS[order]),
        "mine": list(reads.judged_just_now(Judgement.objects.visible_to(request.actor), request.actor.person_id)),
    }


def _page_of_keys(request: RoleRequest, part: str, keys: list[Any], order: tuple[str, ...]) -> Page:
    page = Paginator(keys, ROWS).get_page(request.GET.get("sida"))
    listed = reads.contradictions_listed if part == PRESENT else reads.departures_listed
    page.object_list = listed(request.actor, list(page), order)
    return page


def _narrowed(request: RoleRequest) -> JudgeFilter:
    return JudgeFilter(request.GET, queryset=Effective.objects.visible_to(request.actor), request=request)


def _keys(request: RoleRequest, narrowed: JudgeFilter, order: tuple[str, ...]) -> dict[str, Any]:
    """Of each list the keys of its rows, narrowed and in order."""
    actor, units = request.actor, units_judged_in(request.actor)
    departures = narrowed.filter_queryset(reads.departures_to_judge(actor, narrowed.queryset.filter(school_unit__in=units)))
    contradictions = narrowed.filter_queryset(reads.contradictions(actor, Contradiction.objects.visible_to(actor), units))
    found = reads.found_to_judge(departures, contradictions, order)
    return {WAITING: found.waiting, UNREPORTED: found.unreported, PRESENT: found.contradicting}


def _back(request: RoleRequest, form: JudgeForm | None = None) -> HttpResponse:
    """To where it was pressed: the pupil's page, the request to correct, or the list as it was narrowed."""
    return _page_of(form) or redirect(f"{reverse('absence:judge_list')}?{request.GET.urlencode()}")


def _refused(request: RoleRequest, form: JudgeForm, status: int) -> HttpResponse:
    other = _page_of(form)
    if other is None:
        return _page(request, form, status)
    messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    return other


def _page_of(form: JudgeForm | None) -> HttpResponse | None:
    """Another page than the list, where the button stood."""
    given = form.cleaned_data if form else {}
    if given.get("pupil"):
        return redirect("absence:pupil_absence", given["pupil"])
    return redirect("absence:answer_correction", given["asked"]) if given.get("asked") else None


def _conflict_text(request: RoleRequest, conflict: actions.Conflict) -> str:
    names = ", ".join(reads.names_of(conflict.pupils))
    return _("Somebody else judged this meanwhile: %(names)s. Nothing of yours was saved. Look at the list and press again.") % {
        "names": names
    }

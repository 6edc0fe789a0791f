"""Retention and disposal: the rules, what is due, and batches that two persons agree on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.home import reads
from dexter.home.actions import disposal as actions
from dexter.home.forms import RetentionRuleForm
from dexter.home.models import DisposalBatch, RetentionRule
from dexter.home.retention.due import has_changed
from dexter.lib import days
from dexter.lib.access import require
from dexter.lib.downloads import download
from dexter.lib.forms import accepted, show_form
from dexter.lib.requests import RoleRequest


@require_GET
def retention_list(request: RoleRequest) -> HttpResponse:
    """The rules in force, how much is due under each, and the batches."""
    require(request.actor, "home.dispose")
    rules = reads.with_due(RetentionRule.objects.visible_to(request.actor).in_force(days.today()))
    batches = DisposalBatch.objects.visible_to(request.actor).listed()
    return render(request, "home/retention_list.html", {"rules": rules, "batches": batches})


@require_http_methods(["GET", "POST"])
def edit_retention_rule(request: RoleRequest, pk: UUID) -> HttpResponse:
    rule = get_object_or_404(RetentionRule.objects.visible_to(request.actor), pk=pk)
    form = RetentionRuleForm(request.POST or None, instance=rule, initial={"version": rule.modified_at.isoformat()})
    if form.is_valid():
        values, version = form.values(), form.cleaned_data["version"]
        if accepted(form, actions.edit_retention_rule, actor=request.actor, rule=rule, values=values, version=version):
            messages.success(request, _("Saved."))
            return redirect("home:retention_list")
    return show_form(request, "home/edit_retention_rule.html", form, rule=rule)


@require_POST
def propose_disposal(request: RoleRequest, pk: UUID) -> HttpResponse:
    rule = get_object_or_404(RetentionRule.objects.visible_to(request.actor).in_force(days.today()), pk=pk)
    return _do(request, actions.propose_disposal, _("The package is made. Fetch it for the archive."), rule=rule)


@require_GET
def disposal_detail(request: RoleRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    may_confirm = batch.proposed_by_id != request.actor.person_id
    context = {"batch": batch, "counts": reads.named_counts(batch), "may_confirm": may_confirm}
    return render(request, "home/disposal_detail.html", context)


@require_GET
def download_disposal(request: RoleRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.package is None:
        raise Http404
    if has_changed(batch):
        messages.error(request, _("Rows in it have changed since. Take it back and propose it anew."))
        return redirect("home:retention_list")
    record(actor=request.actor, action="home.download_disposal", object_id=batch.pk)
    return download(bytes(batch.package), f"gallring-{batch.rule.code}-{batch.cutoff.isoformat()}", "zip")


@require_POST
def confirm_disposal(request: RoleRequest, pk: UUID) -> HttpResponse:
    done = _("It is confirmed and goes when disposals are carried out next.")
    return _do(request, actions.confirm_disposal, done, batch=_batch(request, pk))


@require_POST
def withdraw_disposal(request: RoleRequest, pk: UUID) -> HttpResponse:
    return _do(request, actions.withdraw_disposal, _("It is taken back. Nothing was disposed of."), batch=_batch(request, pk))


def _batch(request: RoleRequest, pk: UUID) -> DisposalBatch:
    rows = DisposalBatch.objects.visible_to(request.actor).select_related("rule", "proposed_by", "confirmed_by")
    batch: DisposalBatch = get_object_or_404(rows, pk=pk)
    return batch


def _do(request: RoleRequest, action: Callable[..., Any], done: str, **arguments: Any) -> HttpResponse:
    """Back to the list, with what was done or why not."""
    try:
        action(actor=request.actor, **arguments)
        messages.success(request, done)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("home:retention_list")

"""The statements of a term: frozen on demand, and what differs since."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from absence import reads
from absence.actions import terms as actions
from absence.models import TermStatement
from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from registry.models import Person, SchoolUnit, Term


def _found(request: RoleRequest, unit: UUID, term: UUID) -> tuple[SchoolUnit, Term]:
    school = get_object_or_404(SchoolUnit.objects.visible_to(request.actor).led_by(request.actor), pk=unit)
    return school, get_object_or_404(reads.terms_begun(Term.objects.visible_to(request.actor), school), pk=term)


@require_GET
def term_statement_list(request: RoleRequest, unit: UUID, term: UUID) -> HttpResponse:
    """What is frozen, and first what differs from it now; the protected are frozen with the others and stand in no list."""
    school, semester = _found(request, unit, term)
    require(request.actor, "absence.freeze_term_absence", school)
    owed = reads.owed_statements(school, semester)
    seen = Person.objects.visible_to(request.actor).unmarked().filter(pk__in=owed).order_by("sort_key", "pk")
    rows = reads.comparisons(TermStatement.objects.visible_to(request.actor), school, semester, seen)
    record(actor=request.actor, action="absence.term_statement_list", subjects=[row.pupil.pk for row in rows], object_id=semester.pk)
    context = {"unit": school, "term": semester, "rows": rows, "changed": [row for row in rows if row.frozen and row.differs]}
    context["unreported"] = sum(row.now.unreported > 0 for row in rows)
    context["lacking"] = sum(row.frozen is None for row in rows)
    return render(request, "absence/term_statement_list.html", context)


@require_POST
def freeze_term_absence(request: RoleRequest, unit: UUID, term: UUID) -> HttpResponse:
    school, semester = _found(request, unit, term)
    done = actions.freeze_term_absence(actor=request.actor, unit=school, term=semester)
    said = _("Frozen: %(new)d new, %(changed)d changed.") % {"new": done.new, "changed": done.changed}
    messages.success(request, said if done.new or done.changed else _("Nothing has changed since it was frozen last."))
    return redirect("absence:term_statement_list", school.pk, semester.pk)

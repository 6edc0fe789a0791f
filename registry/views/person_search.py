from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib.access import require
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.forms import PersonSearchForm
from registry.models import Person

RESULTS = 50
SUGGESTIONS = 8


@require_http_methods(["GET", "POST"])
def person_search(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.search_persons")
    form = PersonSearchForm(request.POST or None)
    found = None
    if form.is_valid():
        found = list(reads.search(Person.objects.visible_to(request.actor), form.cleaned_data["text"], request.actor)[: RESULTS + 1])
        record(
            actor=request.actor, action="registry.search_persons", subjects=[person.pk for person in found], details={"hits": len(found)}
        )
    context = {"form": form, "found": found[:RESULTS] if found is not None else None, "more": found is not None and len(found) > RESULTS}
    return render(request, "registry/person_search.html", context)


@require_POST
def person_suggestions(request: RoleRequest) -> HttpResponse:
    """The first few names while somebody types; no log row, the search itself and each page opened have theirs."""
    require(request.actor, "registry.search_persons")
    form = PersonSearchForm(request.POST)
    visible = Person.objects.visible_to(request.actor)
    found = reads.search(visible, form.cleaned_data["text"], request.actor)[:SUGGESTIONS] if form.is_valid() else []
    return render(request, "registry/person_search.html#person_suggestions", {"suggestions": found})

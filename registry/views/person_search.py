from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import allows, require
from dexter.lib.requests import RoleRequest
from registry import reads
from registry.forms.search import PersonSearchForm
from registry.models import CivicNumber, Group, Person

RESULTS = 50
SUGGESTIONS = 8


@require_http_methods(["GET", "POST"])
def person_search(request: RoleRequest) -> HttpResponse:
    require(request.actor, "registry.search_persons")
    form = PersonSearchForm(request.POST or None, actor=request.actor)
    context = {"form": form, "may_administer": allows(request.actor, "registry.administer")}
    if form.is_valid():
        found = _found(request, form, RESULTS + 1, reads.Alike.IF_FEW if form.cleaned_data["alike"] else reads.Alike.UNLESS_EXACT)
        context |= {"found": found[:RESULTS], "more": len(found) > RESULTS, "groups": _groups(request, form)}
        context["may_look_alike"] = not form.cleaned_data["alike"] and reads.is_exact(found, form.cleaned_data["text"])
        subjects = [person.pk for person in found]
        record(actor=request.actor, action="registry.search_persons", subjects=subjects, details={"hits": len(found)})
    return render(request, "registry/person_search.html", context)


@require_POST
def person_suggestions(request: RoleRequest) -> HttpResponse:
    """The first few names while somebody types; no log row, the search itself and each page opened have theirs."""
    require(request.actor, "registry.search_persons")
    form = PersonSearchForm(request.POST, actor=request.actor)
    found = _found(request, form, SUGGESTIONS, reads.Alike.NEVER) if form.is_valid() and not form.civic_no else []
    return render(request, "registry/person_search.html#person_suggestions", {"suggestions": found})


def _found(request: RoleRequest, form: PersonSearchForm, limit: int, alike: reads.Alike) -> list[Person]:
    persons = Person.objects.visible_to(request.actor)
    if unit := form.cleaned_data["school_unit"]:
        persons = persons.at_school(unit, days.today())
    if number := form.civic_no:
        bearers = reads.bearers_of(CivicNumber.objects.visible_to(request.actor), number)
        return list(reads.described(persons.unmarked().filter(pk__in=bearers), request.actor)[:limit])
    return reads.search(persons, form.cleaned_data["text"], request.actor, limit, alike=alike)


def _groups(request: RoleRequest, form: PersonSearchForm) -> list[Group]:
    """The classes and groups called so."""
    named = Group.objects.visible_to(request.actor).on(days.today()).filter(name__iexact=form.cleaned_data["text"])
    return list(named.select_related("school_unit")[:SUGGESTIONS])

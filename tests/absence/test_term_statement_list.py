"""The term's unauthorised minutes, frozen: reproducible, never rewritten, and what differs since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.db.models import Sum

from absence.actions.terms import Frozen, freeze_term_absence
from absence.models import Effective, Judgement, SchoolFormRule, TermStatement
from absence.reads import term_statement_of
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Enrolment, Person, SecurityMarking, Term

from .schools import MINUTES, School


@pytest.fixture
def school(cast: Any) -> School:
    school = School(cast)
    for ago in (3, 2):
        call = school.call(school.lesson(school.today - timedelta(days=ago)), school.pupils[0])
        school.away(call, school.pupils[0][0], absent=MINUTES)
    school.lesson(school.today - timedelta(days=1))
    return school


@pytest.fixture
def term(school: School) -> Term:
    return Term.objects.on(days.today())[0]


@pytest.fixture
def freeze(school: School, term: Term, actor: Callable[..., Any]) -> Callable[[], Frozen]:
    return lambda: freeze_term_absence(actor=actor("ingrid", Role.STAFF), unit=school.unit, term=term)


def path(school: School, term: Term) -> str:
    return f"/statistik/franvaro/{school.unit.pk}/termin/{term.pk}/"


def test_what_is_frozen_is_what_the_definition_says_then(school: School, term: Term, freeze: Callable[[], Frozen]) -> None:
    assert freeze() == Frozen(4, 0)
    pupil = school.pupils[0][0]
    defined = Effective.objects.filter(pupil=pupil, school_unit=school.unit).aggregate(sum=Sum("unauthorised_minutes"))["sum"]
    frozen = term_statement_of(pupil.pk, term.pk)
    assert frozen is not None
    assert (frozen.unauthorised_minutes, frozen.offered_minutes) == (defined, 3 * MINUTES) == (100, 150)
    assert term_statement_of(school.cast.id("sami"), term.pk) is None


def test_a_correction_changes_nothing_frozen_until_it_is_frozen_again(
    school: School, term: Term, freeze: Callable[[], Frozen], client_as: Callable[..., Any]
) -> None:
    freeze()
    pupil, principal = school.pupils[0][0], client_as("ingrid", Role.STAFF)
    page = principal.get(path(school, term))
    assert not page.context["changed"]
    assert page.context["unreported"] == 2
    assert "2 elever har haft lektioner i terminen där närvaron inte är tagen" in page.content.decode()
    call = Effective.objects.filter(pupil=pupil, school_unit=school.unit)[0].roll_call
    school.judge(call, pupil, "valid")
    found = term_statement_of(pupil.pk, term.pk)
    assert found is not None
    assert found.unauthorised_minutes == 100
    page = principal.get(path(school, term))
    assert [(row.pupil.pk, row.change) for row in page.context["changed"]] == [(pupil.pk, -MINUTES)]
    assert "−50" in page.content.decode() or "-50" in page.content.decode()
    assert freeze() == Frozen(0, 1)
    assert freeze() == Frozen(0, 0)
    versions = TermStatement.objects.filter(pupil=pupil).order_by("version").values_list("version", "unauthorised_minutes")
    assert list(versions) == [(1, 100), (2, 50)]
    again = term_statement_of(pupil.pk, term.pk)
    assert again is not None
    assert again.unauthorised_minutes == 50
    Judgement.objects.all().delete()
    assert term_statement_of(pupil.pk, term.pk) == again


def test_the_web_role_can_rewrite_no_statement(school: School, freeze: Callable[[], Frozen]) -> None:
    freeze()
    for change in (lambda: TermStatement.objects.update(unauthorised_minutes=0), lambda: TermStatement.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_only_forms_of_schooling_with_a_statement_get_one(school: School, freeze: Callable[[], Frozen]) -> None:
    Enrolment.objects.filter(school_unit=school.unit, school_year=2).update(school_type="VUXGR")
    assert freeze() == Frozen(2, 0)
    SchoolFormRule.objects.filter(school_type="VUXGR").update(has_term_statement=True)
    assert freeze() == Frozen(2, 0)


def test_the_protected_are_frozen_and_in_no_list(
    school: School, term: Term, freeze: Callable[[], Frozen], client_as: Callable[..., Any]
) -> None:
    pupil = school.pupils[0][0]
    Person.objects.filter(pk=pupil.pk).update(security_marking=SecurityMarking.PROTECTED, agreed_name="Vide B")
    freeze()
    frozen = term_statement_of(pupil.pk, term.pk)
    assert frozen is not None
    assert frozen.unauthorised_minutes == 100
    page = client_as("ingrid", Role.STAFF).get(path(school, term))
    assert "Vide B" not in page.content.decode()
    assert len(page.context["rows"]) == 3


def test_only_who_leads_the_school_freezes(school: School, term: Term, actor: Callable[..., Any], client_as: Callable[..., Any]) -> None:
    for key in ("pekka", "anna", "nina"):
        with pytest.raises(PermissionDenied):
            freeze_term_absence(actor=actor(key, Role.STAFF), unit=school.unit, term=term)
        assert client_as(key, Role.STAFF).send(f"{path(school, term)}frys/").status_code == 404
    principal = client_as("ingrid", Role.STAFF)
    assert principal.get(f"{path(school, term)}frys/").status_code == 405
    assert principal.send(f"{path(school, term)}frys/").url == path(school, term)
    assert len(Entry.objects.get(action="absence.freeze_term_absence").subjects) == 4
    principal.send(f"{path(school, term)}frys/")
    assert TermStatement.objects.count() == 4


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_number_of_statements(
    cast: Any, term: Term, client_as: Callable[..., Any], statements: Callable[..., int], count: int
) -> None:
    unit = cast.group("4A").school_unit
    principal = client_as("ingrid", Role.STAFF)
    principal.get("/start/")
    for place in Enrolment.objects.filter(school_unit=unit, cancelled=False)[count:]:
        Enrolment.objects.filter(pk=place.pk).update(cancelled=True)
    assert statements(lambda: principal.get(f"/statistik/franvaro/{unit.pk}/termin/{term.pk}/")) == 3 + 13

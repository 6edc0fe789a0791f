"""A teacher sees for the class who lacks a basis for judgement in the subject."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import Assessment
from registry.models import GroupMembership
from tests.conftest import Cast
from tests.larande import made


def path(class_name: str = "4A", query: str = "") -> str:
    return f"/larande/bedomning/underlag/{made.activity(class_name).pk}/{query}"


def bases(browser: Any, query: str = "") -> dict[str, tuple[int, bool]]:
    return {basis.pupil.shown_name: (basis.rows, basis.is_lacking) for basis in browser.get(path(query=query)).context["bases"]}


def test_who_lacks_a_basis_stands_first(cast: Cast, teacher: Any) -> None:
    use = made.grid(cast.anna)
    rows, steps = list(use.matrix.rows.all()), made.scale()
    given = {"use": use, "activity": use.activity, "assessed_by": cast.anna}
    for row in rows:
        Assessment.objects.create(**given, row=row, pupil=cast.sami, step=steps[1], assessed_at=days.now())
    Assessment.objects.create(**given, row=rows[0], pupil=cast.elsa, step=steps[1], assessed_at=days.now() - timedelta(days=700))
    Assessment.objects.create(**given, row=rows[1], pupil=cast.elsa, comment="Bara ord", assessed_at=days.now())
    found = bases(teacher)
    assert (found["Sami Haddad"], found["Elsa Sandström"]) == ((2, False), (0, True))
    assert list(found)[-1] == "Sami Haddad"
    assert bases(teacher, "?least=3&since=year")["Sami Haddad"] == (2, True)
    assert bases(teacher, "?least=x&since=' OR 1=1")["Sami Haddad"] == (2, False)


def test_the_protected_are_named_to_their_own_teacher_alone(cast: Cast, client_as: Any) -> None:
    assert "Kim Ek" in bases(client_as("anna", Role.STAFF))
    assert "Kim Ek" not in bases(client_as("ingrid", Role.STAFF))
    for key, role in (("erik", Role.STAFF), ("lars", Role.STAFF), ("amira", Role.GUARDIAN), ("sami", Role.PUPIL)):
        assert client_as(key, role).get(path()).status_code == 404


def test_the_list_takes_the_same_statements_for_one_pupil_and_many(cast: Cast, teacher: Any, statements: Any) -> None:
    many = statements(lambda: teacher.get(path()))
    GroupMembership.objects.filter(group__name="4A").exclude(person=cast.sami).delete()
    assert (statements(lambda: teacher.get(path())), many) == (11, 11)

"""New pupils get accounts by rule, a class at a time, on slips that are shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions
from accounts.models import User
from accounts.usernames import agreed_parts, base_of, free_names
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Enrolment, Group, GroupMembership, Person, ProtectedAccess


@pytest.fixture
def office(client_as: Callable[..., Any]) -> Any:
    return client_as("pekka", Role.STAFF)


def newcomers(cast: Any, *names: tuple[str, str], first_day: Any = None) -> list[Person]:
    group, first = cast.group("4A"), first_day or days.today()
    pupils = [Person.objects.create(given_name=given, family_name=family) for given, family in names]
    for pupil in pupils:
        Enrolment.objects.create(pupil=pupil, school_unit=group.school_unit, school_type="GR", school_year=4, start_date=first)
        GroupMembership.objects.create(person=pupil, group=group, start_date=first)
    return pupils


def page(cast: Any) -> str:
    return f"/klasser/{cast.group('4A').pk}/konton/"


def slips(answer: Any) -> list[tuple[str, str]]:
    found = re.findall(r'class="code">([^<]+)<', answer.content.decode())
    return list(zip(found[::2], found[1::2], strict=True))


def test_who_lacks_an_account_gets_one_and_signs_in(cast: Any, office: Any) -> None:
    kept = dict(User.objects.values_list("pk", "password"))
    newcomers(cast, ("Åsa", "Öberg"), ("Åsa", "Öberg"), ("Bo", "Ek"), first_day=days.today())
    assert "3 " in office.get(page(cast)).content.decode()
    answer = office.send(page(cast))
    assert [name for name, _phrase in slips(answer)] == ["boek", "asaobe", "asaobe2"]
    for username, passphrase in slips(answer):
        entered = Client().post("/logga-in/elev/", {"username": username, "password": passphrase})
        assert entered.status_code == 302
    assert {pk: password for pk, password in User.objects.values_list("pk", "password") if pk in kept} == kept
    line = Entry.objects.get(action="accounts.make_pupil_accounts")
    assert len(line.subjects) == 3
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_slips_are_shown_once(cast: Any, office: Any) -> None:
    newcomers(cast, ("Bo", "Ek"))
    (_name, passphrase), *_rest = slips(office.send(page(cast)))
    for again in (office.send(page(cast)), office.get(page(cast))):
        assert passphrase not in again.content.decode()
        assert slips(again) == []
    assert User.objects.filter(username__startswith="boek").count() == 1


def test_who_comes_later_gets_one_before(cast: Any, office: Any) -> None:
    newcomers(cast, ("Bo", "Ek"), first_day=days.today() + timedelta(days=30))
    assert len(slips(office.send(page(cast)))) == 1


def test_a_protected_pupil_is_named_as_agreed_and_for_those_alone_who_are_let_in(
    cast: Any, office: Any, client_as: Callable[..., Any]
) -> None:
    User.objects.filter(person=cast.id("kim")).delete()
    assert slips(office.send(page(cast))) == []
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.ingrid, granted_by=cast.ingrid, reason="stöd")
    text = client_as("ingrid", Role.STAFF).send(page(cast)).content.decode()
    assert "kimek" in text
    assert "Hemlig" not in text
    assert "Robin" not in text


def test_nobody_makes_accounts_for_another_school_or_a_group_that_is_no_class(
    cast: Any, actor: Callable[..., Any], client_as: Callable[..., Any], office: Any
) -> None:
    pupils = newcomers(cast, ("Bo", "Ek"))
    assert client_as("hassan", Role.STAFF).send(page(cast)).status_code == 404
    assert client_as("anna", Role.STAFF).send(page(cast)).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.make_pupil_accounts(actor=actor("anna", Role.STAFF), group=cast.group("4A"), pupils=pupils)
    assert office.get(f"/klasser/{Group.objects.get(name='Spanska 6').pk}/konton/").status_code == 404
    outsider = Person.objects.create(given_name="Ut", family_name="Anför")
    assert actions.make_pupil_accounts(actor=actor("pekka", Role.STAFF), group=cast.group("4A"), pupils=[outsider]) == []


def test_a_fresh_confirmation_is_wanted(cast: Any, office: Any) -> None:
    session = office.session
    session["identified_at"] = 0
    session.save()
    assert office.get(page(cast)).url.startswith("/bekrafta/")


def test_three_pupils_take_as_many_statements_as_one(cast: Any, office: Any, statements: Callable[..., int]) -> None:
    office.send(page(cast))
    counts = []
    for number in (1, 3):
        newcomers(cast, *[("Bo", "Ek")] * number)
        counts.append(statements(lambda: office.send(page(cast))))
    assert counts[0] == counts[1] == 3 + 12
    assert set(User.objects.filter(username__startswith="boek").values_list("username", flat=True)) == {"boek", "boek2", "boek3", "boek4"}


@pytest.mark.parametrize(
    ("given", "family", "base"),
    [
        ("Åsa", "Öberg", "asaobe"),
        ("Li", "Ö", "lio"),
        ("Anna-Karin", "O'Brien", "annobr"),
        ("Zoë", "Łuk", "zoeluk"),
        ("محمد", "علي", "elev"),
    ],
)
def test_names_are_folded(given: str, family: str, base: str) -> None:
    assert base_of(given, family) == base


def test_agreed_names_of_any_length() -> None:
    assert [agreed_parts(name) for name in ("Kim Ek", "Kim", "Kim von Ek", " ")] == [("Kim", "Ek"), ("Kim", ""), ("Kim", "Ek"), ("", "")]


@given(
    st.lists(st.sampled_from(["ann", "ann2", "bo", "elev"]), max_size=30), st.sets(st.sampled_from(["ann", "ann2", "ann3", "bo2", "elev"]))
)
def test_no_name_is_given_twice(bases: list[str], taken: set[str]) -> None:
    names = list(free_names(bases, taken))
    assert len(set(names)) == len(bases)
    assert not set(names) & taken


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_name_gives_letters_from_a_to_z(given_name: str, family_name: str) -> None:
    assert re.fullmatch(r"[a-z]{1,6}", base_of(given_name, family_name))


def test_a_colleague_put_into_a_class_gets_no_password_on_a_slip(cast: Any, office: Any) -> None:
    """Whoever enrols a colleague, of whatever school, as a pupil would else sign in as that colleague."""
    group, nina = cast.group("4A"), cast.nina
    User.objects.filter(person=nina).delete()
    Enrolment.objects.create(pupil=nina, school_unit=group.school_unit, school_type="GR", school_year=4, start_date=days.today())
    GroupMembership.objects.create(person=nina, group=group, start_date=days.today())
    assert slips(office.send(page(cast))) == []
    assert office.send(f"/elever/{nina.pk}/losenord/").status_code == 403
    assert not User.objects.filter(person=nina).exists()

"""The teacher's own words on a pupil in a subject: drafted, published, taken back; two who write lose nothing."""

from __future__ import annotations

from typing import Any

import pytest

from dexter.lib import days
from dexter.lib.access import Role
from larande.assessment.models import SubjectSummary, SubjectSummaryChange
from registry.models import DutyAssignment, Guardianship
from tests.conftest import Cast
from tests.larande import made

KNOWLEDGE = "/larande/bedomning/kunskap"


def path(cast: Cast, key: str = "sami", class_name: str = "4A") -> str:
    return f"/larande/bedomning/omdome/{made.activity(class_name).pk}/{cast.id(key)}/"


def write(browser: Any, where: str, text: str = "Kan bråk.", version: int = 0, **more: Any) -> Any:
    return browser.send(where, {"text": text, "version": version, **more})


def test_who_will_read_it_is_said_before_it_is_saved(cast: Cast, teacher: Any) -> None:
    text = teacher.get(path(cast)).content.decode()
    assert "Sami Haddad, Amira Haddad, Jonas Haddad" in text
    kim = teacher.get(path(cast, "kim")).content.decode()
    assert "Kim Ek" in kim
    assert "Hemlig" not in kim


def test_a_draft_is_the_schools_until_it_is_published(cast: Cast, teacher: Any, client_as: Any) -> None:
    home, amira = f"{KNOWLEDGE}/{cast.id('sami')}/GRGRMAT01/", client_as("amira", Role.GUARDIAN)
    assert write(teacher, path(cast), "Kan <i>bråk</i>.").status_code == 302
    assert "bråk" not in amira.get(home).content.decode()
    assert write(teacher, path(cast), "Kan <i>bråk</i>.", 1, publish="1").status_code == 302
    assert "Kan &lt;i&gt;bråk" in amira.get(home).content.decode()
    assert write(teacher, path(cast), "Nytt utkast.", 1).status_code == 302
    text = amira.get(home).content.decode()
    assert "bråk" in text
    assert "Nytt utkast" not in text
    assert teacher.send(f"{path(cast)}ta-tillbaka/").status_code == 302
    assert "bråk" not in amira.get(home).content.decode()
    assert SubjectSummary.objects.get().text == "Nytt utkast."
    assert len({change.text for change in SubjectSummaryChange.objects.all()}) == 2


def test_two_writers_see_both_texts(cast: Cast, teacher: Any, client_as: Any) -> None:
    duty = DutyAssignment.objects.filter(activity=made.activity("5B")).values_list("duty", flat=True)[0]
    DutyAssignment.objects.create(activity=made.activity(), duty_id=duty, start_date=days.today())
    erik = client_as("erik", Role.STAFF)
    assert write(erik, path(cast), "Eriks text").status_code == 302
    conflict = write(teacher, path(cast), "Annas text")
    assert conflict.status_code == 409
    text = conflict.content.decode()
    assert "Eriks text" in text
    assert "Annas text" in text
    assert SubjectSummary.objects.get().text == "Eriks text"
    form = conflict.context["form"]
    assert write(teacher, path(cast), "Båda texterna", form.data["version"]).status_code == 302
    assert SubjectSummary.objects.get().text == "Båda texterna"


def test_the_same_text_twice_is_one(cast: Cast, teacher: Any) -> None:
    assert [write(teacher, path(cast)).status_code for _time in range(2)] == [302, 302]
    assert SubjectSummary.objects.get().version == 1


@pytest.mark.parametrize(
    ("key", "role", "answer"),
    [
        ("ingrid", Role.STAFF, 403),
        ("erik", Role.STAFF, 404),
        ("lars", Role.STAFF, 404),
        ("amira", Role.GUARDIAN, 404),
        ("sami", Role.PUPIL, 404),
    ],
)
def test_only_the_teacher_writes(cast: Cast, client_as: Any, key: str, role: Role, answer: int) -> None:
    assert write(client_as(key, role), path(cast)).status_code == answer
    assert not SubjectSummary.objects.exists()


def test_foreign_pupils_and_own_children_are_refused(cast: Cast, teacher: Any) -> None:
    assert write(teacher, path(cast, "leila")).status_code == 404
    assert write(teacher, path(cast, "sami", "4B")).status_code == 404
    Guardianship.objects.create(guardian=cast.anna, child=cast.elsa, start_date=days.today())
    assert write(teacher, path(cast, "elsa")).status_code == 422
    assert write(teacher, path(cast), "", 0).status_code == 422
    assert write(teacher, path(cast), "x" * 4001).status_code == 422
    assert not SubjectSummary.objects.exists()

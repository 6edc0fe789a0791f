"""Anna makes a matrix from the criteria in a few presses and it is at work in 4A; Amira reads what Sami knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from dexter.lib import days
from larande.assessment.models import Assessment, AssessmentMatrix, AssessmentScale, MatrixUse, SubjectSummary
from registry.models import Person
from tests.larande import made

from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey
MOST_CLICKS = 5


@pytest.fixture
def slate(system: str, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a journey makes is gone afterwards."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's own loop runs in this thread
    with django_db_blocker.unblock():
        there = list(AssessmentMatrix.objects.values_list("pk", flat=True))
        yield
        new = AssessmentMatrix.objects.exclude(pk__in=there)
        Assessment.objects.filter(use__matrix__in=new).delete()
        SubjectSummary.objects.filter(text__startswith="Sami").delete()
        MatrixUse.objects.filter(matrix__in=new).delete()
        new.filter(is_template=False).delete()
        new.delete()


def published(use: MatrixUse, *codes: str) -> None:
    """Sami on the first row of the grid at one step after the other, published each time."""
    row, sami = use.matrix.rows.all()[0], Person.objects.get(shown_name="Sami Haddad")
    steps = {step.code: step for step in AssessmentScale.objects.get(code="GR-4-5").steps.all()}
    anna = Person.objects.get(shown_name="Anna Lindqvist")
    for code in codes:
        given = {"step": steps[code], "published_step": steps[code], "assessed_at": days.now(), "published_at": days.now()}
        words = {"comment": "Räknar säkert med halvor.", "published_comment": "Räknar säkert med halvor.", "assessed_by": anna}
        Assessment.objects.update_or_create(use=use, row=row, pupil=sami, defaults={**given, **words, "activity": use.activity})


def test_from_the_criteria_to_what_the_home_reads(visitor: Callable[..., Any], slate: None) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open("/larande/bedomning/matriser/")
    clicks = [("Ny matris", "link"), ("Matematik 4A", "link"), ("Gör matrisen", "button")]
    for name, role in clicks:
        anna.press(name, role)
    assert len(clicks) <= MOST_CLICKS
    expect(anna.page.get_by_text("Matrisen är gjord.")).to_be_visible()
    use = MatrixUse.objects.filter(activity=made.activity("4A")).order_by("-created_at")[0]
    assert use.matrix.rows.count() > 1
    published(use, "0", "1", "2")
    sami = Person.objects.get(shown_name="Sami Haddad").pk
    anna.open(f"/larande/bedomning/omdome/{use.activity_id}/{sami}/")
    assert "Amira Haddad" in anna.text
    anna.page.get_by_label("Omdöme").fill("Sami har kommit långt med bråk.")
    anna.press("Publicera")

    amira = visitor("phone").identify("Amira Haddad").open(f"/larande/bedomning/kunskap/{sami}/")
    amira.press("Matematik", "link")
    assert "Sami har kommit långt med bråk." in amira.text
    assert "Mer än godtagbara kunskaper" in amira.text
    assert "Räknar säkert med halvor." in amira.text


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_matrices_and_knowledge(visitor: Callable[..., Any], slate: None, size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist").open("/larande/bedomning/matriser/ny/")
    anna.press("Matematik 4A", "link")
    new = anna.path
    anna.press("Gör matrisen")
    detail = anna.path
    use = MatrixUse.objects.filter(activity=made.activity("4A")).order_by("-created_at")[0]
    published(use, "0", "1", "2")
    sami = Person.objects.get(shown_name="Sami Haddad").pk
    paths = [
        "/larande/bedomning/matriser/",
        "/larande/bedomning/matriser/ny/",
        new,
        detail,
        f"{detail}andra/",
        f"{detail}anvand/",
        f"/larande/bedomning/kunskap/{sami}/",
        f"/larande/bedomning/kunskap/{sami}/GRGRMAT01/",
        f"/larande/bedomning/omdome/{use.activity_id}/{sami}/",
        f"/larande/bedomning/underlag/{use.activity_id}/",
        "/larande/bedomning/skalor/",
    ]
    faults = "\n".join(walk(anna, [path], f"matrix{number}", size, scheme) for number, path in enumerate(paths))
    assert faults.strip() == ""

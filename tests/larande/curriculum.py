"""A small curriculum of the tests' own: mathematics for years 4 to 6, in one version or two."""

from __future__ import annotations

from datetime import date
from typing import Any

from larande.syllabus.models import CentralContentItem, Criterion, SubjectVersion

MATHS = "GRGRMAT01"
CONTENT = {
    "tal-1": ("Taluppfattning", "Bråk och decimaltal i vardagen."),
    "tal-2": ("Taluppfattning", "Rimlighetsbedömning vid uppskattningar."),
    "geo-1": ("Geometri", "Skala och dess användning."),
}


def subject(number: int = 90, code: str = MATHS, content: dict[str, tuple[str, str]] | None = None, **values: Any) -> SubjectVersion:
    """A version with its points (key: area and text), and one criterion at E, C and A for year 6."""
    dates = {"valid_from": date(2022, 7, 1), "valid_to": None, **values}
    version = SubjectVersion.objects.create(
        school_type="GR", subject_code=code, name="Matematik", curriculum="Prov", number=number, digest="0" * 64, **dates
    )
    for position, (key, (area, text)) in enumerate((content or CONTENT).items()):
        CentralContentItem.objects.create(version=version, key=key, position=position, text=text, area=area, start_year=4, end_year=6)
    for position, step in enumerate("ECA"):
        Criterion.objects.create(
            version=version, key=f"6-{step}-0", position=position, text=f"Löser uppgifter på nivå {step}.", year=6, step=step, aspect=0
        )
    return version


def item(version: SubjectVersion, key: str) -> CentralContentItem:
    return CentralContentItem.objects.get(version=version, key=key)

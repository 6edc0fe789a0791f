"""A curriculum of the tests' own: mathematics with criteria for years 3, 6 and 9."""

from __future__ import annotations

from datetime import date

from larande.syllabus.models import Criterion, SubjectVersion

ASPECTS = ("begrepp", "metoder")
AT_STEPS = {"E": "i huvudsak fungerande", "C": "ändamålsenligt", "A": "effektivt"}


def curriculum(subject_code: str = "GRGRMAT01", school_type: str = "GR") -> SubjectVersion:
    """The version in force, before any example of the demo's."""
    kept = {"school_type": school_type, "subject_code": subject_code, "name": "Matematik", "number": 900, "digest": "x"}
    version = SubjectVersion.objects.create(valid_from=date(2022, 7, 1), is_example=False, **kept)
    rows = [(year, step, place) for year in (6, 9) for place in range(len(ASPECTS)) for step in AT_STEPS] + [(3, "", 0)]
    Criterion.objects.bulk_create(
        Criterion(
            version=version,
            key=f"k{year}{step}{place}",
            position=number,
            text=f"Eleven använder {ASPECTS[place]} på ett {AT_STEPS.get(step, 'fungerande')} sätt i årskurs {year}.",
            year=year,
            step=step,
            aspect=place,
        )
        for number, (year, step, place) in enumerate(rows)
    )
    return version

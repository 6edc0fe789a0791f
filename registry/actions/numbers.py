"""Giving out registry numbers, inside the transaction of the decision: what is rolled back leaves no gap."""

from __future__ import annotations

from datetime import date

from registry import reads
from registry.models import RegistrySeries, SchoolUnit


def next_registry_no(unit: SchoolUnit, day: date) -> str:
    """The next number of the unit's responsible body in the year of `day`, such as "2026:41". Decisions wait for each other here."""
    body = reads.body_of(unit)
    RegistrySeries.objects.get_or_create(organisation=body, year=day.year)
    series = RegistrySeries.objects.select_for_update().get(organisation=body, year=day.year)
    RegistrySeries.objects.filter(pk=series.pk).update(latest=series.latest + 1)
    return f"{day.year}:{series.latest + 1}"

"""How long 10,000 pupils with guardians, classes and places take to come in, and how much memory: part of `make bench`."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from registry.actions import imports
from registry.imports import feed
from registry.imports.columns import PUPILS
from registry.models import ImportRun, SchoolUnit, Template

PUPILS_IN_FILE = 10_000


def numbers(first: date) -> Iterator[str]:
    """Temporary numbers, as many as are asked for: a hundred a day of birth."""
    for offset in range(100_000):
        for tail in range(100):
            yield f"{first + timedelta(days=offset):%Y%m%d}TF{tail:02d}"


def file_of(pupils: int, unit: str) -> bytes:
    """A list in the template's columns: two guardians a pupil, shared by siblings of two, twenty-five to a class."""
    children, adults, headings = numbers(date(2012, 1, 1)), numbers(date(1975, 1, 1)), [column.code for column in PUPILS]
    lines, parents = [";".join(column.heading for column in PUPILS)], ["", ""]
    for place in range(pupils):
        if place % 2 == 0:
            parents = [next(adults), next(adults)]
        cells = {"civic_no": next(children), "given_name": f"Elev{place}", "family_name": "Prov", "school_unit": unit, "school_type": "GR"}
        cells |= {"school_year": str(place % 10), "school_class": f"K{place // 25}", "start_date": str(days.today() - timedelta(days=90))}
        cells |= {"email": f"elev{place}@example.org", "street_address": "Storgatan 1", "postal_code": "123 45", "locality": "Granbacka"}
        for number, parent in enumerate(parents, start=1):
            prefix = f"guardian_{number}_"
            cells |= {f"{prefix}civic_no": parent, f"{prefix}given_name": f"Vuxen{parent[-4:]}", f"{prefix}family_name": "Prov"}
            cells |= {f"{prefix}email": f"{parent.lower()}@example.org", f"{prefix}phone": "070-1740605"}
        lines.append(";".join(cells.get(code, "") for code in headings))
    return "\n".join(lines).encode()


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bring(keys: dict[str, str], content: bytes) -> tuple[ImportRun, float, float]:
    """The run, the seconds of its dry run and of its carrying out (0 when it would change nothing)."""
    actor = Actor(UUID(keys["pekka"]), Role.STAFF, Level.TWO_FACTOR)
    run = imports.upload_import(actor=actor, template=Template.PUPILS, upload=SimpleUploadedFile("elever.csv", content))
    dry = timed(lambda: feed.read_import(run_id=run.pk))
    run.refresh_from_db()
    assert run.state == "previewed", run.failure
    if run.changes_nothing:
        return run, dry, 0
    imports.confirm_import(actor=actor, run=run, accept_ending=True, accept_rejected=True)
    wet = timed(lambda: feed.apply_import(run_id=run.pk))
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return run, dry, wet


def measure(keys: dict[str, str]) -> None:
    content = file_of(PUPILS_IN_FILE, SchoolUnit.objects.get(name="Granskolan").school_unit_code)
    for what in ("new", "the same again"):
        run, dry, wet = bring(keys, content)
        sums = {kind: {verdict: n for verdict, n in counts.items() if n} for kind, counts in run.counts.items() if isinstance(counts, dict)}
        print(f"  import of {PUPILS_IN_FILE:,} pupils, {what:<15} dry run {dry:>5.1f} s   carried out {wet:>5.1f} s   {sums}")
    print(
        f"  peak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, the file {len(content) / 1e6:.1f} MB"
    )

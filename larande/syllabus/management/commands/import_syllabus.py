"""Reads the curriculum: `manage.py import_syllabus --address https://api.skolverket.se/syllabus --school-type GR`.

What is there already stays as it is; a run that was broken off is simply started again.
"""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError

from dexter.lib.access import System
from larande.syllabus.actions import Outcome, Verdict, import_subject
from larande.syllabus.imports.parsed import ParsedVersion, Unreadable
from larande.syllabus.imports.source import Api, Read, saved
from larande.syllabus.imports.subjects import OURS, versions

USUAL = ["GR", "GRAN", "VUXGR"]
TIMESPANS = ["LATEST", "FUTURE", "EXPIRED", "MODIFIED"]
DIFFERS = "another text under the same number; what was read before stays"


class Command(BaseCommand):
    help = "Reads subjects and courses of Skolverket's Syllabus API, from its address or from saved answers. Adds, never rewrites."

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--address", help="of the API, such as https://api.skolverket.se/syllabus")
        where.add_argument("--saved", type=Path, help="a file or folder with answers of the API in its own JSON")
        parser.add_argument("--school-type", action="append", choices=sorted(OURS), help=f"may be repeated; else {' '.join(USUAL)}")
        parser.add_argument("--timespan", choices=TIMESPANS, default="LATEST", help="FUTURE: what begins to hold later")
        parser.add_argument("--date", type=datetime.date.fromisoformat, help="the day that the time span is counted from, else today")
        parser.add_argument("--dry-run", action="store_true", help="read and tell, but save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        self.faults: list[str] = []
        self.counts = dict.fromkeys(Verdict, 0)
        school_types = options["school_type"] or USUAL
        self._from = str(options["address"] or options["saved"].name)
        try:
            for name, read in _answers(options, school_types):
                self._take(name, read, school_types, dry_run=options["dry_run"])
        except Unreadable as fault:
            self.faults.append(str(fault))
        self.stdout.write(", ".join(f"{verdict.value} {count}" for verdict, count in self.counts.items()))
        if self.faults:
            raise CommandError("\n".join(self.faults))

    def _take(self, name: str, read: Read, school_types: list[str], *, dry_run: bool) -> None:
        """One subject at a time: the fault of one keeps no other out."""
        try:
            for subject in read():
                made = versions(subject, school_types)
                outcomes = [] if dry_run else import_subject(actor=System(), versions=made, source=self._from)
                self._tell(made, outcomes)
        except (Unreadable, DataError, IntegrityError) as fault:
            self.faults.append(
                str(fault) if isinstance(fault, Unreadable) else f"{name}: the database refuses it ({type(fault).__name__})."
            )

    def _tell(self, made: list[ParsedVersion], outcomes: Iterable[Outcome]) -> None:
        verdicts = [outcome.verdict for outcome in outcomes]
        for number, parsed in enumerate(made):
            verdict = verdicts[number] if verdicts else None
            sums = f"{len(parsed.items)} points, {len(parsed.abilities)} abilities, {len(parsed.criteria)} criteria"
            self.stdout.write(f"{parsed.label}: {verdict.value if verdict else 'read'}, {sums}, {len(parsed.left_out)} texts left out")
            for remark in parsed.remarks:
                self.stdout.write(f"  {remark}")
            if verdict:
                self.counts[verdict] += 1
            if verdict is Verdict.DIFFERS:
                self.faults.append(f"{parsed.label}: {DIFFERS}.")


def _answers(options: dict[str, Any], school_types: list[str]) -> Iterable[tuple[str, Read]]:
    if options["saved"]:
        return saved(options["saved"])
    day = options["date"].isoformat() if options["date"] else ""
    return Api(options["address"]).subjects(school_types, options["timespan"], day)

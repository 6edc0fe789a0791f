"""Reads a source of SS 12000 now: `manage.py pull_source folkbok` shows what would be done, `--apply` does it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.imports import feed
from registry.imports.compare import VERDICTS
from registry.models import ImportSource, ImportState

WIDTH = 30  # characters of the bar
STEPS = {"reading": "reading", "staging": "comparing", "comparing": "comparing", "carrying_out": "carrying out"}


class Command(BaseCommand):
    help = "Shows what a source of SS 12000 would change, or carries it out; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--allow-ending", action="store_true", help="also when more pupils would be ended than the source's share")
        parser.add_argument("--everything", action="store_true", help="ask for everything, not for the changes since the last time")

    def handle(self, *args: Any, **options: Any) -> None:
        source = ImportSource.objects.filter(name=options["name"]).exclude(kind="file").first()
        if source is None:
            raise CommandError("There is no such source. `manage.py import_source` adds one.")
        if options["everything"]:
            source.modified_after = None
        run = feed.pull(source=source, apply=options["apply"], accept_ending=options["allow_ending"], report=self._bar)
        self.stdout.write("\r" + " " * (WIDTH + 40) + "\r", ending="")
        self._tell(run.counts)
        for fault in run.report.get("rejected", [])[:20]:
            self.stdout.write(f"  rejected: {fault['column']} no. {fault['line']}: {fault['value']} {fault['reason']}")
        if run.state == ImportState.FAILED:
            raise CommandError(run.failure)
        self.stdout.write("Carried out." if options["apply"] else "Nothing was changed. Carry it out with --apply.")

    def _bar(self, step: str, done: int, total: int) -> None:
        filled = WIDTH * done // total if total else 0
        what = f"{done}/{total}" if total else str(done)
        self.stdout.write(f"\r{'█' * filled}{'░' * (WIDTH - filled)} {STEPS.get(step, step)} {what:<12}", ending="")
        self.stdout.flush()

    def _tell(self, counts: dict[str, Any]) -> None:
        rows = [(kind, sums) for kind, sums in counts.items() if isinstance(sums, dict)]
        self.stdout.write(f"{'':<14}" + "".join(f"{verdict:>9}" for verdict in VERDICTS))
        for kind, sums in rows:
            self.stdout.write(f"{kind:<14}" + "".join(f"{sums.get(verdict, 0):>9}" for verdict in VERDICTS))
        self.stdout.write(f"rejected {counts.get('rejected', 0)}, left out {counts.get('left_out', 0)}")

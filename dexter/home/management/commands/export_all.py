"""Writes everything into a folder: docs/archive.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dexter.audit.actions import record
from dexter.home.archive.faults import ArchiveFault
from dexter.home.archive.sealing import read_key
from dexter.home.archive.writing import export_all
from dexter.lib.access import System


class Command(BaseCommand):
    help = "Writes everything into a folder that does not exist yet, as it is at this moment. That it was done stands in the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--protected-key-file", type=Path, required=True, help="a file with a key from `manage.py data_key`")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            manifest = export_all(folder, read_key(options["protected_key_file"], folder))
        except ArchiveFault as fault:
            raise CommandError(str(fault)) from fault
        rows = sum(about.get("rows", 0) for about in manifest["files"].values())
        record(actor=System(), action="home.export_all", details={"rows": rows})
        self.stdout.write(f"{rows:,} rows, and the protected apart, in {len(manifest['files'])} files. Keep the key elsewhere.")

"""Reads an archive into a new database: docs/archive.md."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dexter.home.archive.faults import ArchiveFault
from dexter.home.archive.reading import import_all
from dexter.home.archive.sealing import read_key


class Command(BaseCommand):
    help = "Reads what `export_all` wrote into an empty, prepared database: all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--protected-key-file", type=Path, required=True, help="the key that was given to export_all")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            rows = import_all(folder, read_key(options["protected_key_file"], folder))
        except ArchiveFault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{rows:,} rows are read in. Staff and pupils with passwords set them and their second factors anew.")

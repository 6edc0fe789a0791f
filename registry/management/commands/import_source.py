"""Says where the register is fed from: `manage.py import_source folkbok --kind api --address https://... --token-file F --schedule`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dexter.lib import civic
from registry.models import ImportSource, SourceKind


class Command(BaseCommand):
    help = "Adds or changes a source that feeds the register; the token is read from a file and kept encrypted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--kind", choices=[SourceKind.FOLDER, SourceKind.API], required=True)
        parser.add_argument("--address", required=True, help="base address of the interface, or the folder")
        parser.add_argument("--token-file", type=Path)
        parser.add_argument("--schedule", action="store_true", help="pull every night")
        parser.add_argument("--ended-share", type=int, default=5, help="percent of the pupils that one import may end")
        parser.add_argument("--quiet-hours", type=int, default=30, help="hours without success after which it is an alarm")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["ended_share"] <= 100:
            raise CommandError("--ended-share is a percentage from 0 to 100.")
        values = {name: options[name] for name in ("kind", "address", "ended_share", "quiet_hours")}
        values["is_scheduled"] = options["schedule"]
        if options["token_file"]:
            try:
                values["token"] = civic.encrypt(options["token_file"].read_text(encoding="utf-8").strip())
            except OSError as fault:
                raise CommandError(f"The token cannot be read: {fault.strerror}.") from None
        ImportSource.objects.update_or_create(name=options["name"], defaults=values)
        self.stdout.write(f"{options['name']} feeds the register{' every night' if options['schedule'] else ' by command'}.")

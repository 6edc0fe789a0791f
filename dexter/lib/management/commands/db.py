"""The embedded database: `manage.py db start|stop|status|reset`."""

from __future__ import annotations

import os
import shutil
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dexter.lib import embedded_database
from dexter.lib.configuration import embedded_data_folder


class Command(BaseCommand):
    help = "Starts, stops, shows or empties the embedded PostgreSQL."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["start", "stop", "status", "reset"])
        parser.add_argument("--yes", action="store_true", help="do not ask before reset")

    def handle(self, *args: Any, **options: Any) -> None:
        if os.environ.get("DATABASE_URL"):
            raise CommandError("DATABASE_URL is set: that database is started, stopped and kept by its own server.")
        try:
            getattr(self, options["verb"])(embedded_data_folder(settings.DATA_DIR), options["yes"])
        except embedded_database.DatabaseUnavailable as failure:
            raise CommandError(str(failure)) from failure

    def start(self, folder: Any, _yes: bool) -> None:
        embedded_database.start(folder)
        self.stdout.write("PostgreSQL is running.")

    def stop(self, folder: Any, _yes: bool) -> None:
        self.stdout.write("PostgreSQL is stopped." if embedded_database.stop(folder) else "PostgreSQL was not running.")

    def status(self, folder: Any, _yes: bool) -> None:
        self.stdout.write("running" if embedded_database.is_running(folder) else "stopped")

    def reset(self, folder: Any, yes: bool) -> None:
        if not yes and input("Everything in the embedded database is lost. Write 'reset' to go on: ") != "reset":
            raise CommandError("Nothing was changed.")
        embedded_database.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        self.stdout.write("The embedded database is gone. `manage.py db start` makes a new one.")

"""Brings a database up to date: migrations as its owner, then the rights of the web role and the rule rows."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from dexter.lib.privileges import grant_web_role


class Command(BaseCommand):
    help = "Migrates as DATABASE_OWNER_URL, grants the web role its rights, loads rule rows. May be run again."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", database="owner", interactive=False, verbosity=options["verbosity"])
        grant_web_role()
        if "load_rules" in get_commands():
            call_command("load_rules", verbosity=options["verbosity"])

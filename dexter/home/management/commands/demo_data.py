"""Makes or extends the demo municipality."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from absence.actions.alerts import raise_alerts
from absence.models import ReportReceiver
from dexter.home.demo import learning, municipality, timetable
from dexter.home.demo.curriculum import build_curriculum
from dexter.lib import days
from larande.syllabus.models import SubjectVersion
from registry.models import Duty, Organisation, SchoolUnit

HISTORY = 8  # weeks behind, unless asked otherwise
LARGE = 5000  # pupils, beyond which the timetable and the history are short


class Command(BaseCommand):
    help = "Makes the demo municipality, or with --extend adds lessons for the coming weeks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pupils", type=int, default=600)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--weeks", type=int, default=None, help="weeks of lessons ahead; the school year by default")
        parser.add_argument("--history", type=int, default=None, help="weeks of roll-calls behind; 52 are a school year")
        parser.add_argument("--extend", action="store_true", help="only add lessons that lack in the coming two months")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo: DEMO is not set, and made-up people never go into a real register.")
        if options["extend"]:
            made = timetable.extend()
            timetable.substitute_today(days.today())
            if not SubjectVersion.objects.filter(is_example=True).exists():  # a demo made before there was a curriculum
                build_curriculum()
            self.stdout.write(f"{made} rows added.")
            return
        if Organisation.objects.exists():
            raise CommandError("The database holds a municipality already. `manage.py db reset` empties it.")
        self._build(options)

    def _build(self, options: dict[str, Any]) -> None:
        began, large = time.monotonic(), options["pupils"] > LARGE
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        town = municipality.build(
            pupils=options["pupils"],
            seed=options["seed"],
            weeks_ahead=options["weeks"] if options["weeks"] is not None else (1 if large else 28),
            weeks_back=options["history"] if options["history"] is not None else (0 if large else HISTORY),
            quiet=options["verbosity"] == 0,
        )
        if not large:
            learning.build_learning(quiet=options["verbosity"] == 0)
        _follow_up()
        self.stdout.write(f"{options['pupils']} pupils, {town.rows.written:,} rows in {time.monotonic() - began:.0f} s.")


def _follow_up() -> None:
    """What last night would have left: alerts; and an officer who receives the reports of the first school."""
    for unit in SchoolUnit.objects.order_by("school_unit_code"):
        raise_alerts(unit=unit)
    officer, first = Duty.objects.exclude(organisation=None).first(), SchoolUnit.objects.order_by("school_unit_code").first()
    if officer and first:
        ReportReceiver.objects.create(duty=officer, school_unit=first, start_date=officer.start_date)

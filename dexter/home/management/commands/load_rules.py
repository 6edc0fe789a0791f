"""Rule rows from the files that come with Dexter."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from absence.actions.standards import load_follow_up_rules, load_school_form_rules
from dexter.home.retention.loading import load_retention_rules
from dexter.home.retention.plan import plan
from larande.assessment.actions.standards import load_scales


class Command(BaseCommand):
    help = "Makes the rule rows that lack and updates those that nobody changed here. May be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        absence = load_school_form_rules() + load_follow_up_rules()
        scales = load_scales()
        loaded = load_retention_rules(plan())
        if options["verbosity"] > 0 and (loaded.made or loaded.changed):
            self.stdout.write(
                f"Rules of retention: {loaded.made} made, {loaded.changed} brought up to date, {loaded.kept} of your own kept."
            )
        if options["verbosity"] > 0 and absence:
            self.stdout.write(f"Rules of absence: {absence} written.")
        if options["verbosity"] > 0 and scales:
            self.stdout.write(f"Scales of assessment: {scales} written.")

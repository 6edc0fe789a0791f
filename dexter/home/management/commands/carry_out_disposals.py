"""Disposes of what two persons agreed on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dexter.home.retention.disposing import DisposalFault, carry_out, confirmed


class Command(BaseCommand):
    help = "Carries out every confirmed disposal, each in one transaction. Uses DATABASE_OWNER_URL; for a timer or by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = []
        for batch in confirmed():
            try:
                self.stdout.write(f"{carry_out(batch):,} rows are disposed of.")
            except DisposalFault as fault:
                faults.append(str(fault))
        if faults:
            raise CommandError(" ".join(faults))

"""A dry run and the carrying out of one import: the same reading and comparing, then a report or the change."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import transaction

from dexter.jobs.progress import Report
from dexter.lib import days
from dexter.lib.access import Actor, System

from . import compare
from .batch import Batch
from .carry_out import carry_out
from .staging import execute, stage

LINES_SHOWN = 200  # of each kind and verdict in a report
ONE_AT_A_TIME = 7_301_200  # the advisory lock of imports


class Outcome(NamedTuple):
    """What an import would do: counts by kind and verdict, and the lines behind them. No personal data but in rejected cells."""

    counts: dict[str, Any]
    report: dict[str, Any]
    fingerprint: str
    pupils_ended: int
    pupils_before: int


def prepare(batch: Batch, source: str, actor: Actor | System, report: Report) -> Outcome:
    """Stage and compare inside the caller's transaction, and tell what would be done."""
    today = days.today()
    execute("SET LOCAL statement_timeout = 0")
    execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": ONE_AT_A_TIME})
    report("staging", 0, 2)
    stage(batch, source, actor)
    report("comparing", 1, 2)
    compare.compare(batch, source, today)
    ended, before = compare.pupils_ended(batch, source, today)
    counts = {**compare.counts(), "rejected": batch.rejected_count, "left_out": batch.left_out}
    return Outcome(counts, _report(batch), compare.fingerprint(), ended, before)


def prepare_and_forget(batch: Batch, source: str, actor: Actor | System, report: Report) -> Outcome:
    """The dry run: nothing of it stays."""
    with transaction.atomic():
        return prepare(batch, source, actor, report)


def do(batch: Batch, source: str, report: Report) -> None:
    """After `prepare`, in the same transaction."""
    carry_out(batch, source, days.today(), report)


def _report(batch: Batch) -> dict[str, Any]:
    lines = {
        f"{table}.{verdict}": compare.lines_of(table, verdict, LINES_SHOWN)
        for table in compare.TABLES
        for verdict in compare.VERDICTS
        if verdict != "same"
    }
    return {"rejected": [row._asdict() for row in batch.rejected], "lines": {key: rows for key, rows in lines.items() if rows}}

"""Imports over time: cut off, forgotten, scheduled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

from dexter.jobs.models import JobRun
from dexter.lib import days
from dexter.lib.access import Actor
from registry import tasks
from registry.actions import imports
from registry.imports import feed
from registry.models import (
    Enrolment,
    ImportRun,
    ImportSource,
    ImportState,
)

from .import_files import NEW, SISTER, carry_out, pekka, row, send, table

__all__ = ["carry_out", "pekka", "send"]


def test_work_that_was_cut_off_says_so(cast: Any, send: Callable[..., ImportRun], pekka: Actor) -> None:
    """A worker killed in the middle: the run does not wait for ever, and nothing is half done."""
    run = send(table(row(NEW)))
    imports.confirm_import(actor=pekka, run=run, accept_ending=False, accept_rejected=False)
    run.refresh_from_db()
    JobRun.objects.filter(pk=run.job_id).update(state="running", started_at=days.now() - timedelta(hours=2))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.file) == (ImportState.FAILED, None)
    assert "avbröts" in run.failure
    feed.apply_import(run_id=run.pk)  # a second worker takes it up again: too late
    assert not Enrolment.objects.filter(source="file").exists()


def test_reports_forget_whom_they_named(cast: Any, carry_out: Callable[..., ImportRun]) -> None:
    run = carry_out(table(row(NEW)))
    ImportRun.objects.update(ended_at=days.now() - timedelta(days=31))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.report, run.counts["person"]["create"]) == ({}, 1)


def test_scheduled_sources_are_pulled_once_a_night(cast: Any, at: Callable[..., Any]) -> None:
    source = ImportSource.objects.create(name="natt", kind="folder", address="/finns-inte", is_scheduled=True)
    at(12, 0)
    tasks.pull_sources(timestamp=0)
    assert not ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").exists()
    at(3, 0)
    tasks.pull_sources(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").count() == 1
    tasks.pull_source(source_id=str(source.pk))
    tasks.pull_sources(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name="registry.tasks.pull_source").count() == 1
    source.refresh_from_db()
    assert source.is_alarming


def test_a_dry_run_that_nobody_answers_is_thrown_away(cast: Any, send: Callable[..., ImportRun]) -> None:
    run = send(table(row(NEW), row(SISTER, "Siv", start="fel")))
    tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.report != {}) == (ImportState.PREVIEWED, True)
    with time_machine.travel(days.now() + timedelta(days=8)):
        tasks.sweep_imports(timestamp=0)
    run.refresh_from_db()
    assert (run.state, run.report, run.file) == (ImportState.DISCARDED, {}, None)

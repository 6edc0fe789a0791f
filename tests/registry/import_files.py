"""Lists as an office sends them in, and the way they go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dexter.lib import civic, days
from dexter.lib.access import Actor, Role
from registry.actions import imports
from registry.imports import feed
from registry.models import (
    ImportRun,
    ImportState,
    Person,
    SchoolUnit,
    Template,
)

TODAY = days.today()
BEGIN = TODAY - timedelta(days=60)
NEW, SISTER, MOTHER, FATHER = "20150323TF11", "20170405TF12", "19820101TF13", "19810202TF14"
HEADINGS = (
    "Personnummer;Förnamn;Efternamn;Skolenhetskod;Skolform;Årskurs;Klass;Startdatum;Slutdatum;E-post;Telefon;Skyddsmarkering;"
    + ";".join(
        f"Vårdnadshavare {number} {part}" for number in (1, 2) for part in ("personnummer", "förnamn", "efternamn", "e-post", "telefon")
    )
)


def code(name: str = "Granskolan") -> str:
    return SchoolUnit.objects.get(name=name).school_unit_code


def row(
    number: str, given: str = "Alva", family: str = "Ek", *, klass: str = "4A", unit: str = "", start: object = BEGIN, **more: str
) -> str:
    guardian = more.get("guardian", ";;;;")
    cells = [
        number,
        given,
        family,
        unit or code(),
        "GR",
        "4",
        klass,
        str(start),
        more.get("end", ""),
        more.get("email", ""),
        "",
        more.get("mark", ""),
    ]
    return ";".join([*cells, guardian, more.get("guardian_2", ";;;;")])


def table(*rows: str) -> bytes:
    return "\r\n".join([HEADINGS, *rows, ""]).encode()


@pytest.fixture
def pekka(actor: Callable[..., Actor]) -> Actor:
    return actor("pekka", Role.STAFF)


@pytest.fixture
def send(pekka: Actor) -> Callable[..., ImportRun]:
    """Send a file in and read it, as the worker would."""

    def sent(content: bytes, template: str = Template.PUPILS, actor: Actor | None = None) -> ImportRun:
        run = imports.upload_import(actor=actor or pekka, template=template, upload=SimpleUploadedFile("lista.csv", content))
        feed.read_import(run_id=run.pk)
        run.refresh_from_db()
        return run

    return sent


@pytest.fixture
def carry_out(send: Callable[..., ImportRun], pekka: Actor) -> Callable[..., ImportRun]:
    def carried(content: bytes, template: str = Template.PUPILS, actor: Actor | None = None, *, accept: bool = True) -> ImportRun:
        run = send(content, template, actor)
        assert run.state == ImportState.PREVIEWED, run.failure
        imports.confirm_import(actor=actor or pekka, run=run, accept_ending=accept, accept_rejected=accept)
        feed.apply_import(run_id=run.pk)
        run.refresh_from_db()
        return run

    return carried


def person(number: str) -> Person:
    return Person.objects.get(civic_numbers__keyed_hash=civic.keyed_hash(civic.parse(number).value))


def did(run: ImportRun, kind: str) -> dict[str, int]:
    return {verdict: count for verdict, count in run.counts[kind].items() if count}

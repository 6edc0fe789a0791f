"""The running system: web server, worker and a database of its own, and the real OpenID Connect provider, in a real browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from django.apps import apps
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as NoAnswer

from dexter.home.archive.coverage import COVERAGE
from dexter.home.demo import people
from dexter.home.demo.learning import build_learning
from dexter.lib import embedded_database
from tests import browser as chromium
from tests import database
from tests.environment import EID_PORT, ROOT, SETTINGS, WORKER, free_port

NAME = f"journeys_{WORKER}"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
Scheme = Literal["light", "dark"]
SETTLED = "Promise.allSettled(document.getAnimations().map(animation => animation.finished))"
SCREENSHOTS = ROOT / "var" / "screenshots"


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"A process did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The journeys have a database of their own, made by `system`."""


@pytest.fixture(scope="session")
def system(django_db_blocker: Any) -> Iterator[str]:
    """The base address of a running Dexter."""
    with django_db_blocker.unblock():
        database.set_care(False)
        database.make(NAME)
        claims = [part for person in people.eid_people() for part in ("--user-claims", json.dumps(person))]
        folder = database.server()
        port, logs = free_port(), ROOT / "var" / "test"
        environment = {
            **os.environ,
            **SETTINGS,
            "DATABASE_URL": f"postgresql://dexter_web@/{NAME}?host={folder}",
            "SITE_ADDRESS": f"http://localhost:{port}",
        }
        commands = {
            EID_PORT: [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(EID_PORT), *claims],
            port: [
                str(Path(sys.executable).parent / "granian"),
                "--interface",
                "wsgi",
                "--port",
                str(port),
                "--blocking-threads",
                "8",
                "dexter.wsgi:application",
            ],
        }
        processes = []
        try:
            with (logs / f"{NAME}-queue.log").open("wb") as file:
                worker = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "1"]
                processes.append(subprocess.Popen(worker, stdout=file, stderr=subprocess.STDOUT, env=environment, cwd=ROOT))
            for on, command in commands.items():
                log = logs / f"{NAME}-{'web' if on == port else 'eid'}.log"
                with log.open("wb") as file:
                    processes.append(subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment, cwd=ROOT))
                wait_for(on, processes[-1], log)
            yield f"http://localhost:{port}"
        finally:
            for process in processes:
                process.terminate()
                process.wait(10)
            database.drop(NAME)


@pytest.fixture(autouse=True)
def clean_slate(system: str) -> Iterator[None]:
    """Nothing that a journey reported or saved is there for the next."""
    yield
    empty([*_own_tables("absence"), "notices_notice", "home_schoolmessage", "accounts_throttle"])


@pytest.fixture(scope="module")
def learning(system: str, django_db_blocker: Any) -> Iterator[None]:
    """Plans and judgements as the demo has them; none of them are there for the next module."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's own loop runs in this thread
        build_learning()
    yield
    empty([*_own_tables("planning"), *_own_tables("assessment")])


def empty(tables: list[str]) -> None:
    with psycopg.connect(embedded_database.superuser_url(database.server(), NAME), autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def _own_tables(label: str) -> list[str]:
    """The tables of an app, but for the rows that come with Dexter."""
    seeded = {entry.label for entry in COVERAGE if entry.seeded}
    own = [model for model in apps.get_app_config(label).get_models() if model._meta.managed]
    return [model._meta.db_table for model in own if model._meta.label not in seeded]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.chromium_path()
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.ARGUMENTS, "env": chromium.environment(path)}


class Visitor:
    """A person at a browser."""

    def __init__(self, page: Page, base: str, scheme: Scheme) -> None:
        self.page, self.base, self.scheme = page, base, scheme

    def open(self, path: str) -> Visitor:
        self.page.goto(self.base + path)
        return self

    def identify(self, who: str, path: str = "/logga-in/e-legitimation/") -> Visitor:
        """Sign in with e-identification as the demo's person whose button begins with `who`."""
        if not self._reaches_provider(path):
            warnings.warn("The provider did not answer; asked once more.", stacklevel=2)
            assert self._reaches_provider(path), "The provider did not answer twice."
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(who)}")).first.click()
        self.page.wait_for_url(f"{self.base}/**")
        return self

    def _reaches_provider(self, path: str) -> bool:
        """Whether the provider's page came; a page of Dexter's own in its place is a fault, and no other try mends it."""
        chosen_at = self.open(path).page.url
        self.page.locator("main button.door").first.click()
        try:
            self.page.get_by_role("button", name="Deny").wait_for()
        except NoAnswer:
            assert self.page.url == chosen_at or not self.page.url.startswith(self.base), f"Dexter answered: {self.heading}"
            return False
        return True

    def press(self, name: str, role: Any = "button") -> Visitor:
        self.page.locator("main").get_by_role(role, name=name).first.click()
        return self

    def with_scripts(self, name: str) -> Visitor:
        """Once the page that has a field or box called so is there with its scripts, which a key must not come before."""
        self.page.get_by_label(name).first.wait_for()
        self.page.wait_for_load_state()
        return self

    @contextmanager
    def in_scheme(self, scheme: Scheme) -> Iterator[None]:
        """The same page in other colours; no colour is on its way any more."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.evaluate(SETTLED)
        yield
        self.page.emulate_media(color_scheme=self.scheme)
        self.page.evaluate(SETTLED)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text().strip()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)


@pytest.fixture
def visitor(browser: Browser, system: str) -> Iterator[Callable[..., Visitor]]:
    contexts: list[BrowserContext] = []

    def make(size: str = "phone", scheme: Scheme = "light", *, closed: bool = True, **options: Any) -> Visitor:
        """`closed` keeps the provider's page from reaching out for its style; it also turns off the browser's cache."""
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, locale="sv-SE", **options)
        if closed:
            context.route(re.compile(r"^https?://(?!localhost)"), lambda route: route.abort())
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return Visitor(page, system, scheme)

    yield make
    for context in contexts:
        context.close()

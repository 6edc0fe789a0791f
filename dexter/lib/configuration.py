"""How the settings read the environment: each failure is one sentence that says what to set."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import quote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

STATEMENT_TIMEOUT_MS = 15_000
NEVER_BY_ITSELF = 1_000_000  # times, before a statement is prepared that does not ask for it (see dexter.lib.written); None would forbid it
RANDOM_PAGE_COST = 1.1  # of a disk without arms; by PostgreSQL's own 4 a school's year is read from all schools' rows
NAMES_ALIKE = 0.5  # from 0 to 1: how like a name must be to what was written, for a search to show it
LOCK_TIMEOUT_MS = 5_000


class EidProvider(TypedDict):
    """One way to identify, as a guardian sees it: a button that leads to an OpenID Connect provider."""

    id: str  # part of the address: letters, digits and hyphens
    name: str  # on the button
    server_url: str  # the issuer
    client_id: str
    secret: str
    acr: dict[str, str]  # acr value that the provider may answer with -> "substantial" (accepted); others are too low
    testing: bool  # says on the page that it is for testing


def required(env: Env, name: str, meaning: str) -> str:
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {meaning}. `make setup` writes a .env for development and the demo.")
    return value


def embedded_database_url(data_dir: Path, role: str) -> str:
    """The address of the embedded PostgreSQL, reached through the socket in its data folder."""
    return f"postgresql://{role}@/dexter?host={quote(str(embedded_data_folder(data_dir)), safe='')}"


def embedded_data_folder(data_dir: Path) -> Path:
    """Where the embedded database lies; root's lies apart, since starting it opens the parent folders to all.

    The path is kept short: a socket's path holds at most about 100 bytes.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/dexter-demo") / hashlib.sha256(str(data_dir).encode()).hexdigest()[:8] / "pg"
    return data_dir / "pg"


def database_from(url: str, *, pool: bool) -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_health_checks=True))
    if "postgresql" not in config["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (postgresql://...).")
    options = config.setdefault("OPTIONS", {})
    if "options" not in options:
        limits = f" -c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}" if pool else ""
        planned = f"-c random_page_cost={RANDOM_PAGE_COST} -c jit=off"  # compiling takes longer than any of our statements
        options["options"] = f"-c pg_trgm.word_similarity_threshold={NAMES_ALIKE} {planned}{limits}"
    options.setdefault("prepare_threshold", NEVER_BY_ITSELF)
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    config["CONN_MAX_AGE"] = 0
    return config


def eid_providers(rows: Any) -> list[EidProvider]:
    """Check the configured list of e-identification providers; raises ImproperlyConfigured naming the faulty row."""
    needed = set(EidProvider.__annotations__) - {"testing"}
    for row in rows:
        missing = needed - set(row)
        if missing:
            raise ImproperlyConfigured(f"EID_PROVIDERS: the provider {row.get('id', '?')} lacks {', '.join(sorted(missing))}.")
    return [EidProvider(**{"testing": False, **row}) for row in rows]  # type: ignore[typeddict-item]


def eid_origins(providers: list[EidProvider]) -> list[str]:
    """The origins a form may lead to: Chromium holds `form-action` against redirects too."""
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(provider["server_url"])) for provider in providers})

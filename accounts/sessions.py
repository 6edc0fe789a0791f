"""What a session holds: the account, how surely it was identified and when, and the active role."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from dexter.lib.access import Actor, Level, Role
from registry.models import Person
from registry.reads import standing_of

from .levels import FRESH_MINUTES, ROLE_LEVELS
from .models import User

LIFETIME = 12 * 3600  # seconds from sign-in, however busy
TOUCH_EVERY = 60  # seconds: the session row is written at most this often
BACKEND = "accounts.backends.Backend"


@dataclass
class Presence:
    """Somebody signed in: the person, the roles that hold today, and the actor once a role is active."""

    person: Person
    roles: tuple[Role, ...]
    level: Level
    actor: Actor | None
    has_larande: bool  # some school that the active role meets uses it


def begin(request: HttpRequest, user: User, level: Level) -> None:
    """Sign in under a new session key; a session of another person ends."""
    login(request, user, backend=BACKEND)
    now = int(time.time())
    request.session.update({"level": int(level), "identified_at": now, "began_at": now, "seen_at": now})
    request.session.pop("role", None)


def raise_level(request: HttpRequest, level: Level) -> None:
    """The same person confirmed who they are: a new session key, and pages that ask for a fresh confirmation open."""
    request.session.cycle_key()
    request.session["level"] = max(int(level), int(request.session.get("level", 0)))
    request.session["identified_at"] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    identified_at = int(request.session.get("identified_at", 0))
    return int(request.session.get("level", 0)) >= Level.TWO_FACTOR and time.time() - identified_at < FRESH_MINUTES * 60


def presence(request: HttpRequest) -> Presence | None:
    """Who is here, from the facts of this moment; ends the session when it is over or the person has no role left."""
    if not request.user.is_authenticated or _is_over(request):
        return None
    standing = standing_of(request.user.person_id)
    if standing is None or not standing.roles:
        logout(request)
        return None
    level = Level(request.session.get("level", Level.PASSWORD))
    role = _active_role(request, standing.roles, level)
    actor = Actor(standing.person.pk, role, level) if role else None
    return Presence(standing.person, standing.roles, level, actor, has_larande=role in standing.learning)


def _is_over(request: HttpRequest) -> bool:
    now = int(time.time())
    seen_at, began_at = request.session.get("seen_at", 0), request.session.get("began_at", 0)
    if now - seen_at > settings.SESSION_COOKIE_AGE or now - began_at > LIFETIME:
        logout(request)
        return True
    if now - seen_at > TOUCH_EVERY and not _is_fetched_again(request):
        request.session["seen_at"] = now
    return False


def _is_fetched_again(request: HttpRequest) -> bool:
    """Asked for by an open page itself: it shows no sign of a person, so it keeps nobody signed in."""
    return request.method == "GET" and request.headers.get("HX-Request") == "true"


def _active_role(request: HttpRequest, roles: tuple[Role, ...], level: Level) -> Role | None:
    """The chosen role while it holds and the sign-in suffices for it; the only one without asking."""
    chosen = request.session.get("role")
    wanted = Role(chosen) if chosen in roles else (roles[0] if len(roles) == 1 else None)
    return wanted if wanted and level >= ROLE_LEVELS[wanted] else None

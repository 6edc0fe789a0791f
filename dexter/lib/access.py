"""Who acts: one person in one role at one level of assurance; and how a rule is asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied


class Role(enum.StrEnum):
    GUARDIAN = "guardian"  # Medborgare
    PUPIL = "pupil"  # Elev
    STAFF = "staff"  # Personal


class Level(enum.IntEnum):
    """How surely the person was identified at sign-in; higher opens more (LoA 1 to 3 of Sweden Connect)."""

    PASSWORD = 1
    TWO_FACTOR = 2
    E_ID = 3


@dataclass(frozen=True)
class Actor:
    person_id: UUID
    role: Role
    level: Level


@dataclass(frozen=True)
class System:
    """Background jobs: what they may see is decided by the task, never by a request."""

    person_id: None = None


def require(actor: Actor, permission: str, obj: Any = None) -> None:
    """Raise PermissionDenied (403) unless the rule named `permission` allows `actor` to act on `obj`."""
    if not rules.test_rule(permission, actor, obj):
        raise PermissionDenied(permission)


def allows(actor: Actor, permission: str, obj: Any = None) -> bool:
    """The same question for menus and buttons: show what the rule would allow."""
    return bool(rules.test_rule(permission, actor, obj))

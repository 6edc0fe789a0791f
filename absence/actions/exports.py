"""Taking figures of absence out of the system: logged, counted and limited together with all other lists."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from dexter.lib.access import Actor, require
from registry.actions.lists import export_list
from registry.models import SchoolUnit


def export_statistics(*, actor: Actor, unit: SchoolUnit, pupils: Collection[UUID]) -> None:
    """`pupils` are those named in the file. Raises PermissionDenied without the right at the unit, and above the day's limit."""
    require(actor, "absence.export_statistics", unit)
    return export_list(actor=actor, kind="absence_statistics", subjects=pupils)


def export_sums(*, actor: Actor, unit: SchoolUnit, pupils: Collection[UUID]) -> None:
    """The sums of each pupil under the civic number: the principal's alone. Raises as `export_statistics`."""
    require(actor, "absence.export_sums", unit)
    return export_list(actor=actor, kind="absence_sums", subjects=pupils)

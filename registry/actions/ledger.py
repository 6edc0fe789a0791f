"""Changes of many rows at once, remembered by their ids so that they can be undone as long as nobody built upon them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.utils.translation import gettext as _

MADE_FIRST = "group"  # what the other rows stand on


@dataclass
class Changes:
    """Rows to insert, to change (row, values after) and to take away; a row stands in one of them at most."""

    made: list[Model] = field(default_factory=list)
    changed: list[tuple[Model, dict[str, Any]]] = field(default_factory=list)
    removed: list[Model] = field(default_factory=list)


def carry_out(changes: Changes) -> dict[str, Any]:
    """Groups are made first, then periods end, then new ones begin. Gives what `undo` needs, fit for JSON."""
    groups = [row for row in changes.made if row._meta.model_name == MADE_FIRST]
    _insert(groups)
    done = {"made": _ids(changes.made), "changed": _update(changes.changed), "removed": [_kept(row) for row in changes.removed]}
    for name, ids in _ids(changes.removed).items():
        _rows(name, ids).delete()
    _insert([row for row in changes.made if row._meta.model_name != MADE_FIRST])
    return done


def undo(done: dict[str, Any]) -> None:
    """Put back every row as it was. Raises ValidationError when a row is no more as `carry_out` left it."""
    if not _untouched(done):
        raise ValidationError(_("Somebody has changed a class, a place or a membership since then, so this cannot be reversed as a whole."))
    for name, ids in done["made"].items():
        if name != MADE_FIRST:
            _rows(name, ids).delete()
    for change in done["changed"]:
        _rows(change["model"], change["ids"]).update(**change["before"])
    _insert([_model(row["model"])(**row["values"]) for row in done["removed"]])
    _rows(MADE_FIRST, done["made"].get(MADE_FIRST, [])).delete()


def _untouched(done: dict[str, Any]) -> bool:
    made = [(_rows(name, ids).filter(modified_at=F("created_at")), ids) for name, ids in done["made"].items()]
    changed = [(_rows(row["model"], row["ids"]).filter(**row["after"]), row["ids"]) for row in done["changed"]]
    return all(rows.count() == len(ids) for rows, ids in made + changed)


def _update(changed: list[tuple[Model, dict[str, Any]]]) -> list[dict[str, Any]]:
    """One statement for each way in which rows change, whatever they were before."""
    alike: dict[tuple, list[UUID]] = defaultdict(list)
    before: dict[tuple, list[UUID]] = defaultdict(list)
    for row, after in changed:
        name, values = str(row._meta.model_name), tuple(sorted(after.items()))
        was = tuple((attribute, getattr(row, attribute)) for attribute, _value in values)
        alike[name, values].append(row.pk)
        before[name, values, was].append(row.pk)
    for (name, values), ids in alike.items():
        _rows(name, ids).update(**dict(values))
    return [
        {"model": name, "after": _plain(dict(values)), "before": _plain(dict(was)), "ids": [str(pk) for pk in ids]}
        for (name, values, was), ids in before.items()
    ]


def _insert(rows: Iterable[Model]) -> None:
    alike: dict[type[Model], list[Model]] = defaultdict(list)
    for row in rows:
        alike[type(row)].append(row)
    for model, some in alike.items():
        model._default_manager.bulk_create(some)


def _ids(rows: Iterable[Model]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[str(row._meta.model_name)].append(str(row.pk))
    return dict(found)


def _kept(row: Model) -> dict[str, Any]:
    stored = [item for item in row._meta.concrete_fields if not item.generated]
    return {"model": row._meta.model_name, "values": _plain({item.attname: getattr(row, item.attname) for item in stored})}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _model(name: str) -> type[Model]:
    return apps.get_model("registry", name)


def _rows(name: str, ids: Iterable[Any]) -> Any:
    return _model(name)._default_manager.filter(pk__in=list(ids))

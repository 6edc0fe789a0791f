"""Which rows other tables refer to, whichever app they belong to; the register need not know those apps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model


def relations_to(model: type[Model]) -> list[Any]:
    """Every foreign key to `model`, also those without a way back and those of many-to-many tables."""
    relations = [item for item in model._meta.get_fields(include_hidden=True) if item.auto_created and not item.concrete]
    return [relation for relation in relations if relation.one_to_many or relation.one_to_one]


def referred_to(model: type[Model], rows: Any) -> set[UUID]:
    """Ids of those of `rows` (ids, or a query for them) that a row of any table points at; one statement a table."""
    found: set[UUID] = set()
    for relation in relations_to(model):
        name = relation.field.attname
        found |= set(relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows}).values_list(name, flat=True))
    return found


def is_referred_to(model: type[Model], rows: Any, own: Iterable[str]) -> bool:
    """Whether a row other than those with the ids `own` points at one of `rows`."""
    for relation in relations_to(model):
        found = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
        if relation.related_model._meta.pk.get_internal_type() == "UUIDField":
            found = found.exclude(pk__in=list(own))
        if found.exists():
            return True
    return False

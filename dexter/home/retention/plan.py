"""docs/retention.yaml, read and held against the models: every field with personal data has its rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model, UUIDField

from dexter.home.archive.coverage import our_models
from registry.models import Person

UNTIL = re.compile(r"(?P<event>left|ended|made) \+ (?P<count>\d+) (?P<unit>years|days)")


class Plan(NamedTuple):
    rules: dict[str, dict[str, str]]
    technical: frozenset[str]
    models: dict[str, dict[str, str]]  # label -> field -> code of its rule


@cache
def plan() -> Plan:
    read = yaml.safe_load((settings.BASE_DIR / "docs" / "retention.yaml").read_text(encoding="utf-8"))
    return Plan(read["rules"], frozenset(read["technical"]), read["models"])


def values_of(rule: dict[str, str]) -> dict[str, Any]:
    """A rule of the file as values of a RetentionRule; raises ValueError when its time cannot be read."""
    values: dict[str, Any] = {"outcome": "preserve", "years": None, "days": None, "counted_from": ""}
    if rule["until"] != "preserve":
        match = UNTIL.fullmatch(rule["until"])
        if match is None:
            raise ValueError(rule["until"])
        values |= {"outcome": "dispose", "counted_from": match["event"], match["unit"]: int(match["count"])}
    return values | {"legal_basis": rule["basis"], "decision_reference": rule["decision"]}


def holds_personal_data(model: type[Model]) -> bool:
    """A person, what refers to one directly or through others, and what holds loose keys that may be a person's."""
    return model is Person or any(_loose_key(field) for field in _stored(model)) or _refers_to_person(model, frozenset())


def faults(checked: Plan) -> Iterator[str]:
    """What the plan lacks or knows too much of, a sentence each."""
    labels = {model._meta.label for model in our_models()}
    for label in sorted(set(checked.models) - labels):
        yield f"{label} is in docs/retention.yaml, but there is no such model."
    for model in our_models():
        label, known = model._meta.label, checked.models.get(model._meta.label, {})
        needed = {field.name for field in _stored(model)} - checked.technical
        if holds_personal_data(model):
            yield from (
                f"{label}.{name} holds personal data and has no rule in docs/retention.yaml." for name in sorted(needed - set(known))
            )
        yield from (f"{label}.{name} is in docs/retention.yaml, but there is no such field." for name in sorted(set(known) - needed))
        codes = sorted(set(known.values()) - set(checked.rules))
        yield from (f"{label} names the rule {code}, which docs/retention.yaml does not have." for code in codes)


def _stored(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _loose_key(field: Field) -> bool:
    inner = field.base_field if isinstance(field, ArrayField) else field
    return isinstance(inner, UUIDField) and not field.primary_key and not field.is_relation and field.name not in plan().technical


def _refers_to_person(model: type[Model], seen: frozenset[type[Model]]) -> bool:
    related: set[Any] = {field.related_model for field in _stored(model) if field.related_model}
    return Person in related or any(_refers_to_person(target, seen | {model}) for target in related - seen - {model})

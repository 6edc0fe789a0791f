"""A class that was not drawn anew says of its indexes and constraints what a new one would."""

from __future__ import annotations

from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import AutoField, CheckConstraint, Index, IntegerField, Q

from dexter.lib.lean_migrations import lean_migrations


def thing() -> ProjectState:
    state = ProjectState()
    options = {"indexes": [], "constraints": []}
    state.add_model(ModelState("registry", "Thing", [("id", AutoField(primary_key=True)), ("size", IntegerField())], options))
    assert state.apps.get_model("registry", "thing")
    return state


def change(state: ProjectState) -> Any:
    state.add_index("registry", "thing", Index(fields=["size"], name="of_size"))
    state.add_constraint("registry", "thing", CheckConstraint(condition=Q(size__gt=0), name="some_size"))
    state.add_constraint("registry", "thing", CheckConstraint(condition=Q(size__lt=9), name="no_more"))
    state.remove_constraint("registry", "thing", "some_size")
    return state.apps.get_model("registry", "thing")


def test_the_class_stays_and_knows_its_options() -> None:
    state = thing()
    before = state.apps.get_model("registry", "thing")
    with lean_migrations():
        lean = change(state)
    usual = change(thing())
    assert lean is before
    assert (lean._meta.indexes, lean._meta.constraints) == (usual._meta.indexes, usual._meta.constraints)


def test_afterwards_all_is_as_django_has_it() -> None:
    with lean_migrations():
        pass
    state = thing()
    before = state.apps.get_model("registry", "thing")
    assert change(state) is not before
    assert ProjectState._append_option.__module__ == "django.db.migrations.state"


def test_a_column_is_drawn_even_meanwhile() -> None:
    state = thing()
    with lean_migrations():
        state.add_field("registry", "thing", "name", IntegerField(null=True), preserve_default=True)
    assert state.apps.get_model("registry", "thing")._meta.get_field("name").null

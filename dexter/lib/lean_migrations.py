"""Migrations in half the time: no model is drawn anew for an index, a constraint or a trigger.

Before each operation Django draws the classes of the changed model and of all that are related to it, here of nearly every model.
The classes then know the model's columns and relations. These three change neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

KEPT = ("indexes", "constraints")  # what Django later looks up in a class of these options; triggers it does not know


@contextmanager
def lean_migrations() -> Iterator[None]:
    """Meanwhile, in this process."""
    changes = [(ProjectState, "_append_option"), (ProjectState, "_remove_option")]
    changes += [(operation, "state_forwards") for operation in (AddTrigger, RemoveTrigger)]
    before = [(owner, name, getattr(owner, name)) for owner, name in changes]
    try:
        for owner, name, change in before:
            setattr(owner, name, (_of_state if owner is ProjectState else _of_trigger)(change))
        yield
    finally:
        for owner, name, change in before:
            setattr(owner, name, change)


def _of_state(change: Callable[..., None]) -> Callable[..., None]:
    def changed(state: Any, app_label: str, model_name: str, *rest: Any) -> None:
        with _undrawn(state):
            change(state, app_label, model_name, *rest)
        if "apps" in vars(state):
            drawn, options = state.apps.get_model(app_label, model_name)._meta, state.models[app_label, model_name].options
            vars(drawn).update({name: list(options.get(name, ())) for name in KEPT})

    return changed


def _of_trigger(change: Callable[..., None]) -> Callable[..., None]:
    def changed(operation: Any, app_label: str, state: Any) -> None:
        with _undrawn(state):
            change(operation, app_label, state)

    return changed


@contextmanager
def _undrawn(state: Any) -> Iterator[None]:
    """A state whose classes were not drawn yet is changed without drawing them."""
    classes = {name: vars(state).pop(name) for name in ("apps",) if name in vars(state)}
    yield
    vars(state).update(classes)

"""Who may do what about assessment; each part says it beside its predicates."""

from . import grid, knowledge, matrices, scales  # noqa: F401  the rules are known by their names

"""Who may do what about absence; each part says it beside its predicates."""

from . import day, follow_up, leave, statistics  # noqa: F401  the rules are known by their names

from .changes import Changes, changes
from .content import Thread, content_of, criteria_for, items_for, threads, variant_of
from .pages import abilities_of, criteria_by_year, criteria_of, replaced_by, searched, spans, with_former, with_sums

__all__ = [
    "Changes",
    "Thread",
    "abilities_of",
    "changes",
    "content_of",
    "criteria_by_year",
    "criteria_for",
    "criteria_of",
    "items_for",
    "replaced_by",
    "searched",
    "spans",
    "threads",
    "variant_of",
    "with_former",
    "with_sums",
]

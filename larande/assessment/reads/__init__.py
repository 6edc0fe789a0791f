"""Questions about assessment that several callers share."""

from .grid import (
    Cell,
    Grid,
    Line,
    Place,
    as_found,
    day_of,
    grid_of,
    pupils_of,
    put_changes,
    put_typed,
    readers_of,
    stored_in,
    with_grid_rights,
    with_texts,
)
from .scales import Scale, scale_for, scales_for

__all__ = [
    "Cell",
    "Grid",
    "Line",
    "Place",
    "Scale",
    "as_found",
    "day_of",
    "grid_of",
    "pupils_of",
    "put_changes",
    "put_typed",
    "readers_of",
    "scale_for",
    "scales_for",
    "stored_in",
    "with_grid_rights",
    "with_texts",
]

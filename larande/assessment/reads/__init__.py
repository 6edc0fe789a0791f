"""What the pages of assessment ask."""

from .criteria import Criteria, Thread, cells_of, criteria_of
from .matrices import (
    Source,
    columns_of,
    plans_for,
    rows_of,
    scale_of_matrix,
    subject_first,
    subject_names_of,
    subjects_taught_at,
    teachings_to_assess,
    templates,
    threads_of_plan,
    units_with_assessment,
    uses_of,
    with_rows,
    year_taught,
)
from .scales import Scale, scale_for, scales_for, steps_of, with_steps

__all__ = [
    "Criteria",
    "Scale",
    "Source",
    "Thread",
    "cells_of",
    "columns_of",
    "criteria_of",
    "plans_for",
    "rows_of",
    "scale_for",
    "scale_of_matrix",
    "scales_for",
    "steps_of",
    "subject_first",
    "subject_names_of",
    "subjects_taught_at",
    "teachings_to_assess",
    "templates",
    "threads_of_plan",
    "units_with_assessment",
    "uses_of",
    "with_rows",
    "with_steps",
    "year_taught",
]

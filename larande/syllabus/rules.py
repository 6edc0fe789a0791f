"""The curriculum is read by all; where it was read from concerns the responsible body."""

from __future__ import annotations

import rules

from registry.rules import works_for_a_body

rules.add_rule("syllabus.see_loaded", works_for_a_body)

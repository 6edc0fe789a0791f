"""Who writes of a pupil's knowledge, and when pupils assess themselves."""

import rules

from registry.rules import is_staff

from .matrices import assesses

rules.add_rule("assessment.write_summary", is_staff & assesses)
rules.add_rule("assessment.list_basis", is_staff & assesses)

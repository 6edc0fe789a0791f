"""Which steps are offered is decided for the whole municipality."""

import rules

from registry.rules import is_staff, works_for_a_body

rules.add_rule("assessment.edit_scale", is_staff & works_for_a_body)

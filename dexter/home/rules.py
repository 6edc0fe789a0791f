from __future__ import annotations

import rules

from registry.rules import is_staff, leads_a_unit

rules.add_rule("home.edit_site", is_staff & leads_a_unit)

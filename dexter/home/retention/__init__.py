"""How long what is kept: the plan in docs/retention.yaml, the check that holds it complete, and what is due."""

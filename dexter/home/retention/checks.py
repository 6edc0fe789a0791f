"""No field with personal data without a rule for how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from .plan import faults, plan


@register(Tags.models)
def every_personal_field_has_its_rule(app_configs: Sequence[AppConfig] | None = None, **_options: Any) -> list[CheckMessage]:
    return [Error(fault, hint="Add it to docs/retention.yaml.", id="dexter.E010") for fault in faults(plan())]

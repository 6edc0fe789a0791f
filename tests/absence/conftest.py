"""What several tests of absence begin with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from absence.actions import investigations
from absence.models import AbsenceInvestigation, ReportReceiver
from dexter.lib import days
from dexter.lib.access import Actor, Role
from registry.models import Duty
from tests.notices.conftest import gateway, mail_server

__all__ = ["gateway", "mail_server"]


@pytest.fixture
def opened(cast: Any, actor: Callable[..., Actor], at: Any) -> AbsenceInvestigation:
    at(10, 0)
    unit = cast.group("4A").school_unit
    return investigations.open_investigation(
        actor=actor("ingrid", Role.STAFF), pupil=cast.sami, unit=unit, participants="Sami, Amira", submission=uuid.uuid4()
    )


@pytest.fixture
def officer(cast: Any, client_as: Callable[..., Any]) -> Any:
    """Birgitta, appointed for Granskolan since yesterday."""
    duty, unit = Duty.objects.get(person=cast.birgitta), cast.group("4A").school_unit
    ReportReceiver.objects.create(duty=duty, school_unit=unit, start_date=days.today() - timedelta(days=1))
    return client_as("birgitta", Role.STAFF)

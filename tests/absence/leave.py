"""Granted leave, for tests that are not about leave itself."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from absence.models import LeaveApplication, LeaveDay, LeaveRequest
from dexter.lib import days
from registry.models import Person, SchoolUnit


def granted_leave(cast: Any, pupil: Person, unit: SchoolUnit, day: datetime.date) -> LeaveDay:
    application = LeaveApplication.objects.create(
        applied_by=cast.amira, submission=uuid.uuid4(), submitted_at=days.now(), start_date=day, end_date=day, purpose="resa"
    )
    request = LeaveRequest.objects.create(
        application=application, pupil=pupil, school_unit=unit, start_date=day, end_date=day, state="decided", school_days=1
    )
    return LeaveDay.objects.create(request=request, pupil=pupil, school_unit=unit, day=day)

"""Where a school does not use assessment, its rooms are nowhere; Lärande's others stay."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dexter.lib import days
from dexter.lib.access import Role
from registry.models import Module, ModuleSwitch
from tests.larande import made


def test_assessment_off_leaves_plans_and_no_door_to_matrices(client_as: Any, cast: Any) -> None:
    use = made.grid(cast.anna)
    door, matrices = reverse("larande:start"), reverse("assessment:matrix_list")
    teacher = client_as("anna", Role.STAFF)
    assert matrices in teacher.get(door).text
    unit = use.activity.school_unit
    ModuleSwitch.objects.create(school_unit=unit, module=Module.ASSESSMENT, is_on=False, start_date=days.today())
    assert teacher.get(matrices).status_code == 404
    assert matrices not in teacher.get(door).text
    assert teacher.get(reverse("assessment:class_grid", args=[use.pk])).status_code == 404
    assert teacher.get(door).status_code == 200

"""A school unit switches a module on or off, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from dexter.lib.models import period_holds
from registry.models import OFF_UNTIL_SWITCHED_ON, Module, ModuleSwitch, SchoolUnit


@transaction.atomic
def switch_module(*, actor: Actor, school_unit: SchoolUnit, module: Module, is_on: bool, start_date: date) -> ModuleSwitch:
    """Let the module be on, or off, from the day until the next change that is decided already. Nothing is removed.

    Raises ValidationError: the day has passed, or it is so that day already.
    """
    require(actor, "registry.lead_unit", school_unit)
    SchoolUnit.objects.select_for_update().get(pk=school_unit.pk)
    if start_date < days.today():
        raise ValidationError({"start_date": _("That day is over. Choose today or a later day.")})
    rows = ModuleSwitch.objects.filter(school_unit=school_unit, module=module)
    holding = rows.filter(period_holds(start_date)).first()
    if (holding.is_on if holding else module not in OFF_UNTIL_SWITCHED_ON) == is_on:
        raise ValidationError({"start_date": _("It is so that day already.")})
    if holding is not None and holding.start_date == start_date:
        holding.is_on = is_on
        holding.save(update_fields=["is_on"])
    else:
        holding = _new(holding, ModuleSwitch(school_unit=school_unit, module=module, is_on=is_on, start_date=start_date))
    record(actor=actor, action="registry.switch_module", object_id=school_unit.pk, details=_words(holding))
    return holding


@transaction.atomic
def take_back_module_switch(*, actor: Actor, switch: ModuleSwitch) -> None:
    """A switch to come does not come: what held before it goes on. Raises ValidationError when its day is here."""
    require(actor, "registry.lead_unit", switch.school_unit)
    SchoolUnit.objects.select_for_update().get(pk=switch.school_unit_id)
    if switch.start_date <= days.today():
        raise ValidationError(_("It holds already. Switch the module the other way instead."))
    rows = ModuleSwitch.objects.filter(school_unit=switch.school_unit_id, module=switch.module)
    before = rows.filter(end_date=switch.start_date - timedelta(days=1)).first()
    rows.filter(pk=switch.pk).delete()
    if before is not None:
        before.end_date = switch.end_date
        before.save(update_fields=["end_date"])
    record(actor=actor, action="registry.take_back_module_switch", object_id=switch.school_unit_id, details=_words(switch))


def _new(holding: ModuleSwitch | None, made: ModuleSwitch) -> ModuleSwitch:
    """In the place of the period that holds its first day, which is cut there; until the next that is decided."""
    rows = ModuleSwitch.objects.filter(school_unit=made.school_unit, module=made.module)
    later = rows.filter(start_date__gt=made.start_date).order_by("start_date").first()
    made.end_date = later.start_date - timedelta(days=1) if later else None
    if holding is not None:
        rows.filter(pk=holding.pk).update(end_date=made.start_date - timedelta(days=1))
    made.save(force_insert=True)
    return made


def _words(switch: ModuleSwitch) -> dict[str, str | int | bool]:
    return {"module": switch.module, "on": switch.is_on, "from": switch.start_date.isoformat()}

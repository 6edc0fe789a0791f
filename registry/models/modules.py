"""Which modules a school unit uses; what is switched off is nowhere to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from dexter.lib import days
from dexter.lib.models import Entity, PeriodQuerySet, ends_after_start, no_overlap, period_holds

from . import scope
from .organisation import SchoolUnit

if TYPE_CHECKING:
    import datetime

    from dexter.lib.access import Actor


class Module(models.TextChoices):
    """Lärande as a whole, and its parts; a part is on where both it and the whole are."""

    LARANDE = "larande", _("Lärande")
    PLANNING = "planning", _("Plans")
    ASSESSMENT = "assessment", _("Assessment")
    SELF_ASSESSMENT = "self_assessment", _("Self-assessment by pupils")


OFF_UNTIL_SWITCHED_ON = frozenset({Module.SELF_ASSESSMENT})
PART_OF = {Module.PLANNING: Module.LARANDE, Module.ASSESSMENT: Module.LARANDE, Module.SELF_ASSESSMENT: Module.ASSESSMENT}


class ModuleSwitchQuerySet(PeriodQuerySet):
    def visible_to(self, actor: Actor) -> ModuleSwitchQuerySet:
        return self.filter(school_unit__in=scope.units_worked_at(actor))


class ModuleSwitch(Entity):
    """The school unit's own word on a module in a period; without one the module's default holds."""

    school_unit = models.ForeignKey(SchoolUnit, models.PROTECT, related_name="module_switches")
    module = models.CharField(_("module"), max_length=20, choices=Module.choices)
    is_on = models.BooleanField(_("in use"))
    start_date = models.DateField(_("first day"))
    end_date = models.DateField(_("last day"), null=True, blank=True)

    objects = ModuleSwitchQuerySet.as_manager()

    class Meta(Entity.Meta):
        constraints: ClassVar = [no_overlap("module_switch_once", "school_unit", "module"), ends_after_start("module_switch_period")]


def uses(module: Module, unit: str, day: datetime.date | None = None) -> Q:
    """A condition: the school unit behind the look-up `unit` (such as "activity__school_unit") uses the module that day."""
    switches = ModuleSwitch.objects.filter(period_holds(day or days.today()), school_unit=OuterRef(unit), module=module)
    starts_off = module in OFF_UNTIL_SWITCHED_ON
    condition = Q(Exists(switches.filter(is_on=True))) if starts_off else ~Q(Exists(switches.filter(is_on=False)))
    return condition & uses(PART_OF[module], unit, day) if module in PART_OF else condition


def units_with(module: Module, day: datetime.date | None = None) -> models.QuerySet[SchoolUnit]:
    """The school units that use the module that day."""
    return SchoolUnit.objects.filter(uses(module, "pk", day)).order_by()

"""What keeps a draft from being carried out: it would leave a class behind, or make two of one name."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from .roll_over import Facts


def faults_of(facts: Facts) -> list[str]:
    """Sentences about classes alone, never about pupils: a fault is seen by everyone who may carry the draft out."""
    names = Counter(step.name.casefold() for step in facts.steps.values() if step.goes_on)
    twice = sorted({step.name for step in facts.steps.values() if step.goes_on and names[step.name.casefold()] > 1})
    faults = [_("Two classes of next year are called %(name)s.") % {"name": name} for name in twice]
    first = facts.roll_over.effective_date
    lacking = [group.name for group in facts.classes if group.pk not in facts.by_group and group.start_date < first]
    return faults + [_("The class %(name)s is not in the draft: say what becomes of it.") % {"name": name} for name in lacking]

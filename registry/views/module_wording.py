"""What disappears with a module, and for whom; said before it is switched off."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Module


class Effect(NamedTuple):
    """What somebody sees no more, or sees again."""

    who: str | Promise
    what: list[str | Promise]


HOMES, PUPILS = _("Guardians"), _("Pupils")
TEACHERS, LEADERS = _("Teachers"), _("Principal")
WHOLE = _("Lärande in the menu, and every page behind it; absence, timetable and messages stay as they are")

EFFECTS: dict[Module, tuple[Effect, ...]] = {
    Module.PLANNING: (
        Effect(HOMES, [_("the week with what each subject works with and what is due, and the plans they have read")]),
        Effect(PUPILS, [_("the own week, plans, tasks and tests")]),
        Effect(TEACHERS, [_("plans and drafts, the bank of plans, and today's plan beside the lesson; substitutes too")]),
        Effect(LEADERS, [_("which classes have published plans")]),
    ),
    Module.ASSESSMENT: (
        Effect(HOMES, [_("the teachers' assessments and summaries in each subject")]),
        Effect(PUPILS, [_("the assessments of the own knowledge, and self-assessment")]),
        Effect(TEACHERS, [_("matrices, the class's grids and who lacks a basis for judgement")]),
    ),
    Module.SELF_ASSESSMENT: (
        Effect(PUPILS, [_("where they mark how they think they stand")]),
        Effect(TEACHERS, [_("the pupils' own marks beside the grid")]),
    ),
}


def what_follows(module: Module) -> list[Effect]:
    """Of the whole: all that its parts do, and the way there."""
    if module != Module.LARANDE:
        return list(EFFECTS[module])
    found: dict[str | Promise, list[str | Promise]] = {_("Everybody"): [WHOLE]}
    for part in (*EFFECTS[Module.PLANNING], *EFFECTS[Module.ASSESSMENT]):
        found.setdefault(part.who, []).extend(part.what)
    return [Effect(who, what) for who, what in found.items()]

"""Questions that span plans and assessment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from larande.assessment.models import MatrixUse
from larande.assessment.models.assessments import OfPupilQuerySet
from larande.planning.reads.history import SubjectPlans
from larande.planning.reads.today import OwnTeaching
from registry import reads as registry
from registry.models import Person, scope
from registry.models.person import PersonQuerySet

STRONG = Level.TWO_FACTOR  # judgements of a pupil's knowledge ask for more than a password (domain section 3.8)
SUBJECT = "activity__syllabus__subject_code"


@dataclass
class SubjectCard:
    """A subject of a pupil: what is planned and what is known."""

    code: str
    name: str
    plans: SubjectPlans | None  # none where only judgements are known
    knowledge: Knowledge | None


@dataclass
class Knowledge:
    """What the reader may know of a pupil's standing in a subject; what it says in full has pages of its own."""

    code: str
    name: str
    judged: int = 0  # rows with a judgement
    latest: datetime | None = None
    summary: str = ""  # the teacher's own words


def learners(persons: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """The own children, or oneself, at schools that use Lärande; with class and school, and `uses_plans`."""
    own = registry.with_larande(persons.filter(pk__in=scope.pupil_ids(actor))).filter(uses_larande=True)
    return registry.with_class_name(own, days.today())


def pupils(persons: PersonQuerySet, actor: Actor) -> PersonQuerySet:
    """The same for all roles: of staff those of `persons` who are pupils at such a school, or left it lately."""
    if actor.role is not Role.STAFF:
        return learners(persons, actor)
    others = registry.with_larande(persons.exclude(pk=actor.person_id)).filter(uses_larande=True)
    return registry.with_class_name(others, days.today())


def sees_judgements(actor: Actor) -> bool:
    """Whether the sign-in is strong enough for judgements."""
    return actor.level >= STRONG


def knowledge_of(pupil: Person, actor: Actor, assessments: OfPupilQuerySet, summaries: OfPupilQuerySet) -> dict[str, Knowledge]:
    """By subject code, of what the actor may see; nothing for a sign-in by password alone. Two statements.

    The home and the pupil: what is published, as it was published. Staff: as it stands now.
    """
    if not sees_judgements(actor):
        return {}
    found: dict[str, Knowledge] = {}
    _count_rows(found, assessments.filter(pupil=pupil), actor)
    _add_summaries(found, summaries.filter(pupil=pupil), actor)
    return found


def _count_rows(found: dict[str, Knowledge], rows: OfPupilQuerySet, actor: Actor) -> None:
    if actor.role is Role.STAFF:
        judged, moment = rows.exclude(Q(step=None) & Q(comment="")), "assessed_at"
    else:
        judged, moment = rows.exclude(Q(published_step=None) & Q(published_comment="")), "published_at"
    named = judged.order_by(moment).values_list(SUBJECT, "activity__syllabus__subject_name", moment)
    for code, name, at in named:
        knowledge = found.setdefault(code or "", Knowledge(code or "", name or ""))
        knowledge.judged += 1
        knowledge.latest = at


def _add_summaries(found: dict[str, Knowledge], rows: OfPupilQuerySet, actor: Actor) -> None:
    text = "text" if actor.role is Role.STAFF else "published_text"
    written = rows.exclude(**{text: ""}).order_by("written_at")
    for code, name, words in written.values_list(SUBJECT, "activity__syllabus__subject_name", text):
        found.setdefault(code or "", Knowledge(code or "", name or "")).summary = words


def with_grids(own: list[OwnTeaching], uses: QuerySet[MatrixUse]) -> list[OwnTeaching]:
    """Adds `grids` to each teaching, of those the caller may open and that are still filled in. One statement."""
    rows = uses.filter(activity__in={row.activity.pk for row in own}, ended_at=None).select_related("matrix")
    found = list(rows.order_by("created_at", "pk"))
    for row in own:
        row.grids = [use for use in found if use.activity_id == row.activity.pk]
    return own


def subject_cards(plans: Iterable[SubjectPlans], knowledge: dict[str, Knowledge]) -> list[SubjectCard]:
    """The subjects with plans or judgements; first those of `plans`, in their order."""
    cards = [SubjectCard(row.code, row.name, row, knowledge.get(row.code)) for row in plans]
    known = {card.code for card in cards}
    return cards + [SubjectCard(row.code, row.name, None, row) for row in knowledge.values() if row.code and row.code not in known]

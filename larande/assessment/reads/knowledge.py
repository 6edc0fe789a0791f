"""What a pupil knows in a subject: each row with the latest judgement, where it comes from and how it moved. No sum, no mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet, UUIDField, Value

from dexter.lib import days
from dexter.lib.access import Actor, Role
from dexter.lib.models import period_holds
from larande.assessment.models import (
    Assessment,
    AssessmentChange,
    AssessmentStep,
    MatrixRow,
    MatrixUse,
    SelfAssessment,
    SubjectSummary,
)
from larande.assessment.models.scope import assessed_open_to
from larande.planning.models import LessonPlan
from larande.syllabus.reads import Thread
from registry.models import (
    Activity,
    DutyAssignment,
    Enrolment,
    GroupMembership,
    Guardianship,
    Module,
    Person,
    PupilSyllabus,
    SecurityMarking,
    Syllabus,
    uses,
)
from registry.models.person import PersonQuerySet
from registry.models.teaching import ActivityQuerySet

from .criteria import criteria_of, title_of
from .grid import with_texts

WIDTH, HEIGHT, MARGIN = 96, 28, 4  # of the small line, in its own units
SEVERAL = 2  # points that make a line


@dataclass(frozen=True)
class Judgement:
    """One state of a row: the step and the words, as the reader may read them."""

    step: AssessmentStep | None
    comment: str
    at: datetime
    by: str  # nothing for a protected colleague, and where the home reads an earlier state
    matrix: str
    plan: str
    meaning: str = ""
    is_draft: bool = False


@dataclass
class Known:
    """A row of the knowledge: judgements the newest first; `criterion` is what the curriculum says, where the row comes from it."""

    title: str
    criterion: str = ""
    judgements: list[Judgement] = field(default_factory=list)
    own_view: SelfAssessment | None = None

    @property
    def latest(self) -> Judgement | None:
        return self.judgements[0] if self.judgements else None

    @property
    def moves(self) -> list[Judgement]:
        """From the first to the latest, each change of step once; of the latest scale alone, for scales do not compare."""
        stepped = [each for each in reversed(self.judgements) if each.step]
        same = [each for each in stepped if each.step and stepped[-1].step and each.step.scale_id == stepped[-1].step.scale_id]
        return [each for place, each in enumerate(same) if place == 0 or each.step != same[place - 1].step]

    @property
    def dots(self) -> list[tuple[float, float]]:
        moves = self.moves
        top = max([1, *(each.step.position for each in moves if each.step)])
        across = (WIDTH - 2 * MARGIN) / max(1, len(moves) - 1)
        high = HEIGHT - 2 * MARGIN
        return [
            (round(MARGIN + place * across, 1), round(HEIGHT - MARGIN - high * each.step.position / top, 1))
            for place, each in enumerate(moves)
            if each.step
        ]

    @property
    def points(self) -> str:
        """For a polyline; empty until it has moved."""
        return " ".join(f"{x},{y}" for x, y in self.dots) if len(self.dots) >= SEVERAL else ""


@dataclass(frozen=True)
class SubjectKnown:
    """A subject of a pupil in a list."""

    code: str
    name: str
    rows: int
    latest: datetime | None


@dataclass(frozen=True)
class Knowledge:
    pupil: Person
    activities: list[Activity]
    known: list[Known]
    unjudged: list[str]
    summaries: list[SubjectSummary]
    own_syllabuses: list[Syllabus]

    @property
    def subject_name(self) -> str:
        named = self.own_syllabuses or [activity.syllabus for activity in self.activities if activity.syllabus]
        return named[0].subject_name


def teachings_of(actor: Actor, pupil: UUID) -> ActivityQuerySet:
    """What the pupil is or was taught, of some subject, that the actor may read about; the latest first."""
    member = GroupMembership.objects.filter(person=pupil, group__activity_groups__activity=OuterRef("pk"))
    rows: ActivityQuerySet = Activity.objects.filter(Exists(member), syllabus__isnull=False)
    open_to: ActivityQuerySet = rows.annotate(pupil=Value(pupil, output_field=UUIDField())).filter(assessed_open_to(actor, ""))
    return open_to.select_related("syllabus", "school_unit").order_by("-start_date", "name", "pk")


def subjects_of(actor: Actor, pupil: UUID) -> list[SubjectKnown]:
    """The subjects that the actor may read about, with how many rows are judged, or published to the home; two statements."""
    names = {activity.syllabus.subject_code: activity.syllabus.subject_name for activity in teachings_of(actor, pupil) if activity.syllabus}
    step, moment = ("step", "assessed_at") if actor.role is Role.STAFF else ("published_step", "published_at")
    judged = Assessment.objects.visible_to(actor).filter(pupil=pupil, **{f"{step}__isnull": False}).order_by()
    counts = judged.values("activity__syllabus__subject_code").annotate(rows=Count("pk"), latest=Max(moment))
    found = {row["activity__syllabus__subject_code"]: row for row in counts}
    empty: dict[str, Any] = {"rows": 0, "latest": None}
    rows = [SubjectKnown(code, name, found.get(code, empty)["rows"], found.get(code, empty)["latest"]) for code, name in names.items()]
    return sorted(rows, key=lambda row: row.name)


def person_assessed(actor: Actor, pupil: UUID) -> Person | None:
    """By a teaching that opens the pupil: the protected too, under the shown name, to who teaches them."""
    return Person.objects.filter(pk=pupil).first() if teachings_of(actor, pupil).exists() else None


def knowledge_of(actor: Actor, pupil: UUID, subject: str) -> Knowledge | None:
    """None without a relation to the pupil in the subject. The same number of statements whatever there is."""
    activities = [row for row in teachings_of(actor, pupil) if row.syllabus and row.syllabus.subject_code == subject]
    person = Person.objects.filter(pk=pupil).first() if activities else None
    if person is None:
        return None
    own = [
        row.syllabus
        for row in PupilSyllabus.objects.on(days.today()).filter(pupil=pupil, activity__in=activities).select_related("syllabus")
    ]
    known = _known(actor, pupil, activities)
    threads = _threads(own[0] if own else activities[0].syllabus, pupil)
    for key, row in known.items():
        row.criterion = " ".join(threads[key].texts.values()) if key in threads and len(threads[key].texts) == 1 else ""
    summaries = SubjectSummary.objects.visible_to(actor).filter(pupil=pupil, activity__in=activities)
    judged = [row for row in known.values() if row.judgements or row.own_view]
    lacking = [row.title for row in known.values() if not row.judgements]
    lacking += [title_of(thread) for key, thread in threads.items() if key not in known]
    return Knowledge(
        person,
        activities,
        judged,
        lacking if actor.role is Role.STAFF else [],
        list(summaries.select_related("activity", "written_by").order_by("-written_at")),
        own,
    )


def _threads(syllabus: Syllabus | None, pupil: UUID) -> dict[str, Thread]:
    """The criteria in force for the pupil's year, by thread."""
    places = Enrolment.objects.on(days.today()).filter(pupil=pupil, cancelled=False).exclude(school_year=None)
    year = places.order_by("-start_date").values_list("school_year", flat=True).first()
    found = criteria_of(syllabus, year, days.today()) if syllabus else None
    return {thread.key: thread for thread in found.threads if thread.variant in {"", found.variant}} if found else {}


def _known(actor: Actor, pupil: UUID, activities: Sequence[Activity]) -> dict[str, Known]:
    """By thread, or for rows of the teacher's own by name: every row that is judged, or could be, the newest judgements first."""
    is_staff = actor.role is Role.STAFF
    stored = list(
        Assessment.objects.visible_to(actor)
        .filter(pupil=pupil, activity__in=activities)
        .select_related("step", "published_step", "assessed_by", "row", "use__matrix", "use__plan")
    )
    open_rows = MatrixRow.objects.filter(retired_at=None, matrix__uses__in=MatrixUse.objects.filter(activity__in=activities, ended_at=None))
    views = SelfAssessment.objects.visible_to(actor).filter(uses(Module.SELF_ASSESSMENT, "activity__school_unit"))
    own_views = list(views.filter(pupil=pupil, activity__in=activities).select_related("step", "row").order_by("modified_at"))
    rows = [cell.row for cell in stored] + [view.row for view in own_views] + (list(open_rows.distinct()) if is_staff else [])
    texts = {row.pk: dict(row.texts) for row in with_texts({row.pk: row for row in rows}.values())}
    plans = set(
        LessonPlan.objects.visible_to(actor)
        .filter(pk__in=[cell.use.plan_id for cell in stored if cell.use.plan_id])
        .values_list("pk", flat=True)
    )
    history = _history(actor, stored) if is_staff else {}
    known: dict[str, Known] = {}
    for row in rows:
        known.setdefault(_key(row), Known(row.title))
    for cell in stored:
        states = history.get(cell.pk) or [cell]
        for state in states:
            judged = _judgement(cell, state, texts[cell.row_id], plans, is_staff=is_staff)
            if judged.step or judged.comment:
                known[_key(cell.row)].judgements.append(judged)
    for view in own_views:
        known[_key(view.row)].own_view = view
    for each in known.values():
        each.judgements.sort(key=lambda judged: judged.at, reverse=True)
    return known


def _key(row: MatrixRow) -> str:
    return row.thread or f"={row.title}"


def _judgement(cell: Assessment, state: Any, texts: dict[str, str], plans: set[UUID], *, is_staff: bool) -> Judgement:
    step, comment = (state.step, state.comment) if is_staff else (cell.published_step, cell.published_comment)
    moment: datetime = state.assessed_at if is_staff or cell.published_at is None else cell.published_at
    named = (is_staff or cell.is_published) and state.assessed_by.security_marking == SecurityMarking.NONE
    plan = cell.use.plan.title if cell.use.plan and cell.use.plan_id in plans else ""
    return Judgement(
        step=step,
        comment=comment,
        at=moment,
        by=str(state.assessed_by.shown_name) if named else "",
        matrix=cell.use.matrix.title,
        plan=plan,
        meaning=texts.get(step.code, "") if step else "",
        is_draft=is_staff and (cell.published_step_id, cell.published_comment) != (state.step_id, state.comment),
    )


def _history(actor: Actor, stored: Iterable[Assessment]) -> dict[UUID, list[Any]]:
    """Every state in which step or words changed, by assessment; one statement."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    changes = AssessmentChange.objects.visible_to(actor).filter(pgh_obj__in=[cell.pk for cell in stored])
    for change in changes.select_related("step", "assessed_by").order_by("pgh_id"):
        states = found[change.pgh_obj_id]
        if not states or (states[-1].step_id, states[-1].comment) != (change.step_id, change.comment):
            states.append(change)
    return found


def roster_of_teaching(activity: Activity, actor: Actor) -> PersonQuerySet:
    """Who is taught today, in Swedish order, with `is_own`; the protected, under the shown name, to their own teachers alone."""
    today = days.today()
    memberships = GroupMembership.objects.on(min(today, activity.end_date) if activity.end_date else today)
    people = Person.objects.filter(pk__in=memberships.filter(group__activity_groups__activity=activity).values("person_id"))
    teaching = DutyAssignment.objects.filter(
        period_holds(today), period_holds(today, "duty__"), duty__person=actor.person_id, activity=activity
    )
    visible = Q(pk__in=Person.objects.visible_to(actor).order_by().values("pk"))
    children = Guardianship.objects.filter(guardian=actor.person_id, child=OuterRef("pk"))
    is_own = ExpressionWrapper(Q(pk=actor.person_id) | Q(Exists(children)), output_field=BooleanField())
    seen: PersonQuerySet = people.filter(visible | Q(Exists(teaching))).annotate(is_own=is_own).order_by("sort_key", "pk")
    return seen


def summary_of(activity: Activity, pupil: UUID) -> SubjectSummary | None:
    found: SubjectSummary | None = SubjectSummary.objects.filter(activity=activity, pupil=pupil).select_related("written_by").first()
    return found


def activities_written_in(actor: Actor, activities: Sequence[Activity]) -> set[UUID]:
    """Of the activities those that the actor teaches today."""
    today = days.today()
    rows = DutyAssignment.objects.filter(period_holds(today), period_holds(today, "duty__"), duty__person=actor.person_id)
    taught: QuerySet = rows.filter(activity__in=activities).values_list("activity_id", flat=True)
    return set(taught) if actor.role is Role.STAFF else set()

"""Work areas: what is planned, for whom and when, and what belongs to them."""

from .parts import PlanContent, PlanCriterion, PlanFile, PlanGoal, PlanLink, Task, TaskKind
from .plans import BANK_STATES, LessonPlan, PlanChange, PlanState, PlanTeaching

__all__ = [
    "BANK_STATES",
    "LessonPlan",
    "PlanChange",
    "PlanContent",
    "PlanCriterion",
    "PlanFile",
    "PlanGoal",
    "PlanLink",
    "PlanState",
    "PlanTeaching",
    "Task",
    "TaskKind",
]

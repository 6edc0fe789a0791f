"""Questions about the school's facts that several callers share."""

from .class_proposal import duties_chosen, pupils_to_pick, school_years_after, without_step
from .lessons import (
    HandOver,
    hand_overs,
    lessons_for,
    lessons_held_by,
    lessons_in_room,
    lessons_of_duty,
    lessons_of_group,
    lessons_of_person,
    lessons_to_stand_in_for,
    roster_of,
    shown_pupils,
    with_teachers,
)
from .office import (
    details_of,
    former_guardians_of,
    log_lines,
    possible_grantees,
    protected_at_units_of,
    relations_of,
    standing_accesses,
)
from .people import bearers_of, class_names, described, mentors_of, search, with_class_name, with_member_count, with_phones
from .roll_over_preview import preview_of
from .school_days import SchoolCalendar, school_calendar
from .standing import Standing, owner_of_feed, person_id_of, registered_person, standing_of
from .timetable_plan import plan_of

__all__ = [
    "HandOver",
    "SchoolCalendar",
    "Standing",
    "bearers_of",
    "class_names",
    "described",
    "details_of",
    "duties_chosen",
    "former_guardians_of",
    "hand_overs",
    "lessons_for",
    "lessons_held_by",
    "lessons_in_room",
    "lessons_of_duty",
    "lessons_of_group",
    "lessons_of_person",
    "lessons_to_stand_in_for",
    "log_lines",
    "mentors_of",
    "owner_of_feed",
    "person_id_of",
    "plan_of",
    "possible_grantees",
    "preview_of",
    "protected_at_units_of",
    "pupils_to_pick",
    "registered_person",
    "relations_of",
    "roster_of",
    "school_calendar",
    "school_years_after",
    "search",
    "shown_pupils",
    "standing_accesses",
    "standing_of",
    "with_class_name",
    "with_member_count",
    "with_phones",
    "with_teachers",
    "without_step",
]

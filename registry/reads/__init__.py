"""Questions about the school's facts that several callers share."""

from .contact import OwnContact, codes_under_way, own_contact, with_contact_values
from .imports import imports_alarming, report_lines, sums_of
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
from .lists import pupil_rows, pupils_today, staff_today, with_homes
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
from .school_days import SchoolCalendar, school_calendar
from .standing import Standing, owner_of_feed, person_id_of, standing_of

__all__ = [
    "HandOver",
    "OwnContact",
    "SchoolCalendar",
    "Standing",
    "bearers_of",
    "class_names",
    "codes_under_way",
    "described",
    "details_of",
    "former_guardians_of",
    "hand_overs",
    "imports_alarming",
    "lessons_for",
    "lessons_held_by",
    "lessons_in_room",
    "lessons_of_duty",
    "lessons_of_group",
    "lessons_of_person",
    "lessons_to_stand_in_for",
    "log_lines",
    "mentors_of",
    "own_contact",
    "owner_of_feed",
    "person_id_of",
    "possible_grantees",
    "protected_at_units_of",
    "pupil_rows",
    "pupils_today",
    "relations_of",
    "report_lines",
    "roster_of",
    "school_calendar",
    "search",
    "shown_pupils",
    "staff_today",
    "standing_accesses",
    "standing_of",
    "sums_of",
    "with_class_name",
    "with_contact_values",
    "with_homes",
    "with_member_count",
    "with_phones",
    "with_teachers",
]

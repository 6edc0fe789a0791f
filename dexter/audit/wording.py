"""The lines of the log in words."""

from __future__ import annotations

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "absence.add_day": _("reported one more day of absence"),
    "absence.report_absence": _("reported absence"),
    "absence.take_roll_call": _("took a roll-call"),
    "absence.withdraw_day": _("took back a report of absence"),
    "accounts.issue_enrolment_code": _("handed out a one-time code"),
    "accounts.reset_pupil_password": _("made a new password for the pupil"),
    "home.pupil_detail": _("read the pupil's page"),
    "registry.add_calendar_day": _("added days without school, or extra ones"),
    "registry.add_duty": _("registered a duty"),
    "registry.add_group_to_activity": _("added a group to what is taught"),
    "registry.add_guardian": _("registered a relation"),
    "registry.add_members": _("put pupils into a group"),
    "registry.appoint_mentor": _("appointed a mentor"),
    "registry.assign_teacher": _("assigned a teacher"),
    "registry.cancel_lesson": _("cancelled a lesson"),
    "registry.contact_list": _("read the contact list of a group"),
    "registry.create_activity": _("made an activity that is taught"),
    "registry.create_group": _("made a group"),
    "registry.create_lesson": _("put lessons into the timetable"),
    "registry.create_room": _("added a room"),
    "registry.create_school_year": _("made a school year"),
    "registry.edit_activity": _("changed an activity that is taught"),
    "registry.edit_contact_details": _("changed contact details"),
    "registry.edit_person": _("changed identity or language"),
    "registry.edit_room": _("changed a room"),
    "registry.edit_term": _("moved a term"),
    "registry.end_assignment": _("ended an assignment"),
    "registry.end_duty": _("ended a duty"),
    "registry.end_enrolment": _("ended a place at a school"),
    "registry.end_guardianship": _("ended a guardianship by hand"),
    "registry.end_membership": _("ended a membership in a group"),
    "registry.end_teaching": _("ended a teacher's assignment"),
    "registry.enrol_pupil": _("enrolled the pupil"),
    "registry.give_consent": _("let a former guardian read on"),
    "registry.grant_access": _("opened a protected person to somebody by name"),
    "registry.group_detail": _("read a list of the group"),
    "registry.hand_over_lessons": _("handed lessons to a substitute"),
    "registry.lesson_roster": _("printed the list of a lesson"),
    "registry.make_feed_address": _("made a secret calendar address"),
    "registry.move_lesson": _("moved a lesson"),
    "registry.move_to_class": _("moved the pupil to another class"),
    "registry.person_detail": _("read the person's page"),
    "registry.protect_person": _("set or changed the marking of protected identity"),
    "registry.protected_list": _("read the list of protected persons"),
    "registry.release_guardianship": _("released a guardianship that was held"),
    "registry.remove_calendar_day": _("removed days from the school year"),
    "registry.remove_group_from_activity": _("took a group from what is taught"),
    "registry.restore_lesson": _("restored a cancelled lesson"),
    "registry.revoke_access": _("ended a named access to a protected person"),
    "registry.revoke_feed_address": _("took back a secret calendar address"),
    "registry.search_persons": _("had the person among the hits of a search"),
    "registry.show_civic_no": _("read the civic number"),
    "registry.stand_in": _("took over a colleague's lesson"),
    "registry.take_back_lessons": _("gave lessons back to the planned teacher"),
    "registry.unlock_person": _("unlocked a protected person with a reason"),
    "registry.withdraw_consent": _("took back the consent to read on"),
}


def of(action: str) -> str:
    """What a line of the log says, in the reader's language."""
    return str(ACTIONS[action]) if action in ACTIONS else translate("another event")

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
    "accounts.make_pupil_accounts": _("made an account for the pupil"),
    "accounts.reset_pupil_password": _("made a new password for the pupil"),
    "home.pupil_detail": _("read the pupil's page"),
    "registry.add_class_step": _("put a class into the draft of a new school year"),
    "registry.add_duty": _("registered a duty"),
    "registry.add_guardian": _("registered a relation"),
    "registry.add_members": _("put pupils into a group"),
    "registry.add_pupil_step": _("wrote what becomes of the pupil next school year"),
    "registry.apply_timetable": _("imported a timetable"),
    "registry.appoint_mentor": _("appointed a mentor"),
    "registry.create_group": _("made a group"),
    "registry.edit_class_step": _("changed what becomes of a class next school year"),
    "registry.edit_contact_details": _("changed contact details"),
    "registry.edit_person": _("changed identity or language"),
    "registry.effect_roll_over": _("carried out a change of school year"),
    "registry.end_assignment": _("ended an assignment"),
    "registry.end_duty": _("ended a duty"),
    "registry.end_enrolment": _("ended a place at a school"),
    "registry.end_guardianship": _("ended a guardianship by hand"),
    "registry.end_membership": _("ended a membership in a group"),
    "registry.enrol_pupil": _("enrolled the pupil"),
    "registry.give_consent": _("let a former guardian read on"),
    "registry.grant_access": _("opened a protected person to somebody by name"),
    "registry.group_detail": _("read a list of the group"),
    "registry.hand_over_lessons": _("handed lessons to a substitute"),
    "registry.import_timetable": _("uploaded a timetable"),
    "registry.lesson_roster": _("printed the list of a lesson"),
    "registry.make_feed_address": _("made a secret calendar address"),
    "registry.move_to_class": _("moved the pupil to another class"),
    "registry.person_detail": _("read the person's page"),
    "registry.protect_person": _("set or changed the marking of protected identity"),
    "registry.protected_list": _("read the list of protected persons"),
    "registry.release_guardianship": _("released a guardianship that was held"),
    "registry.remove_class_step": _("took a class out of the draft of a new school year"),
    "registry.remove_pupil_step": _("took back what becomes of the pupil next school year"),
    "registry.remove_roll_over": _("threw away the draft of a new school year"),
    "registry.reverse_roll_over": _("reversed a change of school year"),
    "registry.revoke_access": _("ended a named access to a protected person"),
    "registry.revoke_feed_address": _("took back a secret calendar address"),
    "registry.roll_over_detail": _("read the draft of a new school year"),
    "registry.schedule_roll_over": _("made a change of school year ready for its day"),
    "registry.search_persons": _("had the person among the hits of a search"),
    "registry.show_civic_no": _("read the civic number"),
    "registry.stand_in": _("took over a colleague's lesson"),
    "registry.start_roll_over": _("began the draft of a new school year"),
    "registry.take_back_lessons": _("gave lessons back to the planned teacher"),
    "registry.unlock_person": _("unlocked a protected person with a reason"),
    "registry.withdraw_consent": _("took back the consent to read on"),
}


def of(action: str) -> str:
    """What a line of the log says, in the reader's language."""
    return str(ACTIONS[action]) if action in ACTIONS else translate("another event")

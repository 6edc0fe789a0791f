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
    "home.carry_out_disposals": _("carried out a disposal"),
    "home.confirm_disposal": _("confirmed a disposal"),
    "home.disclosure_detail": _("read what is to be given out"),
    "home.download_disclosure": _("fetched what was given out"),
    "home.download_disposal": _("fetched the package of a disposal"),
    "home.edit_retention_rule": _("changed a rule of retention"),
    "home.draft_disclosure": _("drafted a register extract or a disclosure"),
    "home.export_all": _("wrote everything into an archive"),
    "home.mask_disclosure": _("chose what is masked in a disclosure"),
    "home.pupil_detail": _("read the pupil's page"),
    "home.propose_disposal": _("proposed a disposal"),
    "home.release_disclosure": _("released a register extract or a disclosure"),
    "home.review_disclosure": _("reviewed the secrecy of a disclosure"),
    "home.withdraw_disposal": _("took a disposal back"),
    "registry.add_duty": _("registered a duty"),
    "registry.add_guardian": _("registered a relation"),
    "registry.add_members": _("put pupils into a group"),
    "registry.apply_import": _("carried out an import"),
    "registry.confirm_import": _("let an import go on"),
    "registry.discard_import": _("threw an import away"),
    "registry.import_detail": _("read what an import would change"),
    "registry.release_to_import": _("gave a field or relation back to the import"),
    "registry.upload_import": _("sent in a file to import"),
    "registry.appoint_mentor": _("appointed a mentor"),
    "registry.create_group": _("made a group"),
    "registry.edit_contact_details": _("changed contact details"),
    "registry.edit_person": _("changed identity or language"),
    "registry.end_assignment": _("ended an assignment"),
    "registry.end_duty": _("ended a duty"),
    "registry.end_enrolment": _("ended a place at a school"),
    "registry.end_guardianship": _("ended a guardianship by hand"),
    "registry.end_membership": _("ended a membership in a group"),
    "registry.enrol_pupil": _("enrolled the pupil"),
    "registry.export_list": _("took a list out of the system"),
    "registry.let_export": _("gave or took the right to take lists out"),
    "registry.give_consent": _("let a former guardian read on"),
    "registry.grant_access": _("opened a protected person to somebody by name"),
    "registry.group_detail": _("read a list of the group"),
    "registry.hand_over_lessons": _("handed lessons to a substitute"),
    "registry.lesson_roster": _("printed the list of a lesson"),
    "registry.make_feed_address": _("made a secret calendar address"),
    "registry.move_to_class": _("moved the pupil to another class"),
    "registry.person_detail": _("read the person's page"),
    "registry.protect_person": _("set or changed the marking of protected identity"),
    "registry.protected_list": _("read the list of protected persons"),
    "registry.release_guardianship": _("released a guardianship that was held"),
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

"""Which level of sign-in each page needs, in each role that may open it: the one table.

A page that is missing here opens for nobody (the guard raises, and a test lists the missing). `ANY_ROLE` pages need an
account but no role. Sources: domain section 6 (levels of assurance) and the decisions of the Swedish data protection
authority that a password alone is not enough for data about pupils over the internet.
"""

from __future__ import annotations

from dexter.lib.access import Level, Role

GUARDIAN, PUPIL, STAFF = Role.GUARDIAN, Role.PUPIL, Role.STAFF
PASSWORD, TWO_FACTOR, E_ID = Level.PASSWORD, Level.TWO_FACTOR, Level.E_ID

ROLE_LEVELS = {GUARDIAN: E_ID, PUPIL: PASSWORD, STAFF: PASSWORD}  # the least with which a role opens at all
EVERYBODY = dict(ROLE_LEVELS)
FRESH_MINUTES = 15  # how long a confirmation counts for the pages in FRESH

ANY_ROLE: dict[str, Level] = {
    "home:start": PASSWORD,
    "accounts:step_up": PASSWORD,
    "accounts:send_held_form": PASSWORD,
    "accounts:switch_role": PASSWORD,
    "accounts:security": PASSWORD,
    "accounts:enter_code": PASSWORD,
    "accounts:add_totp": PASSWORD,
    "accounts:add_passkey": PASSWORD,
    "accounts:remove_factor": TWO_FACTOR,
    "accounts:change_password": PASSWORD,
}

LEVELS: dict[str, dict[Role, Level]] = {
    "home:pupil_detail": {GUARDIAN: E_ID, PUPIL: PASSWORD, STAFF: TWO_FACTOR},
    "home:edit_contact": {STAFF: TWO_FACTOR},
    "home:edit_site_text": {STAFF: TWO_FACTOR},
    "absence:report_absence": {GUARDIAN: E_ID},
    "absence:report_detail": {GUARDIAN: E_ID},
    "absence:report_list": {GUARDIAN: E_ID},
    "absence:withdraw_day": {GUARDIAN: E_ID},
    "absence:add_day": {GUARDIAN: E_ID},
    "absence:lesson_list": {STAFF: PASSWORD},
    "absence:lesson_list_on": {STAFF: PASSWORD},
    "absence:take_roll_call": {STAFF: TWO_FACTOR},
    "registry:group_list": {STAFF: TWO_FACTOR},
    "registry:group_detail": {STAFF: TWO_FACTOR},
    "registry:person_search": {STAFF: TWO_FACTOR},
    "registry:person_suggestions": {STAFF: TWO_FACTOR},
    "registry:create_pupil": {STAFF: TWO_FACTOR},
    "registry:create_colleague": {STAFF: TWO_FACTOR},
    "registry:person_detail": {STAFF: TWO_FACTOR},
    "registry:show_civic_no": {STAFF: TWO_FACTOR},
    "registry:edit_person": {STAFF: TWO_FACTOR},
    "registry:edit_contact_details": {STAFF: TWO_FACTOR},
    "registry:enrol_pupil": {STAFF: TWO_FACTOR},
    "registry:move_to_class": {STAFF: TWO_FACTOR},
    "registry:add_guardian": {STAFF: TWO_FACTOR},
    "registry:add_duty": {STAFF: TWO_FACTOR},
    "registry:end_enrolment": {STAFF: TWO_FACTOR},
    "registry:end_guardianship": {STAFF: TWO_FACTOR},
    "registry:release_guardianship": {STAFF: TWO_FACTOR},
    "registry:end_duty": {STAFF: TWO_FACTOR},
    "registry:create_group": {STAFF: TWO_FACTOR},
    "registry:add_members": {STAFF: TWO_FACTOR},
    "registry:appoint_mentor": {STAFF: TWO_FACTOR},
    "registry:end_membership": {STAFF: TWO_FACTOR},
    "registry:end_assignment": {STAFF: TWO_FACTOR},
    "registry:protect_person": {STAFF: TWO_FACTOR},
    "registry:grant_access": {STAFF: TWO_FACTOR},
    "registry:protected_list": {STAFF: TWO_FACTOR},
    "registry:revoke_access": {STAFF: TWO_FACTOR},
    "registry:consent_list": {PUPIL: E_ID},
    "registry:give_consent": {PUPIL: E_ID},
    "registry:withdraw_consent": {PUPIL: E_ID},
    "registry:hand_over_lessons": {STAFF: TWO_FACTOR},
    "registry:take_back_lessons": {STAFF: TWO_FACTOR},
    "registry:open_lesson_list": {STAFF: PASSWORD},
    "registry:stand_in": {STAFF: TWO_FACTOR},
    "registry:lesson_roster": {STAFF: TWO_FACTOR},
    "registry:timetable": {PUPIL: PASSWORD, STAFF: PASSWORD},
    "registry:timetable_on": {PUPIL: PASSWORD, STAFF: PASSWORD},
    "registry:person_timetable": {GUARDIAN: E_ID, PUPIL: PASSWORD, STAFF: TWO_FACTOR},
    "registry:person_timetable_on": {GUARDIAN: E_ID, PUPIL: PASSWORD, STAFF: TWO_FACTOR},
    "registry:group_timetable": {STAFF: TWO_FACTOR},
    "registry:group_timetable_on": {STAFF: TWO_FACTOR},
    "registry:room_timetable": {STAFF: TWO_FACTOR},
    "registry:room_timetable_on": {STAFF: TWO_FACTOR},
    "registry:feed_address": {STAFF: TWO_FACTOR},
    "registry:revoke_feed_address": {STAFF: TWO_FACTOR},
    "registry:roll_over_list": {STAFF: TWO_FACTOR},
    "registry:start_roll_over": {STAFF: TWO_FACTOR},
    "registry:roll_over_detail": {STAFF: TWO_FACTOR},
    "registry:add_class_step": {STAFF: TWO_FACTOR},
    "registry:add_pupil_step": {STAFF: TWO_FACTOR},
    "registry:effect_roll_over": {STAFF: TWO_FACTOR},
    "registry:reverse_roll_over": {STAFF: TWO_FACTOR},
    "registry:remove_roll_over": {STAFF: TWO_FACTOR},
    "registry:edit_class_step": {STAFF: TWO_FACTOR},
    "registry:remove_class_step": {STAFF: TWO_FACTOR},
    "registry:remove_pupil_step": {STAFF: TWO_FACTOR},
    "registry:import_timetable": {STAFF: TWO_FACTOR},
    "registry:apply_timetable": {STAFF: TWO_FACTOR},
    "larande:start": EVERYBODY,
    "accounts:make_pupil_accounts": {STAFF: TWO_FACTOR},
    "accounts:reset_pupil_password": {STAFF: TWO_FACTOR},
    "accounts:issue_enrolment_code": {STAFF: TWO_FACTOR},
}

FRESH = {
    "accounts:issue_enrolment_code",
    "accounts:make_pupil_accounts",
    "home:edit_contact",
    "home:edit_site_text",
    "registry:add_duty",
    "registry:create_colleague",
    "registry:effect_roll_over",
    "registry:grant_access",
    "registry:protect_person",
    "registry:protected_list",
    "registry:reverse_roll_over",
}

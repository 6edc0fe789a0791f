"""The addresses of the permission table's pages, for things that exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from absence.models import (
    AbsenceReport,
    BlockedPeriod,
    CorrectionRequest,
    HomeNotice,
    ReportedDay,
    RollCall,
    SchoolFormRule,
    Source,
    UnauthorisedDay,
)
from dexter.home.models import Disclosure, DisposalBatch, MessageReceipt, RetentionRule, SchoolMessage
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.lib.days import Week
from dexter.notices.actions import queue_notice
from larande.assessment.models import AssessmentScale
from larande.planning.models import PlanTeaching
from larande.syllabus.models import SubjectVersion
from registry.actions.feeds import make_feed_address
from registry.actions.roll_over import start_roll_over
from registry.models import (
    AssignmentRole,
    CalendarDay,
    ContactChange,
    Duty,
    DutyAssignment,
    Enrolment,
    GroupMembership,
    Guardianship,
    ImportRun,
    ImportSource,
    ProtectedAccess,
    PupilFate,
    PupilStep,
    PupilSyllabus,
    SchoolUnit,
    SchoolYear,
    Syllabus,
    Term,
    TimetableImport,
)

from .larande import made
from .permission_things import follow_up_of, leaves_of, plan_of

ROLL_OVERS = (
    "roll_over_detail choose_ending_groups add_class_step add_pupil_step effect_roll_over reverse_roll_over remove_roll_over".split()
)  # addressed by the roll-over
STATISTICS = ("statistics_on", "export_statistics", "export_sums")  # addressed by the school
PLANS = (
    "plan_detail edit_plan remove_plan choose_content copy_plan share_plan unshare_plan publish_plan "
    "complete_plan archive_plan restore_plan offer_to_bank add_task add_link add_file"
).split()  # addressed by the plan
WEEK = Week(2026, 34)
IMPORT_PAGES = [
    f"registry:{name}" for name in ("import_detail", "import_progress", "confirm_import", "discard_import", "release_to_import")
]


class Paths:
    """The address of each name, for things that exist: Sami's page, a lesson of 4A, Amira's receipt."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        tomorrow = days.today() + timedelta(days=1)
        self.feed = make_feed_address(actor=Actor(cast.id("anna"), Role.STAFF, Level.TWO_FACTOR))
        self.access = ProtectedAccess.objects.create(person=cast.kim, grantee=cast.sunna, granted_by=cast.ingrid, reason="stöd")
        self.lesson = cast.lesson("4A", number=0)
        self.grid = made.grid(cast.anna)
        self.other_syllabus = PupilSyllabus.objects.create(
            pupil=cast.sami, activity=cast.lesson("4A").activity, syllabus=Syllabus.objects.all()[0], start_date=days.today()
        )
        unit = SchoolUnit.objects.get(name="Granskolan")
        self.study_day = CalendarDay.objects.create(
            organisation=unit.organisation, school_unit=unit, kind="staff_day", name="Studiedag", start_date=tomorrow, end_date=tomorrow
        )
        self.guardianship = Guardianship.objects.get(guardian=cast.amira, child=cast.sami)
        self.report = AbsenceReport.objects.create(
            reported_by=cast.amira, source=Source.GUARDIAN, submission=UUID(int=7), reported_at=days.now()
        )
        self.disclosure = Disclosure.objects.create(
            kind="extract",
            subject=cast.sami,
            drafted_by=cast.pekka,
            drafted_at=days.now(),
            edited_by=cast.pekka,
            reviewed_by=cast.ingrid,
            reviewed_at=days.now(),
            released_by=cast.pekka,
            released_at=days.now(),
        )
        self.batch = DisposalBatch.objects.create(
            rule=RetentionRule.objects.get(code="log"),
            cutoff=days.today(),
            package=b"zip",
            proposed_by=cast.birgitta,
            proposed_at=days.now(),
        )
        pekka = Actor(cast.id("pekka"), Role.STAFF, Level.TWO_FACTOR)
        year = SchoolYear.objects.get(start_date__gt=tomorrow)
        self.roll_over = start_roll_over(actor=pekka, school_unit=cast.group("4A").school_unit, to_year=year)
        self.timetable = TimetableImport.objects.create(
            school_unit=self.roll_over.school_unit,
            uploaded_by=cast.pekka,
            from_day=tomorrow,
            rows=[[2, {"klass": "4A", "start": "08:00", "slut": "09:00"}]],
        )
        self.pupil_step = PupilStep.objects.create(roll_over=self.roll_over, pupil=cast.sami, fate=PupilFate.LEAVES)
        opens, closes = days.bounds(tomorrow)
        self.day = ReportedDay.objects.create(
            report=self.report, pupil=cast.sami, day=tomorrow, starts_at=opens, ends_at=closes, whole_day=True
        )
        called = cast.lesson("4A", number=0)
        self.called = RollCall.objects.create(
            lesson=called,
            school_unit=unit,
            taken_by=cast.anna,
            taken_at=days.now(),
            submission=UUID(int=8),
            roster=[cast.id("sami")],
            lesson_starts_at=called.starts_at,
            lesson_minutes=called.minutes,
        )
        self.asked = CorrectionRequest.objects.create(
            pupil=cast.sami, lesson=called, asked_by=cast.amira, asked_at=days.now(), text="Sami var där.", submission=UUID(int=9)
        )

        self.leave, self.decided_leave = leaves_of(cast)
        self.step, self.alert, self.investigation, self.receiver = follow_up_of(cast)
        self.told = self._told()
        self.change = ContactChange.objects.create(person=cast.amira, kind="email", value="a@example.org", expires_at=days.now())
        source, _new = ImportSource.objects.get_or_create(name="file", defaults={"kind": "file"})
        self.run = ImportRun.objects.create(source=source, template="pupils", started_by=cast.pekka, state="previewed")

        self.plan, self.task, self.plan_file = plan_of(cast)
        self.message = SchoolMessage.objects.create(
            school_unit=self.roll_over.school_unit,
            group=cast.group("4A"),
            urgency="routine",
            language="sv",
            subject="Friluftsdag",
            text="Ta med matsäck.",
            sent_by=cast.anna,
            sent_at=days.now(),
            submission=UUID(int=8),
        )
        self.blocked = BlockedPeriod.objects.create(
            school_unit=cast.group("4A").school_unit,
            start_date=days.today(),
            end_date=days.today(),
            reason="Nationella prov",
            submission=UUID(int=9),
        )
        self.receipt = MessageReceipt.objects.create(message=self.message, person=cast.amira, children=[cast.id("sami")])

    def _told(self) -> HomeNotice:
        """Amira is told of Sami's first lesson of today; no way leads to her."""
        day = UnauthorisedDay.objects.create(
            pupil=self.cast.sami,
            day=days.today(),
            school_unit_id=self.lesson.activity.school_unit_id,
            first_lesson=self.lesson,
            started_at=days.now(),
            told_lessons=[self.lesson.pk],
        )
        notice = queue_notice("absence.same_day", self.cast.id("amira"), {}, {"day": str(day.pk)})
        return HomeNotice.objects.create(
            unauthorised_day=day, number=1, kind="first", guardian=self.cast.amira, notice=notice, queued_at=days.now()
        )

    def arguments(self, name: str) -> list[Any]:
        special: dict[str, Callable[[], list[Any]]] = {
            "home:pupil_detail": lambda: [self.cast.id("sami")],
            **{f"assessment:{page}": lambda: [self.grid.pk] for page in ("class_grid", "save_cell", "publish_grid")},
            "assessment:pupil_grid": lambda: [self.grid.pk, self.cast.id("sami")],
            "assessment:edit_scale": lambda: [AssessmentScale.objects.get(code="GR-6").pk],
            **{f"assessment:{verb}_matrix": lambda: [self.grid.matrix_id] for verb in ("edit", "copy", "retire", "attach")},
            "assessment:matrix_detail": lambda: [self.grid.matrix_id],
            "assessment:end_matrix_use": lambda: [self.grid.pk],
            "assessment:knowledge_list": lambda: [self.cast.id("sami")],
            "assessment:knowledge": lambda: [self.cast.id("sami"), self.grid.matrix.subject_code],
            **{f"assessment:{verb}_summary": lambda: [self.grid.activity_id, self.cast.id("sami")] for verb in ("write", "withdraw")},
            "assessment:basis_list": lambda: [self.grid.activity_id],
            "assessment:assess_oneself": lambda: [self.grid.pk],
            "registry:add_pupil_syllabus": lambda: [self.lesson.activity_id],
            "registry:end_pupil_syllabus": lambda: [self.other_syllabus.pk],
            "home:draft_disclosure": lambda: [self.cast.id("sami")],
            **{f"home:{verb}_disclosure": lambda: [self.disclosure.pk] for verb in ("mask", "review", "release", "download")},
            "home:disclosure_detail": lambda: [self.disclosure.pk],
            **{f"home:{verb}_disposal": lambda: [self.batch.pk] for verb in ("download", "confirm", "withdraw")},
            "home:disposal_detail": lambda: [self.batch.pk],
            "home:edit_retention_rule": lambda: [self.batch.rule_id],
            "home:propose_disposal": lambda: [self.batch.rule_id],
            "home:edit_site_text": lambda: ["tillganglighet"],
            "home:message_detail": lambda: [self.message.pk],
            "home:recall_message": lambda: [self.message.pk],
            "home:write_message": lambda: [self.cast.group("4A").pk],
            "home:write_lesson_message": lambda: [self.lesson.pk],
            "home:tell_by_hand": lambda: [self.receipt.pk],
            "absence:report_detail": lambda: [self.report.pk],
            "absence:withdraw_report": lambda: [self.report.pk],
            "absence:withdraw_day": lambda: [self.day.pk],
            "absence:add_day": lambda: [self.day.pk],
            "absence:edit_unit_settings": lambda: [self.cast.group("4A").school_unit_id],
            "absence:edit_school_form_rule": lambda: [SchoolFormRule.objects.filter(school_type="GR").first().pk],
            "absence:lesson_list_on": lambda: [days.today()],
            "absence:my_class": lambda: [self.cast.group("4A").pk],
            **{f"absence:{name}": lambda: [self.cast.id("sami")] for name in ("pupil_absence", "take_step", "open_investigation")},
            "absence:edit_step": lambda: [self.step.pk],
            "absence:handle_alert": lambda: [self.alert.pk],
            "absence:edit_alert_rule": lambda: [self.cast.group("4A").school_unit_id, "total_share"],
            **{f"absence:{name}_investigation": lambda: [self.investigation.pk] for name in ("edit", "close", "invite_to", "download")},
            "absence:investigation_detail": lambda: [self.investigation.pk],
            "absence:send_report_onward": lambda: [self.investigation.pk],
            "absence:add_ladder_step": lambda: [self.cast.group("4A").school_unit_id],
            **{
                f"absence:{name}_ladder_step": lambda: [self.cast.group("4A").school_unit_id, "pupil_talk"]
                for name in ("edit", "end", "move")
            },
            "absence:remove_member": lambda: [self.investigation.members.all()[0].pk],
            "absence:end_report_receiver": lambda: [self.receiver.pk],
            "absence:body_report_detail": lambda: [self.investigation.report.pk],
            "absence:receive_body_report": lambda: [self.investigation.report.pk],
            **{f"absence:{name}": lambda: [self.cast.group("4A").school_unit_id] for name in STATISTICS},
            **{
                f"absence:{name}": lambda: [self.cast.group("4A").school_unit_id, Term.objects.on(days.today())[0].pk]
                for name in ("term_statement_list", "freeze_term_absence")
            },
            "absence:take_roll_call": lambda: [self.cast.lesson("4A", number=0).pk],
            **{f"absence:{verb}_leave": lambda: [self.leave.pk] for verb in ("answer", "withdraw", "note", "decide")},
            "absence:leave_detail": lambda: [self.leave.pk],
            "absence:download_leave_decision": lambda: [self.decided_leave.pk],
            "absence:attendance": lambda: [self.cast.id("sami")],
            "absence:attendance_on": lambda: [self.cast.id("sami"), days.today().replace(day=1)],
            "absence:request_correction": lambda: [self.called.lesson_id, self.cast.id("sami")],
            "absence:answer_correction": lambda: [self.asked.pk],
            "absence:report_for_pupil": lambda: [self.cast.id("sami")],
            "absence:withdraw_for_pupil": lambda: [self.day.pk],
            "absence:school_day_of": lambda: [self.lesson.activity.school_unit_id],
            "absence:school_day_on": lambda: [self.lesson.activity.school_unit_id, days.today()],
            "absence:note_contact": lambda: [self.lesson.activity.school_unit_id, self.cast.id("sami")],
            "absence:present_list_of": lambda: [self.lesson.activity.school_unit_id],
            "absence:after_school_list": lambda: [self.cast.group("Fritids Norrskenet").pk],
            "absence:take_day_call": lambda: [self.cast.group("4A").pk, days.today(), "hela-dagen"],
            "absence:reopen_lesson": lambda: [self.cast.lesson("4A", number=0).pk],
            "absence:absence_day": lambda: [self.told.unauthorised_day_id],
            "absence:record_call": lambda: [self.told.pk],
            "larande:start_on": lambda: [WEEK],
            "larande:class_week": lambda: [self.cast.group("4A").pk],
            "larande:class_week_on": lambda: [self.cast.group("4A").pk, WEEK],
            "larande:pupil": lambda: [self.cast.id("sami")],
            "larande:subject_of_pupil": lambda: [self.cast.id("sami"), "GRGRMAT01"],
            "planning:lesson_plan": lambda: [self.cast.lesson("4A", number=0).pk],
            "planning:plan_for_home": lambda: [made.plan(self.cast.anna, published=True).teachings.get().pk],
            "registry:module_list": lambda: [self.cast.group("4A").school_unit_id],
            "registry:switch_module": lambda: [self.cast.group("4A").school_unit_id, "larande"],
            "registry:take_back_module_switch": lambda: [UUID(int=10)],
            **{f"planning:{name}": lambda: [self.plan.pk] for name in PLANS},
            **{f"planning:{name}_task": lambda: [self.task.pk] for name in ("edit", "remove")},
            **{f"planning:{name}_file": lambda: [self.plan_file.pk] for name in ("download", "remove")},
            "planning:remove_link": lambda: [self.plan.pk],
            "planning:withdraw_plan": lambda: [PlanTeaching.objects.get(plan=self.plan).pk],
            "planning:year_plan": lambda: [PlanTeaching.objects.get(plan=self.plan).activity_id],
            "syllabus:subject_detail": lambda: [SubjectVersion.objects.get(subject_code="GRGRMAT01", number=2).pk],
            "syllabus:version_changes": lambda: [
                SubjectVersion.objects.get(subject_code="GRGRMAT01", number=number).pk for number in (2, 1)
            ],
            "absence:add_blocked_period": lambda: [self.cast.group("4A").school_unit_id],
            "absence:end_blocked_period": lambda: [self.blocked.pk],
            "registry:group_detail": lambda: [self.cast.group("4A").pk],
            "registry:person_detail": lambda: [self.cast.id("sami")],
            "registry:edit_person": lambda: [self.cast.id("sami")],
            "registry:edit_contact_details": lambda: [self.cast.id("sami")],
            "registry:enrol_pupil": lambda: [self.cast.id("sami")],
            "registry:move_to_class": lambda: [self.cast.id("sami")],
            "registry:add_guardian": lambda: [self.cast.id("sami")],
            "registry:add_duty": lambda: [self.cast.id("sami")],
            "registry:show_civic_no": lambda: [self.cast.id("sami")],
            "registry:end_enrolment": lambda: [Enrolment.objects.get(pupil=self.cast.sami).pk],
            "registry:move_to_school": lambda: [Enrolment.objects.get(pupil=self.cast.sami).pk],
            "registry:end_guardianship": lambda: [self.guardianship.pk],
            "registry:release_guardianship": lambda: [self.guardianship.pk],
            "registry:end_duty": lambda: [Duty.objects.get(person=self.cast.anna).pk],
            "registry:take_back_lessons": lambda: [Duty.objects.get(person=self.cast.anna).pk, days.today()],
            "registry:stand_in": lambda: [self.cast.lesson("4A", number=0).pk],
            "registry:lesson_roster": lambda: [self.cast.lesson("4A", number=0).pk],
            "registry:timetable_on": lambda: [WEEK],
            "registry:person_timetable": lambda: [self.cast.id("sami")],
            "registry:person_timetable_on": lambda: [self.cast.id("sami"), WEEK],
            "registry:group_timetable": lambda: [self.cast.group("4A").pk],
            "registry:group_timetable_on": lambda: [self.cast.group("4A").pk, WEEK],
            "registry:room_timetable": lambda: [self.cast.lesson("4A").room_id],
            "registry:room_timetable_on": lambda: [self.cast.lesson("4A").room_id, WEEK],
            "registry:school_calendar_on": lambda: [SchoolYear.objects.on(days.today()).get().pk],
            "registry:edit_term": lambda: [Term.objects.filter(school_unit=None)[0].pk],
            "registry:remove_calendar_day": lambda: [self.study_day.pk],
            "registry:edit_room": lambda: [self.lesson.room_id],
            "registry:activity_detail": lambda: [self.lesson.activity_id],
            "registry:edit_activity": lambda: [self.lesson.activity_id],
            "registry:assign_teacher": lambda: [self.lesson.activity_id],
            "registry:add_group_to_activity": lambda: [self.lesson.activity_id],
            "registry:create_lesson": lambda: [self.lesson.activity_id],
            "registry:move_lesson": lambda: [self.lesson.pk],
            "registry:cancel_lesson": lambda: [self.lesson.pk],
            "registry:restore_lesson": lambda: [self.lesson.pk],
            "registry:end_teaching": lambda: [DutyAssignment.objects.get(activity=self.lesson.activity_id).pk],
            "registry:remove_group_from_activity": lambda: [self.lesson.activity_id, self.cast.group("4A").pk],
            "registry:contact_list": lambda: [self.cast.group("4A").pk],
            "registry:calendar_feed": lambda: [self.feed],
            "registry:add_members": lambda: [self.cast.group("4A").pk],
            "registry:appoint_mentor": lambda: [self.cast.group("4A").pk],
            "registry:end_membership": lambda: [GroupMembership.objects.get(person=self.cast.sami, in_class=True).pk],
            "registry:end_assignment": lambda: [AssignmentRole.objects.filter(group=self.cast.group("4A"))[0].pk],
            "registry:protect_person": lambda: [self.cast.id("sami")],
            "registry:grant_access": lambda: [self.cast.id("sami")],
            "registry:edit_school_unit": lambda: [self.cast.group("4A").school_unit_id],
            "registry:export_pupils": lambda: ["csv"],
            "registry:export_staff": lambda: ["xlsx"],
            "registry:let_export": lambda: [Duty.objects.get(person=self.cast.pekka).pk],
            "registry:import_template": lambda: ["pupils", "csv"],
            **dict.fromkeys(IMPORT_PAGES, lambda: [self.run.pk]),
            "registry:revoke_access": lambda: [self.access.pk],
            "registry:change_contact": lambda: ["e-post"],
            "registry:confirm_contact": lambda: [self.change.pk],
            "registry:give_consent": lambda: [self.guardianship.pk],
            "registry:withdraw_consent": lambda: [self.guardianship.pk],
            **{f"registry:{name}": lambda: [self.roll_over.pk] for name in ROLL_OVERS},
            **{f"registry:{name}_class_step": lambda: [self.roll_over.class_steps.all()[0].pk] for name in ("edit", "remove")},
            "registry:apply_timetable": lambda: [self.timetable.pk],
            "registry:remove_pupil_step": lambda: [self.pupil_step.pk],
            "accounts:start_eid": lambda: ["bankid"],
            "accounts:eid_callback": lambda: ["bankid"],
            "accounts:remove_factor": lambda: [1],
            "accounts:reset_pupil_password": lambda: [self.cast.id("sami")],
            "accounts:make_pupil_accounts": lambda: [self.cast.group("4A").pk],
            "accounts:issue_enrolment_code": lambda: [self.cast.id("anna")],
        }
        return special[name]() if name in special else []

"""The home is told the same day: what starts a notice, what does not, what ends and mends it. Real mail, a real gateway."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from absence.actions import reports, same_day
from absence.actions.reports import Span
from absence.actions.roll_calls import Seen
from absence.models import HomeNotice, Judgement, SchoolFormRule, UnauthorisedDay, UnitSettings, Verdict
from absence.tasks import same_day as tasks
from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Actor, Level, Role
from dexter.notices import reads as notices
from registry.models import CalendarEvent, Enrolment, Guardianship, NoticePreference, Person, PhoneNumber, ProtectedAccess
from tests.notices.servers import Gateway, MailServer

from .same_day import AWAY, SchoolDay, states, told


@pytest.fixture
def day(cast: Any, gateway: Gateway, mail_server: MailServer) -> Iterator[SchoolDay]:
    played = SchoolDay(cast)
    yield played
    played.stop()


@pytest.fixture
def lessons(cast: Any) -> list[CalendarEvent]:
    return list(CalendarEvent.objects.filter(activity__groups__name="4A", day=days.today(), cancelled=False).order_by("starts_at"))


def report(cast: Any, **more: Any) -> Any:
    actor = Actor(cast.id("amira"), Role.GUARDIAN, Level.E_ID)
    return reports.report_absence(
        actor=actor, pupils=[cast.sami], span=Span(days.today(), days.today(), **more), submission=uuid.uuid4()
    ).report


def test_both_guardians_are_told_by_both_ways_after_the_grace_minutes(
    cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, mail_server: MailServer
) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 24)
    assert (gateway.requests, mail_server.letters) == ([], [])
    day.at(8, 25)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    row = UnauthorisedDay.objects.get(pupil=cast.id("sami"))
    link = f"/franvaro/dag/{row.pk}/"
    assert len(gateway.requests) == len(mail_server.letters) == 2
    for request in gateway.requests:
        assert request["text"].startswith("Sami har ogiltig frånvaro från skolan i dag, kl. ")
        assert request["text"].endswith(link)
        assert len(request["text"]) <= 160 + len(link)
    for letter in mail_server.letters:
        text = letter["Subject"] + letter.get_content()
        assert link in text
        assert "Haddad" not in text
        assert lessons[0].activity.name not in text
    assert states() == {"sent": 4}
    line = Entry.objects.get(action="absence.tell_home")
    assert (line.subjects, line.details) == ([cast.id("sami")], {"kind": "first", "notices": 2})


def test_a_slip_that_is_mended_within_the_grace_minutes_tells_nobody(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 20).mark("anna", lessons[0])
    day.at(18)
    assert (told(cast.id("sami")), gateway.requests) == ([], [])
    assert not UnauthorisedDay.objects.exists()


def test_a_mark_made_anew_waits_anew(cast: Any, day: SchoolDay, lessons: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY, sami=AWAY)
    day.at(8, 20).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 24).mark("anna", lessons[0], elsa=AWAY, sami=AWAY)
    day.at(8, 38)
    assert told(cast.id("elsa")) == [("first", "Karin")]
    assert told(cast.id("sami")) == []
    day.at(8, 39)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]


def test_later_lessons_go_to_the_page_and_one_message_sums_the_day(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    for hour, lesson in zip((8, 10, 11), lessons, strict=False):
        day.at(hour, 20).mark("anna", lesson, sami=AWAY)
    day.at(16, 59)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    day.at(17)
    assert told(cast.id("sami"))[2:] == [("closing", "Amira"), ("closing", "Jonas")]
    count = min(3, len(lessons))
    minutes = sum(lesson.minutes for lesson in lessons[:count])
    assert f"Sami har ogiltig frånvaro på {count} lektioner, {minutes} minuter" in gateway.requests[-1]["text"]
    day.at(23, 45)
    assert len(told(cast.id("sami"))) == 4
    assert len(gateway.requests) == 4


def test_a_day_of_one_lesson_needs_no_sum(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 20).mark("anna", lessons[0], sami=AWAY)
    day.at(23, 45)
    assert len(gateway.requests) == 2
    assert UnauthorisedDay.objects.get().closed_at is None


def test_a_roll_call_after_the_cut_off_is_told_the_same_day(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(18, 5).mark("anna", lessons[0], sami=AWAY)
    day.at(18, 6).mark("anna", lessons[1], sami=AWAY)
    day.at(18, 20)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    day.at(23, 45)
    assert [kind for kind, _who in told(cast.id("sami"))] == ["first"] * 2 + ["closing"] * 2


def test_a_mark_that_was_wrong_is_corrected_once(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(9).mark("anna", lessons[0])
    day.at(9, 1)
    assert told(cast.id("sami"))[2:] == [("correction", "Amira"), ("correction", "Jonas")]
    assert "Rättelse: Sami har ingen ogiltig frånvaro i dag" in gateway.requests[-1]["text"]
    assert UnauthorisedDay.objects.get().corrected_at is not None
    day.at(23, 45)
    assert len(gateway.requests) == 4


def test_a_correction_of_one_lesson_says_what_is_left(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(9, 50).mark("anna", lessons[1], sami=AWAY)
    day.at(10, 30).mark("anna", lessons[0])
    day.at(10, 31)
    assert "Sami har ogiltig frånvaro på 1 lektion i dag" in gateway.requests[-1]["text"]
    day.at(10, 40).mark("anna", lessons[1])
    day.at(10, 41)
    assert "Sami har ingen ogiltig frånvaro i dag" in gateway.requests[-1]["text"]
    assert [kind for kind, _who in told(cast.id("sami"))] == ["first"] * 2 + ["correction"] * 4


def test_after_a_correction_a_new_absence_is_told_at_once(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(9).mark("anna", lessons[0])
    day.at(9, 50).mark("anna", lessons[1], sami=AWAY)
    day.at(10, 5)
    assert [kind for kind, _who in told(cast.id("sami"))] == ["first", "first", "correction", "correction", "first", "first"]


def test_a_judgement_that_finds_it_valid_is_told(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(9)
    Judgement.objects.create(lesson=lessons[0], pupil=cast.sami, verdict=Verdict.VALID, judged_by=cast.anna, judged_at=days.now())
    same_day.follow_up(lessons[0], [cast.id("sami")])
    day.at(9, 1)
    assert "Rättelse" in gateway.requests[-1]["text"]


def test_what_changed_without_a_job_is_found_by_the_schedule(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.lose_jobs()
    day.at(8, 29)
    assert told(cast.id("sami")) == []
    day.at(8, 30)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    Judgement.objects.create(lesson=lessons[0], pupil=cast.sami, verdict=Verdict.VALID, judged_by=cast.anna, judged_at=days.now())
    day.at(8, 45)
    assert "Rättelse" in gateway.requests[-1]["text"]


@pytest.mark.parametrize("minutes", [5, 20], ids=["in time", "late"])
def test_what_is_reported_before_the_look_starts_no_notice(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, minutes: int) -> None:
    first = lessons[0].starts_at.astimezone(days.STOCKHOLM)
    if minutes == 5:
        day.at(first.hour, 0)
        report(cast)
    day.until(lessons[0].starts_at + timedelta(minutes=10))
    day.mark("anna", lessons[0], sami=AWAY)
    if minutes == 20:
        day.until(lessons[0].starts_at + timedelta(minutes=20))
        report(cast)
    day.at(23, 45)
    assert (told(cast.id("sami")), gateway.requests) == ([], [])


def test_a_late_report_that_the_school_judges_unauthorised_is_told(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    report(cast)
    day.at(10)
    assert gateway.requests == []
    Judgement.objects.create(lesson=lessons[0], pupil=cast.sami, verdict=Verdict.UNAUTHORISED, judged_by=cast.anna, judged_at=days.now())
    same_day.follow_up(lessons[0], [cast.id("sami")])
    day.at(10, 15)
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]


def test_a_report_between_queueing_and_sending_holds_the_notice_back(
    cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, mail_server: MailServer
) -> None:
    gateway.answers = [(503, {})] * 2
    mail_server.replies = ["451 later"] * 2
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 25)
    assert states() == {"queued": 4}
    report(cast)
    day.at(9)
    assert (states(), len(gateway.requests), mail_server.letters) == ({"withdrawn": 4}, 2, [])
    assert not notices.unreached().exists()


def test_a_guardianship_that_ended_between_queueing_and_sending_tells_the_other_alone(
    cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, mail_server: MailServer
) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 24)
    same_day_jobs = Guardianship.objects.filter(guardian=cast.id("jonas"), child=cast.id("sami"))
    day.clock.move_to(days.moment(day.day, time(8, 25)))
    tasks.follow_lessons(lessons=str(lessons[0].pk))
    assert told(cast.id("sami")) == [("first", "Amira"), ("first", "Jonas")]
    same_day_jobs.update(revoked_at=days.now(), revoked_by=cast.id("ingrid"), revoked_reason="beslut")
    day.at(8, 26)
    assert (states(), len(gateway.requests), len(mail_server.letters)) == ({"sent": 2, "withdrawn": 2}, 1, 1)


def test_who_had_no_guardianship_today_is_not_told(cast: Any, day: SchoolDay, lessons: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(9)
    assert told(cast.id("elsa")) == [("first", "Karin")]  # Mikael's guardianship ended yesterday


@pytest.mark.parametrize("who", ["sami", "amira"])
def test_a_protection_set_between_queueing_and_sending_stops_it(
    cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, mail_server: MailServer, who: str
) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.clock.move_to(days.moment(day.day, time(8, 25)))
    tasks.follow_lessons(lessons=str(lessons[0].pk))
    Person.objects.filter(pk=cast.id(who)).update(security_marking="Sekretessmarkering", agreed_name="Sam Ek")
    day.at(8, 26)
    expected = {"withdrawn": 4} if who == "sami" else {"sent": 2, "withdrawn": 2}
    assert (states(), len(gateway.requests)) == (expected, expected.get("sent", 0) // 2)


def test_a_protected_pupils_home_is_not_written_to(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    day.at(8, 10).mark("anna", lessons[0], kim=AWAY)
    day.at(9)
    home = HomeNotice.objects.get(unauthorised_day__pupil=cast.id("kim"))
    assert (home.guardian_id, gateway.requests) == (cast.id("petra"), [])
    assert list(notices.unreached()) == [home.notice]


def test_a_guardian_let_in_to_a_protected_child_is_told_without_a_name(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    PhoneNumber.objects.create(person=cast.petra, value="070-174 06 99")
    ProtectedAccess.objects.create(person=cast.kim, grantee=cast.petra, granted_by=cast.ingrid, reason="släppt in")
    day.at(8, 10).mark("anna", lessons[0], kim=AWAY)
    day.at(9)
    [request] = gateway.requests
    assert request["text"].startswith("Ditt barn har ogiltig frånvaro")
    assert "Kim" not in request["text"]
    assert "Robin" not in request["text"]


def test_the_wish_chooses_the_way_and_the_other_is_taken_when_it_fails(
    cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway, mail_server: MailServer
) -> None:
    for key in ("amira", "jonas"):
        NoticePreference.objects.create(person=getattr(cast, key), urgent_channel="sms")
    gateway.answers = [(400, {}), (200, {})]
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 26)
    assert (len(gateway.requests), len(mail_server.letters), states()) == (2, 1, {"sent": 2, "failed": 1})
    assert not notices.unreached().exists()


def test_a_guardian_without_any_address_stands_on_the_phone_list(cast: Any, day: SchoolDay, lessons: Any) -> None:
    PhoneNumber.objects.filter(person=cast.karin).delete()
    cast.karin.email_addresses.all().delete()
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    assert notices.unreached().get().recipient_id == cast.id("karin")


def test_each_is_told_in_the_own_language(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    NoticePreference.objects.create(person=cast.karin, urgent_channel="sms", language="en")
    day.at(8, 10).mark("anna", lessons[0], elsa=AWAY)
    day.at(8, 26)
    assert gateway.requests[0]["text"].startswith("Elsa has unauthorised absence from school today, at ")


def test_late_arrival_is_told_where_it_counts_and_not_elsewhere(cast: Any, day: SchoolDay, lessons: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=Seen(late=10))
    day.at(8, 26)
    assert len(told(cast.id("sami"))) == 2
    UnitSettings.objects.create(school_unit=lessons[0].activity.school_unit, start_date=days.today(), late_is_unauthorised=False)
    day.mark("anna", lessons[1], elsa=Seen(late=10))
    day.at(23, 45)
    assert told(cast.id("elsa")) == []


def test_other_activity_starts_nothing(cast: Any, day: SchoolDay, lessons: Any) -> None:
    day.at(8, 10).mark("anna", lessons[0], sami=Seen(other=50))
    day.at(23, 45)
    assert told(cast.id("sami")) == []


def vuxen_lesson(cast: Any) -> CalendarEvent:
    return CalendarEvent.objects.filter(activity__groups__name="Vux 1", day=days.today(), cancelled=False).order_by("starts_at")[0]


def test_adult_education_owes_no_notice_not_even_of_a_minor(cast: Any, day: SchoolDay, gateway: Gateway) -> None:
    lesson = vuxen_lesson(cast)
    Person.objects.filter(pk=cast.id("piera")).update(birth_date=days.years_before(days.today(), 17))
    Guardianship.objects.create(guardian=cast.karin, child=cast.piera, start_date=days.today() - timedelta(days=9))
    teacher = lesson.activity.duty_assignments.get().duty.person
    day.cast._keys = {**day.cast._keys, "teacher": str(teacher.pk)}
    day.at(12).mark("teacher", lesson, piera=AWAY)
    day.at(23, 45)
    assert (told(cast.id("piera")), gateway.requests) == ([], [])


def test_a_minor_of_two_schools_is_told_of_by_the_lessons_school(cast: Any, day: SchoolDay, lessons: Any) -> None:
    unit = vuxen_lesson(cast).activity.school_unit
    Enrolment.objects.create(pupil=cast.sami, school_unit=unit, school_type="VUXGY", start_date=days.today())
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(8, 26)
    assert len(told(cast.id("sami"))) == 2


def test_an_adult_pupil_s_home_is_not_told(cast: Any, day: SchoolDay, lessons: Any) -> None:
    Person.objects.filter(pk=cast.id("sami")).update(birth_date=days.years_before(days.today(), 18))
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(9)
    assert told(cast.id("sami")) == []


def test_the_law_is_a_row(cast: Any, day: SchoolDay, lessons: Any) -> None:
    SchoolFormRule.objects.filter(school_type="GR", of_age=False).update(notice_to="nobody")
    day.at(8, 10).mark("anna", lessons[0], sami=AWAY)
    day.at(23, 45)
    assert told(cast.id("sami")) == []


def test_nothing_is_sent_for_another_day(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    yesterday = cast.lesson("4A", days.today() - timedelta(days=1))
    day.at(8, 10).mark("anna", yesterday, reason="var borta", sami=AWAY)
    day.at(9)
    assert (told(cast.id("sami")), gateway.requests) == ([], [])


def test_a_notice_that_midnight_overtakes_is_not_sent(cast: Any, day: SchoolDay, lessons: Any, gateway: Gateway) -> None:
    gateway.answers = [(503, {})] * 9
    NoticePreference.objects.create(person=cast.karin, urgent_channel="sms")
    day.at(23, 40).mark("anna", lessons[0], elsa=AWAY)
    day.until(days.moment(day.day + timedelta(days=1), time(3)))
    assert len(gateway.requests) == 2  # 23:55 and a minute later; the third try would have been of yesterday
    assert states() == {"withdrawn": 1}

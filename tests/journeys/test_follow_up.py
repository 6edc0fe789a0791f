"""The mentor follows up the class, the principal opens an investigation, an officer receives the report."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection
from playwright.sync_api import expect

from absence.actions.alerts import raise_alerts
from absence.models import AbsenceCheck, AbsenceReport, Deviation, ReportedDay, ReportReceiver, RollCall
from dexter.lib import days
from registry.models import CalendarEvent, Duty, Group, Person

from .test_every_page import LOOKS, walk

pytestmark = pytest.mark.journey


@pytest.fixture
def followed(system: str, django_db_blocker: Any) -> None:
    """Sami was away all yesterday and reported in the evening; three lessons make an alert; Birgitta receives Granskolan's reports."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:  # the browser's loop runs in this thread
        pool.submit(build).result()


def build() -> None:
    group, yesterday = Group.objects.get(name="4A"), days.today() - timedelta(days=1)
    sami, anna = (
        Person.objects.get(given_name="Sami", family_name="Haddad"),
        Person.objects.get(given_name="Anna", family_name="Lindqvist"),
    )
    roster = list(group.memberships.values_list("person", flat=True))
    for lesson in CalendarEvent.objects.filter(activity__groups=group, day=yesterday).order_by("starts_at")[:4]:
        frozen = {
            "taken_by": anna,
            "taken_at": lesson.starts_at,
            "submission": uuid.uuid4(),
            "roster": roster,
            "school_unit": group.school_unit,
        }
        frozen |= {"lesson_starts_at": lesson.starts_at, "lesson_minutes": lesson.minutes}
        roll_call, _new = RollCall.objects.get_or_create(lesson=lesson, defaults=frozen)
        Deviation.objects.filter(roll_call=roll_call, pupil=sami).delete()
        Deviation.objects.create(roll_call=roll_call, pupil=sami, absent_minutes=lesson.minutes)
    ReportedDay.objects.filter(pupil=sami, day=yesterday).delete()
    opens, closes = days.bounds(yesterday)
    receipt = AbsenceReport.objects.create(
        reported_by=anna, source="office", submission=uuid.uuid4(), reported_at=closes - timedelta(hours=1)
    )
    ReportedDay.objects.create(report=receipt, pupil=sami, day=yesterday, starts_at=opens, ends_at=closes, whole_day=True)
    AbsenceCheck.objects.all().delete()
    raise_alerts(unit=group.school_unit)
    officer = Duty.objects.get(person__given_name="Birgitta", person__family_name="Wallin")
    ReportReceiver.objects.create(duty=officer, school_unit=group.school_unit, start_date=yesterday)
    connection.close()


def test_from_alert_to_investigation_to_the_responsible_body(visitor: Callable[..., Any], followed: None) -> None:
    anna = visitor("desk").identify("Anna Lindqvist")
    anna.page.locator("main a.door", has_text="Min klass 4A").click()
    row = anna.page.locator(".mate", has_text="Sami Haddad")
    expect(row.get_by_text("1 varning")).to_be_visible()
    anna.page.get_by_role("link", name="Frånvaro att bedöma").click()
    line = anna.page.locator(".judging__row", has_text="Sami Haddad").first
    line.get_by_role("button", name="Giltig").first.click()
    expect(anna.page.get_by_text("1 lektion är bedömd")).to_be_visible()
    boxes = anna.page.locator(".judging__pick", has_text="Sami Haddad")
    left = boxes.count()
    boxes.first.click()
    anna.press("Markerade är ogiltiga")
    expect(anna.page.locator(".judging__pick", has_text="Sami Haddad")).to_have_count(left - 1)
    anna.page.get_by_text("Bedömt av dig idag").click()
    anna.page.get_by_role("button", name="Ta tillbaka för Sami Haddad").first.click()
    expect(anna.page.locator(".judging__pick", has_text="Sami Haddad")).to_have_count(left)
    sami = anna.open("/start/").page.locator("main a.door", has_text="Min klass 4A")
    sami.click()
    anna.page.get_by_role("link", name="Sami Haddad", exact=True).click()
    anna.press("Ta ett steg", "link")
    anna.page.get_by_label("Kontakt med hemmet").check()
    anna.press("Steget är taget")
    expect(anna.page.get_by_text("Steget är sparat")).to_be_visible()
    anna.page.get_by_role("link", name="Hantera varningen").first.click()
    anna.page.get_by_label("Vad gjordes?").fill("Ringde hem, vi möts på torsdag.")
    anna.press("Den är hanterad")
    expect(anna.page.get_by_text("Varningen är hanterad")).to_be_visible()
    ingrid = visitor("desk").identify("Ingrid Sjöberg").open(anna.path)
    ingrid.press("Öppna en utredning", "link")
    ingrid.page.get_by_label("Vem som deltar").fill("Sami, Amira, elevhälsan")
    ingrid.press("Öppna och anmäl")
    expect(ingrid.page.get_by_text("öppnad och anmäld till huvudmannen")).to_be_visible()
    birgitta = visitor("phone").identify("Birgitta Wallin")
    birgitta.page.locator("main a.door", has_text="Anmälningar om frånvaro").click()
    birgitta.page.get_by_role("button", name="Ta emot").first.click()
    expect(birgitta.page.get_by_text("Anmälan är mottagen")).to_be_visible()
    expect(birgitta.page.get_by_text("Vad utredningen säger stannar på skolan")).to_be_visible()
    ingrid.page.reload()
    expect(ingrid.page.get_by_text("Birgitta Wallin")).to_be_visible()


def test_four_who_judge_at_the_same_moment_are_one_verdict(visitor: Callable[..., Any], followed: None) -> None:
    anna = visitor("desk").identify("Anna Lindqvist").open("/franvaro/bedom/")
    cookies = {cookie["name"]: cookie["value"] for cookie in anna.page.context.cookies()}
    token = anna.page.locator("main input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    mark = anna.page.locator(".judging__row", has_text="Sami Haddad").locator("input[name=mark]").first.get_attribute("value")

    def judge(number: int) -> int:
        form = {"csrfmiddlewaretoken": token, "_role": "staff", "mark": mark, "verdict": ("valid", "unauthorised")[number % 2]}
        address = anna.page.url.split("?")[0] + "spara/"
        answer = requests.post(address, form, cookies=cookies, headers={"Referer": anna.page.url}, allow_redirects=False, timeout=20)
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(judge, range(4))) == [302, 302, 409, 409]  # the same word twice is one form; the other comes too late


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_of_the_follow_up(visitor: Callable[..., Any], followed: None, size: str, scheme: str) -> None:
    anna = visitor(size, scheme).identify("Anna Lindqvist")
    group = anna.open("/start/").page.locator("main a.door", has_text="Min klass 4A").get_attribute("href")
    pupil = anna.open(group).page.get_by_role("link", name="Sami Haddad", exact=True).get_attribute("href")
    alert = anna.open("/franvaro/varningar/").page.locator("main .ds-table a", has_text="Hantera").first.get_attribute("href")
    lists = [f"/franvaro/bedom/?del={part}" for part in ("vantar", "utan-anmalan", "narvarande")]
    assert walk(anna, [group, pupil, f"{pupil}steg/", "/franvaro/varningar/", alert, *lists], "follow-up", size, scheme) == ""
    ingrid = visitor(size, scheme).identify("Ingrid Sjöberg").open(pupil)
    opening = ingrid.page.get_by_role("link", name="Öppna en utredning").get_attribute("href")
    ingrid.open(opening).press("Öppna och anmäl")
    case = ingrid.path
    rule = ingrid.open("/franvaro/varningsregler/").page.locator("main .list a").first.get_attribute("href")
    steps = ingrid.open("/franvaro/trappa/").page.locator("main .ladder a")
    own_step = steps.first.get_attribute("href")
    paths = [
        opening,
        case,
        "/franvaro/trappa/",
        own_step,
        f"{own_step}ta-bort/",
        own_step.rsplit("/", 2)[0] + "/nytt/",
        f"{case}hemkommun/",
        f"{case}skriv/",
        f"{case}avsluta/",
        f"{case}bjud-in/",
        "/franvaro/utredningar/",
        "/franvaro/varningsregler/",
        rule,
    ]
    assert walk(ingrid, paths, "follow-up", size, scheme) == ""
    birgitta = visitor(size, scheme).identify("Birgitta Wallin").open("/huvudman/franvaro/")
    report = birgitta.page.locator("main .list a").first.get_attribute("href")
    paths = [
        "/huvudman/franvaro/",
        report,
        "/huvudman/franvaro/antal/",
        "/huvudman/franvaro/mottagare/",
        "/huvudman/franvaro/mottagare/ny/",
    ]
    assert walk(birgitta, paths, "follow-up", size, scheme) == ""

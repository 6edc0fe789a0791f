"""Two databases, an archive of the full one, and ways to look into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from absence.actions.leave import Wanted, apply_for_leave
from absence.actions.leave_decisions import Verdict, decide_leave
from absence.models import HomeNotice, LeaveOutcome, PhoneCall, TeacherReminder, UnauthorisedDay
from accounts.models import EnrolmentCode, User
from dexter.audit.actions import record
from dexter.home.actions.disclosure import draft_disclosure
from dexter.home.models import DisposalBatch, RetentionRule, SiteText
from dexter.lib import civic, days
from dexter.lib.access import Actor, Level, Role
from dexter.notices.models import Delivery, Notice
from registry.actions.feeds import make_feed_address
from registry.models import (
    CalendarEvent,
    CivicNumber,
    EmailAddress,
    ExternalId,
    GroupMembership,
    Person,
    ProtectedAccess,
)
from tests import database


class Town(NamedTuple):
    """Two databases, one full and one without a row, and an archive of the full one."""

    full: str
    bare: str
    keys: dict[str, str]
    folder: Path
    key_file: Path


def make_town(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Town]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    names, tmp = (f"archive_full_{worker}", f"archive_bare_{worker}"), tmp_path_factory.mktemp("archive")
    key_file = tmp / "key"
    key_file.write_text(Fernet.generate_key().decode())
    with django_db_blocker.unblock(), database.pointed_at(names[0]):
        database.empty(names[1])
        keys = database.make(names[0])
        _add_rarities(keys)
        call_command("export_all", str(tmp / "first"), protected_key_file=key_file, verbosity=0)
        yield Town(*names, keys, tmp / "first", key_file)
        for name in names:
            database.drop(name)


def _add_rarities(keys: dict[str, str]) -> None:
    """What the cast alone does not have: protection, quotes and line breaks, replaced numbers, other systems' names."""
    ingrid = Actor(Person.objects.get(pk=keys["ingrid"]).pk, Role.STAFF, Level.TWO_FACTOR)
    make_feed_address(actor=ingrid)
    ProtectedAccess.objects.create(person_id=keys["kim"], grantee_id=keys["anna"], granted_by_id=keys["ingrid"], reason='mentor, "ny"\nrad')
    ProtectedAccess.objects.create(person_id=keys["kim"], grantee_id=keys["petra"], granted_by_id=keys["ingrid"], reason="vårdnad")
    ProtectedAccess.objects.create(person_id=keys["elsa"], grantee_id=keys["anna"], granted_by_id=keys["ingrid"], reason="hävt")
    EmailAddress.objects.create(person_id=keys["kim"], value="kim@example.org")
    EmailAddress.objects.create(person_id=keys["sami"], value="sami@example.org")
    CivicNumber.objects.filter(person=keys["sami"]).update(replaced_at=days.now())
    CivicNumber.objects.create(
        person_id=keys["sami"], kind="tillfälligt", encrypted=civic.encrypt("20150101TF07"), keyed_hash=civic.keyed_hash("20150101TF07")
    )
    for key in ("kim", "sami"):
        ExternalId.objects.create(source="Procapita", value=f"p-{key}", entity_kind="person", entity_id=keys[key])
    SiteText.objects.create(kind="tillganglighet", language="sv", text="Rad ett\u2028\n\n## Åäö 'citat' \\ \t slut")
    Person.objects.filter(pk=keys["viggo"]).update(agreed_name="Vide Ek")  # was protected once; the name was never cleared
    record(actor=ingrid, action="registry.person_detail", subjects=[Person.objects.get(pk=keys["kim"]).pk], details={"rows": 1})
    record(actor=ingrid, action="registry.protect_person", subjects=[Person.objects.get(pk=keys["elsa"]).pk])
    record(actor=ingrid, action="registry.group_detail", object_id=GroupMembership.objects.filter(person=keys["kim"])[0].pk)
    RetentionRule.objects.filter(code="log").update(years=7, decision_reference="KS 2026/114")
    sami = Person.objects.get(pk=keys["sami"])
    pekka = Actor(Person.objects.get(pk=keys["pekka"]).pk, Role.STAFF, Level.TWO_FACTOR)
    for guardian, child in (("amira", "sami"), ("petra", "kim")):
        _add_leave(keys, guardian, child)
    draft_disclosure(actor=pekka, person=sami, kind="extract", purpose="dnr 1", sections=[])
    DisposalBatch.objects.create(
        rule=RetentionRule.objects.get(code="log"),
        cutoff=days.today(),
        package=b"\x00zip",
        keys={"audit.Entry": [keys["kim"]]},
        proposed_by=sami,
        proposed_at=days.now(),
    )
    notice = Notice.objects.create(kind="test.plain", recipient_id=keys["amira"], ids={"pupil": keys["kim"]}, not_before=days.now())
    Delivery.objects.create(notice=notice, channel="sms", address=civic.encrypt("0701740605"), due_at=days.now())
    lesson = CalendarEvent.objects.filter(day=days.today()).select_related("activity").order_by("starts_at", "pk")[0]
    day = UnauthorisedDay.objects.create(
        pupil_id=keys["sami"],
        day=days.today(),
        school_unit_id=lesson.activity.school_unit_id,
        first_lesson=lesson,
        started_at=days.now(),
        told_lessons=[lesson.pk],
    )
    told = HomeNotice.objects.create(
        unauthorised_day=day, number=1, kind="first", guardian_id=keys["amira"], notice=notice, queued_at=days.now()
    )
    PhoneCall.objects.create(home_notice=told, called_by_id=keys["pekka"], called_at=days.now(), outcome="reached", submission=told.pk)
    other = Notice.objects.create(kind="test.plain", recipient_id=keys["anna"], not_before=days.now())
    TeacherReminder.objects.create(teacher_id=keys["anna"], day=days.today(), notice=other)
    EnrolmentCode.objects.create(user=User.objects.get(person=keys["anna"]), code_hash=b"x" * 32, expires_at=days.now())


def _add_leave(keys: dict[str, str], guardian: str, child: str) -> None:
    """A granted leave with its document."""
    actor = Actor(UUID(keys[guardian]), Role.GUARDIAN, Level.E_ID)
    wanted = Wanted(days.today() + timedelta(days=20), days.today() + timedelta(days=21), "Släkt")
    found = apply_for_leave(actor=actor, pupils=[Person.objects.get(pk=keys[child])], wanted=wanted, submission=uuid4())
    ingrid = Actor(UUID(keys["ingrid"]), Role.STAFF, Level.TWO_FACTOR)
    decide_leave(actor=ingrid, request=found.requests[0], verdict=Verdict(LeaveOutcome.GRANTED))


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))

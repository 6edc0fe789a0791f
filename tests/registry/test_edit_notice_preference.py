"""A person chooses how to be told things: the own choice, among the ways there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from dexter.audit.models import Entry
from dexter.lib.access import Level, Role
from registry.models import EmailAddress, NoticePreference, Person, PhoneNumber

PATH = "/mina-uppgifter/meddelanden/"
CHOICE = {"urgent_channel": "sms", "digest": "weekly", "language": "en"}


def chosen(person: Person) -> tuple[str, str, str]:
    row = NoticePreference.objects.get(person=person)
    return row.urgent_channel, row.digest, row.language


def test_a_guardian_chooses_and_chooses_anew(cast: Any, guardian: Any) -> None:
    assert PATH in guardian.get("/mina-uppgifter/").content.decode()
    page = guardian.get(PATH).content.decode()
    assert page.count(" checked") == 2
    assert re.search(r'value="daily"[^>]* checked', page)
    assert re.search(r'name="urgent_channel"[^>]* value=""[^>]* checked', page)  # both ways
    assert guardian.send(PATH, CHOICE).url == "/mina-uppgifter/"
    assert chosen(cast.amira) == ("sms", "weekly", "en")
    assert guardian.send(PATH, {"urgent_channel": "", "digest": "at_once", "language": ""}).status_code == 302
    assert chosen(cast.amira) == ("", "at_once", "")
    lines = Entry.objects.filter(action="registry.edit_notice_preference", subjects=[cast.id("amira")]).order_by("pk")
    assert [line.details["digest"] for line in lines] == ["weekly", "at_once"]


def test_the_choice_is_ones_own_whatever_is_sent(cast: Any, guardian: Any) -> None:
    guardian.send(PATH, {**CHOICE, "person": cast.id("karin"), "person_id": cast.id("karin"), "id": "x"})
    assert list(NoticePreference.objects.values_list("person_id", flat=True)) == [cast.id("amira")]


@pytest.mark.parametrize("fault", [{"digest": "hourly"}, {"digest": ""}, {"urgent_channel": "pigeon"}, {"language": "<script>"}])
def test_what_is_no_choice_is_refused(cast: Any, guardian: Any, fault: dict[str, str]) -> None:
    answer = guardian.send(PATH, {**CHOICE, **fault})
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode()
    assert not NoticePreference.objects.exists()


def test_the_channel_is_asked_for_only_where_there_are_two(cast: Any, guardian: Any) -> None:
    NoticePreference.objects.create(person=cast.amira, urgent_channel="sms")
    PhoneNumber.objects.filter(person=cast.amira).delete()
    page = guardian.get(PATH).content.decode()
    assert 'name="urgent_channel"' not in page
    assert EmailAddress.objects.get(person=cast.amira).value in page
    assert guardian.send(PATH, CHOICE).status_code == 302
    assert chosen(cast.amira) == ("sms", "weekly", "en")  # kept for when there is a number again
    EmailAddress.objects.filter(person=cast.amira).delete()
    assert "inget når dig utanför Dexter" in guardian.get(PATH).content.decode()


def test_adults_choose_minors_and_the_protected_do_not(cast: Any, client_as: Callable[..., Any], guardian: Any) -> None:
    assert client_as("piera", Role.PUPIL, Level.E_ID).send(PATH, CHOICE).status_code == 302
    assert client_as("oskar", Role.PUPIL, Level.E_ID).send(PATH, CHOICE).status_code == 403
    assert client_as("anna", Role.STAFF).get(PATH).status_code == 404
    Person.objects.filter(pk=cast.id("amira")).update(security_marking="Sekretessmarkering", agreed_name="Alex Ek")
    assert guardian.send(PATH, CHOICE).status_code == 403
    assert PATH not in guardian.get("/mina-uppgifter/").content.decode()
    assert list(NoticePreference.objects.values_list("person_id", flat=True)) == [cast.id("piera")]


def test_the_page_takes_a_constant_number_of_statements(guardian: Any, statements: Callable[..., int]) -> None:
    assert statements(lambda: guardian.get(PATH)) == 3 + 5
    guardian.send(PATH, CHOICE)
    guardian.get("/start/")
    assert statements(lambda: guardian.get(PATH)) == 3 + 5


def test_who_reads_in_another_language_is_asked_once_for_letters_too(cast: Any, guardian: Any, client_as: Callable[..., Any]) -> None:
    assert "på Svenska?" not in guardian.get("/start/").content.decode()
    for reader, press, stored in ((guardian, "so", "so"), (client_as("jonas", Role.GUARDIAN), "", "")):
        reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "so"
        page = reader.get("/start/").content.decode()
        assert "Waraaqaha iyo SMS-yada ma rabtaa Soomaali sidoo kale?" in page
        assert {'value="so">Haa', 'value="">Maya'} <= set(re.findall(r'value="\w*">(?:Haa|Maya)', page))
        assert reader.send(PATH, {"urgent_channel": "", "digest": "daily", "language": press}).status_code == 302
        assert "Waraaqaha iyo SMS-yada" not in reader.get("/start/").content.decode()
        assert NoticePreference.objects.latest("created_at").language == stored

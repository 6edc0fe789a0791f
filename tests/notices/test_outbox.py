"""What is queued is sent once, tried again only where surely nothing was sent, and never sent when it is no longer owed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from procrastinate.contrib.django.models import ProcrastinateJob

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.notices import composers, reads, sending, tasks
from dexter.notices.actions import queue_notice
from dexter.notices.models import Channel, Delivery, DeliveryState, LoopbackMessage, Notice

from .composers import MESSAGE
from .conftest import SOMEBODY
from .servers import Gateway, MailServer

Queue = Callable[..., Delivery]


def attempt(delivery: Delivery) -> Delivery:
    """As the worker would, at the moment when it is due."""
    delivery.refresh_from_db()
    with time_machine.travel(max(days.now(), delivery.due_at), tick=False):
        tasks.send_notice(delivery_id=str(delivery.pk))
    delivery.refresh_from_db()
    return delivery


def jobs(delivery: Delivery) -> int:
    return ProcrastinateJob.objects.filter(task_name="dexter.notices.tasks.send_notice", args={"delivery_id": str(delivery.pk)}).count()


def test_every_kind_has_a_composer_that_exists() -> None:
    for kind, path in composers.COMPOSERS.items():
        assert callable(import_string(path))
        assert kind.partition(".")[0] in path.split(".")[:2]  # dexter.home, registry


def test_a_text_message_is_sent_once_with_its_key(db: None, queue: Queue, gateway: Gateway) -> None:
    delivery = queue()
    assert (delivery.state, jobs(delivery), gateway.requests) == ("queued", 1, [])
    sent = attempt(attempt(delivery))
    assert (sent.state, sent.attempts, sent.reference, sent.error) == ("sent", 1, "g1", "")
    assert gateway.requests == [{"to": "+46701740605", "text": MESSAGE.short, "idempotency_key": delivery.pk.hex}]
    assert (gateway.headers[0]["Authorization"], gateway.headers[0]["Idempotency-Key"]) == ("Bearer nyckel", delivery.pk.hex)
    line = Entry.objects.get(action="notices.send_notice")
    assert (line.subjects, line.object_id, line.actor_id) == ([SOMEBODY], delivery.pk, None)
    assert line.details == {"kind": "test.plain", "channel": "sms", "state": "sent", "error": ""}


def test_a_letter_is_sent_once_and_says_that_it_is_automatic(db: None, queue: Queue, mail_server: MailServer) -> None:
    sent = attempt(attempt(queue(Channel.EMAIL)))
    assert sent.state == "sent"
    [letter] = mail_server.letters
    assert (letter["Subject"], letter["From"], letter["Auto-Submitted"]) == (
        MESSAGE.subject,
        "Skolan <dexter@example.org>",
        "auto-generated",
    )
    assert letter["Message-ID"] == sent.reference == f"<{sent.pk.hex}@example.org>"
    assert letter.get_content().splitlines() == MESSAGE.body.splitlines()
    assert mail_server.recipients == ["asa@example.org"]


def test_the_gateway_may_say_that_it_arrived(db: None, queue: Queue, gateway: Gateway) -> None:
    gateway.answers = [(200, {"id": "x" * 500, "state": "delivered"}), (202, "OK"), (200, ["strange"])]
    states = [attempt(queue()) for _number in range(3)]
    assert [row.state for row in states] == ["delivered", "sent", "sent"]
    assert [len(row.reference) for row in states] == [200, 0, 0]


@pytest.mark.parametrize("status", [429, 503])
def test_what_surely_was_not_sent_is_tried_again_with_longer_waits(db: None, queue: Queue, gateway: Gateway, status: int) -> None:
    gateway.answers = [(status, {})] * 9
    delivery, waits = queue(), []
    while attempt(delivery).state == DeliveryState.QUEUED:
        waits.append(delivery.due_at - delivery.sending_at)
        assert jobs(delivery) == delivery.attempts + 1
    assert waits == list(sending.WAITS)
    assert (delivery.state, delivery.attempts, delivery.error) == ("failed", 5, f"http_{status}")
    assert len(gateway.requests) == 5
    assert len({request["idempotency_key"] for request in gateway.requests}) == 1
    attempt(delivery)
    assert len(gateway.requests) == 5
    assert reads.unreached().get() == delivery.notice


def test_nothing_is_tried_before_its_time(db: None, queue: Queue, gateway: Gateway) -> None:
    gateway.answers = [(503, {})]
    delivery = attempt(queue())
    tasks.send_notice(delivery_id=str(delivery.pk))
    assert len(gateway.requests) == 1
    later = queue(not_before=days.now() + timedelta(hours=3))
    tasks.send_notice(delivery_id=str(later.pk))
    assert len(gateway.requests) == 1
    assert ProcrastinateJob.objects.get(args={"delivery_id": str(later.pk)}).scheduled_at == later.due_at
    assert attempt(later).state == "sent"


@pytest.mark.parametrize("status", [301, 307, 400, 401, 422])
def test_a_refusal_is_not_tried_again_and_no_redirect_is_followed(db: None, queue: Queue, gateway: Gateway, status: int) -> None:
    gateway.answers = [(status, {})]
    delivery = attempt(queue())
    assert (delivery.state, delivery.error, len(gateway.requests)) == ("failed", f"http_{status}", 1)


@pytest.mark.parametrize("answer", [(500, {}), (502, "<html>"), (0, "")])
def test_what_nobody_knows_is_uncertain_and_never_sent_again(
    db: None, queue: Queue, gateway: Gateway, log: io.StringIO, answer: tuple[int, Any]
) -> None:
    gateway.answers = [answer]
    delivery = attempt(attempt(queue()))
    assert (delivery.state, len(gateway.requests)) == ("uncertain", 1)
    assert "notice_uncertain" in log.getvalue()
    assert "1740605" not in log.getvalue()
    assert reads.unreached().count() == reads.not_proven_since(days.now() - timedelta(hours=1)) == 1


def test_a_gateway_that_is_away_is_tried_again(db: None, queue: Queue, gateway: Gateway) -> None:
    gateway.stop()
    delivery = attempt(queue())
    assert (delivery.state, delivery.error) == ("queued", "no_connection")


@pytest.mark.parametrize(
    ("reply", "state", "error"),
    [("451 later", "queued", "smtp_451"), ("550 nobody here", "failed", "smtp_550")],
)
def test_a_mail_server_refuses_a_recipient(db: None, queue: Queue, mail_server: MailServer, reply: str, state: str, error: str) -> None:
    mail_server.replies = [reply]
    delivery = attempt(queue(Channel.EMAIL))
    assert (delivery.state, delivery.error, mail_server.letters) == (state, error, [])


def test_a_mail_server_refuses_a_letter_and_takes_it_later(db: None, queue: Queue, mail_server: MailServer) -> None:
    mail_server.after_data = ["452 full"]
    delivery = attempt(queue(Channel.EMAIL))
    assert (delivery.state, delivery.error) == ("queued", "smtp_452")
    assert attempt(delivery).state == "sent"
    assert len(mail_server.letters) == 1


def test_a_mail_server_that_breaks_off_after_the_letter_leaves_it_uncertain(db: None, queue: Queue, mail_server: MailServer) -> None:
    mail_server.after_data = ["hang up"]
    delivery = attempt(attempt(queue(Channel.EMAIL)))
    assert (delivery.state, len(mail_server.letters)) == ("uncertain", 1)


def test_a_mail_server_that_is_away_is_tried_again(db: None, queue: Queue, mail_server: MailServer) -> None:
    mail_server.stop()
    delivery = attempt(queue(Channel.EMAIL))
    assert (delivery.state, delivery.error) == ("queued", "no_connection")


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        ((200, {"ErrorCode": 0, "Message": "OK", "MessageID": "pm-1", "To": "asa@example.org"}), "sent", ""),
        ((429, {}), "queued", "http_429"),
        ((401, {}), "failed", "http_401"),
        ((500, {}), "uncertain", "AnymailRequestsAPIError"),
        (None, "queued", "no_connection"),
    ],
)
def test_a_provider_of_mail_answers(db: None, queue: Queue, gateway: Gateway, settings: Any, answer: Any, state: str, error: str) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "nyckel", "POSTMARK_API_URL": gateway.url.removesuffix("send")}
    settings.NOTICE_CHANNELS = {"email": "dexter.notices.channels.mail.send"}
    gateway.answers = [answer] if answer else []
    if answer is None:
        gateway.stop()
    delivery = attempt(queue(Channel.EMAIL))
    assert (delivery.state, delivery.error) == (state, error)
    assert delivery.reference == ("pm-1" if state == "sent" else "")


def test_what_is_no_longer_owed_is_not_sent(db: None, queue: Queue, gateway: Gateway) -> None:
    delivery = attempt(queue(ids={"case": "settled"}))
    assert (delivery.state, gateway.requests) == ("withdrawn", [])
    assert not reads.unreached().exists()
    Notice.objects.update(ids={})
    assert attempt(delivery).state == "withdrawn"


def test_a_composer_that_fails_is_asked_again_and_tells_nothing(db: None, queue: Queue, gateway: Gateway, log: io.StringIO) -> None:
    delivery = attempt(queue(ids={"case": "broken"}))
    assert (delivery.state, delivery.error, delivery.attempts, gateway.requests) == ("queued", "not_composed", 1, [])
    Notice.objects.update(ids={})
    assert attempt(delivery).state == "sent"
    assert "notice_not_composed" in log.getvalue()
    assert "hemligt" not in log.getvalue()


def test_without_a_channel_nothing_is_said_to_be_sent(db: None, queue: Queue, settings: Any) -> None:
    settings.NOTICE_CHANNELS = {}
    delivery = attempt(queue())
    assert (delivery.state, delivery.error) == ("failed", "no_channel")
    assert not LoopbackMessage.objects.exists()


def test_a_number_that_is_none_fails_at_once(db: None, queue: Queue, gateway: Gateway) -> None:
    delivery = attempt(queue(address="070"))
    assert (delivery.state, delivery.error, gateway.requests) == ("failed", "bad_number", [])


def test_a_wish_chooses_the_channel_where_there_is_an_address(db: None, owner: None) -> None:
    both = {Channel.EMAIL: "a@example.org", Channel.SMS: "0701740605"}

    def channels(addresses: dict[Channel, str], wish: str) -> set[str]:
        notice = queue_notice("test.plain", SOMEBODY, addresses, {}, wish=wish)
        return set(Delivery.objects.filter(notice=notice, state=DeliveryState.QUEUED).values_list("channel", flat=True))

    assert channels(both, "") == {"email", "sms"}
    assert channels(both, "sms") == {"sms"}
    assert channels({Channel.EMAIL: "a@example.org"}, "sms") == {"email"}
    assert channels({Channel.EMAIL: "", Channel.SMS: ""}, "sms") == set()
    assert reads.unreached().count() == 1  # the one without any way: somebody has to phone


BOTH = {Channel.EMAIL: "asa@example.org", Channel.SMS: "0701740605"}


def by_channel(notice: Notice) -> dict[str, Delivery]:
    return {row.channel: row for row in Delivery.objects.filter(notice=notice)}


def test_what_fails_by_the_wished_channel_goes_by_the_other(db: None, owner: None, gateway: Gateway, mail_server: MailServer) -> None:
    gateway.answers = [(400, {})]
    rows = by_channel(queue_notice("test.plain", SOMEBODY, BOTH, {}, wish="sms"))
    assert (rows["email"].state, jobs(rows["email"])) == ("held", 0)
    tasks.send_notice(delivery_id=str(rows["email"].pk))
    assert mail_server.letters == []  # held: no worker sends it
    assert attempt(rows["sms"]).state == "failed"
    rows["email"].refresh_from_db()
    assert (rows["email"].state, jobs(rows["email"]), reads.unreached().count()) == ("queued", 1, 0)
    assert attempt(rows["email"]).state == "sent"
    assert mail_server.recipients == ["asa@example.org"]


def test_when_both_channels_fail_somebody_phones(db: None, owner: None, gateway: Gateway, mail_server: MailServer) -> None:
    gateway.answers, mail_server.replies = [(400, {})], ["550 nobody here"]
    notice = queue_notice("test.plain", SOMEBODY, BOTH, {}, wish="email")
    rows = by_channel(notice)
    assert [attempt(rows["email"]).state, attempt(rows["sms"]).state] == ["failed", "failed"]
    assert list(reads.unreached()) == [notice]


@pytest.mark.parametrize(("answer", "state"), [((200, {}), "sent"), ((500, {}), "uncertain")])
def test_what_went_or_perhaps_went_by_the_wished_channel_goes_by_no_other(
    db: None, owner: None, gateway: Gateway, mail_server: MailServer, answer: tuple[int, Any], state: str
) -> None:
    gateway.answers = [answer]
    notice = queue_notice("test.plain", SOMEBODY, BOTH, {}, wish="sms")
    assert attempt(by_channel(notice)["sms"]).state == state
    assert set(by_channel(notice)) == {"sms"}
    assert (reads.unreached().exists(), mail_server.letters) == (state == "uncertain", [])


def test_what_is_no_longer_owed_goes_by_no_other_channel(db: None, owner: None, gateway: Gateway, mail_server: MailServer) -> None:
    notice = queue_notice("test.plain", SOMEBODY, BOTH, {"case": "settled"}, wish="sms")
    assert attempt(by_channel(notice)["sms"]).state == "withdrawn"
    assert set(by_channel(notice)) == {"sms"}


def test_a_kind_without_a_composer_is_refused_and_an_undone_action_queues_nothing(db: None, queue: Queue) -> None:
    with pytest.raises(KeyError):
        queue_notice("test.unknown", SOMEBODY, {}, {})
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="dexter.notices.tasks.send_notice").exists()


def test_the_address_and_the_demos_messages_lie_encrypted(db: None, queue: Queue) -> None:
    delivery = attempt(queue(Channel.EMAIL))
    kept = LoopbackMessage.objects.get(delivery=delivery)
    assert delivery.state == "delivered"
    assert b"example.org" not in bytes(delivery.address) + bytes(kept.content)
    assert [(row.address, row.subject, row.text) for row in reads.kept_messages(9)] == [("asa@example.org", MESSAGE.subject, MESSAGE.body)]
    with time_machine.travel(days.now() + timedelta(days=8)):
        tasks.sweep_notices(timestamp=0)
    assert not LoopbackMessage.objects.exists()


@pytest.mark.parametrize("values", [{"state": "sending"}, {"state": "sent"}, {"state": "dreamt"}, {"ended_at": days.now()}])
def test_the_database_refuses_states_that_contradict_themselves(db: None, queue: Queue, values: dict[str, Any]) -> None:
    delivery = queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**values)

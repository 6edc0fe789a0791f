"""What homes read of messages from the school outside Dexter."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dexter.lib import days
from dexter.lib.addresses import site_address
from dexter.lib.templatetags.dexter import clock, long_day
from dexter.notices.messages import Message
from dexter.notices.models import Notice
from registry import reads as registry
from registry.models import NoticePreference

from .models import MessageReceipt, SchoolMessage, Words
from .school_messages import plan_news as news


def school_messages(notice: Notice) -> Message | None:
    """One message, or several gathered: of what the notice was made for, what is unread, not recalled and still the person's to read."""
    rows = MessageReceipt.objects.owed_to(notice.recipient_id).filter(notice_id=notice.pk).values("message_id")
    found = list(SchoolMessage.objects.filter(pk__in=rows).in_full().order_by("sent_at"))
    if not found:
        return None
    chosen = NoticePreference.objects.filter(person=notice.recipient_id).values_list("language", flat=True).first()
    language = chosen or settings.LANGUAGE_CODE
    with translation.override(language):
        return _single(found[0], language) if len(found) == 1 else _gathered(found, language)


def _single(message: SchoolMessage, language: str) -> Message:
    """A text message names the school alone: what was written may be about anything, and a locked phone shows it to all."""
    words, school = message.words(language), message.school_unit.name
    address = site_address(reverse("home:message_detail", args=[message.pk]))
    told = _("New urgent message from %(school)s.") if message.is_urgent else _("New message from %(school)s.")
    body = f"{_letter(message, words)}\n\n{_read_at(address)}\n{_choose()}\n"
    return Message(f"{school}: {words.subject}", body, f"{told % {'school': school}} {_read_at(address)}")


def _gathered(messages: list[SchoolMessage], language: str) -> Message:
    address = site_address(reverse("home:message_list"))
    told = ngettext("%(count)d new message from the school", "%(count)d new messages from the school", len(messages))
    told %= {"count": len(messages)}
    letters = [f"{message.words(language).subject}\n\n{_letter(message, message.words(language))}" for message in messages]
    body = "\n\n----\n\n".join([*letters, f"{_read_at(address)}\n{_choose()}\n"])
    return Message(told, body, f"{told}. {_read_at(address)}")


def _letter(message: SchoolMessage, words: Words) -> str:
    moment = f"{long_day(days.day_of(message.sent_at))} {clock(message.sent_at)}"
    return f"{words.text}\n\n{message.sender}\n{moment}"


def plan_news(notice: Notice) -> Message | None:
    """What was published in the time of the digest and may be read still, in the receiver's language; titles and groups, no more."""
    first, until = (datetime.fromisoformat(notice.ids[end]) for end in ("first", "until"))
    rows = news.plan_news(first, until, {notice.recipient_id}).get(notice.recipient_id)
    if not rows:
        return None
    with translation.override(registry.language_of(notice.recipient_id)):
        told = ngettext("%(count)d new plan from the school", "%(count)d new plans from the school", len(rows)) % {"count": len(rows)}
        lines = [f"{row.activity.name}: {row.plan.title}" for row in rows]
        read_at = _read_at(site_address(reverse("larande:start")))
        return Message(told, "\n".join([*lines, "", read_at, _choose(), ""]), f"{told}. {read_at}")


def _read_at(address: str) -> str:
    return _("Read it in Dexter: %(address)s") % {"address": address}


def _choose() -> str:
    address = site_address(reverse("registry:edit_notice_preference"))
    return _("This letter cannot be answered. Choose how you are told: %(address)s") % {"address": address}

"""What who asked for a correction is told of the answer: that there is one, and nothing of what it says.

It is routine: told as the person has chosen, and several answers of one gathering are one message.
"""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from absence import reads
from absence.models import CorrectionRequest
from dexter.lib import days
from dexter.lib.addresses import site_address
from dexter.notices.actions import queue_notice
from dexter.notices.messages import Message
from dexter.notices.models import Notice
from registry import reads as registry

from .leave import in_language_of_reader

KIND = "absence.correction_answered"
CLOSE = timedelta(minutes=1)  # to a gathering: its message may be under way, and gets no more words


def tell_answer(asked: CorrectionRequest) -> None:
    """One notice a gathering: a second answer before it is told in the same message."""
    person, due_at = asked.asked_by_id, registry.routine_at(asked.asked_by_id)
    if Notice.objects.filter(kind=KIND, recipient_id=person, not_before=due_at, not_before__gt=days.now() + CLOSE).exists():
        return
    if reads.may_read_answer(asked):
        ways = registry.ways_to_tell([person])[person]
        queue_notice(KIND, person, ways.addresses, {"correction": str(asked.pk)}, wish=ways.wish or "email", not_before=due_at)


@in_language_of_reader
def correction_answered(notice: Notice) -> Message | None:
    """The first answer that the notice was made for, and those given since; without those that are no longer the person's to read."""
    asked = reads.answered_with(notice.ids["correction"], notice.recipient_id)
    if not asked:
        return None
    names = ", ".join(dict.fromkeys(reads.first_name(row.pupil) for row in asked))
    told = _("The school has answered your request to correct the attendance of %(names)s.") % {"names": names}
    address = reverse("absence:request_correction", args=[asked[0].lesson_id, asked[0].pupil_id])
    where = " ".join([_("Sign in to Dexter to read more."), site_address(address)])
    return Message(subject=_("Answer about attendance"), body=f"{told}\n\n{where}\n", short=f"{told} {where}")

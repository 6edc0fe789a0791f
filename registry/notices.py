"""What the register says to people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.notices.messages import Message
from dexter.notices.models import Notice

from .models import ContactChange, PersonStatus


def contact_code(notice: Notice) -> Message | None:
    """The code for a new address; not to one whose code is over, nor to somebody who was marked meanwhile."""
    open_still = ContactChange.objects.filter(pk=notice.ids["change"], person=notice.recipient_id, ended_at=None)
    change = open_still.filter(expires_at__gt=days.now()).select_related("person").first()
    if change is None or change.person.is_protected or change.person.person_status == PersonStatus.DECEASED:
        return None
    told = _("Your code in Dexter is %(code)s. It is valid for 15 minutes.") % {"code": change.code}
    unasked = _("If you did not ask for it you need do nothing.")
    return Message(subject=_("Your code in Dexter"), body=f"{told}\n\n{unasked}\n", short=f"{told} {unasked}")

"""An owner of notices, for the tests."""

from __future__ import annotations

from dexter.notices.messages import Message
from dexter.notices.models import Notice

MESSAGE = Message("Ärende å Dexter", "Hej!\nDetta är ett besked.", "Besked från skolan: åäö.")


def compose(notice: Notice) -> Message | None:
    if notice.ids.get("case") == "broken":
        raise RuntimeError("hemligt")
    return None if notice.ids.get("case") == "settled" else MESSAGE

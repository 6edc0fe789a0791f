"""What passes between those who compose, the outbox and the channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Message(NamedTuple):
    """The words of a notice: subject and body for e-mail, `short` for a text message. Never more than the recipient may see."""

    subject: str
    body: str
    short: str


class Parcel(NamedTuple):
    """What a channel is given; `key` is the same at each try of the same delivery."""

    key: str
    address: str
    message: Message


class Receipt(NamedTuple):
    reference: str = ""  # the provider's own name of it
    delivered: bool = False  # known to have arrived, not only accepted


class NotHandedOver(Exception):
    """The channel is sure that nothing was sent. `code` is ours, `again` whether another try may go better."""

    def __init__(self, code: str, *, again: bool) -> None:
        super().__init__(code)
        self.code, self.again = code, again


SendParcel = Callable[[Parcel], Receipt]
"""A channel: raises NotHandedOver when surely nothing was sent; whatever else it raises means that nobody knows."""

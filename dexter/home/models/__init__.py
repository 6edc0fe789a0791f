"""What belongs to the whole of Dexter: the municipality's own words, its rules of retention, what it gives out and disposes of."""

from .disclosure import Disclosure
from .message import LONGEST_SUBJECT, LONGEST_TEXT, MessageReceipt, MessageText, SchoolMessage, TellingState, Urgency, Words
from .retention import DisposalBatch, RetentionRule
from .site import Municipality, SiteText

__all__ = [
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "Disclosure",
    "DisposalBatch",
    "MessageReceipt",
    "MessageText",
    "Municipality",
    "RetentionRule",
    "SchoolMessage",
    "SiteText",
    "TellingState",
    "Urgency",
    "Words",
]

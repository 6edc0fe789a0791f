"""What belongs to the whole of Dexter: the municipality's own words, its rules of retention, what it gives out and disposes of."""

from .disclosure import Disclosure
from .retention import DisposalBatch, RetentionRule
from .site import Municipality, SiteText

__all__ = ["Disclosure", "DisposalBatch", "Municipality", "RetentionRule", "SiteText"]

"""Texts that a municipality writes itself, for apps below the one that keeps them: asked for by a dotted name, so that nothing
is imported from above."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

SOURCE = "dexter.home.reads.site_text"
LEAVE_APPEAL = "ledighetsbeslut"  # what a decision on leave says of how it can be tried


def site_text(kind: str) -> str:
    """In the language of the authority: the municipality's own, or the one that comes with Dexter."""
    return str(import_string(SOURCE)(kind, settings.LANGUAGE_CODE).text)

"""A released disclosure as an accessible PDF."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dexter.home.extract.masking import shown
from dexter.home.models import Disclosure
from dexter.lib import days
from dexter.lib.pdf import ACCESSIBLE, compile_pdf

SOURCE = Path(__file__).with_suffix(".typ")


def disclosure_pdf(disclosure: Disclosure, *, municipality: str) -> bytes:
    """What was released, in the reader's language, with its date and who it is from."""
    released = days.day_of(disclosure.released_at) if disclosure.released_at else days.today()
    sections = [
        {"title": section.title, "labels": section.labels, "rows": [[cell.text for cell in row] for row in section.rows]}
        for section in shown(disclosure)
    ]
    what = _("Register extract") if disclosure.kind == Disclosure.Kind.EXTRACT else _("Public records")
    masking = _("What others must not be told is masked: %(mask)s.") % {"mask": _("[masked]")}
    data = {
        "title": f"{what}: {disclosure.subject.shown_name}",
        "language": get_language() or "sv",
        "year": released.year,
        "month": released.month,
        "day": released.day,
        "lines": [f"{municipality}, {released.isoformat()}", masking],
        "sections": sections,
    }
    return compile_pdf(SOURCE, data, ACCESSIBLE)

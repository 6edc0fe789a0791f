"""The package of a disposal for the archive: the rows, a summary as PDF/A, and checksums of both."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dexter.home.archive.coverage import kept
from dexter.home.archive.rows import as_line
from dexter.home.models import RetentionRule
from dexter.lib import days
from dexter.lib.pdf import ARCHIVED, compile_pdf

SOURCE = Path(__file__).with_suffix(".typ")
FIRST_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in a package, so that equal rows give equal packages


def disposal_package(rule: RetentionRule, cutoff: str, rows: list[QuerySet], *, municipality: str) -> bytes:
    """A zip file: `<name>.jsonl` as in docs/archive.md, `gallring.pdf`, `checksums.txt`."""
    files = {f"{_name(part)}.jsonl": _lines(part) for part in rows}
    counts = {name: content.count(b"\n") for name, content in files.items()}
    files["gallring.pdf"] = _summary(rule, cutoff, counts, municipality)
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, "checksums.txt": sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(name, FIRST_MOMENT), content, zipfile.ZIP_DEFLATED)
    return package.getvalue()


def _name(rows: QuerySet) -> str:
    entry = kept(rows.model)
    return entry.file if entry else rows.model._meta.model_name or ""


def _lines(rows: QuerySet) -> bytes:
    """One line a row. What never leaves in an archive (one-time codes) leaves no more than its keys here."""
    entry = kept(rows.model)
    if entry is None or entry.absent:
        return "".join(f'{{"id":"{key}"}}\n' for key in rows.order_by("pk").values_list("pk", flat=True)).encode()
    names = [column.attname for column in entry.fields]
    return "".join(f"{as_line(entry, values)}\n" for values in rows.order_by("pk").values_list(*names).iterator()).encode()


def _summary(rule: RetentionRule, cutoff: str, counts: dict[str, int], municipality: str) -> bytes:
    today = days.today()
    data = {
        "title": f"{_('Disposal')}: {rule.code}",
        "language": get_language() or "sv",
        "year": today.year,
        "month": today.month,
        "day": today.day,
        "head": [_("What"), _("Value")],
        "rows": [
            [_("Responsible body"), municipality],
            [_("Decision"), rule.decision_reference],
            [_("Legal basis"), rule.legal_basis],
            [_("Older than"), cutoff],
            [_("Made"), today.isoformat()],
            *[[name, str(count)] for name, count in sorted(counts.items())],
        ],
    }
    return compile_pdf(SOURCE, data, ARCHIVED)

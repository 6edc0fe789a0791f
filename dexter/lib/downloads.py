"""Files as answers: always saved, never shown, with a name of ours."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def download(content: bytes, name: str, ending: str) -> HttpResponse:
    """`name` without its ending; it may hold any letters, but nothing about a person."""
    answer = HttpResponse(content, content_type=MEDIA_TYPES[ending])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{ending}', safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

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
    return attachment(content, f"{name}.{ending}", MEDIA_TYPES[ending])


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file that somebody sent in, as it was: saved, never opened by the browser, whatever it holds, and kept by no cache."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer

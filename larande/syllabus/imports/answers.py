"""Answers of the Syllabus API: an envelope round one subject, or round a list of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .parsed import Unreadable

LARGEST = 30 * 1024 * 1024  # bytes of an answer; the largest seen is below two million
TEXTS = ("purpose", "centralContents", "knowledgeRequirements", "courses")


def decode(raw: bytes, name: str) -> Any:
    """The JSON of an answer. Raises Unreadable for anything else; `name` says which answer."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unreadable(f"{name} is no JSON.") from None


def subjects_in(answer: Any, name: str) -> list[Any]:
    """The subjects of an answer, with or without its envelope; none where it says that there are none (404)."""
    if isinstance(answer, list):
        return answer
    if isinstance(answer, Mapping):
        if "subject" in answer or "subjects" in answer:
            found = answer.get("subjects", answer.get("subject"))
            return found if isinstance(found, list) else [found]
        if "code" in answer:
            return [answer]
        if "errorCode" in answer:
            return []
    raise Unreadable(f"{name} holds no subject.")


def has_texts(subject: Any) -> bool:
    """Lists hold subjects without their texts; those are no versions."""
    return (isinstance(subject, Mapping) and any(subject.get(name) for name in TEXTS[:3])) or _courses_have_texts(subject)


def _courses_have_texts(subject: Any) -> bool:
    courses = subject.get("courses") if isinstance(subject, Mapping) else None
    return any(isinstance(one, Mapping) and one.get("centralContent") for one in courses) if isinstance(courses, list) else False

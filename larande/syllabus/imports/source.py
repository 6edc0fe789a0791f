"""Where subjects are read from: the Syllabus API, or a folder or file with its answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from dexter.lib.addresses import is_safe

from .answers import LARGEST, decode, has_texts, subjects_in
from .parsed import Unreadable

SECONDS = (10, 60)  # to connect, between two pieces of an answer
LONGEST = 180  # seconds for a whole answer
MOST_SUBJECTS = 5000
CHUNK = 64 * 1024

Read = Callable[[], list[Any]]  # gives the subjects of one answer; raises Unreadable


def saved(path: Path) -> Iterator[tuple[str, Read]]:
    """The answers kept in a file, or in the .json files of a folder, one by one. Raises Unreadable where there are none."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise Unreadable(f"There is no .json file in {path.name}.")
    for file in files:
        yield file.name, lambda file=file: _read_file(file)


def _read_file(file: Path) -> list[Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise Unreadable(f"{file.name} is larger than {LARGEST // 1024 // 1024} MB.")
        raw = file.read_bytes()
    except OSError as fault:
        raise Unreadable(f"{file.name} cannot be read: {fault.strerror}.") from None
    found = subjects_in(decode(raw, file.name), file.name)
    if found and not any(has_texts(one) for one in found):
        raise Unreadable(f"{file.name} is a list without texts. Save the answers of the subjects themselves.")
    return [one for one in found if has_texts(one)]


class Api:
    """One Syllabus API. http is refused but on loopback, and so are redirects: the texts are regulations."""

    def __init__(self, address: str) -> None:
        if not is_safe(address):
            raise Unreadable("The address must begin with https://.")
        self._base = address.rstrip("/").removesuffix("/v1") + "/v1"
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json"})

    def subjects(self, school_types: Collection[str], timespan: str, day: str) -> Iterator[tuple[str, Read]]:
        """Each subject in force, to come or gone by, of any of `school_types`; its texts are fetched when it is read."""
        seen: set[str] = set()
        for school_type in school_types:
            query = {"schooltype": school_type, "timespan": timespan} | ({"date": day} if day else {})
            for listed in subjects_in(self._get("subjects", query), "The list of subjects"):
                path = self._path(listed, timespan)
                if path not in seen:
                    seen.add(path)
                    yield path, lambda path=path: self._read(path, day, timespan)
                if len(seen) > MOST_SUBJECTS:
                    raise Unreadable("The list of subjects does not come to an end.")

    def _read(self, path: str, day: str, timespan: str) -> list[Any]:
        query = {"date": day} if day and timespan == "LATEST" else {}
        found = [one for one in subjects_in(self._get(path, query), path) if has_texts(one)]
        if not found:
            raise Unreadable(f"{path} was answered without texts.")
        return found

    def _path(self, listed: Any, timespan: str) -> str:
        """Of what holds today by its code; of what does not, a version by its number."""
        code, number = (listed.get("code"), listed.get("version")) if isinstance(listed, dict) else (None, None)
        if not isinstance(code, str) or not code:
            raise Unreadable("The list of subjects holds one without a code.")
        path = f"subjects/{quote(code, safe='')}"
        return path if timespan == "LATEST" or not isinstance(number, int) else f"{path}/versions/{number}"

    def _get(self, path: str, query: dict[str, str]) -> Any:
        try:
            with self._session.get(f"{self._base}/{path}", params=query, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
                raw = _body(answer, path)
        except requests.RequestException as fault:
            raise Unreadable(f"The address does not answer {path} ({type(fault).__name__}).") from None
        if answer.status_code not in {requests.codes.ok, requests.codes.not_found}:
            raise Unreadable(f"The address answered {path} with {answer.status_code}.")
        return decode(raw, f"The answer to {path}")


def _body(answer: requests.Response, path: str) -> bytes:
    raw, began = bytearray(), time.monotonic()
    for piece in answer.iter_content(CHUNK):
        raw += piece
        if len(raw) > LARGEST:
            raise Unreadable(f"The answer to {path} is larger than {LARGEST // 1024 // 1024} MB.")
        if time.monotonic() - began > LONGEST:
            raise Unreadable(f"The answer to {path} does not come to an end.")
    return bytes(raw)

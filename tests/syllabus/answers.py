"""Answers in the shape of the Syllabus API, in words of our own."""

from __future__ import annotations

import copy
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CHEMISTRY: dict[str, Any] = {
    "code": "GRGRKEM01",
    "name": "Kemi",
    "designation": "KE",
    "typeOfSyllabus": "COURSE_SYLLABUS",
    "schoolTypes": ["GR"],
    "version": 3,
    "startDate": "2022-07-01",
    "purpose": "<p>Kemi handlar om &auml;mnen och deras m&ouml;ten.</p><p>Vi ska utveckla</p><ul><li>att unders&ouml;ka,&nbsp;och</li><li>att förklara</li></ul>",
    "centralContents": [
        {
            "year": "4-6",
            "text": "<h4>I natu\u00adren</h4><ul><li>Vatt\u00adnets kretslopp&nbsp;och former.</li>"
            "<li>Blandningar: <ul><li>saft och vatten</li><li>sand och järn</li></ul></li></ul>"
            "<h4>I vardagen</h4><ul><li>Märkning av farliga ämnen.</li></ul>",
        },
        {"year": "7-9", "text": "<h4>I naturen</h4><ul><li>Atomer och joner som modell.</li></ul>"},
    ],
    "knowledgeRequirements": [
        {"year": "6", "gradeStep": "E", "text": "<h4>Betyget E</h4><p>Eleven prövar enkelt.</p><p>Eleven berättar kort.</p>"},
        {"year": "6", "gradeStep": "D", "text": "<h4>Betyget D</h4><p>Mellan C och E.</p>"},
        {"year": "6", "gradeStep": "C", "text": "<h4>Betyget C</h4><p>Eleven prövar väl.</p><p>Eleven berättar utförligt.</p>"},
        {"year": "6", "gradeStep": "A", "text": "<h4>Betyget A</h4><p>Eleven prövar mycket väl.</p><p>Eleven berättar nyanserat.</p>"},
        {"year": "3", "text": "<p>Eleven ser skillnad på vatten och is. Eleven berättar om det.</p>"},
    ],
}
HEAD = {"apiPublisher": "Prov", "apiName": "Syllabus API", "apiVersion": "1.14.0", "totalElements": 1, "processingTime": "3"}


def chemistry(**changed: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CHEMISTRY), **changed}


def envelope(*subjects: Any) -> dict[str, Any]:
    return {**HEAD, "totalElements": len(subjects), **({"subject": subjects[0]} if len(subjects) == 1 else {"subjects": list(subjects)})}


class SyllabusServer:
    """The API on this machine: a list without texts, and each subject by its code or version."""

    def __init__(self) -> None:
        self.subjects: list[dict[str, Any]] = [chemistry()]
        self.asked: list[str] = []
        self.broken: dict[str, tuple[int, bytes]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/syllabus"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        parts = urlsplit(request.path)
        status, body = self.broken.get(parts.path.rsplit("/", 1)[1]) or self._answered(parts.path, parse_qs(parts.query))
        request.send_response(status)
        request.send_header("Location", "http://127.0.0.1:1/")
        request.end_headers()
        request.wfile.write(body)

    def _answered(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        steps = path.removeprefix("/syllabus/v1/subjects").strip("/").split("/")
        if steps == [""]:
            wanted = query.get("schooltype", [""])[0]
            found = [{name: one[name] for name in ("code", "name", "version")} for one in self.subjects if wanted in one["schoolTypes"]]
            content: Any = {**HEAD, "totalElements": len(found), "subjects": found}
        else:
            found = [one for one in self.subjects if one["code"] == steps[0] and steps[2:] in ([], [str(one["version"])])]
            content = {**HEAD, "subject": found[0]} if found else {}
        if not found:
            return 404, json.dumps({"errorCode": "404", "message": "Inga träffar"}).encode()
        return 200, json.dumps(content).encode()

"""SS 12000 2.1 from a folder and from a real server on loopback: paging, changes, deletions, faults."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from dexter.lib import civic, days
from dexter.lib.access import Role
from registry.imports import feed
from registry.models import (
    AssignmentRole,
    Duty,
    Enrolment,
    GroupMembership,
    Guardianship,
    ImportRun,
    ImportSource,
    ImportState,
    Person,
    SchoolUnit,
)

TODAY = days.today()
START = str(TODAY - timedelta(days=60))
META = {"created": "2026-08-01T08:00:00Z", "modified": "2026-08-01T08:00:00Z"}


def ref(number: int) -> str:
    return str(UUID(int=0x12000_0000 + number))


UNIT, ALVA, SIV, MARIA, KLASS, KARIN, DUTY = (ref(number) for number in range(7))


def someone(key: str, given: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "meta": META, "givenName": given, "familyName": "Ek", **more}


def place(**more: Any) -> dict[str, Any]:
    return {"enroledAt": {"id": UNIT}, "schoolType": "GR", "schoolYear": 4, "startDate": START, **more}


def town() -> dict[str, list[dict[str, Any]]]:
    """One school, two pupils, a guardian, a class, a mentor."""
    guarded = {"enrolments": [place()], "responsibles": [{"person": {"id": MARIA}, "relationType": "Vårdnadshavare"}]}
    members = [{"person": {"id": key}, "startDate": START} for key in (ALVA, SIV)]
    mentor = {"group": {"id": KLASS}, "assignmentRoleType": "Mentor", "startDate": START}
    return {
        "organisations": [
            {
                "id": UNIT,
                "meta": META,
                "displayName": "Nyskolan",
                "organisationType": "Skola",
                "schoolUnitCode": "99000077",
                "schoolTypes": ["GR"],
            }
        ],
        "persons": [
            someone(ALVA, "Alva", civicNo={"value": "20150323TF11"}, **guarded),
            someone(SIV, "Siv", civicNo={"value": "20160405TF12"}, **guarded),
            someone(MARIA, "Maria", civicNo={"value": "19820101TF13"}, emails=[{"value": "maria@example.org", "type": "Privat"}]),
            someone(KARIN, "Karin", civicNo={"value": "19800101TF14"}),
        ],
        "groups": [
            {
                "id": KLASS,
                "meta": META,
                "displayName": "4N",
                "startDate": START,
                "groupType": "Klass",
                "organisation": {"id": UNIT},
                "groupMemberships": members,
            }
        ],
        "duties": [
            {
                "id": DUTY,
                "meta": META,
                "person": {"id": KARIN},
                "dutyAt": {"id": UNIT},
                "dutyRole": "Lärare",
                "startDate": START,
                "assignmentRole": [mentor],
            }
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Any], Path]:
    def write(objects: dict[str, Any]) -> Path:
        for name, things in objects.items():
            (tmp_path / f"{name}.json").write_text(json.dumps({"data": things}), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def source(tmp_path: Path) -> ImportSource:
    return ImportSource.objects.create(name="mapp", kind="folder", address=str(tmp_path), ended_share=100)


def found(key: str) -> Person:
    from registry.models import ExternalId

    return Person.objects.get(pk=ExternalId.objects.get(entity_kind="Person", value=key).entity_id)


def bring(source: ImportSource, *, accept: bool = False) -> ImportRun:
    run = feed.pull(source=source, apply=True, accept_ending=accept)
    run.refresh_from_db()
    return run


def test_a_town_comes_from_a_folder(cast: Any, folder: Callable[[Any], Path], source: ImportSource) -> None:
    folder(town())
    run = bring(source)
    assert (run.state, run.failure) == (ImportState.DONE, "")
    unit = SchoolUnit.objects.get(school_unit_code="99000077")
    assert Enrolment.objects.on(TODAY).filter(school_unit=unit).count() == 2
    assert set(GroupMembership.objects.on(TODAY).filter(group__name="4N").values_list("person__given_name", flat=True)) == {"Alva", "Siv"}
    assert {relation.child for relation in Guardianship.objects.holding(TODAY).filter(guardian=found(MARIA))} == {found(ALVA), found(SIV)}
    assert AssignmentRole.objects.get(duty__person=found(KARIN)).group.name == "4N"
    again = bring(source)
    assert again.changes_nothing
    assert again.counts["person"]["same"] == 4


def test_what_the_source_no_longer_has_ends(cast: Any, folder: Callable[[Any], Path], source: ImportSource) -> None:
    folder(town())
    bring(source)
    less = town()
    less["persons"] = [thing for thing in less["persons"] if thing["id"] != SIV]
    less["groups"][0]["groupMemberships"].pop()
    less["duties"] = []
    folder(less)
    assert bring(source).state == ImportState.DONE
    assert not Enrolment.objects.on(TODAY).filter(pupil=found(SIV)).exists()
    assert not GroupMembership.objects.on(TODAY).filter(person=found(SIV)).exists()
    assert not Duty.objects.on(TODAY).filter(person=found(KARIN)).exists()
    assert Enrolment.objects.on(TODAY).filter(pupil=cast.sami).exists()


def test_a_dry_run_changes_nothing(cast: Any, folder: Callable[[Any], Path], source: ImportSource) -> None:
    folder(town())
    before = Person.objects.count(), SchoolUnit.objects.count()
    out = io.StringIO()
    call_command("pull_source", "mapp", stdout=out)
    assert before == (Person.objects.count(), SchoolUnit.objects.count())
    assert "Nothing was changed" in out.getvalue()
    call_command("pull_source", "mapp", apply=True, stdout=out)
    assert "Carried out" in out.getvalue()


@pytest.mark.parametrize(
    ("resource", "change", "column"),
    [
        ("persons", {"id": "not-a-uuid"}, "persons: id"),
        ("persons", {"givenName": ""}, "persons: givenName"),
        ("persons", {"securityMarking": "Hemlig"}, "persons: securityMarking"),
        ("persons", {"civicNo": {"value": "201503230000"}}, "persons: civicNo"),
        ("persons", {"enrolments": [{"enroledAt": {"id": ref(99)}, "schoolType": "GR", "startDate": START}]}, "persons: enroledAt"),
        ("persons", {"enrolments": [place(schoolYear=44)]}, "persons: enrolments.schoolYear"),
        ("persons", {"enrolments": [place(), place(schoolYear=5)]}, "persons: enrolments.startDate"),
        ("persons", {"enrolments": "many"}, "persons: enrolments"),
        ("persons", {"responsibles": [{"person": {"id": ALVA}}]}, "persons: responsibles.person"),
        ("groups", {"groupType": "Gäng"}, "groups: groupType"),
        ("groups", {"startDate": None}, "groups: startDate"),
        ("duties", {"dutyRole": "Kung"}, "duties: dutyRole"),
        ("organisations", {"schoolUnitCode": "12"}, "organisations: schoolUnitCode"),
    ],
)
def test_a_faulty_object_is_named_and_stops_the_import(
    cast: Any, folder: Callable[[Any], Path], source: ImportSource, resource: str, change: dict[str, Any], column: str
) -> None:
    objects, before = town(), Person.objects.count()
    objects[resource][0] |= change
    folder(objects)
    run = bring(source)
    assert run.state == ImportState.FAILED
    assert column in {fault["column"] for fault in run.report["rejected"]}
    assert Person.objects.count() == before
    source.refresh_from_db()
    assert source.failed_at is not None
    assert "201503230000" not in json.dumps(run.report)


@pytest.mark.parametrize("content", ["{", "[1, 2", '{"data": 3}', "\udcff", "[" * 100_000])
def test_a_file_that_is_no_json_gets_one_sentence(cast: Any, tmp_path: Path, source: ImportSource, content: str) -> None:
    (tmp_path / "persons.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    run = bring(source)
    assert (run.state, "persons.json" in run.failure) == (ImportState.FAILED, True)


def test_too_many_leavers_stop_the_pull(cast: Any, folder: Callable[[Any], Path], source: ImportSource) -> None:
    objects = town()
    objects["persons"] += [someone(ref(100 + number), f"Nr{number}", enrolments=[place()]) for number in range(8)]
    folder(objects)
    bring(source)
    ImportSource.objects.update(ended_share=5)
    source.refresh_from_db()
    folder(town())
    assert bring(source).state == ImportState.FAILED
    assert Enrolment.objects.on(TODAY).filter(source="mapp").count() == 10
    with pytest.raises(CommandError):
        call_command("pull_source", "mapp", apply=True, stdout=io.StringIO())
    call_command("pull_source", "mapp", apply=True, allow_ending=True, stdout=io.StringIO())
    assert Enrolment.objects.on(TODAY).filter(source="mapp").count() == 2


class Server:
    """An SS 12000 server with pages of two objects."""

    def __init__(self) -> None:
        self.objects, self.deleted, self.asked, self.status = town(), [], [], 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, args=[0.01], daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/v2.0"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        resource = parts.path.rsplit("/", 1)[1]
        self.asked.append((resource, query, request.headers["Authorization"]))
        if resource == "deletedEntities":
            content: Any = {"data": {"persons": self.deleted}}
        else:
            first = int(query.get("pageToken", 0))
            things = self.objects[resource][first : first + 2]
            content = {"data": things, "pageToken": str(first + 2) if first + 2 < len(self.objects[resource]) else None}
        request.send_response(self.status)
        request.send_header("Location", "http://127.0.0.1:1/")
        request.end_headers()
        request.wfile.write(json.dumps(content).encode())


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()


@pytest.fixture
def interface(cast: Any, server: Server, tmp_path: Path) -> ImportSource:
    (tmp_path / "token").write_text("hemlig-nyckel\n")
    options = {"kind": "api", "address": server.address, "token_file": tmp_path / "token", "ended_share": 100, "schedule": True}
    call_command("import_source", "granne", **options, stdout=io.StringIO())
    made = ImportSource.objects.get(name="granne")
    assert civic.decrypt(made.token) == "hemlig-nyckel"
    assert b"hemlig" not in bytes(made.token)
    return made


def test_an_interface_is_read_page_by_page_with_its_token(interface: ImportSource, server: Server) -> None:
    assert bring(interface).state == ImportState.DONE
    assert found(ALVA).given_name == "Alva"
    assert {token for _resource, _query, token in server.asked} == {"Bearer hemlig-nyckel"}
    pages = [query for resource, query, _token in server.asked if resource == "persons"]
    assert pages == [{"limit": "500"}, {"limit": "500", "pageToken": "2"}]


def test_afterwards_only_changes_and_deletions_are_asked_for(interface: ImportSource, server: Server) -> None:
    bring(interface)
    interface.refresh_from_db()
    assert interface.modified_after is not None
    server.asked.clear()
    server.objects = {name: [] for name in server.objects}
    server.objects["persons"] = [someone(ALVA, "Alvina", enrolments=[place()], responsibles=[])]
    server.deleted = [SIV]
    run = bring(interface)
    assert run.state == ImportState.DONE
    assert found(ALVA).given_name == "Alvina"
    assert not Guardianship.objects.holding(TODAY).filter(child=found(ALVA)).exists()
    assert not Enrolment.objects.on(TODAY).filter(pupil=found(SIV)).exists()
    assert Duty.objects.on(TODAY).filter(person=found(KARIN)).exists()  # not named: left alone
    asked = {resource: query for resource, query, _token in server.asked}
    assert "meta.modified.after" in asked["persons"]
    assert "after" in asked["deletedEntities"]


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_interface_that_refuses_is_an_alarm(interface: ImportSource, server: Server, status: int, client: Any) -> None:
    server.status = status
    run = bring(interface)
    assert (run.state, str(status) in run.failure) == (ImportState.FAILED, True)
    interface.refresh_from_db()
    assert interface.is_alarming
    assert client.get("/halsa/").json()["imports"] == "alarm"


def test_an_interface_gone_quiet_is_an_alarm(interface: ImportSource) -> None:
    bring(interface)
    ImportSource.objects.update(succeeded_at=days.now() - timedelta(hours=31))
    interface.refresh_from_db()
    assert interface.is_alarming


def test_a_token_is_never_sent_in_the_clear(cast: Any) -> None:
    source = ImportSource.objects.create(name="oskyddad", kind="api", address="http://example.org/v2.0", token=civic.encrypt("x"))
    assert "https://" in bring(source).failure


def test_what_an_interface_told_is_no_business_of_a_school(interface: ImportSource, server: Server, client_as: Callable[..., Any]) -> None:
    """Whoever leads a unit sees that rows were rejected and why, not what stood in them."""
    server.objects["persons"][0]["emails"] = [{"value": "hemlig adress", "type": "Privat"}]
    run = bring(interface)
    page = client_as("hassan", Role.STAFF).get(f"/import/{run.pk}/").content.decode()
    assert "persons: emails" in page
    assert "hemlig adress" not in page

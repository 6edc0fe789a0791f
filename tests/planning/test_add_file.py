"""Tasks, links and files: kinds by content, sizes, names, double presses, two savers."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dexter.files.models import StoredFile
from dexter.lib import days
from dexter.lib.access import Role
from larande.planning.actions import parts
from larande.planning.models import PlanChange, PlanFile, PlanLink, Task
from tests.larande.made import activity, place, plan

ROOM = "/larande/planeringar/"
PDF = b"%PDF-1.7\n%..."
PNG = b"\x89PNG\r\n\x1a\n...."


def package(*names: str, mimetype: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return held.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")
ODT = package("content.xml", mimetype="application/vnd.oasis.opendocument.text")


def send(browser: Any, made: Any, name: str, content: bytes, **fields: Any) -> Any:
    upload = SimpleUploadedFile(name, content, content_type="text/html")  # what the sender says is nothing to us
    return browser.send(f"{ROOM}{made.pk}/filer/", {"upload": upload, "submission": str(uuid.uuid4()), **fields})


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("blad.pdf", PDF, "application/pdf"),
        ("BILD.PNG", PNG, "image/png"),
        ("foto.jpeg", b"\xff\xd8\xff\xe0..", "image/jpeg"),
        ("bild.webp", b"RIFF....WEBPVP8 ", "image/webp"),
        ("text.txt", "Räkna högt.\r\n".encode(), "text/plain; charset=utf-8"),
        ("brev.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("brev.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("ljud.mp3", b"ID3\x04...", "audio/mpeg"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
    ],
)
def test_an_allowed_file_is_kept_and_saved_never_shown(cast: Any, teacher: Any, name: str, content: bytes, media_type: str) -> None:
    made = plan(cast.anna, published=True)
    assert send(teacher, made, name, content).status_code == 302
    file = PlanFile.objects.get()
    answer = teacher.get(f"{ROOM}filer/{file.pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (content, media_type)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sida.html", b"<html><script>1</script></html>"),
        ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>"),
        ("kod.js", b"alert(1)"),
        ("program.exe", b"MZ"),
        ("arkiv.zip", package("a.txt")),
        ("utan", PDF),
        ("bild.png", b"<svg onload='1'/>"),
        ("blad.pdf", b"<html>"),
        ("brev.docx", package("a.txt")),
        ("brev.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("blad.xlsx", DOCX),
        ("brev.odt", package("content.xml", mimetype="application/vnd.oasis.opendocument.text-master")),
        ("brev.odt", b"PK\x03\x04 broken"),
        ("text.txt", b"  <script>alert(1)</script>"),
        ("text.txt", b"a\x00b"),
        ("text.txt", b"\xff\xfe\xfa"),
        ("tom.pdf", b""),
        ("blad.pdf.html", PDF),
    ],
)
def test_what_is_not_what_it_says_or_could_run_is_refused(cast: Any, teacher: Any, name: str, content: bytes) -> None:
    assert send(teacher, plan(cast.anna), name, content).status_code == 422
    assert not PlanFile.objects.exists()
    assert not StoredFile.objects.filter(name=name).exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "C:\\temp\\..\\blad.txt", "blad\u202egnp.txt", "<script>.txt", "a" * 300 + ".txt"]
)
def test_names_hold_no_way_and_no_header(cast: Any, teacher: Any, name: str) -> None:
    made = plan(cast.anna)
    assert send(teacher, made, name, b"text").status_code == 302
    stored = PlanFile.objects.get().stored
    assert not set(stored.name) & set("/\\\r\n\u202e")
    assert len(stored.name) <= 120
    header = teacher.get(f"{ROOM}filer/{PlanFile.objects.get().pk}/").headers["Content-Disposition"]
    assert not set(header.removeprefix("attachment; filename*=UTF-8''")) & set('"/\\<>\r\n ;')
    assert "<script>" not in teacher.get(f"{ROOM}{made.pk}/").content.decode()


def test_sizes_and_counts_have_their_limits(cast: Any, teacher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan(cast.anna)
    monkeypatch.setattr(parts, "LARGEST_FILE", 100)
    monkeypatch.setattr(parts, "LARGEST_PLAN", 150)
    monkeypatch.setattr(parts, "MOST_FILES", 3)
    assert send(teacher, made, "stor.txt", b"a" * 101).status_code == 422
    assert send(teacher, made, "lagom.txt", b"a" * 100).status_code == 302
    assert send(teacher, made, "till.txt", b"a" * 51).status_code == 422
    assert send(teacher, made, "till.txt", b"a" * 40).status_code == 302
    assert send(teacher, made, "liten.txt", b"a").status_code == 302
    assert send(teacher, made, "fler.txt", b"a").status_code == 422
    assert PlanFile.objects.count() == 3


def test_the_real_limits() -> None:
    assert (parts.LARGEST_FILE, parts.LARGEST_PLAN) == (10 * 1024 * 1024, 50 * 1024 * 1024)


def test_pressed_twice_one_is_kept_and_a_form_belongs_to_its_plan(cast: Any, teacher: Any) -> None:
    made, other = plan(cast.anna), plan(cast.anna)
    once = {"submission": str(uuid.uuid4())}
    for _press in range(2):
        assert send(teacher, made, "blad.pdf", PDF, **once).status_code == 302
    task = {"title": "Läxa", "day": str(days.today()), "kind": "homework", **once}
    link = {"url": "https://example.org/", "title": "Sida", **once}
    for _press in range(2):
        assert teacher.send(f"{ROOM}{made.pk}/uppgifter/", task).status_code == 302
        assert teacher.send(f"{ROOM}{made.pk}/lankar/", link).status_code == 302
    assert (PlanFile.objects.count(), Task.objects.count(), PlanLink.objects.count()) == (1, 1, 1)
    assert send(teacher, other, "blad.pdf", PDF, **once).status_code == 422
    assert teacher.send(f"{ROOM}{other.pk}/uppgifter/", task).status_code == 422
    assert teacher.send(f"{ROOM}{other.pk}/lankar/", link).status_code == 422


def test_others_add_and_remove_nothing(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, published=True)
    send(teacher, made, "blad.pdf", PDF)
    task, link = (
        Task.objects.create(plan=made, title="Läxa", day=days.today()),
        PlanLink.objects.create(plan=made, title="a", url="https://a.se"),
    )
    removals = [
        f"{ROOM}uppgifter/{task.pk}/ta-bort/",
        f"{ROOM}lankar/{link.pk}/ta-bort/",
        f"{ROOM}filer/{PlanFile.objects.get().pk}/ta-bort/",
    ]
    for who, status in (("erik", 403), ("ingrid", 403), ("maja", 403), ("lars", 404)):
        browser = client_as(who, Role.STAFF)
        assert {browser.send(path).status_code for path in removals} == {status}
        assert send(browser, made, "blad.pdf", PDF).status_code == status
    assert (PlanFile.objects.count(), Task.objects.count(), PlanLink.objects.count()) == (1, 1, 1)
    assert {teacher.send(path).status_code for path in removals} == {302}
    assert (PlanFile.objects.count(), StoredFile.objects.filter(name="blad.pdf").count()) == (0, 0)
    assert {tuple(change.before) for change in PlanChange.objects.all()} == {("tasks",), ("links",), ("files",)}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.se/", "x", "https://" + "a" * 600 + ".se"])
def test_links_lead_to_the_web_alone(cast: Any, teacher: Any, url: str) -> None:
    made = plan(cast.anna)
    answer = teacher.send(f"{ROOM}{made.pk}/lankar/", {"url": url, "title": "Sida", "submission": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert not PlanLink.objects.exists()


def test_a_task_for_one_group_is_read_by_that_group(cast: Any, teacher: Any, client_as: Callable[..., Any]) -> None:
    made = plan(cast.anna, published=True)
    other = place(made, activity("4B"), cast.anna, published=True)
    foreign = plan(cast.anna).teachings.get()
    task = {"title": "Prov i 4B", "day": str(days.today()), "kind": "test", "submission": str(uuid.uuid4())}
    assert teacher.send(f"{ROOM}{made.pk}/uppgifter/", {**task, "teaching": str(foreign.pk)}).status_code == 422
    assert teacher.send(f"{ROOM}{made.pk}/uppgifter/", {**task, "teaching": str(other.pk)}).status_code == 302
    assert "Prov i 4B" not in client_as("sami", Role.PUPIL).get(f"{ROOM}{made.pk}/").content.decode()
    assert "Prov i 4B" in teacher.get(f"{ROOM}{made.pk}/").content.decode()


def test_of_two_who_change_a_task_the_second_sees_both(cast: Any, teacher: Any) -> None:
    made = plan(cast.anna, published=True)
    row = Task.objects.create(plan=made, title="Läxa", day=days.today())
    sent = {"title": "Läs sidan 4", "day": str(days.today()), "kind": "homework", "version": 1, "submission": str(uuid.uuid4())}
    assert teacher.send(f"{ROOM}uppgifter/{row.pk}/", sent).status_code == 302
    answer = teacher.send(f"{ROOM}uppgifter/{row.pk}/", {**sent, "title": "Läs sidan 5"})
    assert answer.status_code == 409
    assert "Läs sidan 4" in answer.content.decode()
    assert "Läs sidan 5" in answer.content.decode()
    assert teacher.send(f"{ROOM}uppgifter/{row.pk}/", {**sent, "title": "Läs sidan 5", "version": 2}).status_code == 302
    assert PlanChange.objects.filter(plan=made).count() == 2

"""What somebody with bad intent, bad luck or two windows tries against plans and judgements."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dexter.audit.models import Entry
from dexter.lib import days
from dexter.lib.access import Role
from dexter.lib.models import uuid7
from larande.assessment import reads
from larande.assessment.models import Assessment, AssessmentMatrix, MatrixUse, SelfAssessment, SubjectSummary
from larande.planning.models import LessonPlan, PlanChange, PlanContent, PlanFile, PlanLink, PlanTeaching, Task
from larande.syllabus.models import CentralContentItem
from registry.models import Module, ModuleSwitch
from tests.assessment.test_publish_grid import publish
from tests.conftest import Browser, Cast
from tests.larande import made

ROOM = "/larande/planeringar/"
SELF = "/larande/bedomning/sjalvbedomning/"


def assessment(use: MatrixUse, pupil: Any, by: Any, **values: Any) -> Assessment:
    step = reads.scales_for([pupil.pk], use.activity, days.today())[pupil.pk].steps[1]
    row = use.matrix.rows.all()[0]
    given = {"step": step, "comment": "Hemligt omdöme.", "assessed_by": by, "assessed_at": days.now(), **values}
    return Assessment.objects.create(use=use, row=row, pupil=pupil, **given)


def with_self_assessment(use: MatrixUse) -> MatrixUse:
    ModuleSwitch.objects.create(school_unit=use.activity.school_unit, module=Module.SELF_ASSESSMENT, is_on=True, start_date=days.today())
    return use


# Unpublished things


def test_a_grid_of_a_plan_that_is_not_published_is_no_page_of_the_pupil(cast: Cast, client_as: Any) -> None:
    plan = made.plan(cast.anna)
    use = with_self_assessment(made.grid(cast.anna, plan=plan))
    sami = client_as("sami", Role.PUPIL)
    assert use.matrix.title not in sami.get(SELF).text
    assert sami.get(f"{SELF}{use.pk}/").status_code == 404
    PlanTeaching.objects.filter(plan=plan).update(published_at=days.now(), published_by=cast.anna)
    assert use.matrix.title in sami.get(SELF).text
    assert sami.get(f"{SELF}{use.pk}/").status_code == 200


@pytest.mark.parametrize("name", ["class_grid", "pupil_grid", "matrix_list", "matrix_detail"])
def test_the_title_of_a_draft_stands_on_no_page_of_somebody_else(cast: Cast, client_as: Any, teacher: Browser, name: str) -> None:
    plan = made.plan(cast.anna, title="Bara mitt utkast")
    use = made.grid(cast.anna, plan=plan)
    arguments = {"class_grid": [use.pk], "pupil_grid": [use.pk, cast.sami.pk], "matrix_list": [], "matrix_detail": [use.matrix_id]}
    path = reverse(f"assessment:{name}", args=arguments[name])
    assert "Bara mitt utkast" in teacher.get(path).text
    answer = client_as("ingrid", Role.STAFF).get(path)
    assert answer.status_code == 200
    assert use.matrix.title in answer.text
    assert "Bara mitt utkast" not in answer.text


def test_what_somebodys_drafts_take_up_is_told_to_nobody_else(cast: Cast, client_as: Any, teacher: Browser) -> None:
    given = made.activity("5B")
    shared = made.plan(cast.anna, given, state="shared")
    item = CentralContentItem.objects.filter(version__subject_code="GRGRMAT01", start_year__lte=5, end_year__gte=5).first()
    draft = made.plan(cast.anna, given)
    PlanContent.objects.create(plan=draft, item=item)
    page = f"{ROOM}{shared.pk}/innehall/"
    assert [point.item.pk for point in client_as("erik", Role.STAFF).get(page).context["form"].used_last] == []
    assert [point.item.key for point in teacher.get(page).context["form"].used_last] == [item.key]


def test_a_change_without_a_note_is_no_news_to_the_home(cast: Cast, client_as: Any) -> None:
    plan = made.plan(cast.anna, published=True)
    teaching = plan.teachings.get()
    PlanChange.objects.create(
        plan=plan, version=2, changed_by=cast.anna, changed_at=days.now(), note="", before={"tasks": ["Annan klass läxa"]}
    )
    page = client_as("amira", Role.GUARDIAN).get(reverse("planning:plan_for_home", args=[teaching.pk]))
    assert page.context["page"].changes == []
    assert "Annan klass" not in page.text


# Judgements


@pytest.mark.parametrize("key", ["pekka", "sunna", "birgitta", "nina"])
def test_judgements_are_for_teachers_the_mentor_and_the_principal(cast: Cast, client_as: Any, key: str) -> None:
    use = made.grid(cast.anna)
    assessment(use, cast.sami, cast.anna)
    other = client_as(key, Role.STAFF)
    assert other.get(reverse("assessment:class_grid", args=[use.pk])).status_code == 404
    assert other.get(reverse("assessment:pupil_grid", args=[use.pk, cast.sami.pk])).status_code == 404
    assert other.get(reverse("assessment:basis_list", args=[use.activity_id])).status_code == 404
    assert other.get(reverse("assessment:knowledge_list", args=[cast.sami.pk])).status_code == 404
    assert other.get(reverse("assessment:knowledge", args=[cast.sami.pk, "GRGRMAT01"])).status_code == 404
    page = other.get(reverse("larande:pupil", args=[cast.sami.pk]))
    assert page.status_code == 404 or all(card.knowledge is None for card in page.context["subjects"])


def test_the_principal_and_the_mentor_read_them(cast: Cast, client_as: Any, teacher: Browser) -> None:
    use = made.grid(cast.anna)
    assessment(use, cast.sami, cast.anna)
    path = reverse("assessment:knowledge", args=[cast.sami.pk, "GRGRMAT01"])
    assert "Hemligt omdöme." in client_as("ingrid", Role.STAFF).get(path).text
    assert "Hemligt omdöme." in teacher.get(path).text


@pytest.mark.parametrize(("key", "role"), [("amira", Role.GUARDIAN), ("sami", Role.PUPIL)])
def test_no_draft_reaches_the_home(cast: Cast, client_as: Any, key: str, role: Role) -> None:
    use = with_self_assessment(made.grid(cast.anna))
    assessment(use, cast.sami, cast.anna)
    SubjectSummary.objects.create(
        activity=use.activity, pupil=cast.sami, text="Hemlig summering.", written_by=cast.anna, written_at=days.now()
    )
    home = client_as(key, role)
    pages = [
        reverse("larande:start"),
        reverse("larande:pupil", args=[cast.sami.pk]),
        reverse("assessment:knowledge_list", args=[cast.sami.pk]),
        reverse("assessment:knowledge", args=[cast.sami.pk, "GRGRMAT01"]),
    ]
    for page in pages:
        text = home.get(page).text
        assert "Hemligt omdöme." not in text
        assert "Hemlig summering." not in text


def test_a_draft_on_a_row_that_the_page_hides_is_not_published(cast: Cast, teacher: Browser) -> None:
    use = made.grid(cast.anna)
    cell = assessment(use, cast.sami, cast.anna)
    use.matrix.rows.filter(pk=cell.row_id).update(retired_at=days.now())
    assert publish(teacher, use, cast.sami).status_code == 302
    cell.refresh_from_db()
    assert (cell.published_at, cell.published_comment) == (None, "")


def test_a_step_added_to_published_words_is_published_too(cast: Cast, teacher: Browser) -> None:
    use = made.grid(cast.anna)
    words = {"published_comment": "Hemligt omdöme.", "published_at": days.now()}
    cell = assessment(use, cast.sami, cast.anna, **words)
    assert publish(teacher, use, cast.sami).status_code == 302
    cell.refresh_from_db()
    assert cell.published_step_id == cell.step_id


# Reads are logged


def test_each_way_to_read_a_judgement_is_logged(cast: Cast, teacher: Browser) -> None:
    use = made.grid(cast.anna)
    cell = assessment(use, cast.sami, cast.anna)
    SubjectSummary.objects.create(activity=use.activity, pupil=cast.sami, text="Säker.", written_by=cast.anna, written_at=days.now())
    pages = [reverse("assessment:write_summary", args=[use.activity_id, cast.sami.pk]), reverse("assessment:publish_grid", args=[use.pk])]
    for page in pages:
        before = Entry.objects.count()
        assert teacher.get(page).status_code == 200
        assert Entry.objects.count() == before + 1, page
        assert cast.sami.pk in Entry.objects.latest("pk").subjects
    before = Entry.objects.count()
    data = {"row": cell.row_id, "pupil": cast.sami.pk, "step": "", "comment": "", "version": 99}
    assert teacher.send(reverse("assessment:save_cell", args=[use.pk]), data).status_code == 409
    assert Entry.objects.count() == before + 1


# What was sent


@pytest.mark.parametrize("where", ["cell", "pupil", "self"])
def test_a_sign_that_no_database_holds_is_refused_and_breaks_nothing(cast: Cast, client_as: Any, teacher: Browser, where: str) -> None:
    use = with_self_assessment(made.grid(cast.anna, rows=1))
    row = use.matrix.rows.get()
    if where == "cell":
        data = {"row": row.pk, "pupil": cast.sami.pk, "step": "", "comment": "a\x00b", "version": 0}
        answer = teacher.send(reverse("assessment:save_cell", args=[use.pk]), data)
    elif where == "pupil":
        data = {f"step-{row.pk}": "", f"comment-{row.pk}": "a\x00b", f"version-{row.pk}": 0}
        answer = teacher.send(reverse("assessment:pupil_grid", args=[use.pk, cast.sami.pk]), data)
    else:
        data = {"row": str(row.pk), f"step-{row.pk}": "", f"comment-{row.pk}": "a\x00b", f"version-{row.pk}": 0}
        answer = client_as("sami", Role.PUPIL).send(f"{SELF}{use.pk}/", data)
    assert answer.status_code in {400, 422}
    assert not Assessment.objects.exists()
    assert not SelfAssessment.objects.exists()


def test_a_grid_sent_as_a_tower_of_brackets_is_refused(cast: Cast, teacher: Browser) -> None:
    use = made.grid(cast.anna)
    answer = teacher.send(reverse("assessment:class_grid", args=[use.pk]), {"before": "[" * 200_000})
    assert answer.status_code == 422


def zipped(name: str, word: bytes = b"x") -> bytearray:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, word)
        file.writestr("[Content_Types].xml", "x")
        file.writestr("word/document.xml", "x")
    return bytearray(held.getvalue())


def broken_version() -> bytes:
    content = zipped("a.txt")
    content[content.index(b"PK\x01\x02") + 6] = 99  # a version of zip that nobody can read
    return bytes(content)


def broken_stream() -> bytes:
    content = zipped("mimetype", b"application/vnd.oasis.opendocument.text" * 9)
    start = content.index(b"mimetype") + len("mimetype")
    content[start : start + 6] = b"\xff" * 6
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"), [("brev.docx", broken_version()), ("brev.odt", broken_stream()), ("brev.odt", broken_version())]
)
def test_a_package_made_to_break_the_reader_is_refused(cast: Cast, teacher: Browser, name: str, content: bytes) -> None:
    plan = made.plan(cast.anna)
    data = {"upload": SimpleUploadedFile(name, content), "submission": str(uuid.uuid4())}
    assert teacher.send(f"{ROOM}{plan.pk}/filer/", data).status_code == 422
    assert not PlanFile.objects.exists()


# Sent again


def test_another_task_link_or_file_of_an_old_form_is_not_answered_as_saved(cast: Cast, teacher: Browser) -> None:
    plan, key = made.plan(cast.anna), str(uuid.uuid4())
    task = {"title": "Läxa", "day": days.today().isoformat(), "kind": "homework", "text": "", "submission": key}
    assert teacher.send(f"{ROOM}{plan.pk}/uppgifter/", task).status_code == 302
    assert teacher.send(f"{ROOM}{plan.pk}/uppgifter/", task).status_code == 302
    assert teacher.send(f"{ROOM}{plan.pk}/uppgifter/", {**task, "title": "En annan läxa"}).status_code == 422
    link = {"url": "https://example.se/a", "title": "A", "submission": key}
    assert teacher.send(f"{ROOM}{plan.pk}/lankar/", link).status_code == 302
    assert teacher.send(f"{ROOM}{plan.pk}/lankar/", link).status_code == 302
    assert teacher.send(f"{ROOM}{plan.pk}/lankar/", {**link, "url": "https://example.se/b"}).status_code == 422
    for content, status in ((b"%PDF-1", 302), (b"%PDF-1", 302), (b"%PDF-2", 422)):
        file = {"upload": SimpleUploadedFile("blad.pdf", content), "submission": key}
        assert teacher.send(f"{ROOM}{plan.pk}/filer/", file).status_code == status
    assert (Task.objects.count(), PlanLink.objects.count(), PlanFile.objects.count()) == (1, 1, 1)


def test_another_plan_of_an_old_form_is_not_answered_as_saved(cast: Cast, teacher: Browser) -> None:
    given, today = made.activity(), days.today().isoformat()
    data = {"title": "Bråk", "what": "", "why": "", "goals": "", "activities": [str(given.pk)], "first": today, "last": today}
    data["submission"] = str(uuid.uuid4())
    assert teacher.send(f"{ROOM}ny/", data).status_code == 302
    assert teacher.send(f"{ROOM}ny/", data).status_code == 302
    assert teacher.send(f"{ROOM}ny/", {**data, "what": "Något helt annat."}).status_code == 422
    assert LessonPlan.objects.get().what == ""


def test_a_matrix_put_to_work_elsewhere_by_an_old_form_is_not_answered_as_done(cast: Cast, teacher: Browser) -> None:
    matrix = made.grid(cast.anna).matrix
    AssessmentMatrix.objects.filter(pk=matrix.pk).update(is_template=True)
    path = reverse("assessment:attach_matrix", args=[matrix.pk])
    data = {"activities": [str(made.activity("4A", "GRGRSVE01").pk)], "submission": str(uuid7())}
    assert teacher.send(path, data).status_code == 302
    assert teacher.send(path, data).status_code == 302
    assert teacher.send(path, {**data, "activities": [str(made.activity("4B").pk)]}).status_code == 422
    assert MatrixUse.objects.exclude(matrix=matrix).count() == 1


def test_a_draft_whose_matrix_is_at_work_is_not_thrown_away(cast: Cast, teacher: Browser) -> None:
    plan = made.plan(cast.anna)
    made.grid(cast.anna, plan=plan)
    answer = teacher.send(f"{ROOM}{plan.pk}/ta-bort/", {})
    assert answer.status_code == 422
    assert LessonPlan.objects.filter(pk=plan.pk).exists()

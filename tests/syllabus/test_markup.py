"""What an answer's HTML says must come through whole, and nothing of its markup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from larande.syllabus.imports.contents import content, purpose, years
from larande.syllabus.imports.criteria import CriteriaReader
from larande.syllabus.imports.markup import Kind, blocks
from larande.syllabus.imports.parsed import ParsedVersion, Unreadable
from larande.syllabus.imports.subjects import versions

from .answers import chemistry


def one(**changed: Any) -> ParsedVersion:
    (version,) = versions(chemistry(**changed))
    return version


def statements(*entries: dict[str, Any]) -> list[tuple[int, str, str]]:
    reader = CriteriaReader()
    reader.read(entries)
    return [(said.place, said.step, said.text) for said in reader.statements()]


def test_a_subject_becomes_its_parts() -> None:
    read = one()
    assert (read.school_type, read.subject_code, read.number, read.curriculum, read.designation) == ("GR", "GRGRKEM01", 3, "Lgr22", "KE")
    assert read.purpose == ["Kemi handlar om ämnen och deras möten.", "Vi ska utveckla"]
    assert read.abilities == ["att undersöka, och", "att förklara"]
    assert [(item.years, item.area, item.text) for item in read.items] == [
        ((4, 6), "I naturen", "Vattnets kretslopp och former."),
        ((4, 6), "I naturen", "Blandningar:\n– saft och vatten\n– sand och järn"),
        ((4, 6), "I vardagen", "Märkning av farliga ämnen."),
        ((7, 9), "I naturen", "Atomer och joner som modell."),
    ]
    assert [(said.year, said.place, said.step) for said in read.criteria] == [
        (6, 0, "E"), (6, 1, "E"), (6, 0, "C"), (6, 1, "C"), (6, 0, "A"), (6, 1, "A"), (3, 0, ""), (3, 1, ""),
    ]  # fmt: skip
    assert [said.is_for_grades for said in read.criteria] == [True] * 6 + [False] * 2
    assert {left.text for left in read.left_out} == {"Betyget E", "Betyget D", "Betyget C", "Betyget A", "Mellan C och E."}


def test_absent_fields_are_empty() -> None:
    bare = {"code": "X", "version": 1, "startDate": "2022-07-01", "purpose": "<p>Vi lär.</p>"}
    (read,) = versions(bare, ["GR"])
    assert (read.name, read.items, read.criteria, read.abilities, read.valid_to) == ("X", [], [], [], None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"startDate": ""}, "missing"),
        ({"startDate": "snart"}, "no date"),
        ({"endDate": "2020-01-01"}, "before it begins"),
        ({"version": None}, "version number"),
        ({"code": ""}, "no code"),
        ({"code": "A" * 30}, "no code"),
        ({"centralContents": [{"year": "9-7", "text": "<p>x</p>"}]}, "no span"),
        ({"centralContents": [{"year": "hela", "text": "<p>x</p>"}]}, "no span"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_subject(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        versions(chemistry(**changed))


def test_no_subject_is_told() -> None:
    for answer in (None, [], "text", 7):
        with pytest.raises(Unreadable):
            versions(answer)


def test_a_subject_that_names_no_form_of_school_takes_the_one_asked_for() -> None:
    bare = chemistry(schoolTypes=None)
    assert [version.school_type for version in versions(bare, ["GRAN"])] == ["GRS"]
    with pytest.raises(Unreadable, match="form of school"):
        versions(bare, ["GR", "GRAN"])


def test_forms_of_school_that_dexter_lacks_are_passed_by() -> None:
    assert [version.school_type for version in versions(chemistry(schoolTypes=["SP", "GR", ["GRAN"]]))] == ["GR", "GRS"]
    assert versions(chemistry(schoolTypes=["SAM"])) == []
    assert [version.school_type for version in versions(chemistry(schoolTypes=["GR", "GRAN"]), ["GRAN"])] == ["GRS"]


def test_a_course_has_its_own_content_and_its_subjects_purpose() -> None:
    course = {"code": "KEMKEM01", "name": "Kemi 1", "centralContent": {"text": "<h4>Kursen ska behandla följande:</h4><p><strong>Ämnen</strong></p><ul><li>Salter</li></ul>"},
              "knowledgeRequirements": [{"gradeStep": "E", "text": "<p>Eleven kan. Eleven vet.</p>"}]}  # fmt: skip
    level = {"code": "KEMI1000X", "name": "Kemi nivå 1", "centralContent": {"text": "<p><em>Ämnen</em></p><ul><li>Syror</li></ul>"}}
    read = versions(chemistry(schoolTypes=["GY"], typeOfSyllabus="GRADE_SUBJECT_SYLLABUS", centralContents=[], courses=[course, level]))
    assert [(version.course_code, version.name, version.curriculum) for version in read] == [
        ("", "Kemi", "Gy25"), ("KEMKEM01", "Kemi 1", "Gy25"), ("KEMI1000X", "Kemi nivå 1", "Gy25"),
    ]  # fmt: skip
    assert [(item.area, item.text, item.years) for item in read[1].items] == [("Ämnen", "Salter", None)]
    assert [(item.area, item.text) for item in read[2].items] == [("Ämnen", "Syror")]
    assert [said.text for said in read[1].criteria] == ["Eleven kan.", "Eleven vet."]
    assert len(read[2].criteria) == len(read[0].criteria)
    assert read[1].abilities == read[0].abilities


def test_variants_are_told_by_code_or_heading() -> None:
    coded, _left = content({"year": "4-6", "typeOfCentralContent": "WITHIN_LANGUAGE_CHOICE_CHINESE", "text": "<ul><li>Tecken</li></ul>"})
    headed, left = content({"year": "4-9", "text": "<h3>Inom ramen för elevens val</h3><h4>Tala</h4><ul><li>Hälsa</li></ul>"})
    assert coded[0].variant == "språkval, kinesiska"
    assert (headed[0].variant, headed[0].area) == ("elevens val", "Tala")
    assert [one.text for one in left] == ["Inom ramen för elevens val"]


def test_years_may_stand_in_a_heading_or_with_any_dash() -> None:
    items, _left = content({"text": "<h3>I årskurs 7–9</h3><ul><li>Syror</li></ul>"})
    assert items[0].years == (7, 9)
    assert years("4\u2014 6") == (4, 6)
    assert years("9") == (9, 9)


def test_points_without_a_list_are_points() -> None:
    items, _left = content({"year": "1-3", "text": "<h4>Rubrik</h4><p>En mening utan lista.</p>Lös text"})
    assert [(item.area, item.text) for item in items] == [("Rubrik", "En mening utan lista."), ("Rubrik", "Lös text")]


def test_steps_that_do_not_correspond_stay_whole() -> None:
    assert statements(
        {"year": "9", "gradeStep": "E", "text": "<p>A. B.</p><p>C.</p>"}, {"year": "9", "gradeStep": "C", "text": "<p>A.</p>"}
    ) == [(0, "E", "A. B.\nC."), (0, "C", "A.")]


def test_one_paragraph_is_split_into_sentences_where_all_steps_have_as_many() -> None:
    said = statements(
        {"year": "9", "gradeStep": "E", "text": "<p>Ett, t.ex. två. Tre.</p>"}, {"year": "9", "gradeStep": "A", "text": "<p>Ett. Två!</p>"}
    )
    assert said == [(0, "E", "Ett, t.ex. två."), (1, "E", "Tre."), (0, "A", "Ett."), (1, "A", "Två!")]


def test_kinds_of_language_skill_follow_each_other_as_statements() -> None:
    entries = [
        {"gradeStep": step, "aspectType": aspect, "aspectName": aspect, "aspectDesc": f"<p>{aspect} {step}</p>"}
        for aspect in ("READING", "WRITING")
        for step in ("E", "C")
    ]
    assert statements(*entries) == [(0, "E", "READING E"), (0, "C", "READING C"), (1, "E", "WRITING E"), (1, "C", "WRITING C")]


def test_basic_and_deeper_knowledge_are_steps() -> None:
    said = statements(
        {"typeOfRequirement": "BASIC_REQUIREMENTS", "text": "<p>Bidrar.</p>"},
        {"typeOfRequirement": "ADVANCED_REQUIREMENTS", "text": "<p>Kan.</p>"},
    )
    assert said == [(0, "G", "Bidrar."), (0, "F", "Kan.")]


def test_script_and_control_signs_go_and_tags_never_come_through() -> None:
    (block,) = blocks("<p onclick='x()'>Hej <script>alert(1)</script><img src=x onerror=alert(2)>\x00du\ud800 &lt;b&gt;</p>")
    assert (block.kind, block.text) == (Kind.PARAGRAPH, "Hej du <b>")


def test_a_list_left_open_ends_at_the_next_heading() -> None:
    assert [(block.kind, block.text) for block in blocks("<ul><li>Ett<li>Två<h4>Rubrik</h4><p>Text")] == [
        (Kind.ITEM, "Ett"), (Kind.ITEM, "Två"), (Kind.HEADING, "Rubrik"), (Kind.PARAGRAPH, "Text"),
    ]  # fmt: skip


def test_a_list_after_other_words_is_no_list_of_abilities() -> None:
    assert purpose("<h3>Kurser i ämnet</h3><ul><li>Kemi 1</li></ul>") == (["Kurser i ämnet", "– Kemi 1"], [])


WORDS = st.lists(st.sampled_from("vatten is ånga salt syra bas atom jon".split()), min_size=1, max_size=4).map(" ".join)
TAGS = ("<h4>{}</h4>", "<p>{}</p>", "<p><strong>{}</strong></p>", "<ul><li>{}</li></ul>", "<ul><li>{}<ul><li>{}</li></ul></li></ul>",
        "<ul><li>{}<li>{}</ul>", "<div>{}</div>", "{}<br>", "<ol><li><p>{}</p></li></ol>", "<table><tr><td>{}</td></tr></table>", "<ul><li>{}")  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.sampled_from(TAGS), max_size=8))
    return "".join(piece.format(draw(WORDS), draw(WORDS)) for piece in pieces)


def bare(markup: str) -> list[str]:
    return "".join(" " + piece.split(">", 1)[-1] for piece in markup.split("<")).split()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the reader's
@given(texts())
def test_no_text_is_lost(markup: str) -> None:
    items, left_out = content({"year": "4-6", "text": markup})
    told = {word for item in items for word in f"{item.area} {item.text}".split()} | {
        word for left in left_out for word in left.text.split()
    }
    headings = {word for block in blocks(markup) for word in block.text.split() if block.kind is not Kind.ITEM}
    assert [word for block in blocks(markup) for word in block.text.split() if word != "–"] == bare(markup)
    assert {word for item in items for word in item.text.split()} - {"–"} <= set(bare(markup))
    assert set(bare(markup)) - headings <= told


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="<>/&;ulipha=\"' \n\u00adåä", max_size=60))
def test_any_text_is_read_without_a_fault(markup: str) -> None:
    for block in blocks(markup):
        assert block.text == block.text.strip() != ""
    content({"text": markup})
    purpose(markup)

from __future__ import annotations

from larande.syllabus.imports.keys import Place, new_key, same_points


def point(text: str, area: str = "Tal", frame: object = (4, 6)) -> Place:
    return Place(frame, area, text)


OLD = [
    point("Bråk och decimaltal i vardagen."),
    point("Negativa tal och tallinjen."),
    point("Procent och ränta i handel och lån.", "Samband"),
]


def test_what_reads_the_same_is_the_same_wherever_it_stands_in_the_list() -> None:
    assert same_points(OLD, list(reversed(OLD))) == {0: 2, 1: 1, 2: 0}


def test_a_point_reworded_is_the_same_point() -> None:
    assert same_points(OLD, [point("Bråk och decimaltal i vardagen och på jobbet.")]) == {0: 0}


def test_case_and_punctuation_make_no_other_point() -> None:
    assert same_points(OLD, [point("negativa tal, och tallinjen")]) == {0: 1}


def test_a_point_moved_to_another_area_is_the_same_only_when_it_reads_nearly_so() -> None:
    assert same_points(OLD, [point("Procent och ränta i handel och lån.")]) == {0: 2}
    assert same_points(OLD, [point("Procent och ränta i vardagen och på nätet.")]) == {}


def test_another_span_or_variant_is_another_point() -> None:
    assert same_points(OLD, [point(OLD[0].text, frame=(7, 9))]) == {}


def test_one_point_becomes_one_alone() -> None:
    split = [point("Bråk och decimaltal i vardagen."), point("Bråk och decimaltal i vardagen.")]
    assert same_points(OLD, split) == {0: 0}
    assert same_points(split, split) == {0: 0, 1: 1}


def test_equal_texts_get_keys_of_their_own() -> None:
    taken: set[str] = set()
    first = new_key("4-6", "Bråk", taken)
    taken.add(first)
    assert new_key("4-6", "Bråk", taken) == f"{first}.2"

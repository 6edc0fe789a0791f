"""Civic numbers: the cases of the personnummer specification, Skatteverket's incomplete dates, and an independent oracle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from dexter.home.demo.seeded import NUMBERS
from dexter.lib import civic

VALID = {
    "190905271474": civic.Kind.PERSONAL,
    "200002292399": civic.Kind.PERSONAL,
    "195704289999": civic.Kind.PERSONAL,
    "194608239986": civic.Kind.PERSONAL,
    "190901219931": civic.Kind.PERSONAL,
    "200004059937": civic.Kind.PERSONAL,
    "197302889931": civic.Kind.COORDINATION,
    "202107919967": civic.Kind.COORDINATION,
    "195000692383": civic.Kind.COORDINATION,  # month 00
    "195000772383": civic.Kind.COORDINATION,  # month 00
    "20000101T220": civic.Kind.TEMPORARY,
    "20000101R220": civic.Kind.TEMPORARY,
    "20130101TF01": civic.Kind.TEMPORARY,
}
INVALID = ["201509160006", "197004289895", "194205669899", "196004309886", "197210869924", "19090527 1474", "20150230TF01", "20000101A220"]


@pytest.mark.parametrize(("written", "kind"), VALID.items())
def test_a_valid_number_is_read(written: str, kind: civic.Kind) -> None:
    assert civic.parse(written) == civic.CivicNo(written, kind)


@pytest.mark.parametrize("written", [*INVALID, "", "abc", "1" * 500, "195018-1234", "𝟏𝟗𝟓𝟎𝟎𝟏𝟏𝟖𝟐𝟎𝟒𝟔"])
def test_an_invalid_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(civic.InvalidCivicNumber) as refusal:
        civic.parse(written)
    assert not written or written not in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [("090527+1474", "190905271474"), ("20000229-2399", "200002292399"), ("000229-2399", "200002292399"), ("0002292399", "200002292399")],
)
def test_every_written_form_means_the_same_number(written: str, value: str) -> None:
    assert civic.parse(written).value == value


def test_a_coordination_number_may_lack_a_birth_date() -> None:
    assert civic.parse("195000692383").birth_date is None
    assert str(civic.parse("197302889931").birth_date) == "1973-02-28"


def test_all_numbers_of_the_demo_agree_with_an_independent_reader() -> None:
    for number in NUMBERS.read_text(encoding="ascii").split():
        assert civic.parse(number).kind is civic.Kind.PERSONAL
        assert personnummer.valid(number)


@given(st.integers(min_value=1, max_value=9))
def test_another_last_digit_is_refused(step: int) -> None:
    number = "195001182046"
    with pytest.raises(civic.InvalidCivicNumber):
        civic.parse(number[:-1] + str((int(number[-1]) + step) % 10))


def test_a_number_is_found_by_its_hash_and_read_back_only_with_the_key() -> None:
    hidden = civic.encrypt("195001182046")
    assert b"19500118" not in hidden
    assert civic.decrypt(hidden) == "195001182046"
    assert civic.keyed_hash("195001182046") == civic.keyed_hash("195001182046") != civic.keyed_hash("195001182061")
    assert len(civic.keyed_hash("195001182046")) == 32


def test_a_number_never_shows_in_a_traceback() -> None:
    assert "1950" not in repr(civic.parse("195001182046"))
    assert civic.masked("195001182046") == "19500118-****"

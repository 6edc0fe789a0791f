"""The geometry of charts: what is drawn fits its frame and grows with its figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.lib.charts import EXACT, WIDTH, line, scale_for, stacked_bars

shares = st.floats(0, 100, allow_nan=False)


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (0, [0, 1]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (7.3, [0, 2, 4, 6, 8]),
        (50, [0, 10, 20, 30, 40, 50]),
        (0.04, [0, 0.01, 0.02, 0.03, 0.04]),
    ],
)
def test_scales_are_round(highest: float, scale: list[float]) -> None:
    assert scale_for(highest) == pytest.approx(scale)


@given(st.floats(0, 1e6, allow_nan=False))
def test_a_scale_reaches_the_highest_in_few_steps(highest: float) -> None:
    scale = scale_for(highest)
    assert 2 <= len(scale) <= 6
    assert scale[-1] >= highest * 0.999999


@given(st.lists(st.tuples(st.text(max_size=30), st.tuples(shares, shares)), max_size=30))
def test_bars_stay_in_their_frame_and_join(rows: list[tuple[str, tuple[float, float]]]) -> None:
    chart = stacked_bars(rows, ["valid", "unauthorised"])
    for bar, (_name, values) in zip(chart.bars, rows, strict=True):
        assert bar.total == round(sum(values), EXACT)
        assert len(bar.label) <= 16
        assert bar.y + bar.height <= chart.foot
        assert all(chart.left <= part.x and part.x + part.width <= WIDTH for part in bar.parts)
        if len(bar.parts) == 2:
            assert bar.parts[1].x == pytest.approx(bar.parts[0].x + bar.parts[0].width, abs=0.02)


@given(st.lists(st.tuples(st.just("jan"), shares), min_size=1, max_size=40))
def test_points_stay_in_their_frame(rows: list[tuple[str, float]]) -> None:
    chart = line(rows)
    assert [point.value for point in chart.points] == [value for _name, value in rows]
    assert all(chart.left <= point.x <= WIDTH and 0 <= point.y <= chart.foot for point in chart.points)
    assert chart.path.count(",") == len(rows)


def test_equal_figures_are_equally_long() -> None:
    first, second = stacked_bars([("a", (2, 0)), ("b", (0, 2))], ["valid", "unauthorised"]).bars
    assert first.parts[0].width == second.parts[0].width
    assert (first.parts[0].kind, second.parts[0].kind) == ("valid", "unauthorised")

"""A principal asks the statistics, sees that chart and table agree, and takes the figures along."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

pytestmark = pytest.mark.journey


def test_a_principal_reads_statistics_and_takes_them_out(visitor: Callable[..., Any]) -> None:
    ingrid = visitor("desk").identify("Ingrid Sjöberg").open("/start/")
    ingrid.press("Frånvarostatistik", "link")
    assert ingrid.heading == "Frånvarostatistik"
    ingrid.page.get_by_label("Klass").select_option(label="4A")
    ingrid.page.get_by_label("Efter").select_option(label="Ämne")
    ingrid.press("Visa")
    table = ingrid.page.locator("table.ds-table")
    in_table = dict(
        zip(
            table.locator("tbody tr td:nth-child(1)").all_inner_texts(),
            table.locator("tbody tr td:nth-child(4)").all_inner_texts(),
            strict=True,
        )
    )
    chart = ingrid.page.locator("svg.chart").first
    in_chart = dict(
        zip(chart.locator("text.chart__label").all_text_contents(), chart.locator("text.chart__figure").all_text_contents(), strict=True)
    )
    assert len(in_table) > 3
    assert list(in_chart.values()) == list(in_table.values())
    ingrid.press("Frånvaro", "link")
    assert list(in_table.values()) != []
    with ingrid.page.expect_download() as fetched:
        ingrid.page.get_by_role("link", name="xlsx").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(fetched.value.path().read_bytes())).active.iter_rows(values_only=True))
    shares = {row[0]: f"{float(row[-1]):.1f} %".replace(".", ",") for row in rows[1:]}
    assert shares == in_table

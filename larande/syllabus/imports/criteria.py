"""Criteria as rows and steps: what stands in the same place at E, C and A is the same statement at three steps.

The steps between (D and B) have one sentence by design, that the result lies between; it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .contents import years
from .markup import Kind, blocks
from .parsed import LeftOut, ParsedCriterion
from .variants import STEPS, variant_in, variant_of

BETWEEN = {"B", "D"}
BETWEEN_REASON = "a step between, of which the scale says enough"
HEADING_REASON = "a heading over criteria"
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")

Place = tuple[int | None, str, str, bool]  # year, variant, aspect type, for grades: within one, statements correspond by their order


class CriteriaReader:
    """Gathers the entries of a subject or course; `statements` then gives them as rows."""

    def __init__(self) -> None:
        self.left_out: list[LeftOut] = []
        self.remarks: list[str] = []
        self._texts: dict[Place, dict[str, list[str]]] = {}

    def read(self, entries: Iterable[Mapping[str, Any]]) -> None:
        for entry in entries:
            self._read_entry(entry)

    def _read_entry(self, entry: Mapping[str, Any]) -> None:
        span = years(entry.get("year"))
        kind = str(entry.get("typeOfRequirement") or "").upper()
        said = _step(entry.get("gradeStep"))
        area_step = STEPS.get(said) or STEPS.get(kind, "")
        step = area_step or said
        variant, paragraphs = variant_of(entry, "typeOfRequirement"), list[str]()
        for block in blocks(f"{entry.get('text') or ''}<p>{entry.get('aspectDesc') or ''}</p>"):
            if block.kind is Kind.HEADING:
                variant = variant or variant_in(block.text) or ""
                self.left_out.append(LeftOut(HEADING_REASON, block.text))
            elif step in BETWEEN:
                self.left_out.append(LeftOut(BETWEEN_REASON, block.text))
            else:
                paragraphs.append(block.text)
        place = (span[1] if span else None, variant, str(entry.get("aspectType") or ""), bool(step) and not area_step)
        if paragraphs:
            self._texts.setdefault(place, {}).setdefault(step, []).extend(paragraphs)

    def statements(self) -> list[ParsedCriterion]:
        """In the order of the source; places are numbered within a year and variant."""
        made, next_place = list[ParsedCriterion](), dict[tuple[int | None, str], int]()
        for (year, variant, _aspect, for_grades), steps in self._texts.items():
            first = next_place.get((year, variant), 0)
            rows = self._split(year, steps)
            for step, statements in rows.items():
                for place, text in enumerate(statements, first):
                    made.append(ParsedCriterion(text, place, year, step, variant, is_for_grades=for_grades))
            next_place[year, variant] = first + max(map(len, rows.values()))
        return made

    def _split(self, year: int | None, steps: dict[str, list[str]]) -> dict[str, list[str]]:
        """Into paragraphs, else sentences, where each step has as many: a row must never hold what does not correspond."""
        sentences = {step: SENTENCE.split(" ".join(texts)) for step, texts in steps.items()}
        for split in (steps, sentences):
            counts = {len(texts) for texts in split.values()}
            if len(counts) == 1 and counts != {1}:
                return split
        whole = {step: ["\n".join(texts)] for step, texts in steps.items()}
        if max(map(len, steps.values())) > 1:
            self.remarks.append(f"The steps of year {year or '–'} differ in their number of statements and are kept as whole texts.")
        return whole


def _step(said: object) -> str:
    step = str(said or "").strip().upper()
    return "" if step == "-" else step[:10]

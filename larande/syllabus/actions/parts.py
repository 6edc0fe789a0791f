"""The rows of a new version, each with the key of the point it continues, or a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from larande.syllabus.imports.keys import Place, new_key, same_points
from larande.syllabus.imports.parsed import ParsedCriterion, ParsedItem, ParsedVersion
from larande.syllabus.models import Ability, CentralContentItem, Criterion, CriterionKind, SubjectVersion
from larande.syllabus.models.content import Part

P = TypeVar("P", bound=Part)
Row = tuple[int | None, str, int]  # year, variant, number: a statement at all its steps


class Parts:
    """Abilities, points and criteria of `parsed`, compared with those of `former`, the version before."""

    def __init__(self, parsed: ParsedVersion, version: SubjectVersion, former: SubjectVersion | None) -> None:
        self._parsed, self._version, self._former = parsed, version, former

    def save(self) -> None:
        self._version.save(force_insert=True)
        Ability.objects.bulk_create(self._abilities())
        CentralContentItem.objects.bulk_create(self._items())
        Criterion.objects.bulk_create(self._criteria())

    def _abilities(self) -> list[Ability]:
        old = self._of_former(Ability)
        texts = self._parsed.abilities
        keys = _keys([(part.key, Place("", "", part.text)) for part in old], [("ability", Place("", "", text)) for text in texts])
        return [
            Ability(version=self._version, key=key, position=i, text=text) for i, (key, text) in enumerate(zip(keys, texts, strict=True))
        ]

    def _items(self) -> list[CentralContentItem]:
        old = [(part.key, _place_of(part)) for part in self._of_former(CentralContentItem)]
        new = [(_prefix(item), Place((item.years, item.variant), item.area, item.text)) for item in self._parsed.items]
        return [
            CentralContentItem(
                version=self._version,
                key=key,
                position=position,
                text=item.text,
                start_year=item.years[0] if item.years else None,
                end_year=item.years[1] if item.years else None,
                area=item.area,
                variant=item.variant,
            )
            for position, (key, item) in enumerate(zip(_keys(old, new), self._parsed.items, strict=True))
        ]

    def _criteria(self) -> list[Criterion]:
        aspects = _aspects(
            [(criterion.year, criterion.variant, criterion.aspect, criterion.text) for criterion in self._of_former(Criterion)],
            self._parsed.criteria,
        )
        return [
            Criterion(
                version=self._version,
                key=f"{said.year or ''}-{said.variant}-{aspects[_row(said)]}-{said.step}",
                position=position,
                text=said.text,
                kind=CriterionKind.GRADE if said.is_for_grades else CriterionKind.ASSESSMENT,
                year=said.year,
                step=said.step,
                aspect=aspects[_row(said)],
                variant=said.variant,
            )
            for position, said in enumerate(self._parsed.criteria)
        ]

    def _of_former(self, model: type[P]) -> list[P]:
        return list(model._default_manager.filter(version=self._former)) if self._former else []


def _keys(old: Sequence[tuple[str, Place]], new: Sequence[tuple[str, Place]]) -> list[str]:
    """For each of `new` (prefix, place) the key of the old point that it is, or one that was never in use in `old`."""
    same = same_points([place for _key, place in old], [place for _prefix, place in new])
    taken = {key for key, _place in old}
    keys = []
    for number, (prefix, place) in enumerate(new):
        keys.append(old[same[number]][0] if number in same else new_key(prefix, place.text, taken))
        taken.add(keys[-1])
    return keys


def _aspects(old: Sequence[tuple[int | None, str, int, str]], new: Sequence[ParsedCriterion]) -> dict[Row, int]:
    """The number of each statement: that of the one it continues, so that matrices keep their thread; else the next free."""
    before, after = _together(old), _together([(said.year, said.variant, said.place, said.text) for said in new])
    same = same_points(_places(before), _places(after))
    old_rows, numbers = list(before), dict[Row, int]()
    for i, row in enumerate(after):
        if i in same:
            numbers[row] = old_rows[same[i]][2]
    used = {(year, variant, aspect) for year, variant, aspect in old_rows}
    for row in after:
        if row not in numbers:
            numbers[row] = row[2] if not any(one[:2] == row[:2] for one in used) else _next_free(row, used)
            used.add((row[0], row[1], numbers[row]))
    return numbers


def _next_free(row: Row, used: set[Row]) -> int:
    return 1 + max(aspect for year, variant, aspect in used if (year, variant) == row[:2])


def _together(statements: Sequence[tuple[int | None, str, int, str]]) -> dict[Row, str]:
    """The texts of a statement at all its steps as one."""
    rows: dict[Row, list[str]] = {}
    for year, variant, number, text in statements:
        rows.setdefault((year, variant, number), []).append(text)
    return {row: "\n".join(texts) for row, texts in rows.items()}


def _places(rows: dict[Row, str]) -> list[Place]:
    return [Place((year, variant), "", text) for (year, variant, _number), text in rows.items()]


def _row(said: ParsedCriterion) -> Row:
    return (said.year, said.variant, said.place)


def _place_of(part: CentralContentItem) -> Place:
    years = (part.start_year, part.end_year) if part.start_year is not None else None
    return Place((years, part.variant), part.area, part.text)


def _prefix(item: ParsedItem) -> str:
    span = f"{item.years[0]}-{item.years[1]}" if item.years else ""
    return ".".join(piece for piece in (span, item.variant) if piece)

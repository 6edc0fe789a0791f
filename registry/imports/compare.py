"""Staged rows against the register, set by set. Verdicts: create, change, end, same, held (kept by the school, so left alone)."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from .batch import Batch
from .links import ASSIGNMENT, DUTY, ENROLMENT, LINKS, Link
from .staging import execute, fetch

BOTH_TODAY = "daterange(e.start_date, e.end_date, '[]') @> %(today)s AND daterange(s.start_date, s.end_date, '[]') @> %(today)s"
PERSON_OF = {"enrolment": "pupil_id", "guardianship": "child_id", "assignment": "NULL::uuid", "group": "NULL::uuid"}
VERDICTS = ("create", "change", "end", "same", "held")
TABLES = ("person", "group", *[link.name for link in LINKS])

# What is told of a person, and what the register has: the changed and those that the school keeps itself.
PERSON_FIELDS = ("given_name", "middle_name", "family_name", "birth_date", "sex", "person_status")
CONTACTS = {
    "email": ("registry_emailaddress", "c.email_type = 'Privat'", "lower(s.email) = lower(c.value)"),
    "phone": ("registry_phonenumber", "TRUE", "s.phone = c.value"),
    "street_address": (
        "registry_address",
        "c.address_type = 'Folkbokföring'",
        "(s.street_address, s.postal_code, s.locality) = (c.street_address, c.postal_code, c.locality)",
    ),
}


def compare(batch: Batch, source: str, today: date) -> None:
    """Make `verdict_person`, `verdict_group` and one table for each link, each with `verdict`, `found` and the staged columns."""
    told = {"source": source, "today": today, "units": list(batch.unit_ids)}
    _compare_persons()
    _compare_groups(told, complete="all" in batch.ends.values() and not batch.rejected_count)
    for link in LINKS:
        if link is ASSIGNMENT:
            _number_duties()
        _compare_link(link, told)
        scope = batch.ends.get(link.name)
        if scope and not batch.rejected_count:
            _find_ended(link, link.scopes[scope], told)
    _hold_classes(told)


def _compare_persons() -> None:
    differs = {name: f"s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM p.{name}" for name in PERSON_FIELDS}
    for name, (table, kind, same) in CONTACTS.items():
        differs[name] = f"s.{name} IS NOT NULL AND NOT EXISTS (SELECT FROM {table} c WHERE c.person_id = p.id AND {kind} AND {same})"
    number = "EXISTS (SELECT FROM registry_civicnumber n WHERE n.person_id = p.id AND n.keyed_hash = s.keyed_hash)"
    differs["civic_no"] = f"s.keyed_hash IS NOT NULL AND NOT {number}"
    cases = {name: f"CASE WHEN {condition} AND {{}} THEN '{name}' END" for name, condition in differs.items()}
    changed = ", ".join(case.format(f"NOT '{name}' = ANY(p.school_owned)") for name, case in cases.items())
    held = ", ".join(case.format(f"'{name}' = ANY(p.school_owned)") for name, case in cases.items())
    marked = "s.security_marking <> 'Ingen' AND p.security_marking = 'Ingen'"  # a marking is set at once and never taken away
    execute("DROP TABLE IF EXISTS verdict_person")
    execute(
        f"""CREATE TEMPORARY TABLE verdict_person ON COMMIT DROP AS
        SELECT s.*,
          CASE WHEN NOT s.editable THEN '{{}}'::text[] ELSE array_remove(ARRAY[{changed}], NULL) END
            || CASE WHEN {marked} THEN ARRAY['security_marking'] ELSE '{{}}' END AS changed,
          CASE WHEN NOT s.editable THEN '{{}}'::text[] ELSE array_remove(ARRAY[{held}], NULL) END AS held,
          ''::text AS verdict
        FROM staged_person s LEFT JOIN registry_person p ON p.id = s.found"""
    )
    execute(
        """UPDATE verdict_person SET verdict = CASE WHEN found IS NULL THEN 'create' WHEN changed <> '{}' THEN 'change'
        WHEN held <> '{}' THEN 'held' ELSE 'same' END"""
    )


def _compare_groups(told: dict[str, Any], *, complete: bool) -> None:
    execute("DROP TABLE IF EXISTS verdict_group")
    execute(
        """CREATE TEMPORARY TABLE verdict_group ON COMMIT DROP AS
        SELECT s.*, CASE WHEN s.found IS NULL THEN 'create'
          WHEN (s.name, s.end_date) IS NOT DISTINCT FROM (g.name, g.end_date) OR g.source <> %(source)s AND lower(s.name) = lower(g.name)
            THEN 'same'
          WHEN g.source = %(source)s AND g.group_type = s.group_type THEN 'change' ELSE 'held' END AS verdict
        FROM staged_group s LEFT JOIN registry_group g ON g.id = s.found""",
        told,
    )
    which = "TRUE" if complete else "g.id IN (SELECT entity_id FROM gone)"
    execute(
        f"""INSERT INTO verdict_group (found, group_id, verdict) SELECT g.id, g.id, 'end' FROM registry_group g
        WHERE g.source = %(source)s AND (g.end_date IS NULL OR g.end_date >= %(today)s) AND {which}
        AND g.id NOT IN (SELECT group_id FROM staged_group)""",
        told,
    )


def _number_duties() -> None:
    """Which duty each assignment is under: the one found, or the one to be made."""
    execute("DROP TABLE IF EXISTS verdict_duty_ids")
    execute(
        f"""CREATE TEMPORARY TABLE verdict_duty_ids ON COMMIT DROP AS
        SELECT ref, COALESCE(found, new_id) AS duty_id FROM verdict_{DUTY.name} WHERE ref IS NOT NULL"""
    )
    execute("UPDATE staged_assignment s SET duty_id = d.duty_id FROM verdict_duty_ids d WHERE d.ref = s.duty_ref")


def _compare_link(link: Link, told: dict[str, Any]) -> None:
    """Each staged row finds the row between the same two whose period it meets, the one with the same first day before others."""
    meets = """CASE WHEN s.start_date IS NULL THEN e.end_date IS NULL OR e.end_date >= %(today)s
        ELSE e.start_date = s.start_date OR daterange(e.start_date, e.end_date, '[]') && daterange(s.start_date, s.end_date, '[]') END"""
    keys = " AND ".join(f"e.{key} = s.{key}" for key in link.keys)
    values = "".join(f" AND (s.{name} IS NULL OR s.{name} IS NOT DISTINCT FROM e.{name})" for name in link.values)
    own = ", ".join(f"e.{name} AS old_{name}" for name in ("start_date", "end_date", "source", *link.values))
    execute(f"CREATE INDEX ON staged_{link.name} ({', '.join(link.keys)})")
    execute(f"ANALYZE staged_{link.name}")
    execute(f"DROP TABLE IF EXISTS verdict_{link.name}")
    execute(
        f"""CREATE TEMPORARY TABLE verdict_{link.name} ON COMMIT DROP AS
        SELECT s.*, {own}, e.id AS found,
          row_number() OVER (PARTITION BY e.id ORDER BY (s.start_date = e.start_date) DESC, s.line) AS place,
          CASE WHEN e.id IS NULL THEN 'create'
            WHEN (s.start_date IS NULL OR s.start_date = e.start_date) AND s.end_date IS NOT DISTINCT FROM e.end_date{values} THEN 'same'
            WHEN e.source = %(source)s THEN 'change' ELSE 'held' END AS verdict
        FROM staged_{link.name} s LEFT JOIN LATERAL (
          SELECT e.* FROM {link.table} e WHERE {keys} AND {link.live} AND {meets}
          ORDER BY ({BOTH_TODAY}) DESC, (e.start_date = s.start_date) DESC, (e.source = %(source)s) DESC, e.start_date DESC LIMIT 1
        ) e ON TRUE""",
        told,
    )
    execute(f"UPDATE verdict_{link.name} SET found = NULL, verdict = 'create' WHERE found IS NOT NULL AND place > 1")
    _go_on(link)
    execute(f"UPDATE verdict_{link.name} s SET start_date = {link.creates_from} WHERE verdict = 'create'", told)
    execute(f"UPDATE verdict_{link.name} SET start_date = old_start_date WHERE start_date IS NULL")
    if link is ENROLMENT:
        _split_years(told)
    if link.name == "guardianship":  # ended by hand and not released: nothing brings it back
        execute(
            """UPDATE verdict_guardianship s SET verdict = 'held' WHERE verdict = 'create' AND EXISTS (
            SELECT FROM registry_guardianship h WHERE h.guardian_id = s.guardian_id AND h.child_id = s.child_id
            AND h.revoked_at IS NOT NULL AND h.released_at IS NULL)"""
        )


def _split_years(told: dict[str, Any]) -> None:
    """A pupil who comes into another year goes on in a place of its own: the former says what was."""
    execute("ALTER TABLE verdict_enrolment ADD splits boolean DEFAULT FALSE")
    execute(
        """UPDATE verdict_enrolment SET splits = TRUE, start_date = %(today)s WHERE verdict = 'change' AND old_start_date < %(today)s
        AND old_school_year IS NOT NULL AND school_year <> old_school_year AND start_date <= old_start_date
        AND (old_end_date IS NULL OR old_end_date >= %(today)s) AND (end_date IS NULL OR end_date >= %(today)s)""",
        told,
    )


def _go_on(link: Link) -> None:
    """A source that tells one long period of what stands here as several, one after the other, means the last: the past stands."""
    keys = " AND ".join(f"e.{key} = v.{key}" for key in link.keys)
    values = "".join(f" AND (v.{name} IS NULL OR v.{name} IS NOT DISTINCT FROM v.old_{name})" for name in link.values)
    execute(
        f"""UPDATE verdict_{link.name} v SET start_date = v.old_start_date,
          verdict = CASE WHEN v.end_date IS NOT DISTINCT FROM v.old_end_date{values} THEN 'same' ELSE v.verdict END
        WHERE v.found IS NOT NULL AND v.start_date < v.old_start_date AND EXISTS (
          SELECT FROM {link.table} e WHERE {keys} AND e.id <> v.found AND e.end_date >= v.start_date AND e.end_date < v.old_start_date)"""
    )


def _find_ended(link: Link, scope: str, told: dict[str, Any]) -> None:
    keys = ", ".join(link.keys)
    execute(
        f"""INSERT INTO verdict_{link.name} (found, {keys}, start_date, end_date, old_start_date, verdict)
        SELECT e.id, {", ".join(f"e.{key}" for key in link.keys)}, e.start_date, e.end_date, e.start_date, 'end' FROM {link.table} e
        WHERE e.source = %(source)s AND {link.live} AND (e.end_date IS NULL OR e.end_date >= %(today)s) AND {scope}
        AND NOT EXISTS (SELECT FROM verdict_{link.name} v WHERE v.found = e.id)""",
        told,
    )


def _hold_classes(told: dict[str, Any]) -> None:
    """A class that the school chose itself stays; so does one that the source would put beside another."""
    execute(
        """UPDATE verdict_membership s SET verdict = 'held' FROM staged_group g
        WHERE s.verdict = 'create' AND g.group_id = s.group_id AND g.group_type = 'Klass' AND EXISTS (
          SELECT FROM registry_groupmembership o WHERE o.person_id = s.person_id AND o.in_class
          AND daterange(o.start_date, o.end_date, '[]') && daterange(s.start_date, s.end_date, '[]')
          AND NOT EXISTS (SELECT FROM verdict_membership v WHERE v.found = o.id AND (v.verdict = 'end' AND s.start_date >= %(today)s
            OR v.verdict = 'change' AND NOT daterange(v.start_date, v.end_date, '[]') && daterange(s.start_date, s.end_date, '[]'))))""",
        told,
    )


def counts() -> dict[str, dict[str, int]]:
    """How many rows of each kind got which verdict."""
    counted = {}
    for table in TABLES:
        rows = fetch(f"SELECT verdict, count(*) FROM verdict_{table} GROUP BY verdict")
        counted[table] = dict.fromkeys(VERDICTS, 0) | {str(verdict): int(count) for verdict, count in rows}
    return counted


def fingerprint() -> str:
    """Of everything that would be done: another one means that the file or the register is another than was shown."""
    digest = hashlib.sha256()
    for table in TABLES:
        order = "verdict, line, found"
        rows = fetch(f"SELECT verdict, line, found FROM verdict_{table} WHERE verdict <> 'same' ORDER BY {order}")
        digest.update(repr((table, rows)).encode())
    return digest.hexdigest()


def pupils_ended(batch: Batch, source: str, today: date) -> tuple[int, int]:
    """How many pupils would have no place left of this source's, of how many that have one at the schools it speaks for."""
    told = {"source": source, "today": today, "units": list(batch.unit_ids)}
    spoken_for = f"AND {ENROLMENT.scopes['unit']}" if batch.ends.get("enrolment") == "unit" else ""
    live = "e.source = %(source)s AND NOT e.cancelled AND (e.end_date IS NULL OR e.end_date >= %(today)s)"
    ended = fetch(
        """SELECT count(DISTINCT pupil_id) FROM verdict_enrolment WHERE verdict = 'end'
        AND pupil_id NOT IN (SELECT pupil_id FROM verdict_enrolment WHERE verdict <> 'end')"""
    )
    before = fetch(f"SELECT count(DISTINCT e.pupil_id) FROM registry_enrolment e WHERE {live} {spoken_for}", told)
    return int(ended[0][0]), int(before[0][0])


def lines_of(table: str, verdict: str, limit: int) -> list[dict[str, Any]]:
    """At most `limit` rows with that verdict for the report: line, person, row of the register, fields. Ids and codes alone."""
    person = PERSON_OF.get(table, "person_id")
    fields = ("held" if verdict == "held" else "changed") if table == "person" else "'{}'::text[]"
    rows = fetch(
        f"SELECT line, {person}, found, {fields} FROM verdict_{table} WHERE verdict = %(verdict)s ORDER BY line, found LIMIT %(limit)s",
        {"verdict": verdict, "limit": limit},
    )
    return [
        {"line": line, "person": str(person_id or ""), "row": str(found or ""), "fields": list(fields)}
        for line, person_id, found, fields in rows
    ]

"""A batch into temporary tables by COPY, its references turned into our ids; faults that only the register shows are rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.lib.access import Actor, System
from dexter.lib.models import uuid7
from registry.models import ExternalId, scope

from .batch import Batch
from .links import LINKS

PERSON_COLUMNS = """line int, ref text, civic_kind text, keyed_hash bytea, encrypted bytea, given_name text, middle_name text,
    family_name text, birth_date date, sex text, security_marking text, person_status text, email text, phone text, mobile boolean,
    street_address text, postal_code text, locality text, new_id uuid, number_id uuid, email_id uuid, phone_id uuid, address_id uuid"""
GROUP_COLUMNS = """line int, ref text, name text, group_type text, school_type text, school_unit_id uuid, start_date date, end_date date,
    new_id uuid"""
OTHERS_NUMBER = """EXISTS (SELECT FROM registry_civicnumber n WHERE n.kind = s.civic_kind AND n.keyed_hash = s.keyed_hash
    AND n.kind <> 'tillfälligt' AND n.person_id <> s.found)"""
PROTECTED = "SELECT id FROM registry_person WHERE security_marking <> 'Ingen'"
PRINCIPAL_HERE = """SELECT FROM registry_duty d WHERE d.person_id = s.person_id AND d.school_unit_id = s.school_unit_id
    AND d.duty_role = 'Rektor' AND daterange(d.start_date, d.end_date, '[]') @> DATE '{}'"""
# A file puts nobody into a group of a school where they have no place, however well the source knows them from another.
PLACE_HERE = """SELECT FROM registry_enrolment e JOIN staged_group g ON g.ref = s.group_ref
    WHERE e.pupil_id = s.person_id AND e.school_unit_id = g.school_unit_id AND NOT e.cancelled
    AND daterange(e.start_date, e.end_date, '[]') && daterange(COALESCE(s.start_date, s.not_before), s.end_date, '[]')"""
STAGED_PLACE = """SELECT FROM staged_enrolment e JOIN staged_group g ON g.ref = s.group_ref
    WHERE e.pupil_id = s.person_id AND e.school_unit_id = g.school_unit_id"""


def execute(statement: str, parameters: dict[str, Any] | None = None) -> int:
    """Run one of this package's own statements; gives how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def fetch(statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def stage(batch: Batch, source: str, actor: Actor | System) -> None:
    """Fill `staged_person`, `staged_group` and a table for each link; they live until the transaction ends."""
    _make("staged_person", PERSON_COLUMNS, ((*row, *(uuid7() for _key in range(5))) for row in batch.persons.values()))
    _make("staged_group", GROUP_COLUMNS, ((*row, uuid7()) for row in batch.groups.values()))
    rows: tuple[Sequence[tuple[Any, ...]], ...] = (
        batch.enrolments, batch.memberships, batch.duties, batch.assignments, batch.guardianships,
    )  # fmt: skip
    for link, staged in zip(LINKS, rows, strict=True):
        columns = ", ".join(f"{name} {kind}" for name, kind in link.staged)
        dated = ", not_before date" if link.name == "membership" else ""
        dates = "" if link.name == "guardianship" else f", start_date date, end_date date{dated}"
        _make(f"staged_{link.name}", f"line int, {columns}{dates}, new_id uuid", ((*row, uuid7()) for row in staged))
        ids = [key for key in (*link.keys, "start_date", "end_date", "not_before") if key not in f"{columns}{dates}"]
        kinds = {"start_date": "date", "end_date": "date", "not_before": "date"}
        execute(f"ALTER TABLE staged_{link.name} " + ", ".join(f"ADD {key} {kinds.get(key, 'uuid')}" for key in ids))
    known = list(ExternalId.objects.filter(source=source).values_list("entity_kind", "value", "entity_id"))
    _make("known", "kind text, ref text, entity_id uuid", known)
    _make("gone", "entity_id uuid", ((entity_id,) for _kind, ref, entity_id in known if ref in set(batch.deleted)) if batch.deleted else ())
    _find_persons(batch, actor)
    _find_groups()
    _resolve_links(batch, actor)


def _make(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    execute(f"DROP TABLE IF EXISTS {table}")
    execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    names = ", ".join(part.split()[0] for part in columns.split(","))
    statement: Any = f"COPY {table} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    execute(f"ANALYZE {table}")


def _find_persons(batch: Batch, actor: Actor | System) -> None:
    """`found`: who it is in the register, by the source's own name for them, else by the number; `person_id`: that or the new id.

    `editable`: whether names, contacts and the rest may be changed: never those of the protected, and by an office only
    those of persons whom it keeps.
    """
    execute("ALTER TABLE staged_person ADD found uuid, ADD person_id uuid, ADD editable boolean DEFAULT TRUE, ADD is_pupil boolean")
    execute("UPDATE staged_person s SET found = k.entity_id FROM known k WHERE k.kind = 'Person' AND k.ref = s.ref")
    execute(
        """UPDATE staged_person s SET found = n.person_id FROM registry_civicnumber n
        WHERE s.found IS NULL AND n.kind = s.civic_kind AND n.keyed_hash = s.keyed_hash AND n.kind <> 'tillfälligt'"""
    )
    if isinstance(actor, Actor):
        _find_temporary(actor)
    message = _("The number belongs to somebody else in the register.")
    _reject(batch, "staged_person", f"s.found IS NOT NULL AND {OTHERS_NUMBER}", _("civic number"), message)
    double = "EXISTS (SELECT FROM staged_person o WHERE o.found = s.found AND o.ref < s.ref)"
    _reject(batch, "staged_person", double, _("civic number"), _("Two rows are the same person."))
    execute("UPDATE staged_person SET person_id = COALESCE(found, new_id)")
    execute("CREATE UNIQUE INDEX ON staged_person (ref)")
    execute("CREATE INDEX ON staged_person (person_id)")
    execute(f"UPDATE staged_person SET editable = FALSE WHERE found IN ({PROTECTED})")
    if isinstance(actor, Actor):
        statement, parameters = scope.kept_by(actor).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE staged_person SET editable = FALSE WHERE found IS NOT NULL AND found NOT IN ({statement})", parameters)
    execute("ANALYZE staged_person")


def _find_temporary(actor: Actor) -> None:
    """Each school gives temporary numbers of its own: in a file they mean whom the sender's schools keep, and nobody else's pupil."""
    statement, parameters = scope.kept_by(actor).query.sql_with_params()
    temporary = "s.civic_kind = 'tillfälligt'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE staged_person s SET found = NULL WHERE {temporary} AND found NOT IN ({statement})", parameters)
        cursor.execute(
            f"""UPDATE staged_person s SET found = n.person_id FROM registry_civicnumber n
            WHERE s.found IS NULL AND {temporary} AND n.kind = s.civic_kind AND n.keyed_hash = s.keyed_hash
            AND n.person_id IN ({statement})""",
            parameters,
        )


def _find_groups() -> None:
    """By the source's own name, else by unit, kind and name among those that are not over."""
    execute("ALTER TABLE staged_group ADD found uuid, ADD group_id uuid")
    execute(
        """UPDATE staged_group s SET found = g.id FROM known k JOIN registry_group g ON g.id = k.entity_id
        WHERE k.kind = 'Group' AND k.ref = s.ref AND (g.end_date IS NULL OR g.end_date >= s.start_date)"""
    )
    execute(
        """UPDATE staged_group s SET found = g.id FROM registry_group g
        WHERE s.found IS NULL AND g.school_unit_id = s.school_unit_id AND g.group_type = s.group_type
        AND lower(g.name) = lower(s.name) AND (g.end_date IS NULL OR g.end_date >= s.start_date)"""
    )
    execute("UPDATE staged_group SET group_id = COALESCE(found, new_id)")
    execute("CREATE UNIQUE INDEX ON staged_group (ref)")


def _resolve_links(batch: Batch, actor: Actor | System) -> None:
    for link, key, ref in PERSON_ENDS:
        execute(f"UPDATE staged_{link} s SET {key} = p.person_id FROM staged_person p WHERE p.ref = s.{ref}")
        execute(
            f"UPDATE staged_{link} s SET {key} = k.entity_id FROM known k WHERE s.{key} IS NULL AND k.kind = 'Person' AND k.ref = s.{ref}"
        )
    execute(
        """UPDATE staged_membership s SET person_id = n.person_id
        FROM registry_civicnumber n, staged_group g, registry_enrolment e
        WHERE s.person_id IS NULL AND n.kind <> 'tillfälligt'
        AND n.keyed_hash = CASE WHEN s.person_ref ~ '^[0-9a-f]{64}$' THEN decode(s.person_ref, 'hex') END
        AND g.ref = s.group_ref AND e.pupil_id = n.person_id
        AND e.school_unit_id = g.school_unit_id AND NOT e.cancelled
        AND daterange(e.start_date, e.end_date, '[]') && daterange(s.start_date, s.end_date, '[]')"""
    )
    for link in ("membership", "assignment"):
        execute(f"UPDATE staged_{link} s SET group_id = g.group_id FROM staged_group g WHERE g.ref = s.group_ref")
        execute(
            f"""UPDATE staged_{link} s SET group_id = k.entity_id FROM known k
            WHERE s.group_id IS NULL AND k.kind = 'Group' AND k.ref = s.group_ref"""
        )
    if isinstance(actor, Actor):
        itself = f"s.duty_role = 'Rektor' AND s.person_id = '{actor.person_id}' AND NOT EXISTS ({PRINCIPAL_HERE.format(days.today())})"
        _reject(batch, "staged_duty", itself, _("Duty"), _("Nobody makes themselves principal. A principal of the school does."))
        execute(f"UPDATE staged_membership s SET person_id = NULL WHERE NOT EXISTS ({PLACE_HERE}) AND NOT EXISTS ({STAGED_PLACE})")
        execute(f"DELETE FROM staged_guardianship WHERE child_id IN ({PROTECTED})")  # who answers for them is kept by hand
    shown = f"AND person_id NOT IN ({PROTECTED})" if isinstance(actor, Actor) else ""
    execute(f"UPDATE staged_person SET is_pupil = person_id IN (SELECT pupil_id FROM staged_enrolment) {shown}")
    for link, condition in UNRESOLVED.items():
        _reject(batch, f"staged_{link}", condition, _("person or group"), _("Nobody, or no group, of the register and the file is meant."))
    cycle = "EXISTS (SELECT FROM staged_guardianship o WHERE o.guardian_id = s.child_id AND o.child_id = s.guardian_id)"
    _reject(batch, "staged_guardianship", cycle, _("guardian"), _("Two persons are each other's guardians."))
    two_classes = """EXISTS (SELECT FROM staged_membership o JOIN staged_group b ON b.ref = o.group_ref AND b.group_type = 'Klass'
        JOIN staged_group a ON a.ref = s.group_ref AND a.group_type = 'Klass'
        WHERE o.person_id = s.person_id AND (o.line, o.new_id) < (s.line, s.new_id)
        AND daterange(COALESCE(o.start_date, o.not_before), o.end_date, '[]')
        && daterange(COALESCE(s.start_date, s.not_before), s.end_date, '[]'))"""
    _reject(batch, "staged_membership", two_classes, _("class"), _("The pupil is in two classes on the same days."))


PERSON_ENDS = (
    ("enrolment", "pupil_id", "pupil_ref"),
    ("membership", "person_id", "person_ref"),
    ("duty", "person_id", "person_ref"),
    ("guardianship", "guardian_id", "guardian_ref"),
    ("guardianship", "child_id", "child_ref"),
)
UNRESOLVED = {
    "enrolment": "s.pupil_id IS NULL",
    "membership": "s.person_id IS NULL OR s.group_id IS NULL",
    "duty": "s.person_id IS NULL",
    "assignment": "s.group_id IS NULL OR s.duty_ref NOT IN (SELECT ref FROM staged_duty)",
    "guardianship": "s.guardian_id IS NULL OR s.child_id IS NULL",
}


def _reject(batch: Batch, table: str, condition: str, column: str, reason: str) -> None:
    for line in _lines(fetch(f"DELETE FROM {table} s WHERE {condition} RETURNING line")):
        batch.reject(line, column, "", reason)


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[int]:
    return (int(row[0]) for row in sorted(rows))

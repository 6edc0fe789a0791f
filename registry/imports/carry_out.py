"""What was compared becomes so: a handful of statements, whatever the number of rows, inside the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dexter.jobs.progress import Report
from dexter.lib.copying import begin_bulk_load
from registry.models import ExternalId, Organisation, OrganisationType, SchoolUnit

from .batch import Batch, Unreadable
from .links import ENROLMENT, LINKS, Link
from .staging import execute, fetch

NAME_WITHHELD = "Skyddad uppgift"  # shown until the office and the family agree on a name
STILL_ITS_OWN = "e.source = %(source)s"  # what a hand took over since the comparison is left alone
PERSON_TOLD = {
    "middle_name": "''",
    "birth_date": "NULL",
    "sex": "'Okänt'",
    "security_marking": "'Ingen'",
    "person_status": "'Aktiv'",
}


def carry_out(batch: Batch, source: str, today: date, report: Report) -> None:
    """Do what `compare` found. Raises IntegrityError where the register changed under it: nothing is done then."""
    told = {"source": source, "today": today}
    steps = [_keep_units, _keep_persons, _keep_contacts, _keep_groups]
    total = len(steps) + len(LINKS)
    begin_bulk_load()
    _hold_persons()
    for done, step in enumerate(steps):
        report("carrying_out", done, total)
        step(batch, told)
    for done, link in enumerate(LINKS, start=len(steps)):
        report("carrying_out", done, total)
        _keep_link(link, told)
    _remember("Duty", "verdict_duty_ids", "duty_id", told)


def _hold_persons() -> None:
    """Who is about to be changed is held. Raises Unreadable when somebody changed or marked one by hand since the comparison."""
    changing = "FROM registry_person p JOIN verdict_person v ON v.found = p.id WHERE v.verdict = 'change'"
    execute(f"SELECT {changing} ORDER BY p.id FOR UPDATE OF p")
    kept = "p.school_owned::text[] && v.changed OR v.editable AND p.security_marking <> 'Ingen'"
    if fetch(f"SELECT 1 {changing} AND ({kept}) LIMIT 1"):
        raise Unreadable(_("The register has changed since the preview. Send the file in again."))


def _keep_units(batch: Batch, told: dict[str, Any]) -> None:
    """Few rows: one by one. A unit's own settings are the school's."""
    root = Organisation.objects.filter(parent=None).first()
    for unit in batch.units:
        root = root or Organisation.objects.create(name=unit.name, organisation_type=OrganisationType.RESPONSIBLE_BODY)
        values = {"name": unit.name, "school_types": unit.school_types}
        kept, _new = SchoolUnit.objects.update_or_create(
            school_unit_code=unit.school_unit_code, defaults=values, create_defaults={**values, "id": unit.unit_id, "organisation": root}
        )
        name = {"source": told["source"], "entity_kind": "SchoolUnit", "value": unit.ref}
        ExternalId.objects.update_or_create(**name, defaults={"entity_id": kept.pk})


def _keep_persons(_batch: Batch, told: dict[str, Any]) -> None:
    columns = ", ".join(PERSON_TOLD)
    values = ", ".join(f"COALESCE({name}, {default})" for name, default in PERSON_TOLD.items())
    execute(
        f"""INSERT INTO registry_person (id, given_name, family_name, agreed_name, {columns})
        SELECT person_id, given_name, family_name,
          CASE WHEN COALESCE(security_marking, 'Ingen') <> 'Ingen' THEN %(withheld)s ELSE '' END, {values}
        FROM verdict_person WHERE verdict = 'create'""",
        {"withheld": NAME_WITHHELD},
    )
    fields = ("given_name", "middle_name", "family_name", "birth_date", "sex", "person_status")
    sets = ", ".join(f"{name} = CASE WHEN '{name}' = ANY(v.changed) THEN v.{name} ELSE p.{name} END" for name in fields)
    execute(f"UPDATE registry_person p SET {sets} FROM verdict_person v WHERE v.found = p.id AND v.verdict = 'change' AND v.editable")
    execute(
        """UPDATE registry_person p SET security_marking = v.security_marking,
        agreed_name = CASE WHEN p.agreed_name = '' THEN %(withheld)s ELSE p.agreed_name END
        FROM verdict_person v WHERE v.found = p.id AND 'security_marking' = ANY(v.changed)""",
        {"withheld": NAME_WITHHELD},
    )
    new_number = "v.keyed_hash IS NOT NULL AND (v.verdict = 'create' OR 'civic_no' = ANY(v.changed))"
    execute(
        f"""UPDATE registry_civicnumber n SET replaced_at = now() FROM verdict_person v
        WHERE n.person_id = v.person_id AND n.replaced_at IS NULL AND {new_number}"""
    )
    execute(
        f"""INSERT INTO registry_civicnumber (id, person_id, kind, encrypted, keyed_hash)
        SELECT number_id, person_id, civic_kind, encrypted, keyed_hash FROM verdict_person v WHERE {new_number}"""
    )
    _remember("Person", "verdict_person", "person_id", told)


CONTACTS = (
    ("email", "registry_emailaddress", "c.email_type = 'Privat'", "value, email_type", "email, 'Privat'", "email_id"),
    ("phone", "registry_phonenumber", "TRUE", "value, phone_type, mobile", "phone, 'Hem', mobile", "phone_id"),
    (
        "street_address",
        "registry_address",
        "c.address_type = 'Folkbokföring'",
        "street_address, postal_code, locality, address_type, country",
        "street_address, postal_code, locality, 'Folkbokföring', 'Sverige'",
        "address_id",
    ),
)


def _keep_contacts(_batch: Batch, _told: dict[str, Any]) -> None:
    """The private e-mail, the phone and the registered address give way to those told; the school's own were not called changed."""
    for name, table, kind, columns, values, key in CONTACTS:
        new = f"v.{name} IS NOT NULL AND (v.verdict = 'create' OR '{name}' = ANY(v.changed))"
        execute(f"DELETE FROM {table} c USING verdict_person v WHERE c.person_id = v.found AND {kind} AND {new}")
        execute(
            f"""INSERT INTO {table} (id, person_id, {columns})
            SELECT {key}, person_id, {values} FROM verdict_person v WHERE {new} ON CONFLICT DO NOTHING"""
        )


def _keep_groups(_batch: Batch, told: dict[str, Any]) -> None:
    execute(
        """INSERT INTO registry_group (id, name, group_type, school_type, school_unit_id, start_date, end_date, source)
        SELECT group_id, name, group_type, school_type, school_unit_id, start_date, end_date, %(source)s
        FROM verdict_group WHERE verdict = 'create'""",
        told,
    )
    execute(
        """UPDATE registry_group g SET name = v.name, end_date = v.end_date FROM verdict_group v
        WHERE v.found = g.id AND v.verdict = 'change'"""
    )
    execute(
        """UPDATE registry_group g SET end_date = GREATEST(g.start_date, %(today)s - 1) FROM verdict_group v
        WHERE v.found = g.id AND v.verdict = 'end'""",
        told,
    )
    _remember("Group", "verdict_group", "group_id", told, "ref IS NOT NULL")


def _remember(kind: str, table: str, key: str, told: dict[str, Any], condition: str = "TRUE") -> None:
    """The source's own names, by which it finds the same again."""
    execute(
        f"""INSERT INTO registry_externalid (source, entity_kind, value, entity_id)
        SELECT %(source)s, %(kind)s, ref, {key} FROM {table} WHERE {condition}
        ON CONFLICT (source, entity_kind, value) DO UPDATE SET entity_id = EXCLUDED.entity_id
        WHERE registry_externalid.entity_id <> EXCLUDED.entity_id""",
        {**told, "kind": kind},
    )


def _keep_link(link: Link, told: dict[str, Any]) -> None:
    """Ends first, then changes, then what is new, so that no two periods meet on the way."""
    _end(link, told)
    values = "".join(f", {name} = COALESCE(v.{name}, e.{name})" for name in link.values)
    new = "verdict = 'create'"
    changed = f"FROM verdict_{link.name} v WHERE v.found = e.id AND v.verdict = 'change' AND {STILL_ITS_OWN} AND {link.live}"
    if link is ENROLMENT:
        execute(f"UPDATE {link.table} e SET end_date = %(today)s - 1 {changed} AND v.splits", told)
        changed, new = f"{changed} AND NOT v.splits", f"({new} OR splits)"
    both = "start_date = GREATEST(e.start_date, v.start_date), end_date = LEAST(e.end_date, v.end_date)"  # what old and new period share
    shared = "daterange(e.start_date, e.end_date, '[]') && daterange(v.start_date, v.end_date, '[]')"
    execute(f"UPDATE {link.table} e SET {both} {changed} AND {shared}", told)
    execute(f"UPDATE {link.table} e SET start_date = v.start_date, end_date = v.end_date{values} {changed}", told)
    columns = ", ".join((*link.keys, *link.values))
    staged = ", ".join((*link.keys, *[f"COALESCE({name}, '')" if name == "signature" else name for name in link.values]))
    extra, fixed = (", cancelled", ", FALSE") if link is ENROLMENT else ("", "")
    extra, fixed = (", revoked_reason", ", ''") if link.name == "guardianship" else (extra, fixed)
    extra, fixed = (", in_class", ", FALSE") if link.name == "membership" else (extra, fixed)
    execute(
        f"""INSERT INTO {link.table} (id, {columns}, start_date, end_date, source{extra})
        SELECT new_id, {staged}, start_date, end_date, %(source)s{fixed} FROM verdict_{link.name} WHERE {new}""",
        told,
    )


def _end(link: Link, told: dict[str, Any]) -> None:
    """The day before today is the last; what had not begun by then falls away."""
    ended = f"FROM verdict_{link.name} v WHERE v.found = e.id AND v.verdict = 'end' AND {STILL_ITS_OWN} AND {link.live}"
    begun = "e.start_date < %(today)s"
    execute(f"UPDATE {link.table} e SET end_date = %(today)s - 1 {ended} AND {begun}", told)
    if link.falls_away == "DELETE":
        execute(f"DELETE FROM {link.table} e USING {ended[5:]} AND NOT {begun}", told)
    elif link.falls_away == "CANCEL":
        execute(f"UPDATE {link.table} e SET cancelled = TRUE {ended} AND NOT {begun}", told)
    else:
        execute(f"UPDATE {link.table} e SET end_date = e.start_date {ended} AND NOT {begun}", told)
    if link is ENROLMENT:
        _end_memberships(told)


def _end_memberships(told: dict[str, Any]) -> None:
    """Who has left a school has left its groups, also those that the school itself keeps."""
    left = """FROM registry_group g, verdict_enrolment v WHERE g.id = e.group_id AND v.verdict = 'end' AND v.pupil_id = e.person_id
        AND v.school_unit_id = g.school_unit_id AND NOT EXISTS (SELECT FROM verdict_enrolment o WHERE o.verdict <> 'end'
        AND o.pupil_id = v.pupil_id AND o.school_unit_id = v.school_unit_id)"""
    open_still = "(e.end_date IS NULL OR e.end_date >= %(today)s)"
    execute(f"DELETE FROM registry_groupmembership e USING {left[5:]} AND e.start_date >= %(today)s", told)
    execute(f"UPDATE registry_groupmembership e SET end_date = %(today)s - 1 {left} AND {open_still}", told)

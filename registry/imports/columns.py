"""The documented templates: their headings are part of the format and the same in every language (docs/import.md)."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from registry.models import Template

from .batch import Unreadable

GUARDIANS = (1, 2, 3)


class Column(NamedTuple):
    code: str
    heading: str
    example: str = ""
    required: bool = False


CONTACT = (Column("email", "E-post"), Column("phone", "Telefon", "070-174 06 05"))

PUPILS = (
    Column("civic_no", "Personnummer", "20150323-2391", required=True),
    Column("given_name", "Förnamn", "Alva", required=True),
    Column("family_name", "Efternamn", "Ek", required=True),
    Column("school_unit", "Skolenhetskod", "99000001", required=True),
    Column("school_type", "Skolform", "GR", required=True),
    Column("school_year", "Årskurs", "4"),
    Column("school_class", "Klass", "4A"),
    Column("start_date", "Startdatum", "2026-08-17", required=True),
    Column("end_date", "Slutdatum"),
    *CONTACT,
    Column("street_address", "Gatuadress", "Storgatan 1"),
    Column("postal_code", "Postnummer", "123 45"),
    Column("locality", "Ort", "Granbacka"),
    Column("security_marking", "Skyddsmarkering"),
    *[
        Column(f"guardian_{number}_{code}", f"Vårdnadshavare {number} {heading}")
        for number in GUARDIANS
        for code, heading in (
            ("civic_no", "personnummer"),
            ("given_name", "förnamn"),
            ("family_name", "efternamn"),
            ("email", "e-post"),
            ("phone", "telefon"),
            ("relation", "relation"),
        )
    ],
)
STAFF = (
    Column("civic_no", "Personnummer", "19800101-2392", required=True),
    Column("given_name", "Förnamn", "Karin", required=True),
    Column("family_name", "Efternamn", "Berg", required=True),
    Column("school_unit", "Skolenhetskod", "99000001", required=True),
    Column("duty_role", "Befattning", "Lärare", required=True),
    Column("signature", "Signatur", "KBE"),
    Column("start_date", "Startdatum", "2026-08-10", required=True),
    Column("end_date", "Slutdatum"),
    *CONTACT,
    Column("mentor_of", "Mentor för klass", "4A"),
)
GROUPS = (
    Column("school_unit", "Skolenhetskod", "99000001", required=True),
    Column("group_name", "Grupp", "Franska 6", required=True),
    Column("group_type", "Grupptyp", "Undervisning", required=True),
    Column("civic_no", "Personnummer", "20150323-2391", required=True),
    Column("start_date", "Startdatum", "2026-08-17", required=True),
    Column("end_date", "Slutdatum"),
)
TEMPLATES = {Template.PUPILS: PUPILS, Template.STAFF: STAFF, Template.GROUPS: GROUPS}


def codes_by_heading(template: str, headings: list[str]) -> dict[str, str]:
    """Which column each heading of a file is. Raises Unreadable when one is missing; unknown ones are passed over."""
    columns = {column.heading.lower(): column for column in TEMPLATES[Template(template)]}
    missing = [column.heading for heading, column in columns.items() if column.required and heading not in headings]
    if missing:
        raise Unreadable(_("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    return {heading: columns[heading].code for heading in headings if heading in columns}

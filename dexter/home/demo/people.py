"""Who one can be in the demo: for the local e-identification provider, and for the table on the terminal."""

from __future__ import annotations

from typing import Any

from dexter.lib import civic
from registry.models import CivicNumber, DutyRole

from .cast import CAST, PASSWORD, TOTP_SECRET, Role

NUMBER_CLAIM = "https://id.oidc.se/claim/personalIdentityNumber"
HIGH, LOW = "http://id.elegnamnden.se/loa/1.0/loa3", "http://id.elegnamnden.se/loa/1.0/loa2"
UNKNOWN_NUMBER = "195001182046"  # an official test number that nobody in the demo has


def sub_of(role: Role) -> str:
    """What stands on the provider's button."""
    return f"{role.given} {role.family} – {role.what}" if role.what else f"{role.given} {role.family}"


def eid_people() -> list[dict[str, Any]]:
    """The grown-ups of the cast with their claims, one with too low a level, and one whom the register does not know."""
    numbers = _numbers()
    people = [_person(sub_of(role), numbers[role.key], HIGH, role) for role in CAST if role.age >= 18 and role.key in numbers]
    first = next(role for role in CAST if role.key == "amira")
    people.append(_person("Amira Haddad – med för låg tillitsnivå", numbers["amira"], LOW, first))
    people.append(_person("Okänd Person – finns inte i registret", UNKNOWN_NUMBER, HIGH, None))
    return people


def _person(sub: str, number: str, acr: str, role: Role | None) -> dict[str, Any]:
    return {
        "sub": sub,
        "acr": acr,
        NUMBER_CLAIM: number,
        "given_name": role.given if role else "Okänd",
        "family_name": role.family if role else "Person",
    }


def _numbers() -> dict[str, str]:
    """The cast's numbers by key; names are unique among the demo's grown-ups of the cast by their order of making."""
    found: dict[str, str] = {}
    for role in CAST:
        rows = CivicNumber.objects.filter(person__given_name=role.given, person__family_name=role.family, replaced_at=None)
        row = rows.order_by("person_id").filter(**_mark(role)).first()
        if row:
            found[role.key] = civic.decrypt(row.encrypted)
    return found


def _mark(role: Role) -> dict[str, Any]:
    """What tells the cast's member from a namesake: the account, the duty or the children."""
    if role.username:
        return {"person__account__username": role.username}
    if role.guards or role.ended:
        child = next(other for other in CAST if other.key == (*role.guards, *role.ended)[0])
        return {"person__guardianships__child__given_name": child.given}
    return {}


def table() -> list[tuple[str, str, str]]:
    """Who, how one signs in, what one sees."""
    rows = []
    for role in CAST:
        ways = ["e-legitimation"] if role.age >= 18 else []
        if role.username:
            ways.append(f"{'personal' if role.duty and role.duty[1] in DutyRole else 'elev'}: {role.username}")
        if role.what:
            rows.append((f"{role.given} {role.family}", " eller ".join(ways), role.what))
    return rows


SECRETS = f"Lösenord för alla: {PASSWORD}   Nyckel till kodapp för personal: {TOTP_SECRET}"

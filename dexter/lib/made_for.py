"""For whom a form was made, signed: a form that is sent after the sign-in has ended is kept for that person alone."""

from __future__ import annotations

from uuid import UUID

from django.core import signing

SALT = "dexter.form"


def made_for(person_id: UUID) -> str:
    return signing.Signer(salt=SALT).sign(person_id.hex)


def person_of(signed: str | None) -> UUID | None:
    """None for a value that Dexter did not make."""
    try:
        return UUID(signing.Signer(salt=SALT).unsign(signed or ""))
    except (signing.BadSignature, ValueError):
        return None

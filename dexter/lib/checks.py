"""What a database must be able to do before anything is stored in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def database_folds_swedish_letters(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Search and order rely on lower(); a server made with the C locale leaves Å, Ä and Ö as they are."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT lower('ÅSA')")
            row = cursor.fetchone()
        if row != ("åsa",):
            hint = "Make the database with a UTF-8 locale, for example C.UTF-8 or sv_SE.UTF-8."
            faults.append(Error("The database does not fold Å, Ä and Ö to lower case.", hint=hint, id="dexter.E001"))
    return faults

"""Changes of what the municipality says of itself. Two savers at once: the second sees both texts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.home import reads
from dexter.home.models import Municipality, SiteText
from dexter.lib.access import Actor, require
from dexter.lib.forms import OUTDATED


@transaction.atomic
def edit_contact(*, actor: Actor, values: dict[str, str], version: int) -> Municipality:
    """Save name and contact; raises ValidationError (code "outdated") when somebody saved since `version`."""
    require(actor, "home.edit_site")
    row = Municipality.objects.select_for_update().first() or Municipality()
    if row.version != version:
        raise _outdated()
    for field, value in values.items():
        setattr(row, field, value)
    row.version += 1
    row.save()
    record(actor=actor, action="home.edit_contact", object_id=row.pk, details={"version": row.version})
    return row


@transaction.atomic
def edit_site_text(*, actor: Actor, kind: str, language: str, text: str, version: int) -> SiteText:
    """Save one of the texts; raises ValidationError (code "outdated") when somebody saved since `version`."""
    require(actor, "home.edit_site")
    row = SiteText.objects.select_for_update().filter(kind=kind, language=language).first() or reads.site_text(kind, language)
    if row.version != version:
        raise _outdated()
    row.text, row.version = text, version + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as first_saver_won:
        raise _outdated() from first_saver_won
    record(actor=actor, action="home.edit_site_text", object_id=row.pk, details={"kind": kind, "version": row.version})
    return row


def _outdated() -> ValidationError:
    return ValidationError(
        _("Somebody else saved meanwhile. Their text stands below yours: put the two together and save again."), code=OUTDATED
    )

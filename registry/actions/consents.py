"""What an adult pupil decides: whether a former guardian may read on."""

from __future__ import annotations

from django.db import transaction

from dexter.audit.actions import record
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import Guardianship


@transaction.atomic
def give_consent(*, actor: Actor, guardianship: Guardianship) -> None:
    """The former guardian reads on, as before the eighteenth birthday, until the pupil takes it back."""
    require(actor, "registry.consent", guardianship)
    Guardianship.objects.filter(pk=guardianship.pk, consented_at=None).update(consented_at=days.now())
    record(
        actor=actor, action="registry.give_consent", subjects=[guardianship.child_id, guardianship.guardian_id], object_id=guardianship.pk
    )


@transaction.atomic
def withdraw_consent(*, actor: Actor, guardianship: Guardianship) -> None:
    """Nothing opens for the former guardian from the next request. Once more changes nothing."""
    require(actor, "registry.consent", guardianship)
    Guardianship.objects.filter(pk=guardianship.pk).update(consented_at=None)
    subjects = [guardianship.child_id, guardianship.guardian_id]
    record(actor=actor, action="registry.withdraw_consent", subjects=subjects, object_id=guardianship.pk)

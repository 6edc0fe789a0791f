"""Disposal by rule: decided, proposed with a package for the archive, confirmed by another person (arkivlagen 10 §).

Carried out by `manage.py carry_out_disposals` (retention/disposing.py), since the web role may not delete the log.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.audit.models import Entry
from dexter.home import reads
from dexter.home.documents.disposal import disposal_package
from dexter.home.models import DisposalBatch, RetentionRule
from dexter.home.retention.due import cutoff_of, due
from dexter.lib import days
from dexter.lib.access import Actor, require


@transaction.atomic
def edit_retention_rule(*, actor: Actor, rule: RetentionRule, values: dict[str, Any], version: str) -> None:
    """Save the municipality's own time and decision. Raises ValidationError when somebody saved since `version`, or a batch is open."""
    require(actor, "home.dispose")
    row = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    if row.modified_at.isoformat() != version:
        raise ValidationError(_("Somebody else changed it meanwhile. Look at it again."))
    if row.batches.filter(carried_out_at=None).exists():
        raise ValidationError(_("A disposal under this rule is open. Carry it out or take it back first."))
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(actor=actor, action="home.edit_retention_rule", object_id=row.pk, details={"rule": row.code})


@transaction.atomic
def propose_disposal(*, actor: Actor, rule: RetentionRule) -> DisposalBatch:
    """Pack what is due today. Raises ValidationError without a decision, without anything due, or beside an open batch."""
    require(actor, "home.dispose")
    if rule.outcome != RetentionRule.Outcome.DISPOSE or not rule.decision_reference:
        raise ValidationError(_("Nothing is disposed of without a decision. Write its reference on the rule first."))
    cutoff = cutoff_of(rule)
    rows = due(rule.code, cutoff)
    keys = {part.model._meta.label: [str(key) for key in part.order_by("pk").values_list("pk", flat=True)] for part in rows}
    if not any(keys.values()):
        raise ValidationError(_("Nothing is due under this rule."))
    package = disposal_package(rule, cutoff.isoformat(), rows, municipality=reads.municipality().name)
    values = {"counts": {label: len(found) for label, found in keys.items()}, "keys": keys, "package": package}
    proposed = {"proposed_by_id": actor.person_id, "proposed_at": days.now(), "package_sha256": hashlib.sha256(package).hexdigest()}
    try:
        with transaction.atomic():
            batch = DisposalBatch.objects.create(rule=rule, cutoff=cutoff, **values, **proposed)
    except IntegrityError:
        raise ValidationError(_("A disposal under this rule is open. Carry it out or take it back first.")) from None
    record(actor=actor, action="home.propose_disposal", object_id=batch.pk, details={"rule": rule.code, "rows": sum(batch.counts.values())})
    return batch


@transaction.atomic
def confirm_disposal(*, actor: Actor, batch: DisposalBatch) -> None:
    """Another person says that it goes. Raises ValidationError for who proposed it, and before the package was fetched."""
    require(actor, "home.dispose")
    row = DisposalBatch.objects.select_for_update().get(pk=batch.pk)
    if row.confirmed_at or row.carried_out_at:
        raise ValidationError(_("It is confirmed already."))
    if row.proposed_by_id == actor.person_id:
        raise ValidationError(_("Somebody else confirms what you proposed."))
    if not Entry.objects.filter(action="home.download_disposal", object_id=row.pk).exists():
        raise ValidationError(_("Fetch the package and hand it to the archive first."))
    row.confirmed_by_id, row.confirmed_at = actor.person_id, days.now()
    row.save()
    record(actor=actor, action="home.confirm_disposal", object_id=row.pk, details={"rows": sum(row.counts.values())})


@transaction.atomic
def withdraw_disposal(*, actor: Actor, batch: DisposalBatch) -> None:
    """Take a batch back that was not carried out; its package goes with it."""
    require(actor, "home.dispose")
    key = batch.pk
    if not DisposalBatch.objects.filter(pk=key, carried_out_at=None).delete()[0]:
        raise ValidationError(_("It is carried out already."))
    record(actor=actor, action="home.withdraw_disposal", object_id=key)

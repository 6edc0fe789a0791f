"""Giving out what is known about a person: drafted by one, reviewed for secrecy by another, then released (OSL 6:4; GDPR 15)."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dexter.audit.actions import record
from dexter.home.extract.gathering import gather, sections_offered
from dexter.home.extract.masking import frozen
from dexter.home.models import Disclosure
from dexter.lib import days
from dexter.lib.access import Actor, require
from registry.models import Person


@transaction.atomic
def draft_disclosure(*, actor: Actor, person: Person, kind: str, purpose: str, sections: Collection[str]) -> Disclosure:
    """Gather what there is at this moment, with everything masked that can be. An extract for the person holds every section.

    Raises ValidationError for records about a protected person to others: those are given out by hand, if at all.
    """
    require(actor, "home.disclose", person)
    to_others = kind == Disclosure.Kind.DISCLOSURE
    if to_others:
        _refuse_protected(person)
    offered = sections_offered(to_others=to_others)
    chosen = [label for label in offered if label in sections] if to_others else offered
    content = gather(person, chosen, to_others=to_others)
    if not content:
        raise ValidationError({"sections": _("There is nothing to give out in what you chose.")})
    drafter = {"drafted_by_id": actor.person_id, "edited_by_id": actor.person_id, "drafted_at": days.now()}
    disclosure = Disclosure.objects.create(kind=kind, subject=person, purpose=purpose, content=content, **drafter)
    record(actor=actor, action="home.draft_disclosure", subjects=[person.pk], object_id=disclosure.pk, details={"kind": kind})
    return disclosure


@transaction.atomic
def mask_disclosure(*, actor: Actor, disclosure: Disclosure, opened: Collection[str], version: int) -> None:
    """Choose which masks are lifted. A review that was made falls away."""
    row = _current(actor, disclosure, version)
    row.opened, row.edited_by_id = sorted(opened), actor.person_id
    row.reviewed_by = row.reviewed_at = None
    _save(row)
    record(actor=actor, action="home.mask_disclosure", subjects=[row.subject_id], object_id=row.pk, details={"opened": len(row.opened)})


@transaction.atomic
def review_disclosure(*, actor: Actor, disclosure: Disclosure, version: int) -> None:
    """Answer for the secrecy of exactly this version. Raises ValidationError for who drafted it or chose its masks."""
    row = _current(actor, disclosure, version)
    if actor.person_id in (row.drafted_by_id, row.edited_by_id):
        raise ValidationError(_("Somebody else reviews what you drafted or masked."))
    row.reviewed_by_id, row.reviewed_at = actor.person_id, days.now()
    _save(row)
    record(actor=actor, action="home.review_disclosure", subjects=[row.subject_id], object_id=row.pk)


@transaction.atomic
def release_disclosure(*, actor: Actor, disclosure: Disclosure, version: int) -> None:
    """From now on it can be fetched and never changes; what is masked leaves the row. Raises ValidationError before a review."""
    row = _current(actor, disclosure, version)
    if row.reviewed_at is None:
        raise ValidationError(_("The secrecy has not been reviewed yet."))
    row.content, row.released_by_id, row.released_at = frozen(row), actor.person_id, days.now()
    _save(row)
    record(actor=actor, action="home.release_disclosure", subjects=[row.subject_id], object_id=row.pk)


def _current(actor: Actor, disclosure: Disclosure, version: int) -> Disclosure:
    """The row, locked; raises ValidationError when it was released or changed since `version`."""
    require(actor, "home.disclose", disclosure.subject)
    row = Disclosure.objects.select_for_update(of=("self",)).select_related("subject").get(pk=disclosure.pk)
    if row.released_at:
        raise ValidationError(_("It is released and never changes."))
    if row.version != version:
        raise ValidationError(_("Somebody else changed it meanwhile. Look at it again."))
    if row.kind == Disclosure.Kind.DISCLOSURE:
        _refuse_protected(row.subject)
    return row


def _refuse_protected(person: Person) -> None:
    if person.is_protected or person.agreed_name:
        raise ValidationError(_("Records about a person with protected identity are not given out here."))


def _save(row: Disclosure) -> None:
    row.version += 1
    row.save()

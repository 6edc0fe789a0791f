"""Questions about accounts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from dexter.lib import days
from registry.models import Duty, Group, GroupMembership

from .models import User


def account_key(username: str) -> str:
    """What failed attempts are counted under: the account's id, or the name typed when there is no such account."""
    known = User.objects.filter(username=username).values_list("pk", flat=True).first()
    return str(known or username)


def second_factors(user: User) -> QuerySet[Authenticator]:
    factors: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).order_by("created_at")
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES)


def has_second_factor(user: User) -> bool:
    return second_factors(user).exists()


def without_account(group: Group) -> set[UUID]:
    """Ids of the members, today and to come, who have no account of any kind, and no duty that an account would open."""
    employed = Duty.objects.on_or_after(days.today()).values("person")
    members = GroupMembership.objects.on_or_after(days.today()).filter(group=group).exclude(person__in=employed)
    return set(members.exclude(person__in=User.objects.values("person")).values_list("person_id", flat=True))


def usernames_like(bases: Iterable[str]) -> set[str]:
    """The user names that begin as any of `bases`."""
    begins = [Q(username__startswith=base) for base in set(bases)]
    names = User.objects.filter(reduce(or_, begins)).values_list("username", flat=True) if begins else []
    return {name for name in names if name}

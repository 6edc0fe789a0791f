"""Questions about accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

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

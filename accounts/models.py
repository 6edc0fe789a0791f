"""Who signs in: an account of one registered person. The facts know persons alone, never accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from dexter.lib.models import uuid7
from registry.models import Person


class User(AbstractBaseUser):
    """An account; `username` is null for people who only ever use e-identification. It is never a civic number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    username = models.CharField(max_length=60, unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["person"]

    def __str__(self) -> str:
        return str(self.pk)


class EnrolmentCode(models.Model):
    """An administrator's one-time code with which somebody on the staff enrols a second factor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="enrolment_codes")
    code_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Throttle(models.Model):
    """Failed attempts behind one key (a hash: no account or address is stored) since the window began."""

    key = models.BinaryField(primary_key=True, max_length=32)
    failures = models.PositiveIntegerField(default=0)
    window_began = models.DateTimeField()

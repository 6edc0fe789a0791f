"""Keeping and forgetting files, inside the transaction of the action that they belong to."""

from __future__ import annotations

import hashlib
from pathlib import PurePath, PureWindowsPath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from .models import StoredFile

NAME_LENGTH = 120


def keep_upload(upload: UploadedFile, media_type: str, largest: int) -> StoredFile:
    """Store what was sent; `media_type` is ours, never the sender's. Raises ValidationError above `largest` bytes."""
    if upload.size is None or upload.size > largest:
        raise ValidationError(_("The file is larger than %(size)s.") % {"size": filesizeformat(largest)})
    content = upload.read()
    return keep(plain_name(upload.name or ""), media_type, content)


def keep(name: str, media_type: str, content: bytes) -> StoredFile:
    digest = hashlib.sha256(content).digest()
    return StoredFile.objects.create(name=name, media_type=media_type, size=len(content), sha256=digest, content=content)


def digest_of(upload: UploadedFile) -> bytes:
    """The SHA-256 of what was sent, which can be read again afterwards."""
    digest = hashlib.sha256(upload.read()).digest()
    upload.seek(0)
    return digest


def plain_name(name: str) -> str:
    """The last part of any path, Windows' too, without control characters; what is too long loses its beginning."""
    last = PurePath(PureWindowsPath(name).name).name
    return "".join(sign for sign in last if sign.isprintable())[-NAME_LENGTH:] or "file"

"""Which kinds of files a page takes, told by what they hold and not by their name alone.

Nothing that a browser would run is among them (HTML, SVG, scripts), nor documents with macros.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from .actions import plain_name

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
LONGEST_TYPE = 200  # bytes read of what a document says it is, however large it claims to be
MP3_FRAME, MP3_MASK = 0xFFE0, 0xFFE0  # the eleven bits that begin each frame of MPEG audio
BROKEN = (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, struct.error, zlib.error, lzma.LZMAError)  # a package made to be
SHOWN = "pdf, docx, xlsx, pptx, odt, ods, odp, png, jpg, webp, txt, mp3, mp4"


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _office(folder: str) -> Callable[[bytes], bool]:
    """A package of Office Open XML whose document lies in `folder`, without macros."""

    def holds(content: bytes) -> bool:
        names = {name.lower() for name in _names(content)}
        macros = any(name.endswith("vbaproject.bin") for name in names)
        return "[content_types].xml" in names and any(name.startswith(f"{folder}/") for name in names) and not macros

    return holds


def _open_document(kind: str) -> Callable[[bytes], bool]:
    """A package of OpenDocument that says of itself to be `kind`, without macros."""

    def holds(content: bytes) -> bool:
        names = _names(content)
        macros = any(name.lower().startswith(("basic/", "scripts/")) for name in names)
        return "mimetype" in names and not macros and _said(content) == f"{OPEN_DOCUMENT}{kind}"

    return holds


def _names(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.namelist()
    except BROKEN:
        return []


def _said(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("mimetype") as file:
            return file.read(LONGEST_TYPE).decode("ascii", "replace").strip()
    except BROKEN:
        return ""


def _webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _mp3(content: bytes) -> bool:
    return content.startswith(b"ID3") or (len(content) > 1 and int.from_bytes(content[:2]) & MP3_MASK == MP3_FRAME)


def _mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _text(content: bytes) -> bool:
    """Plain words: UTF-8 without control signs, that does not begin as markup."""
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t\f" for sign in words) and not words.lstrip().startswith(("<", "#!"))


KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "docx": (f"{OFFICE}wordprocessingml.document", _office("word")),
    "xlsx": (f"{OFFICE}spreadsheetml.sheet", _office("xl")),
    "pptx": (f"{OFFICE}presentationml.presentation", _office("ppt")),
    "odt": (f"{OPEN_DOCUMENT}text", _open_document("text")),
    "ods": (f"{OPEN_DOCUMENT}spreadsheet", _open_document("spreadsheet")),
    "odp": (f"{OPEN_DOCUMENT}presentation", _open_document("presentation")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "webp": ("image/webp", _webp),
    "txt": ("text/plain; charset=utf-8", _text),
    "mp3": ("audio/mpeg", _mp3),
    "mp4": ("video/mp4", _mp4),
}


def media_type_of(upload: UploadedFile) -> str:
    """The media type that the content bears out. Raises ValidationError for an empty file, another kind, or a false ending."""
    content: bytes = upload.read()
    upload.seek(0)
    if not content:
        raise ValidationError(_("The file is empty."))
    ending = PurePath(plain_name(upload.name or "")).suffix.lower().lstrip(".")
    if ending not in KINDS:
        raise ValidationError(_("That kind of file is not taken. Choose one of %(kinds)s.") % {"kinds": SHOWN})
    media_type, holds = KINDS[ending]
    if not holds(content):
        raise ValidationError(
            _("The file is not what its name says (%(ending)s). Save it anew in its program and try again.") % {"ending": ending}
        )
    return media_type

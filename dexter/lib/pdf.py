"""PDF files by typst. What is told reaches the document as data (`sys.inputs.data`, JSON), never as typst source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

ACCESSIBLE: Literal["ua-1"] = "ua-1"  # what people read: an inaccessible document fails
ARCHIVED: Literal["a-2b"] = "a-2b"  # what is kept


def compile_pdf(source: Path, data: Mapping[str, Any], standard: Literal["ua-1", "a-2b"]) -> bytes:
    """The document of the typst file `source` with `data`; fonts are those that typst brings, so it is the same everywhere."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    document: bytes = typst.compile(
        source.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards=[standard], ignore_system_fonts=True
    )
    return document

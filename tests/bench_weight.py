"""What a guardian's phone fetches, compressed as the server sends it: the first visit with all that the page links, and the next page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from dexter.lib.access import Role

LINKED = re.compile(rf'(?:href|src)="{re.escape(settings.STATIC_URL)}([^"]+\.(?:css|js))"')
FONT = re.compile(rb"url\([\"']?([^\"')]+\.woff2)")


def linked(page: str) -> dict[str, int]:
    """Bytes of the style sheets, scripts and fonts that a page asks for, by name; files lie compressed beside themselves."""
    weights: dict[str, int] = {}
    for name in dict.fromkeys(LINKED.findall(page)):
        path = Path(settings.STATIC_ROOT) / name
        content = path.read_bytes()
        weights[name] = len(gzip.compress(content))
        for font in FONT.findall(content):
            file = (path.parent / font.decode()).resolve()
            weights[str(file)] = file.stat().st_size
    return weights


def measure(keys: dict[str, str], browser: Callable[..., Any]) -> None:
    guardian = browser(keys, "amira", Role.GUARDIAN)
    first, following = (guardian.get(path).content.decode() for path in ("/start/", "/franvaro/"))
    files = linked(first)
    kept = sum(weight for name, weight in linked(following).items() if name not in files)
    visits = (len(gzip.compress(first.encode())) + sum(files.values()), len(gzip.compress(following.encode())) + kept)
    print(f"\nweight of a guardian's page: first visit {visits[0] / 1000:.0f} kB, next {visits[1] / 1000:.1f} kB", flush=True)

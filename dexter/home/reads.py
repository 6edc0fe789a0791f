from __future__ import annotations

from django.template.loader import render_to_string

from .models import Municipality, SiteText


def municipality() -> Municipality:
    """The one row, or what stands in for it before there is any."""
    return Municipality.objects.first() or Municipality()


def site_text(kind: str, language: str) -> SiteText:
    """The municipality's text, or (version 0) the one that comes with Dexter."""
    own = SiteText.objects.filter(kind=kind, language=language).first()
    if own:
        return own
    standard = render_to_string(f"home/standard_texts/{kind}.{language}.txt")
    return SiteText(kind=kind, language=language, text=standard.strip(), version=0)

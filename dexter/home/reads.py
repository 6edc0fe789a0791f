from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string

from .extract.wording import section_title
from .models import DisposalBatch, Municipality, RetentionRule, SiteText
from .retention.due import CATEGORIES, cutoff_of, due

TEXT_LANGUAGES = ("sv", "en")  # of home/standard_texts


def municipality() -> Municipality:
    """The one row, or what stands in for it before there is any."""
    return Municipality.objects.first() or Municipality()


def site_text(kind: str, language: str) -> SiteText:
    """The municipality's text, or (version 0) the one that comes with Dexter."""
    language = text_language(language)
    own = SiteText.objects.filter(kind=kind, language=language).first()
    if own:
        return own
    standard = render_to_string(f"home/standard_texts/{kind}.{language}.txt")
    return SiteText(kind=kind, language=language, text=standard.strip(), version=0)


def text_language(language: str) -> str:
    """The language in which a public text is kept: the reader's where Dexter brings one, else the site's."""
    return language if language in TEXT_LANGUAGES else settings.LANGUAGE_CODE


def edited_language(kind: SiteText.Kind, language: str) -> str:
    """Of a public text that of the reader; documents are written in the language of the authority alone."""
    return text_language(language) if kind.is_public else settings.LANGUAGE_CODE


def with_due(rules: Iterable[RetentionRule]) -> list[RetentionRule]:
    """The rules with `is_automatic` (Dexter can dispose of it) and `due_rows` of the next batch; some statements a category."""
    found = list(rules)
    for rule in found:
        rule.is_automatic = rule.code in CATEGORIES and rule.outcome == RetentionRule.Outcome.DISPOSE
        rule.due_rows = sum(rows.count() for rows in due(rule.code, cutoff_of(rule))) if rule.is_automatic else 0
    return found


def named_counts(batch: DisposalBatch) -> list[tuple[str, int]]:
    """What the batch holds, in words."""
    return [(section_title(apps.get_model(label)), count) for label, count in batch.counts.items()]

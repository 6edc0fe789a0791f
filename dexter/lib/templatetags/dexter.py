"""What templates need beside Django's own: icons, the role of a form, days and times as people say them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template.defaultfilters import date as format_date
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dexter.lib import days
from dexter.lib.made_for import made_for

register = template.Library()
ICON_NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A lucide icon inside the text, unseen by screen readers; raises FileNotFoundError for a name that is none."""
    if not ICON_NAME.fullmatch(name):
        raise FileNotFoundError(name)
    svg = (settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    svg = re.sub(r"<!--.*?-->|\sclass=\"[^\"]*\"|\sxmlns=\"[^\"]*\"|\s(?:width|height)=\"24\"", "", svg, flags=re.DOTALL)
    return mark_safe(" ".join(svg.replace("<svg", '<svg class="icon" aria-hidden="true" focusable="false"', 1).split()))  # noqa: S308


@register.simple_tag(takes_context=True)
def form_security(context: dict[str, Any]) -> SafeString:
    """Inside each form that changes something: against forged requests, in which role it is sent, and for whom the page was made."""
    request = context["request"]
    fields = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    actor = getattr(request, "actor", None)
    if not actor:
        return fields
    fields += format_html('<input type="hidden" name="_role" value="{}">', actor.role)
    return fields + format_html('<input type="hidden" name="_who" value="{}">', made_for(actor.person_id))


@register.filter
def school_day(day: date | None) -> str:
    """A day, or the school's day of a moment, as people say it: today, tomorrow, or weekday and date."""
    if day is None:
        return ""
    day = days.day_of(day) if isinstance(day, datetime) else day
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - days.today()).days)
    return near or long_day(day)


@register.filter
def long_day(day: date) -> str:
    """Weekday, day and month, in the order of the language; the year when it is not this one."""
    year = "" if day.year == days.today().year else " Y"
    return format_date(day, ("l j F" if get_language() == "sv" else "l, j F") + year)


@register.filter
def short_day(day: date) -> str:
    """Weekday, day and month in short, for tables."""
    return format_date(day, "D j b" if get_language() == "sv" else "D j M")


@register.filter
def clock(moment: datetime | None) -> str:
    """Hours and minutes of the school's clock."""
    return moment.astimezone(days.STOCKHOLM).strftime("%H:%M") if moment else ""


@register.filter
def said_at(moment: datetime) -> str:
    """Day and time as people say them: "today 07:12"."""
    return f"{school_day(days.day_of(moment))} {clock(moment)}"


@register.filter
def last_day(day: Any) -> bool:
    """Whether a moment's time is midnight: the end of a whole day."""
    return bool(day.astimezone(days.STOCKHOLM).time() == datetime.min.time())


@register.filter
def plain_text(text: str) -> SafeString:
    """Paragraphs, `## ` headings and links of a plain text; everything else is shown as it was written."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        if block.startswith("## "):
            blocks.append(format_html('<h2 class="ds-heading" data-size="sm">{}</h2>', block[3:].strip()))
        else:
            blocks.append(format_html("<p>{}</p>", mark_safe(urlize(escape(block)).replace("\n", "<br>"))))  # noqa: S308
    return mark_safe("\n".join(blocks))  # noqa: S308


@register.filter
def days_after(day: date, count: int) -> date:
    return day + timedelta(days=count)


@register.filter
def hours_minutes(minutes: int) -> str:
    """Minutes as people say them: 50 min, 3 h, 3 h 20 min."""
    hours, rest = divmod(int(minutes), 60)
    words = [_("%(count)d h") % {"count": hours}] if hours else []
    return " ".join([*words, _("%(count)d min") % {"count": rest}] if rest or not hours else words)

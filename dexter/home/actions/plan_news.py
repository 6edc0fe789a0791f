"""Homes are told once, in their digest, of what was published for their groups."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dexter.audit.actions import record
from dexter.home.models.message import last_gathering
from dexter.home.school_messages.plan_news import of_digest, plan_news
from dexter.lib.access import System
from dexter.notices.actions import Owed, queue_notices
from dexter.notices.models import Channel, Notice
from registry import reads as registry

KIND = "home.plan_news"
PERIODS = {False: timedelta(days=1), True: timedelta(days=7)}  # between two digests, by whether they are weekly
CATCH_UP = timedelta(days=2)  # for how long a digest that no worker made is still made


@transaction.atomic
def tell_of_plans(*, now: datetime, weekly: bool) -> int:
    """Queue one notice each for the homes with news since the digest before; gives how many. Asked again it finds them told."""
    until = last_gathering(now, weekly=weekly)
    if now - until > CATCH_UP:
        return 0
    first = until - PERIODS[weekly]
    news = plan_news(first, until)
    ids = {"first": first.isoformat(), "until": until.isoformat()}
    known = Notice.objects.filter(kind=KIND, recipient_id__in=news, ids__until=ids["until"]).values_list("recipient_id", flat=True)
    persons = of_digest(news.keys() - set(known), weekly=weekly)
    if not persons:
        return 0
    ways = registry.ways_to_tell(persons)
    owed = [Owed(KIND, person, ways[person].addresses, ids, Channel.EMAIL) for person in sorted(persons) if ways[person].addresses]
    queue_notices(owed)
    record(actor=System(), action="home.tell_of_plans", details={"notices": len(owed)})
    return len(owed)

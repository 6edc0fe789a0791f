"""Account and session of a request, found by questions whose text is kept: every request asks both."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from dexter.lib import days
from dexter.lib.written import Written, slot

from .models import User


class Backend(ModelBackend):
    def get_user(self, user_id: Any) -> User | None:
        """None for an account that is closed."""
        found = _account().ask(user=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


class SessionStore(db.SessionStore):
    """In the database; one that is over is as good as none."""

    def _get_session_from_db(self) -> Session | None:
        found = _session().ask(key=self.session_key) if self.session_key else []
        if found and found[0].expire_date > days.now():
            stored: Session = found[0]
            return stored
        self._session_key = None
        return None


@lru_cache(maxsize=1)
def _account() -> Written:
    return Written(User.objects.filter(pk=slot("user")), "user")


@lru_cache(maxsize=1)
def _session() -> Written:
    return Written(Session.objects.filter(session_key=str(slot("key"))), "key")

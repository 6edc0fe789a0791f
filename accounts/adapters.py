"""Where allauth asks the project."""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from dexter.lib import civic

TIMEOUT = 5  # seconds that a provider has to answer


class ImpatientSession(requests.Session):
    """Gives up on a provider that is slow, and follows it nowhere else."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": TIMEOUT, "allow_redirects": False, **kwargs})


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        return ImpatientSession()


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted under the data keys."""

    def encrypt(self, text: str) -> str:
        return civic.encrypt(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return civic.decrypt(encrypted_text.encode())

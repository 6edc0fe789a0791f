"""E-identification: OpenID Connect, code flow, with everything checked that allauth leaves to the caller.

allauth gives discovery, PKCE, the one-time state and the exchange of the code. Added here: a nonce, the level asked for
as an essential claim and checked, the signature of the ID token, `sub` equal in both answers. Sources: OpenID Connect
Core 1.0 sections 3.1.3.7 and 5.5.1; the Swedish OpenID Connect profile.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from dexter.lib import civic
from dexter.lib.configuration import EidProvider

from .adapters import ImpatientSession

ALGORITHMS = ["RS256", "PS256", "ES256"]
SCOPE = ["openid", "profile", "https://id.oidc.se/scope/naturalPersonNumber"]
NUMBER_CLAIMS = ("https://id.oidc.se/claim/personalIdentityNumber", "https://id.oidc.se/claim/coordinationNumber")
FRESH_SECONDS = 300  # how old an authentication may be when somebody confirms who they are
CLOCK_SKEW = 30  # seconds


class Failed(Exception):
    """The identification did not succeed; `reason` is one of cancelled, expired, refused, too_low, unreachable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """What the provider vouched for."""

    civic_no: civic.CivicNo
    state: dict[str, Any]  # what `begin` put aside: purpose, next


class Adapter(OpenIDConnectOAuth2Adapter):
    """allauth's adapter for a provider of the settings, with our own callback address."""

    def __init__(self, request: HttpRequest, provider: EidProvider) -> None:
        super().__init__(request, provider["id"])
        self.configured = provider
        self.app = SocialApp(
            provider="openid_connect",
            provider_id=provider["id"],
            name=provider["name"],
            client_id=provider["client_id"],
            secret=provider["secret"],
            settings={"server_url": provider["server_url"]},
        )

    def get_provider(self) -> OpenIDConnectProvider:
        return OpenIDConnectProvider(self.request, app=self.app)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("accounts:eid_callback", args=[self.provider_id]))


def provider_named(provider_id: str) -> EidProvider:
    """Raises Http404 for a provider that is not configured."""
    for provider in settings.EID_PROVIDERS:
        if provider["id"] == provider_id:
            return provider
    raise Http404


def begin(request: HttpRequest, provider: EidProvider, **put_aside: Any) -> str:
    """The address to send the browser to; `put_aside` comes back in the identity. Raises Failed("unreachable")."""
    adapter = Adapter(request, provider)
    try:
        client, authorize_url = adapter.get_client(request, adapter.app), adapter.authorize_url
    except (requests.RequestException, ValueError, KeyError) as failure:
        raise Failed("unreachable") from failure
    pkce = generate_code_challenge()
    state = {**put_aside, "nonce": secrets.token_urlsafe(24), "pkce": pkce.pop("code_verifier")}
    client.state = statekit.stash_state(request, provider_id=provider["id"], state=state, state_id=secrets.token_urlsafe(24))
    asked = {"nonce": state["nonce"], "claims": _claims(provider), **pkce}
    if put_aside.get("fresh"):
        asked |= {"prompt": "login", "max_age": str(FRESH_SECONDS)}
    return str(client.get_redirect_url(authorize_url, SCOPE, asked))


def _claims(provider: EidProvider) -> str:
    """The level and the number are demanded as essential claims (not together with acr_values)."""
    acr = {"essential": True, "values": sorted(provider["acr"])}
    return json.dumps({"id_token": {"acr": acr, **dict.fromkeys(NUMBER_CLAIMS)}, "userinfo": dict.fromkeys(NUMBER_CLAIMS)})


def complete(request: HttpRequest, provider: EidProvider) -> Identity:
    """Turn the provider's answer into an identity; raises Failed. A state works once, for the provider it was made for."""
    state = statekit.unstash_state(request, provider_id=provider["id"], state_id=request.GET.get("state", ""))
    if state is None:
        raise Failed(_reason_of(request.GET["error"]) if "error" in request.GET else "expired")
    if "code" not in request.GET:
        raise Failed(_reason_of(request.GET.get("error", "")))
    adapter = Adapter(request, provider)
    try:
        answer = adapter.get_access_token_data(request, adapter.app, adapter.get_client(request, adapter.app), state["pkce"])
        claims = verified(answer.get("id_token", ""), adapter, state)
        userinfo = adapter._fetch_user_info(answer["access_token"])
    except requests.RequestException as failure:
        raise Failed("unreachable") from failure
    except (OAuth2Error, jwt.PyJWTError, KeyError, ValueError, AttributeError) as failure:
        raise Failed("refused") from failure
    if userinfo.get("sub") != claims["sub"]:
        raise Failed("refused")
    return Identity(_civic_no({**userinfo, **claims}), state)


def verified(id_token: str, adapter: Adapter, state: dict[str, Any]) -> dict[str, Any]:
    """The claims of a token that is ours, unaltered, current, answers our question and reaches the level.

    Raises jwt.PyJWTError for a bad token, Failed("too_low") for a level that was not asked for.
    """
    config = adapter.openid_config
    with ImpatientSession() as session:
        keys = jwt.PyJWKSet.from_dict(session.get(config["jwks_uri"]).json())
    header = jwt.get_unverified_header(id_token)
    if header.get("alg") not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError
    claims: dict[str, Any] = jwt.decode(
        id_token,
        key=_key_for(header, keys),
        algorithms=[header["alg"]],
        audience=adapter.configured["client_id"],
        issuer=adapter.configured["server_url"].rstrip("/"),
        leeway=CLOCK_SKEW,
        options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
    )
    if not secrets.compare_digest(str(claims["nonce"]), state["nonce"]):
        raise jwt.InvalidTokenError
    if claims.get("acr") not in adapter.configured["acr"]:
        raise Failed("too_low")
    if state.get("fresh") and time.time() - claims.get("auth_time", 0) > FRESH_SECONDS + CLOCK_SKEW:
        raise Failed("expired")
    return claims


def _key_for(header: dict[str, Any], keys: jwt.PyJWKSet) -> jwt.PyJWK:
    """The key that the token names; one without a name is enough when the provider has a single key (Core 10.1)."""
    named = [key for key in keys.keys if key.key_id == header.get("kid")] if "kid" in header else keys.keys
    if len(named) != 1:
        raise jwt.InvalidKeyError
    return named[0]


def _civic_no(claims: dict[str, Any]) -> civic.CivicNo:
    numbers = [str(claims[name]) for name in NUMBER_CLAIMS if claims.get(name)]
    if len(numbers) != 1:
        raise Failed("refused")
    try:
        return civic.parse(numbers[0])
    except civic.InvalidCivicNumber as failure:
        raise Failed("refused") from failure


def _reason_of(error: str) -> str:
    return {"access_denied": "cancelled", "unmet_authentication_requirements": "too_low"}.get(error, "refused")

"""What is demanded of a token, tried with real keys against a real (local) key server."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import RequestFactory

from accounts import eid
from tests.environment import HIGH, provider

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(key: Any, kid: str) -> dict[str, Any]:
    return {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "alg": "RS256", "use": "sig"}


@pytest.fixture(scope="module")
def key_server() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer = f"http://localhost:{self.server.server_address[1]}"
            config = {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/keys",
                "authorization_endpoint": f"{issuer}/go",
                "token_endpoint": f"{issuer}/t",
            }
            body = json.dumps({"keys": [published(KEY, "one")]} if self.path == "/keys" else config).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield server.server_address[1]
    server.shutdown()


@pytest.fixture
def adapter(key_server: int, rf: RequestFactory) -> eid.Adapter:
    return eid.Adapter(rf.get("/"), provider("bankid", key_server))  # type: ignore[arg-type]


def token(port: int, key: Any = KEY, kid: str = "one", algorithm: str = "RS256", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": f"http://localhost:{port}", "aud": "dexter-bankid", "sub": "x", "nonce": "n", "acr": HIGH, "iat": now, "exp": now + 60}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def test_a_right_token_is_believed(adapter: eid.Adapter, key_server: int) -> None:
    assert eid.verified(token(key_server), adapter, {"nonce": "n"})["sub"] == "x"


@pytest.mark.parametrize(
    "fault",
    [
        {"key": OTHER_KEY},
        {"kid": "two"},
        {"aud": "another"},
        {"iss": "http://localhost:1"},
        {"nonce": "replayed"},
        {"nonce": None},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
    ],
    ids=["key", "kid", "aud", "iss", "nonce", "no nonce", "no sub", "expired", "no expiry", "iat"],
)
def test_a_forged_replayed_or_expired_token_is_not(adapter: eid.Adapter, key_server: int, fault: dict[str, Any]) -> None:
    with pytest.raises(jwt.PyJWTError):
        eid.verified(token(key_server, **fault), adapter, {"nonce": "n"})


def test_an_unsigned_or_symmetric_token_is_not(adapter: eid.Adapter, key_server: int) -> None:
    for key, algorithm in ((None, "none"), ("x" * 32, "HS256")):
        with pytest.raises(jwt.PyJWTError):
            eid.verified(token(key_server, key=key, algorithm=algorithm), adapter, {"nonce": "n"})
    with pytest.raises((jwt.PyJWTError, ValueError)):
        eid.verified("", adapter, {"nonce": "n"})


@pytest.mark.parametrize("acr", ["http://id.elegnamnden.se/loa/1.0/loa2", "", None])
def test_too_low_a_level_is_told_apart(adapter: eid.Adapter, key_server: int, acr: str | None) -> None:
    with pytest.raises(eid.Failed, match="too_low"):
        eid.verified(token(key_server, acr=acr), adapter, {"nonce": "n"})


def test_a_confirmation_needs_an_identification_of_now(adapter: eid.Adapter, key_server: int) -> None:
    for auth_time, believed in ((int(time.time()), True), (int(time.time()) - 4000, False), (None, False)):
        if believed:
            assert eid.verified(token(key_server, auth_time=auth_time), adapter, {"nonce": "n", "fresh": True})
        else:
            with pytest.raises(eid.Failed, match="expired"):
                eid.verified(token(key_server, auth_time=auth_time), adapter, {"nonce": "n", "fresh": True})


def test_the_request_asks_for_the_level_with_state_nonce_and_pkce(client: Any, db: None, key_server: int, settings: Any) -> None:
    settings.EID_PROVIDERS = [provider("bankid", key_server)]
    response = client.post("/logga-in/e-legitimation/bankid/", {"next": "https://evil.example/"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}
    assert json.loads(asked["claims"])["id_token"]["acr"] == {"essential": True, "values": [HIGH]}
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len(asked["state"]) >= 22  # 128 bits
    assert len(asked["nonce"]) >= 22
    assert "acr_values" not in asked
    assert asked["redirect_uri"] == "http://testserver/logga-in/e-legitimation/bankid/svar/"


def test_a_state_works_once_and_only_for_its_provider(client: Any, db: None, key_server: int, settings: Any) -> None:
    settings.EID_PROVIDERS = [provider("bankid", key_server), provider("freja", key_server)]
    sent = parse_qs(urlsplit(client.post("/logga-in/e-legitimation/bankid/").url).query)["state"][0]
    for path in ("freja/svar/", "bankid/svar/?state=invented"):
        page = client.get(f"/logga-in/e-legitimation/{path}", {"state": sent} if "freja" in path else {})
        assert "tog för lång tid" in page.content.decode()
    cancelled = client.get("/logga-in/e-legitimation/bankid/svar/", {"state": sent, "error": "access_denied"})
    assert "Du avbröt legitimeringen" in cancelled.content.decode()
    assert "använd redan" in (
        again := client.get("/logga-in/e-legitimation/bankid/svar/", {"state": sent, "code": "c"})
    ).content.decode() or (again.status_code == 403)


def test_a_provider_that_is_down_or_unknown(client: Any, db: None) -> None:
    response = client.post("/logga-in/e-legitimation/away/")
    assert response.status_code == 503
    assert "E-legitimationen svarar inte" in response.content.decode()
    assert client.post("/logga-in/e-legitimation/finns-inte/").status_code == 404
    assert client.get("/logga-in/e-legitimation/bankid/").status_code == 405

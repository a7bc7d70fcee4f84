"""A small OpenID Connect provider on this machine: real keys, real tokens, PKCE checked; and the
ways in which a dishonest one would try to be believed."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "noko", "client-secret-of-the-tests"


class Provider:
    """``person``: who is signed in there; ``trick``: what is dishonest about the answer."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.issuer = ""
        self.person: dict[str, Any] = {
            "sub": "42",
            "email": "Secretary@Example.org",
            "email_verified": True,
            "name": "Иванова Анна",
        }
        self.trick = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person is sent back to, signed in as ``person``."""
        if self.trick == "cancelled":
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        if self.trick == "foreign state":
            answer["state"] = "somebody-else"
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form["code"], None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != challenge:
            return None
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return None
        access = secrets.token_urlsafe(8)
        self.tokens.add(access)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        if self.trick != "no id_token":
            answer["id_token"] = self.id_token()
        return answer

    def id_token(self) -> str:
        claims = {
            "iss": "https://evil.example" if self.trick == "foreign issuer" else self.issuer,
            "aud": "another-site" if self.trick == "foreign audience" else CLIENT,
            "sub": self.person["sub"],
            "iat": int(time.time()),
            "exp": int(time.time()) + (-60 if self.trick == "expired" else 60),
        }
        if self.trick == "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
        if self.trick == "shared secret":
            public = json.dumps(self.keys()["keys"][0]).encode()
            return jwt.encode(claims, public, algorithm="HS256", headers={"kid": "k1"})
        key = self.other_key if self.trick == "foreign key" else self.key
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k1"})

    def userinfo(self, access: str) -> dict[str, Any] | None:
        if access not in self.tokens:
            return None
        return {**self.person, "sub": "666"} if self.trick == "foreign userinfo" else self.person


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is printed."""

        def answer(self, content: Any) -> None:
            self.send_response(200 if content is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content or {"error": "invalid_grant"}).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
                return
            pages: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.configuration,
                "/jwks": provider.keys,
                "/userinfo": lambda: provider.userinfo(
                    self.headers.get("Authorization", "").removeprefix("Bearer ")
                ),
            }
            self.answer(pages[parts.path]() if parts.path in pages else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(provider.token(form))

    return Handler


@contextmanager
def running(settings: Any) -> Iterator[Provider]:
    """The provider at work, and the site knowing it."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.OIDC_ISSUER = provider.issuer
    settings.OIDC_NAME = "Госуслуги области"
    app = {"provider_id": "region", "name": settings.OIDC_NAME, "client_id": CLIENT}
    app |= {"secret": SECRET, "settings": {"server_url": provider.issuer}}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

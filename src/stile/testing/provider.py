"""A FAKE identity provider: real HTTP on this machine, real RS256 keys, real codes with PKCE; but it asks nobody for a
password and lets in whoever `person` is. For tests of signing in by OpenID Connect."""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

Claims = dict[str, Any]


@dataclass
class FakeProvider:
    """`person`: the claims of whoever signs in; None signs nobody in. `spoil`: changes the ID token's claims before
    they are signed. `now`: seconds since 1970."""

    client_id: str = "stile"
    client_secret: str = "the client's secret"
    person: Claims | None = field(
        default_factory=lambda: {"sub": "1", "preferred_username": "ada", "groups": []}
    )
    spoil: Callable[[Claims], Claims] = field(default=lambda claims: claims)
    now: Callable[[], float] = field(default=lambda: 0.0)
    host: str = "127.0.0.1"
    issuer: str = ""
    signing: RSAKey = field(default_factory=lambda: _key())
    published: list[RSAKey] = field(default_factory=list)
    asked: list[Claims] = field(default_factory=list)
    """What the browser brought to `/authorize`."""
    _codes: dict[str, Claims] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator["FakeProvider"]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._get(self)

            def do_POST(self) -> None:
                provider._post(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.published = self.published or [self.signing]
        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.issuer = f"http://{self.host}:{server.server_port}/tenant"
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def change_key(self, publish: bool = True) -> None:
        self.signing = _key()
        if publish:
            self.published = [self.signing]

    def _get(self, to: BaseHTTPRequestHandler) -> None:
        url = urlsplit(to.path)
        if url.path == "/tenant/.well-known/openid-configuration":
            base = self.issuer
            return _json(
                to,
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "jwks_uri": f"{base}/keys",
                },
            )
        if url.path == "/tenant/keys":
            return _json(to, KeySet(list(self.published)).as_dict(private=False))
        if url.path == "/tenant/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.asked.append(asked)
            told = {"state": asked["state"], "iss": self.issuer}
            if self.person is None:
                told["error"] = "access_denied"
            else:
                told["code"] = secrets.token_urlsafe()
                self._codes[told["code"]] = asked
            to.send_response(302)
            to.send_header("location", f"{asked['redirect_uri']}?{urlencode(told)}")
            to.end_headers()
            return None
        return _json(to, {"error": "not_found"}, 404)

    def _post(self, to: BaseHTTPRequestHandler) -> None:
        body = to.rfile.read(int(to.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self._codes.pop(given.get("code", ""), None)
        if asked is None or not self._may_redeem(asked, given, to.headers.get("authorization", "")):
            return _json(to, {"error": "invalid_grant"}, 400)
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "auth_time": now,
            **(self.person or {}),
        }
        token = jwt.encode({"alg": "RS256", "kid": self.signing.kid}, self.spoil(claims), self.signing)
        return _json(to, {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": token})

    def _may_redeem(self, asked: Claims, given: Claims, authorization: str) -> bool:
        proof = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        client = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return (
            asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == challenge
            and asked["redirect_uri"] == given.get("redirect_uri")
            and authorization == f"Basic {client}"
        )


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}, private=True)


def _json(to: BaseHTTPRequestHandler, told: Any, status: int = 200) -> None:
    body = json.dumps(told).encode()
    to.send_response(status)
    to.send_header("content-type", "application/json")
    to.send_header("content-length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)

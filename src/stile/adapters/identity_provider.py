"""OpenID Connect: authorization code with PKCE (RFC 7636), with `authlib` for the protocol's shapes and claims and
`joserfc` for signatures. Nothing that comes from the browser or in a token is believed before it is checked.

Source: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7; RFC 9700 (best current practice); RFC 9207 (`iss`).
"""

import hmac
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from stile.domain.errors import NotAllowed, NotConfigured, StileError
from stile.ports.proofs import Identity, Journey

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Asymmetric ones only: with a shared secret, whoever knows it could sign in as anybody; and never `none`."""
LEEWAY_S = 60
TIMEOUT_S = 5.0
LARGEST = 1024 * 1024
KEPT_S = 3600.0
"""So long the provider's description and keys are kept."""
ASK_AGAIN_S = 60.0
"""A key that is not known makes us ask again, and not more often than this."""
LONGEST_NAME = 60
NO = "The sign-in at your provider was not accepted. Please try again."


class OpenIdProvider:
    """Implements the port `IdentityProvider`. Thread-safe."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str | None, roles_claim: str, back: str
    ) -> None:
        """`back`: our address that the provider sends the browser back to, as it is registered there."""
        self._issuer, self._client, self._secret = issuer, client_id, client_secret
        self._claim, self._back = roles_claim, back
        self._lock, self._asked_at = Lock(), float("-inf")
        self._about: Mapping[str, Any] = {}
        self._keys: KeySet | None = None

    @property
    def issuer(self) -> str:
        return self._issuer

    def address(self, journey: Journey) -> str:
        about, _ = self._known()
        more: dict[str, str] = {"prompt": "login", "max_age": "0"} if journey.again else {}
        return str(
            prepare_grant_uri(
                about["authorization_endpoint"],
                client_id=self._client,
                response_type="code",
                redirect_uri=self._back,
                scope="openid profile email",
                state=journey.state,
                nonce=journey.nonce,
                code_challenge=create_s256_code_challenge(journey.verifier),
                code_challenge_method="S256",
                **more,
            )
        )

    def identity(self, journey: Journey, answer_url: str, now: datetime) -> Identity:
        told = {name: values[0] for name, values in parse_qs(urlsplit(answer_url).query).items()}
        if not hmac.compare_digest(told.get("state", "").encode(), journey.state.encode()):
            raise NotAllowed(NO)
        if told.get("iss", self._issuer) != self._issuer:  # another provider's answer, brought here
            raise NotAllowed(NO)
        if "code" not in told:
            raise NotAllowed("Your provider did not sign you in.")
        token = self._redeemed(told["code"], journey)
        return self._checked(token, journey, now)

    def _redeemed(self, code: str, journey: Journey) -> Mapping[str, Any]:
        about, _ = self._known()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "client_id": self._client,
            "code_verifier": journey.verifier,
        }
        basic = None
        if self._secret is not None:
            if "client_secret_basic" in about.get(
                "token_endpoint_auth_methods_supported", ["client_secret_basic"]
            ):
                basic = httpx.BasicAuth(self._client, self._secret)
            else:
                fields["client_secret"] = self._secret
        with _in_our_words():
            return _asked("POST", about["token_endpoint"], fields, basic)

    def _checked(self, token: Mapping[str, Any], journey: Journey, now: datetime) -> Identity:
        with _in_our_words():
            decoded = self._decoded(token["id_token"])
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client},
                    "nonce": {"essential": True, "value": journey.nonce},
                    "sub": {"essential": True},
                },
                params={
                    "client_id": self._client,
                    "nonce": journey.nonce,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
            subject = claims["sub"]
            if not isinstance(subject, str) or not 0 < len(subject) <= 255:
                raise NotAllowed(NO)
            proved = claims.get("auth_time")
            return Identity(
                self._issuer,
                subject,
                _name(claims),
                _groups(claims, self._claim),
                datetime.fromtimestamp(proved, UTC) if proved is not None else None,
            )

    def _decoded(self, token: str) -> jwt.Token:
        _, keys = self._known()
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except Exception:
            _, newer = self._known(anew=True)
            if newer is keys:
                raise
            return jwt.decode(token, newer, algorithms=ALGORITHMS)

    def _known(self, anew: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        """The provider's description and its keys. Raises NotConfigured when it cannot be had."""
        with self._lock:
            age = time.monotonic() - self._asked_at
            if self._keys is not None and age < (ASK_AGAIN_S if anew else KEPT_S):
                return self._about, self._keys
            try:
                about = _asked("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
                if about.get("issuer") != self._issuer:
                    raise NotConfigured(f"The identity provider calls itself other than {self._issuer}.")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if urlsplit(about[name]).scheme != urlsplit(self._issuer).scheme:
                        raise NotConfigured(f"The identity provider's {name} is not an https address.")
                keys = KeySet.import_key_set(_asked("GET", about["jwks_uri"]))  # type: ignore[arg-type]
            except StileError:
                raise
            except Exception as error:  # noqa: BLE001 no line, no JSON, no keys: all the same here
                if self._keys is not None:  # what is known goes on working while it cannot be reached
                    return self._about, self._keys
                raise NotConfigured(
                    f"The identity provider cannot be reached ({type(error).__name__})."
                ) from None
            self._about, self._keys, self._asked_at = about, keys, time.monotonic()
            return about, keys

    def __repr__(self) -> str:
        return f"<OpenIdProvider {self._issuer}>"


def _asked(
    method: str, url: str, fields: Mapping[str, str] | None = None, auth: httpx.BasicAuth | None = None
) -> dict[str, Any]:
    """One JSON object. No redirect is followed: a code or a secret goes where the description says."""
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, auth=auth) as client:
        request = client.build_request(method, url, data=fields, headers={"accept": "application/json"})
        answer = client.send(request, stream=True)
        try:
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise ValueError("too long")
        finally:
            answer.close()
    told = httpx.Response(200, content=body).json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def _name(claims: Mapping[str, Any]) -> str:
    for claim in ("preferred_username", "name", "email"):
        told = claims.get(claim)
        if isinstance(told, str) and told.strip():
            return " ".join(told.split())[:LONGEST_NAME]
    return f"Work account {str(claims['sub'])[:12]}"


def _groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """`a.b`: the claim of that name, or `b` inside `a`."""
    found: Any = claims
    for part in [claim] if claim in claims else claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset((found,))
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Whatever a provider or a browser sends that is not right is one refusal, which repeats none of it."""
    try:
        yield
    except StileError:
        raise
    except Exception:  # noqa: BLE001 authlib, joserfc, httpx and what is inside the token raise errors of their own
        raise NotAllowed(NO) from None

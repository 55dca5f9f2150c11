"""A FAKE authenticator: makes passkeys in software and signs as a real one does (WebAuthn, ES256, no attestation), so
that a server's checks can be tested without a browser. It asks nobody for a finger: `verified` says what it claims."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, CREDENTIAL_INCLUDED = 1, 4, 64


@dataclass
class FakeAuthenticator:
    """`origin`: the page that it believes to be on. One passkey; make another for another."""

    origin: str = "http://localhost:8000"
    verified: bool = True
    counter: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """The answer to a registration's options, both JSON."""
        asked = json.loads(options)
        self.user = _bytes(asked["user"]["id"])
        data = self._data(asked["rp"]["id"], CREDENTIAL_INCLUDED) + (
            bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + self._cose()
        )
        attested = _cbor({"fmt": "none", "attStmt": {}, "authData": data})
        told = {
            "clientDataJSON": _text(self._client("webauthn.create", asked["challenge"])),
            "attestationObject": _text(attested),
        }
        return self._answer(told)

    def prove(self, options: str) -> str:
        """The answer to a sign-in's options. Counts up where it counts at all."""
        asked = json.loads(options)
        self.counter += bool(self.counter)
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        told = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(self.user),
        }
        return self._answer(told)

    def _answer(self, response: dict[str, str]) -> str:
        id = _text(self.credential)
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": response})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _cose(self) -> bytes:
        """EC2 key, ES256, P-256 (RFC 9053, section 7.1)."""
        numbers = self._key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        return _cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _cbor(value: Any) -> bytes:
    """As much of CBOR (RFC 8949) as an attestation needs."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    assert isinstance(value, dict)
    return _head(5, len(value)) + b"".join(_cbor(key) + _cbor(each) for key, each in value.items())


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    if number < 256:
        return bytes([kind << 5 | 24, number])
    return bytes([kind << 5 | 25]) + number.to_bytes(2, "big")

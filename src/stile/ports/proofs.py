"""What proves who somebody is: codes that change, passkeys, an identity provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stile.domain.access import Staff


class OneTimeCodes(Protocol):
    """TOTP (RFC 6238): six digits of HMAC-SHA-1 over time steps of 30 s."""

    def step_of(self, secret: str, code: str, now: datetime) -> int | None:
        """The time step that the code belongs to, one step early or late allowed; None for a wrong code. Compares in
        constant time."""
        ...

    def address(self, secret: str, name: str, issuer: str) -> str:
        """`otpauth://…`, as authenticator apps read it from a QR code."""
        ...


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential: bytes
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class PasskeyUse:
    """Whose it claims to be (`user_handle`: the account's id) and which it is, before anything is verified."""

    credential: bytes
    user_handle: bytes | None


class PasskeyCeremony(Protocol):
    """WebAuthn, with user verification required and discoverable credentials. Answers come from a browser, and
    whatever is wrong with them raises NotAllowed."""

    @property
    def works(self) -> bool:
        """Whether passkeys can be had at the site's address: browsers give them over TLS, or on localhost, and never
        for a bare number."""
        ...

    def to_register(self, challenge: bytes, staff: Staff, known: Sequence[bytes]) -> str:
        """Options for the browser, JSON. `known`: credentials that the account has already."""
        ...

    def registered(self, answer: str, challenge: bytes) -> NewPasskey: ...

    def to_prove(self, challenge: bytes, allowed: Sequence[bytes] = ()) -> str:
        """Options for the browser, JSON. `allowed`: empty for whichever passkey the person has here."""
        ...

    def which(self, answer: str) -> PasskeyUse: ...

    def proved(self, answer: str, challenge: bytes, public_key: bytes, counter: int) -> int:
        """The new counter."""
        ...


@dataclass(frozen=True, slots=True)
class Journey:
    """What is remembered between sending somebody to the provider and their coming back. `state`, `nonce` and
    `verifier` are random and used once."""

    state: str
    nonce: str
    verifier: str
    again: bool = False
    """Whether the provider was told to ask for the password again."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is. `groups`: the values of the roles' claim. `proved_at`: when they last proved
    it there, where it says so."""

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]
    proved_at: datetime | None


class IdentityProvider(Protocol):
    """OpenID Connect: authorization code with PKCE. Blocks, up to 10 s a call."""

    @property
    def issuer(self) -> str: ...

    def address(self, journey: Journey) -> str:
        """Where to send the browser. Raises NotConfigured when the provider cannot be reached or is not what the
        settings say."""
        ...

    def identity(self, journey: Journey, answer_url: str, now: datetime) -> Identity:
        """Redeems the code and checks the ID token: signature by the provider's keys, issuer, audience, expiry, nonce.
        Raises NotAllowed for anything that is not right."""
        ...

"""WebAuthn by `webauthn` (py_webauthn). Passkeys are discoverable, and the device asks its user for a finger, a face or
a PIN each time: that makes one passkey two factors.

The relying party's id is the host that links are made with, and the origin is checked with its port: a page of another
site cannot use what is signed here. Attestation is not asked for: whose device it is does not matter (and would be
one more thing to hold about a person).
"""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from stile.domain.access import Staff
from stile.domain.errors import NotAllowed, NotConfigured
from stile.ports.proofs import NewPasskey, PasskeyUse

LARGEST = 16 * 1024
"""Characters of a browser's answer; real ones have about two thousand."""
TIMEOUT_MS = 120_000
NO = "The passkey was not accepted. Please try again."


class WebAuthn:
    """Implements the port `PasskeyCeremony`. Thread-safe."""

    def __init__(self, base_url: str) -> None:
        """`base_url`: the address that people open, as the settings have it."""
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        if host in ("127.0.0.1", "::1"):  # this machine: browsers give passkeys to its name only
            host = "localhost"
        port = f":{parts.port}" if parts.port else ""
        self._id, self._origin = host, f"{parts.scheme}://{host}{port}"
        self._works = not _is_number(host) and (parts.scheme == "https" or host == "localhost")

    @property
    def works(self) -> bool:
        return self._works

    def to_register(self, challenge: bytes, staff: Staff, known: Sequence[bytes]) -> str:
        self._check()
        # The library is imported where it is used: it takes 0.4 s, and every command would wait for it.
        import webauthn
        from webauthn.helpers import options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        return options_to_json(
            webauthn.generate_registration_options(
                rp_id=self._id,
                rp_name="Stile",
                user_id=staff.id.bytes,
                user_name=staff.name,
                user_display_name=staff.name,
                challenge=challenge,
                timeout=TIMEOUT_MS,
                exclude_credentials=[PublicKeyCredentialDescriptor(one) for one in known],
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    require_resident_key=True,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
        )

    def registered(self, answer: str, challenge: bytes) -> NewPasskey:
        self._check()
        import webauthn

        with _one_line():
            new = webauthn.verify_registration_response(
                credential=_short(answer),
                expected_challenge=challenge,
                expected_rp_id=self._id,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        return NewPasskey(new.credential_id, new.credential_public_key, new.sign_count)

    def to_prove(self, challenge: bytes, allowed: Sequence[bytes] = ()) -> str:
        self._check()
        import webauthn
        from webauthn.helpers import options_to_json
        from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

        return options_to_json(
            webauthn.generate_authentication_options(
                rp_id=self._id,
                challenge=challenge,
                timeout=TIMEOUT_MS,
                allow_credentials=[PublicKeyCredentialDescriptor(one) for one in allowed],
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )

    def which(self, answer: str) -> PasskeyUse:
        with _one_line():
            told = json.loads(_short(answer))
            handle = told["response"].get("userHandle")
            return PasskeyUse(_bytes(told["rawId"]), _bytes(handle) if handle else None)

    def proved(self, answer: str, challenge: bytes, public_key: bytes, counter: int) -> int:
        self._check()
        import webauthn

        with _one_line():
            done = webauthn.verify_authentication_response(
                credential=_short(answer),
                expected_challenge=challenge,
                expected_rp_id=self._id,
                expected_origin=self._origin,
                credential_public_key=public_key,
                credential_current_sign_count=counter,
                require_user_verification=True,
            )
        return done.new_sign_count

    def _check(self) -> None:
        if not self._works:
            raise NotConfigured("Passkeys need an address with a name and TLS: see the setting `public_url`.")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _short(answer: str) -> str:
    if len(answer) > LARGEST:
        raise NotAllowed(NO)
    return answer


@contextmanager
def _one_line() -> Iterator[None]:
    """What a browser sends is anything at all: whatever the library makes of it is one refusal."""
    try:
        yield
    except Exception:  # noqa: BLE001 parsers of JSON, CBOR, COSE and X.509 raise errors of their own
        raise NotAllowed(NO) from None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

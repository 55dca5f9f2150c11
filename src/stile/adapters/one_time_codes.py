"""Codes of authenticator apps: TOTP as all of them do it (RFC 6238 with HMAC-SHA-1, six digits, 30 seconds)."""

import hmac
from datetime import datetime

import pyotp

SECONDS = 30
EARLY_OR_LATE = 1
"""Steps. A phone's clock may be half a minute off (RFC 6238, section 6)."""


class TotpCodes:
    """Implements the port `OneTimeCodes`."""

    def step_of(self, secret: str, code: str, now: datetime) -> int | None:
        this, found = int(now.timestamp()) // SECONDS, None
        totp, given = pyotp.TOTP(secret), code.encode("utf-8", "surrogatepass")
        # All of them, whatever is found: which step fitted must not show in the time it takes.
        for step in range(this - EARLY_OR_LATE, this + EARLY_OR_LATE + 1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), given):
                found = step
        return found

    def address(self, secret: str, name: str, issuer: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)

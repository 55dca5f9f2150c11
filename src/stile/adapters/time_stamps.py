"""A time-stamp authority says that a checkpoint existed at a time (RFC 3161). It learns the checkpoint's SHA-512, and
nothing else.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from stile.domain.errors import CannotRecord, NotConfigured, WrongValue

SECONDS = 10.0
MOST_BYTES = 256 * 1024
GRANTED = (0, 1)


class Rfc3161:
    """Implements the port `TimeStamps`. `roots`: PEM of the certificates that the authority's chain must end in;
    without it a stamp is checked against the data only, and not for whose it is."""

    def __init__(self, authority: str, roots: Path | None) -> None:
        self.authority = authority
        self._roots = _certificates(roots) if roots is not None else None

    def stamp(self, data: bytes) -> bytes:
        request = TimestampRequestBuilder().data(data).cert_request(cert_request=True).build()
        headers = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}
        try:
            answer = httpx.post(self.authority, content=request.as_bytes(), headers=headers, timeout=SECONDS)
            answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotRecord(f"the time-stamp authority did not answer: {type(error).__name__}") from None
        content = answer.content
        if len(content) > MOST_BYTES:
            raise CannotRecord("the time-stamp authority's answer is too long")
        try:
            found = decode_timestamp_response(content)
            if found.status not in GRANTED or found.tst_info.nonce != request.nonce:
                raise WrongValue("it is not the answer to what was asked")
            self.time_in(content, data)
        except (ValueError, WrongValue) as error:
            raise CannotRecord(f"the time-stamp authority's answer cannot be used: {error}") from None
        return content

    def time_in(self, response: bytes, data: bytes) -> datetime:
        try:
            found = decode_timestamp_response(response)
            info = found.tst_info
        except ValueError:
            raise WrongValue("it is no time stamp") from None
        if info.message_imprint.message not in _digests(data):
            raise WrongValue("the time stamp is of something else")
        if self._roots is not None:
            self._of_the_authority(found, data)
        return info.gen_time.astimezone(UTC)

    def _of_the_authority(self, found: TimeStampResponse, data: bytes) -> None:
        builder = VerifierBuilder()
        for root in self._roots or ():
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(found, data)
        except (VerificationError, ValueError) as error:
            raise WrongValue(f"the time stamp is not the authority's: {error}") from None


def _digests(data: bytes) -> tuple[bytes, bytes]:
    return hashlib.sha512(data).digest(), hashlib.sha256(data).digest()


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise NotConfigured(f"the time-stamp authority's certificates {path} cannot be read") from None

"""A fake phone: it says so, and keeps its key where a real one cannot. What it shows is what a real one shows."""

import base64
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stile.domain.passes import Use, message, step_at


@dataclass
class FakePhone:
    """`handle`: what the site gave it when it was registered. `key`: fake in that it can be taken out."""

    handle: str = "0" * 20
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> str:
        """What is sent to register it: SubjectPublicKeyInfo, base64."""
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def code(self, at: datetime, use: Use = Use.COME_IN) -> str:
        """The code that it shows at that time."""
        step = step_at(at)
        r, s = decode_dss_signature(self.key.sign(message(use, self.handle, step), ec.ECDSA(hashes.SHA256())))
        return f"{use.value}{self.handle}{step:09}{r:078}{s:078}"

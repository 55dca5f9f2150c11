"""Signatures of phones: ECDSA on P-256 with SHA-256, which every browser can make with a key that never leaves it."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from stile.domain.errors import WrongValue

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group (NIST SP 800-186, 3.2.1.3): r and s lie between 1 and it."""
LONGEST_KEY = 200


class P256:
    """Implements the port `Signatures`. Thread-safe; about 0.1 ms a call."""

    def key(self, text: str) -> bytes:
        try:
            if len(text) > LONGEST_KEY:
                raise ValueError
            found = load_der_public_key(base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error, UnsupportedAlgorithm):
            raise WrongValue("This phone's key was not understood. Please try again.") from None
        if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(found.curve, ec.SECP256R1):
            raise WrongValue("This phone's key is of another kind than the one that is needed.")
        return found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def are_good(self, key: bytes, message: bytes, r: int, s: int) -> bool:
        if not (0 < r < ORDER and 0 < s < ORDER):
            return False
        public_key = load_der_public_key(key)
        assert isinstance(public_key, ec.EllipticCurvePublicKey)
        try:
            public_key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

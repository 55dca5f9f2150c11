"""Seals templates, and small secrets of the site."""

from typing import Protocol
from uuid import UUID

from stile.domain.faces import Template
from stile.domain.ids import (
    MemberId,
    PackId,
)


class Vault(Protocol):
    """Seals templates, each member's under a key of their own, which is wrapped by the site key.

    The caller keeps the wrapped key, apart from the sealed bytes; without it nobody opens them again.
    """

    def new_key(self, member: MemberId) -> bytes:
        """A fresh 256-bit key, wrapped by the site key and bound to the member."""
        ...

    def seal(self, member: MemberId, wrapped_key: bytes, template: Template) -> bytes:
        """AES-256-GCM, bound to member and pack."""
        ...

    def open(self, member: MemberId, wrapped_key: bytes, sealed: bytes, pack: PackId) -> Template:
        """Raises CannotDecrypt when key, member or pack is not the one it was sealed with."""
        ...

    def seal_secret(self, kind: str, owner: UUID, secret: bytes) -> bytes:
        """A small secret that is not a template (a code generator's, say) straight under the site key, AES-256-GCM,
        bound to what it is for and whose it is. Each kind and owner opens its own only."""
        ...

    def open_secret(self, kind: str, owner: UUID, sealed: bytes) -> bytes:
        """Raises CannotDecrypt when site key, kind or owner is not the one it was sealed with."""
        ...

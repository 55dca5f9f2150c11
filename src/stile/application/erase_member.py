"""UK GDPR Art. 17: everything personal of a member goes, in one transaction. An id is left that leads to nobody.

Templates, keys, consents, cards, links and the member's own fields are gone. Passages keep the id until their own time
is over (a few weeks, `stile.domain.retention`), so that the figures stay true; audit entries keep it for good. The only
key from that id to a person was the member's row, and that is empty.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from stile.domain.audit import Event
from stile.domain.ids import MemberId
from stile.ports import Clock, Gallery, Store


@dataclass(frozen=True, slots=True)
class Erased:
    """The receipt: how many templates went with the rest, when, and where the audit log says so."""

    member: MemberId
    templates: int
    at: datetime
    audit_position: int
    audit_digest: str


class EraseMember:
    def __init__(
        self, store: Store, gallery: Gallery | None, clock: Clock, afterwards: Callable[[], None]
    ) -> None:
        """`afterwards` is called after the commit: the store is scrubbed, and the journal of erasures follows."""
        self._store, self._gallery, self._clock = store, gallery, clock
        self._afterwards = afterwards

    def of(self, member: MemberId, actor: str, because: str = "asked") -> Erased:
        """`because`: a word for the audit log, "asked" (Art. 17) or "retention". Raises NotFound for nobody, and for
        somebody who was erased before."""
        erased = self.one_of_many(member, actor, because)
        self._afterwards()
        return erased

    def one_of_many(self, member: MemberId, actor: str, because: str) -> Erased:
        """The same without what comes afterwards, which takes its time: the caller does that once for all of them."""
        now = self._clock.now()
        with self._store.begin() as work:
            templates = work.erasures.member(member, now)
            entry = work.audit.append(
                now, Event.MEMBER_ERASED, actor, str(member), {"because": because, "templates": templates}
            )
            work.commit()
        if self._gallery is not None:
            self._gallery.remove(member)
        return Erased(member, templates, now, entry.position, entry.digest)

"""A member places themselves in one of the groups that the operator offers, or in none: freely, on their own page, so
that error rates of groups can be compared. Explicit consent, and taken back with one press (UK GDPR Art. 9(2)(a)).

Neither the audit log nor anybody at the desk learns which group it is."""

from collections.abc import Sequence

from stile.domain.audit import Event
from stile.domain.children import ADULT_FROM, birthday
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.ports import Clock, Store


class OwnGroup:
    def __init__(self, store: Store, clock: Clock, offered: Sequence[str]) -> None:
        """`offered`: empty where the operator collects none."""
        self._store, self._clock, self._offered = store, clock, tuple(offered)

    def offered(self, member: Member) -> Sequence[str]:
        """Nothing to who is under 18: a child is not asked for this."""
        grown = member.born_on is None or birthday(member.born_on, ADULT_FROM) <= self._clock.today()
        return self._offered if grown else ()

    def of(self, member: MemberId) -> str | None:
        with self._store.read() as work:
            return work.groups.of(member)

    def choose(self, member: MemberId, group: str) -> None:
        """By the member alone. Raises WrongValue for a group that is not offered, NotFound for nobody."""
        now = self._clock.now()
        with self._store.begin() as work:
            who = work.members.get(member)
            if who is None:
                raise NotFound("There is no such member.")
            if group not in self.offered(who):
                raise WrongValue("Please choose one of the groups.")
            if work.groups.of(member) == group:
                return
            work.groups.choose(member, group, now)
            work.audit.append(now, Event.GROUP_CHOSEN, str(member), str(member))
            work.commit()

    def forget(self, member: MemberId, actor: str) -> None:
        """It is deleted, and counts that were made with it stay without a name."""
        with self._store.begin() as work:
            if work.groups.forget(member):
                work.audit.append(self._clock.now(), Event.GROUP_REMOVED, actor, str(member))
                work.commit()

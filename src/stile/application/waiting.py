"""Enrolments that wait for somebody: for the member, for a parent, for reception. And consents that stand no more:
those of a parent for a member who decides alone by now, and those that the rules of this site do not let stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stile.application.may_enrol import MayEnrol
from stile.application.withdraw import Withdraw
from stile.domain.access import Invitation
from stile.domain.audit import Event
from stile.domain.children import (
    ADULT_FROM,
    STANDS_FOR,
    AskAgain,
    MayNot,
    WhyNot,
    asked_again,
    birthday,
)
from stile.domain.consent import Consent
from stile.domain.guardians import Evidence
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.domain.notice import SAME_PROCESSING
from stile.ports import Clock, EyesPool, Store, UnitOfWork

MOST = 200
"""Members that one list shows."""
AT_A_TIME = 500
"""Consents of children that are looked at in one go."""
LOOK_EVERY = timedelta(hours=1)
STAY = frozenset((WhyNot.DATE_OF_BIRTH_UNKNOWN,))
"""What ends no consent that stands: it is asked for, and the member is not made to pay for our gap."""


@dataclass(frozen=True, slots=True)
class Invited:
    member: Member
    invitation: Invitation
    is_over: bool


@dataclass(frozen=True, slots=True)
class Consented:
    member: Member
    consent: Consent


@dataclass(frozen=True, slots=True)
class ForAParent:
    member: Member
    reason: WhyNot


@dataclass(frozen=True, slots=True)
class ToRenew:
    member: Member
    consent: Consent
    again: AskAgain


@dataclass(frozen=True, slots=True)
class EnrolmentsWaiting:
    """At most `MOST` of each."""

    invited: Sequence[Invited]
    without_template: Sequence[Consented]
    for_a_parent: Sequence[ForAParent]
    to_renew: Sequence[ToRenew]

    @property
    def nobody(self) -> bool:
        return not (self.invited or self.without_template or self.for_a_parent or self.to_renew)

    @property
    def members(self) -> Sequence[MemberId]:
        """Everybody who is on the page, each once."""
        lists = (self.invited, self.without_template, self.for_a_parent, self.to_renew)
        return list(dict.fromkeys(row.member.id for rows in lists for row in rows))


@dataclass(frozen=True, slots=True)
class _Page:
    """Whose consent of a page is over, and the number of the last member on it."""

    over: Sequence[MemberId]
    last: str


class Waiting:
    def __init__(
        self, store: Store, clock: Clock, may: MayEnrol, withdraw: Withdraw, pool: EyesPool | None
    ) -> None:
        self._store, self._clock, self._may = store, clock, may
        self._withdraw, self._pool = withdraw, pool
        self._looked: datetime | None = None

    def all(self) -> EnrolmentsWaiting:
        now = self._clock.now()
        with self._store.read() as work:
            return EnrolmentsWaiting(
                [Invited(who, one, not one.works(now)) for who, one in work.waiting.invited(MOST)],
                []
                if self._pool is None
                else [Consented(*one) for one in work.waiting.without_template(self._pool.pack, MOST)],
                self._for_a_parent(work),
                self._to_renew(work)[:MOST],
            )

    def keep_current(self) -> int:
        """`lapse`, at most every hour, and once at the start: the settings may have changed. The worker calls it."""
        now = self._clock.now()
        if self._looked is not None and now - self._looked < LOOK_EVERY:
            return 0
        self._looked = now
        return self.lapse()

    def lapse(self) -> int:
        """Ends the consents that stand no more, with their templates; how many."""
        ended, after = 0, ""
        while page := self._page(after):
            for id in page.over:
                self._withdraw.consent_of(id, "system", self._note(id))
            ended, after = ended + len(page.over), page.last
        return ended

    def _page(self, after: str) -> "_Page | None":
        """A short look at the store: while somebody reads for long, no withdrawal can be scrubbed from it."""
        today = self._clock.today()
        with self._store.read() as work:
            rows = work.waiting.to_look_at(self._born_after, after, AT_A_TIME)
            known = work.guardians.evidence_of([member.id for member, _ in rows])
        over = {
            member.id: None for member, consent in rows if self._stands_no_more(member, consent, known, today)
        }
        return _Page(list(over), rows[-1][0].number) if rows else None

    def _stands_no_more(
        self, member: Member, consent: Consent, known: Mapping[MemberId, Evidence], today: date
    ) -> bool:
        again = asked_again(consent, consent.given_at.date(), member.born_on, today, False)
        if again is not None and again.lapses_on is not None and again.lapses_on <= today:
            return True
        decision = self._may.decide(member, known[member.id])
        return isinstance(decision, MayNot) and decision.reason not in STAY

    @property
    def _born_after(self) -> date:
        """Of those under 18, and those who turned 18 a while ago."""
        return birthday(self._clock.today(), -ADULT_FROM) - STANDS_FOR

    def _for_a_parent(self, work: UnitOfWork) -> list[ForAParent]:
        waiting = work.waiting.children_with_a_parent(MOST)
        known = work.guardians.evidence_of([one.id for one in waiting])
        found = []
        for member in waiting:
            decision = self._may.decide(member, known[member.id])
            if isinstance(decision, MayNot):
                found.append(ForAParent(member, decision.reason))
        return found

    def _to_renew(self, work: UnitOfWork) -> list[ToRenew]:
        today = self._clock.today()
        old = work.waiting.outdated(SAME_PROCESSING, MOST)
        outdated = {one.id for _, one in old}
        grown = work.waiting.to_renew(self._born_after, birthday(today, -ADULT_FROM), MOST)
        rows = {consent.id: (member, consent) for member, consent in (*grown, *old)}
        found = []
        for member, consent in rows.values():
            again = asked_again(
                consent, consent.given_at.date(), member.born_on, today, consent.id in outdated
            )
            if again is not None:
                found.append(ToRenew(member, consent, again))
        return found

    def _note(self, id: MemberId) -> Callable[[UnitOfWork], None]:
        def also(work: UnitOfWork) -> None:
            work.audit.append(self._clock.now(), Event.CONSENT_LAPSED, "system", str(id))

        return also

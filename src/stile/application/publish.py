"""The public account is made of the register as of today, and of what the organisation says of itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from stile.application.answer_foi import Measured
from stile.application.audit.checkpoints import Checkpoints
from stile.domain.account import FIVE, MORE, Account, LeftOut, Publisher, SignedHead, asked
from stile.domain.audit import Event
from stile.domain.consent import Notice
from stile.domain.enrolled import Enrolled, enrolled
from stile.domain.errors import NotConfigured
from stile.domain.figures import Figures, Period
from stile.domain.foi_desk.counting import Period as Handled
from stile.domain.foi_desk.draft import Facts
from stile.domain.member_groups import GroupFigures
from stile.domain.public_register import public
from stile.domain.register import OrganisationKind, Register
from stile.ports import Clock, Store, UnitOfWork, Wanted

MOST_DISCLOSED = 1000
"""Of the disclosure log, the newest; its own pages go back further."""
AT_ONCE = 500
"""Ids that are asked for in one query."""


def batched(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """`itertools.batched` of Python 3.12."""
    left = list(ids)
    for at in range(0, len(left), size):
        yield left[at : at + size]


class Publish:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        checkpoints: Checkpoints,
        publisher: Callable[[], Publisher],
        contacts: Mapping[str, str],
        notice: Callable[[], Notice | None] = lambda: None,
        alternatives: tuple[str, ...] = (),
        measured: Measured = lambda _register, _day: {},
        figures: Callable[[], Sequence[Figures]] = lambda: (),
        groups: Callable[[Period], GroupFigures | None] = lambda _period: None,
        handled: Callable[[], Sequence[Handled]] = lambda: (),
    ) -> None:
        """`contacts`: how to reach each operator that may hold more; meant to be given, as are the publisher's own.
        `figures`: of each month and centre, oldest first; none where nothing is measured. `groups`: of a month, by the
        groups that members placed themselves in. `handled`: how requests were, by quarters that are over."""
        self._store, self._clock, self._checkpoints = store, clock, checkpoints
        self._publisher, self._contacts, self._notice = publisher, contacts, notice
        self._alternatives, self._measured = alternatives, measured
        self._figures, self._groups, self._handled = figures, groups, handled

    def account(self, day: date | None = None) -> Account:
        """As of a day; today where none is given. Raises NotConfigured before the site is set up."""
        publisher, today = self._publisher(), day or self._clock.today()
        allowed = [one for one in (publisher.contact, publisher.requests, *self._contacts.values()) if one]
        with self._store.read() as work:
            register = Register.as_of(work.register.all(), today)
            disclosed = tuple(work.disclosure_log.page(MOST_DISCLOSED))
            people = self._enrolled(work, today) if publisher.kind is OrganisationKind.OPERATOR else None
        shown = public(register, allowed)
        facts = Facts(
            publisher.kind,
            publisher.who,
            shown.register,
            today,
            self._measured(shown.register, today),
            self._contacts,
        )
        return Account(
            publisher,
            today,
            shown.register,
            shown.withheld,
            asked(facts, FIVE),
            asked(facts, MORE),
            self._shown_notice(),
            self._alternatives,
            self._head(),
            tuple(self._figures()),
            people,
            disclosed,
            self._by_group(today),
            tuple(self._handled()),
        )

    def _by_group(self, today: date) -> tuple[GroupFigures, ...]:
        """Of the last whole month: one that grows by the day would tell who came today by what it was yesterday."""
        found = self._groups(Period.month(today).before())
        return () if found is None else (found,)

    def _enrolled(self, work: UnitOfWork, today: date) -> Enrolled:
        places = {str(one.id): one.name for one in work.centres.all()}
        return enrolled(places, work.enrolled.born(), today)

    def note(self, account: Account, actor: str = "system") -> int:
        """Logs what is left out of it, with its reason, unless that was logged before. How many were new. Nothing is
        written where nothing is."""
        with self._store.read() as work:
            if not self._new(work, account):
                return 0
        with self._store.begin() as work:
            new = self._log(work, account, actor)
            work.commit()
        return new

    def record(self, account: Account, actor: str, files: int) -> None:
        """Logs that it is written to a folder, and what is left out."""
        with self._store.begin() as work:
            self._log(work, account, actor)
            facts: dict[str, str | int | float | bool | None]
            facts = {"as_of": account.day.isoformat(), "files": files, "left_out": len(account.left_out)}
            work.audit.append(self._clock.now(), Event.ACCOUNT_PUBLISHED, actor, "transparency", facts)
            work.commit()

    def _log(self, work: UnitOfWork, account: Account, actor: str) -> int:
        what = [
            (one.id, {"what": one.what, "part": one.part, "because": one.because})
            for one in self._new(work, account)
        ]
        return work.audit.append_all(self._clock.now(), Event.LEFT_OUT, actor, what) if what else 0

    def _new(self, work: UnitOfWork, account: Account) -> Sequence[LeftOut]:
        left_out = {one.id: one for one in account.left_out}
        for some in batched(left_out, AT_ONCE):
            wanted = Wanted(events=[Event.LEFT_OUT], subjects=some, most=10 * AT_ONCE)
            for known in work.audit.find(wanted):
                left_out.pop(known.subject, None)
        return list(left_out.values())

    def _shown_notice(self) -> Notice | None:
        try:
            return self._notice()
        except NotConfigured:  # a setting takes a part of it away: nobody is shown it, so nor is it published
            return None

    def _head(self) -> SignedHead | None:
        latest = self._checkpoints.latest()
        if latest is None:
            return None
        try:
            return SignedHead(latest.note, self._checkpoints.public_line)
        except NotConfigured:  # the key is lost: what it signed can still be looked at
            return SignedHead(latest.note, "")

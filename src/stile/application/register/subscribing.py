"""An authority reads what operators publish of their registers: once when it subscribes, and daily from then on.

What was read becomes entries of its own register, dated that day, with the address as their source; read again, only
what changed does. Nothing is written while the network is waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound, StileError
from stile.domain.ids import EntryId
from stile.domain.register import Entry, OrganisationKind, Register
from stile.domain.register_feed import Feed, read_feed
from stile.domain.register_json import kind_of
from stile.domain.subscription import Subscription, source_of, taken_over
from stile.ports import Chance, Clock, Store, UnitOfWork
from stile.ports.feeds import FeedReader

WORKER = "system"


@dataclass(frozen=True, slots=True)
class Reading:
    """`entries`: what was entered; none where nothing changed. `left`: what was left out, each in a line."""

    subscription: Subscription
    entries: tuple[Entry, ...]
    left: tuple[str, ...]


class Subscribing:
    def __init__(
        self, store: Store, clock: Clock, chance: Chance, reader: FeedReader, kind: OrganisationKind
    ) -> None:
        """`kind`: of this organisation."""
        self._store, self._clock, self._chance = store, clock, chance
        self._reader, self._kind = reader, kind

    def all(self) -> Sequence[Subscription]:
        with self._store.read() as work:
            return work.subscriptions.all()

    def subscribe(self, url: str, actor: str) -> Reading:
        """Reads it at once. Raises CannotRead, WrongValue, NotAllowed for an operator, and Conflict where it is
        subscribed to already."""
        if self._kind is not OrganisationKind.AUTHORITY:
            raise NotAllowed(
                "An operator records its own use. Only an authority subscribes to others' registers."
            )
        url = url.strip()
        with self._store.read() as work:
            if work.subscriptions.get(url) is not None:
                raise Conflict(
                    "This register is subscribed to already: `stile register refresh` reads it again."
                )
        now = self._clock.now()
        subscription = Subscription(url, "", now, now, now)  # an address that cannot be one is not read
        feed, now = read_feed(self._reader.read(url)), self._clock.now()
        subscription = replace(
            subscription, organisation=feed.organisation, began_at=now, tried_at=now, read_at=now
        )
        with self._store.begin() as work:
            work.subscriptions.save(subscription)
            work.audit.append(now, Event.REGISTER_SUBSCRIBED, actor, url, {"organisation": feed.organisation})
            reading = self._entered(work, subscription, feed, actor, now)
            work.commit()
        return reading

    def end(self, url: str, actor: str) -> None:
        """What was read stays in the register. Raises NotFound."""
        with self._store.begin() as work:
            work.subscriptions.remove(url)
            work.audit.append(self._clock.now(), Event.REGISTER_UNSUBSCRIBED, actor, url)
            work.commit()

    def refresh(self, url: str, actor: str = WORKER) -> Reading:
        """Reads it again. What is in the way is remembered with the subscription, and raised. NotFound for what is not
        subscribed to: that is never read."""
        with self._store.read() as work:
            _known(work, url)
        try:
            feed = read_feed(self._reader.read(url))
            with self._store.begin() as work:
                now = self._clock.now()
                known = replace(
                    _known(work, url), organisation=feed.organisation, tried_at=now, read_at=now, problem=""
                )
                work.subscriptions.save(known)
                reading = self._entered(work, known, feed, actor, now)
                work.commit()
        except StileError as error:
            self._remember(url, str(error))
            raise
        return reading

    def refresh_due(self) -> int:
        """How many entries came of it. Called often; each register is read once a day, and an hour after it failed."""
        now, entered = self._clock.now(), 0
        for one in self.all():
            if one.is_due(now):
                try:
                    entered += len(self.refresh(one.url).entries)
                except StileError:
                    continue  # it stands with the subscription
        return entered

    def _remember(self, url: str, problem: str) -> None:
        with self._store.begin() as work:
            known = work.subscriptions.get(url)
            if known is not None:
                work.subscriptions.save(replace(known, tried_at=self._clock.now(), problem=problem))
                work.commit()

    def _entered(
        self, work: UnitOfWork, subscription: Subscription, feed: Feed, actor: str, now: datetime
    ) -> Reading:
        entries, today = work.register.all(), self._clock.today()
        found = taken_over(feed, subscription.url, entries, Register.as_of(entries, today))
        source = source_of(subscription.url, feed)
        made = tuple(
            Entry(EntryId(self._chance.new_id()), today, source, now, actor, fact) for fact in found.facts
        )
        for entry in made:
            work.register.add(entry)
            work.audit.append(
                now,
                Event.REGISTER_ENTERED,
                actor,
                str(entry.id),
                {"kind": kind_of(entry.fact), "replaces": None},
            )
        return Reading(subscription, made, found.left)


def _known(work: UnitOfWork, url: str) -> Subscription:
    found = work.subscriptions.get(url)
    if found is None:
        raise NotFound("This register is not subscribed to.")
    return found

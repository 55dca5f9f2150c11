"""The notices of this operator. Every one that was ever shown is kept, so that what somebody agreed to can be shown
years later (UK GDPR Art. 7(1))."""

from collections.abc import Sequence
from dataclasses import replace

from stile.domain.consent import Audience, Notice
from stile.domain.errors import NotConfigured, NotFound, WrongValue
from stile.domain.notice import Details, notice_for
from stile.domain.retention import Subject, in_force
from stile.ports import Clock, ShownNotice, Store, UnitOfWork


def notice(operator: str, contact: str | None, audience: Audience = Audience.ADULT) -> Notice:
    """The notice of an operator who says nothing more of themselves than how to be reached."""
    return notice_for(audience, Details(operator, contact=contact))


class Notices:
    def __init__(self, store: Store, clock: Clock, details: Details) -> None:
        """`details`: what the settings say. The operator's name, and how long things are kept, come from the store."""
        self._store, self._clock, self._details = store, clock, details

    def current(self, audience: Audience = Audience.ADULT) -> Notice:
        """The words as they are shown today. Raises NotConfigured before the site is set up, or where a setting takes a
        part of the notice away."""
        with self._store.read() as work:
            operator, days = work.operators.only(), in_force(work.retention.chosen())
        if operator is None:
            raise NotConfigured("This site is not set up yet: run `stile init`.")
        try:
            return notice_for(
                audience,
                replace(
                    self._details,
                    operator=operator.name,
                    template_days=days[Subject.LAPSED_TEMPLATES],
                    passage_days=days[Subject.PASSAGES],
                    consent_days=days[Subject.ENDED_CONSENTS],
                    member_days=days[Subject.LAPSED_MEMBERS],
                ),
            )
        except WrongValue as error:
            raise NotConfigured(f"The notice cannot be shown: {error}.") from None

    def show(self, audience: Audience = Audience.ADULT) -> Notice:
        """The same, and kept before anybody reads it."""
        found = self.current(audience)
        with self._store.read() as work:
            known = work.notices.by_digest(found.sha256) is not None
        if not known:
            with self._store.begin() as work:
                keep(work, found, self._clock)
                work.commit()
        return found

    def all(self) -> Sequence[ShownNotice]:
        """Every one that was shown, the latest first."""
        with self._store.read() as work:
            return work.notices.all()

    def of_version(self, version: str) -> Sequence[ShownNotice]:
        """Raises NotFound. One version may have been shown in several words: to adults and to children, and before and
        after the operator's own details changed."""
        found = [one for one in self.all() if one.notice.version == version]
        if not found:
            raise NotFound(f"No notice of the version “{version}” was shown here.")
        return found


def keep(work: UnitOfWork, shown: Notice, clock: Clock) -> None:
    """Keeps the words, once."""
    if work.notices.by_digest(shown.sha256) is None:
        work.notices.add(ShownNotice(shown, clock.now()))

"""Who looked at whose data is recorded before it is shown: a look that cannot be recorded does not happen."""

import re
from collections.abc import Mapping, Sequence

from stile.domain.audit import Event, Fact
from stile.domain.errors import CannotRecord, StileError, WrongValue
from stile.domain.ids import MemberId
from stile.ports import Clock, Store

WHAT = re.compile(r"[a-z0-9][a-z0-9 ,-]{0,59}")


class Looked:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def at(self, member: MemberId, actor: str, what: str) -> None:
        """Records that `actor` (an id, or "system") is about to see `what` of a member: "member page", "search".

        Call it before anything of the member is rendered or sent, outside any unit of work.
        Raises CannotRecord: then nothing may be shown. Raises WrongValue for a `what` that is not a few plain
        lower-case words: a name or a number of the member must not get into the log that way.
        """
        self.at_all((member,), actor, what)

    def at_all(self, members: Sequence[MemberId], actor: str, what: str) -> None:
        """The same for several members: one entry each, so that each of them can be told who looked, all of them in one
        transaction. Nothing is written for an empty list."""
        _check(what)
        self._write(Event.MEMBER_SEEN, actor, [(str(member), {"what": what}) for member in members])

    def at_list(self, count: int, actor: str, what: str) -> None:
        """A list of names is about to be shown, as the search for a member shows it at every letter that is typed: one
        entry that says how many. An entry for each of them each time would bury the log. Nothing for an empty list."""
        _check(what)
        if count:
            self._write(Event.MEMBERS_LISTED, actor, [("members", {"what": what, "members": count})])

    def _write(self, event: Event, actor: str, looks: Sequence[tuple[str, Mapping[str, Fact]]]) -> None:
        if not looks:
            return
        try:
            with self._store.begin() as work:
                work.audit.append_all(self._clock.now(), event, actor, looks)
                work.commit()
        except StileError as error:
            raise CannotRecord(f"That you look could not be recorded, so nothing is shown: {error}") from None


def _check(what: str) -> None:
    if not WHAT.fullmatch(what):
        raise WrongValue("what was looked at is said in a few plain lower-case words")

"""The audit log read by a person: filtered, newest first, with the names of staff and lanes in place of their ids.
Members stay ids: who looked at whom is nobody's business but the data protection officer's, who can follow the link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stile.domain.audit import AuditEntry, Event, Fact
from stile.domain.ids import MemberId
from stile.ports import Clock, Store, UnitOfWork, Wanted


@dataclass(frozen=True, slots=True)
class Search:
    """`actor` and `subject`: an id, or the name of a member of staff or of a lane; empty for any."""

    event: Event | None = None
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    most: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """`names`: of staff, lanes, centres, other programs' tokens and the operator, by id. `members`: ids of subjects and
    actors that are members. `more`: the position to go on below, None at the end."""

    entries: Sequence[AuditEntry]
    names: Mapping[str, str]
    members: frozenset[str]
    more: int | None


class ReadAudit:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def page(self, search: Search) -> Page:
        with self._store.read() as work:
            names = _names(work)
            found = work.audit.find(_wanted(search, names))
            members = {
                one
                for entry in found
                for one in (entry.subject, entry.actor)
                if one not in names and _is_member(work, one)
            }
        more = found[-1].position if len(found) == search.most else None
        return Page(found, names, frozenset(members), more)

    def looked(self, actor: str, search: Search) -> None:
        """Somebody reads the log: that is an entry itself. Only what was searched for is noted, and no page after the
        first, which would fill the log with its own reading."""
        detail: dict[str, Fact] = {"event": search.event.value} if search.event is not None else {}
        with self._store.begin() as work:
            work.audit.append(
                self._clock.now(), Event.AUDIT_SEEN, actor, search.subject or "audit log", detail
            )
            work.commit()

    def asked_to_verify(self, actor: str) -> None:
        with self._store.begin() as work:
            work.audit.append(self._clock.now(), Event.AUDIT_VERIFIED, actor, "audit log")
            work.commit()


def _names(work: UnitOfWork) -> dict[str, str]:
    names = {str(one.id): one.name for one in work.staff.all()}
    names |= {str(one.id): one.name for one in work.lanes.all()}
    names |= {str(one.id): one.name for one in work.centres.all()}
    names |= {str(one.id): one.name for one in work.tokens.all()}
    operator = work.operators.only()
    return names if operator is None else names | {str(operator.id): operator.name}


def _wanted(search: Search, names: Mapping[str, str]) -> Wanted:
    return Wanted(
        events=None if search.event is None else [search.event],
        actors=_ids(search.actor, names),
        subjects=_ids(search.subject, names),
        since=search.since,
        until=search.until,
        before=search.before,
        most=search.most,
    )


def _ids(said: str, names: Mapping[str, str]) -> Sequence[str] | None:
    said = said.strip()
    if not said:
        return None
    named = [id for id, name in names.items() if name.casefold() == said.casefold()]
    return named or [said]


def _is_member(work: UnitOfWork, one: str) -> bool:
    try:
        return work.members.get(MemberId(UUID(one))) is not None
    except ValueError:
        return False

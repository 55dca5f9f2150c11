"""The members' own page: links and sessions, as digests only; and whose template is not to be used."""

from datetime import datetime

from sqlalchemy import delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Kind, Transaction
from stile.domain.errors import Conflict
from stile.domain.ids import LinkId, MemberId
from stile.domain.own_page import OwnLink, OwnSession

link, session, restriction = tables.own_link, tables.own_session, tables.face_restriction
template = tables.template


class SqlOwnLinks:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, link: OwnLink) -> None:
        self._tx.add(
            tables.own_link,
            {
                "id": link.id,
                "member": link.member,
                "digest": link.digest,
                "expires_at": link.expires_at,
                "used_at": link.used_at,
                "sent": link.sent,
            },
            taken="that link exists already",
            missing="the link's member does not exist",
        )

    def by_digest(self, digest: str) -> OwnLink | None:
        """Also one that is used or over: the caller looks."""
        row = self._tx.one(select(link).where(link.c.digest == digest))
        if row is None:
            return None
        return OwnLink(
            LinkId(row.id), MemberId(row.member), row.digest, row.expires_at, row.used_at, row.sent
        )

    def use(self, id: LinkId, at: datetime) -> None:
        done = self._tx.run(update(link).where(link.c.id == id, link.c.used_at.is_(None)).values(used_at=at))
        if not done.rowcount:
            raise Conflict("that link was used already")

    def end_all(self, member: MemberId, at: datetime) -> None:
        self._tx.run(update(link).where(link.c.member == member, link.c.used_at.is_(None)).values(used_at=at))


class SqlOwnSessions:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, session: OwnSession) -> None:
        self._tx.add(
            tables.own_session,
            {
                "digest": session.digest,
                "member": session.member,
                "csrf": session.csrf,
                "begun_at": session.begun_at,
                "seen_at": session.seen_at,
                "sent": session.sent,
            },
            taken="that session exists already",
            missing="whoever signs in does not exist",
        )

    def by_digest(self, digest: str) -> OwnSession | None:
        """Also one that is over: the caller looks."""
        row = self._tx.one(select(session).where(session.c.digest == digest))
        if row is None:
            return None
        return OwnSession(row.digest, MemberId(row.member), row.csrf, row.begun_at, row.seen_at, row.sent)

    def seen(self, digest: str, at: datetime) -> None:
        self._tx.run(
            update(session).where(session.c.digest == digest, session.c.seen_at < at).values(seen_at=at)
        )

    def remove(self, digest: str) -> None:
        self._tx.run(delete(session).where(session.c.digest == digest))

    def remove_of(self, member: MemberId, but: str | None = None) -> int:
        wanted = delete(session).where(session.c.member == member)
        return self._tx.run(wanted if but is None else wanted.where(session.c.digest != but)).rowcount

    def remove_older(self, seen_before: datetime, begun_before: datetime) -> int:
        return self._tx.run(
            delete(session).where((session.c.seen_at < seen_before) | (session.c.begun_at < begun_before))
        ).rowcount


class SqlRestrictions:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, member: MemberId, since: datetime) -> bool:
        if self.since(member) is not None:
            return False
        self._tx.add(
            restriction,
            {"member": member, "since": since},
            taken="that is restricted already",
            missing="there is no such member",
        )
        self._tell(member)
        return True

    def lift(self, member: MemberId) -> bool:
        done = self._tx.run(delete(restriction).where(restriction.c.member == member))
        if done.rowcount:
            self._tell(member)
        return bool(done.rowcount)

    def since(self, member: MemberId) -> datetime | None:
        found: datetime | None = self._tx.run(
            select(restriction.c.since).where(restriction.c.member == member)
        ).scalar_one_or_none()
        return found

    def _tell(self, member: MemberId) -> None:
        """The template does not change; whoever follows the outbox looks it up anew, and finds it to be used or not."""
        for row in self._tx.all(
            select(template.c.id, template.c.centre, template.c.version).where(template.c.member == member)
        ):
            self._tx.tell(Kind.TEMPLATE, row.id, row.centre, row.version)

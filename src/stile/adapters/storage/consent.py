"""Notices that were shown, and what parents and children said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import insert, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.consent import Audience, Channel, Notice, Relation
from stile.domain.errors import Conflict, NotFound
from stile.domain.guardians import Evidence, Excuse, Guardian, Said, Word, evidence
from stile.domain.ids import GuardianId, MemberId, WordId
from stile.ports import ShownNotice

notice, guardian, word = tables.notice, tables.guardian, tables.guardian_word


class SqlNotices:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, shown: ShownNotice) -> None:
        if self.by_digest(shown.notice.sha256) is not None:
            return
        self._tx.run(
            insert(notice),
            {
                "sha256": shown.notice.sha256,
                "version": shown.notice.version,
                "audience": shown.notice.audience,
                "words": shown.notice.words,
                "first_shown_at": shown.first_shown_at,
            },
        )

    def by_digest(self, sha256: str) -> ShownNotice | None:
        row = self._tx.one(select(notice).where(notice.c.sha256 == sha256))
        return None if row is None else _shown(row)

    def all(self) -> Sequence[ShownNotice]:
        latest_first = select(notice).order_by(notice.c.first_shown_at.desc(), notice.c.sha256)
        return [_shown(row) for row in self._tx.all(latest_first)]


class SqlGuardians:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, guardian: Guardian) -> None:
        self._tx.add(
            tables.guardian,
            {"id": guardian.id, "member": guardian.member} | _values(guardian),
            taken="that parent or guardian is named already",
            missing="there is no such member",
        )

    def save(self, guardian: Guardian) -> None:
        table = tables.guardian
        done = self._tx.run(update(table).where(table.c.id == guardian.id).values(**_values(guardian)))
        if not done.rowcount:
            raise NotFound("there is no such parent or guardian")

    def get(self, id: GuardianId) -> Guardian | None:
        row = self._tx.one(select(guardian).where(guardian.c.id == id))
        return None if row is None else _guardian(row)

    def by_digest(self, digest: str) -> Guardian | None:
        row = self._tx.one(select(guardian).where(guardian.c.digest == digest))
        return None if row is None else _guardian(row)

    def of_member(self, member: MemberId) -> Sequence[Guardian]:
        named = select(guardian).where(guardian.c.member == member).order_by(guardian.c.id)
        return [_guardian(row) for row in self._tx.all(named)]

    def use_link(self, id: GuardianId, digest: str) -> None:
        done = self._tx.run(
            update(guardian)
            .where(guardian.c.id == id, guardian.c.digest == digest)
            .values(digest=None, link_expires_at=None)
        )
        if not done.rowcount:
            raise Conflict("that link was used already")

    def say(self, word: Word) -> None:
        self._tx.add(
            tables.guardian_word,
            {
                "id": word.id,
                "member": word.member,
                "guardian": word.guardian,
                "said": word.said,
                "at": word.at,
                "channel": word.channel,
                "recorded_by": word.by,
                "notice_sha256": word.notice_sha256,
                "excuse": word.excuse,
            },
            taken="that is recorded already",
            missing="there is no such member, parent or guardian",
        )

    def words_of(self, member: MemberId) -> Sequence[Word]:
        said = select(word).where(word.c.member == member).order_by(word.c.at, word.c.id)
        return [_word(row) for row in self._tx.all(said)]

    def evidence_of(self, members: Sequence[MemberId]) -> Mapping[MemberId, Evidence]:
        named, said = defaultdict(list), defaultdict(list)
        if members:
            for row in self._tx.all(select(guardian).where(guardian.c.member.in_(members))):
                named[row.member].append(_guardian(row))
            for row in self._tx.all(select(word).where(word.c.member.in_(members))):
                said[row.member].append(_word(row))
        return {one: evidence(named[one], said[one]) for one in members}


def _shown(row: AnyRow) -> ShownNotice:
    return ShownNotice(Notice(row.version, row.words, Audience(row.audience)), row.first_shown_at)


def _values(guardian: Guardian) -> dict[str, object]:
    return {
        "name": guardian.name,
        "relation": guardian.relation,
        "email": guardian.email,
        "digest": guardian.digest,
        "link_expires_at": guardian.link_expires_at,
    }


def _guardian(row: AnyRow) -> Guardian:
    return Guardian(
        GuardianId(row.id),
        MemberId(row.member),
        row.name,
        Relation(row.relation),
        row.email,
        row.digest,
        row.link_expires_at,
    )


def _word(row: AnyRow) -> Word:
    return Word(
        WordId(row.id),
        MemberId(row.member),
        None if row.guardian is None else GuardianId(row.guardian),
        Said(row.said),
        row.at,
        Channel(row.channel),
        row.recorded_by,
        row.notice_sha256,
        None if row.excuse is None else Excuse(row.excuse),
    )

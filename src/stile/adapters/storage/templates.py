"""Law 2: a template exists only under a live consent, and a withdrawal takes it and its key along, in the same
transaction. What is refused here is refused by the database as well (`migrations/rules_0001`)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update

from stile.adapters.storage import binding, look_alikes, tables
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.checkpoint import Kind as Record
from stile.domain.consent import Alternative, Channel, Consent, Giver, Relation
from stile.domain.errors import NoLiveConsent, NotFound
from stile.domain.ids import ConsentId, MemberId, PackId, StaffId
from stile.ports import SealedTemplate

consent, template, key, outbox = tables.consent, tables.template, tables.member_key, tables.outbox


class SqlConsents:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, consent: Consent) -> str:
        """Its digest, for the audit log.

        Raises NotFound for a member who does not exist, Conflict for a consent that does.
        """
        member = tables.member
        centre = self._tx.run(
            select(member.c.centre).where(member.c.id == consent.member)
        ).scalar_one_or_none()
        if centre is None:
            raise NotFound("the member who consents does not exist")
        values, salt = {"centre": centre} | _values(consent), binding.new_salt()
        with self._tx.part("that consent is recorded already"):
            self._tx.run(tables.consent.insert(), values | {"version": 1, "salt": salt})
            self._tx.tell(Kind.CONSENT, consent.id, centre, 1)
        return binding.digest(Record.CONSENT, values, salt)

    def live_of(self, member: MemberId) -> Consent | None:
        """The latest, should there be several."""
        rows = self._tx.all(
            select(consent)
            .where(consent.c.member == member, consent.c.withdrawn_at.is_(None))
            .order_by(consent.c.given_at.desc(), consent.c.id.desc())
            .limit(1)
        )
        return consent_of_row(rows[0]) if rows else None

    def withdraw(self, member: MemberId, at: datetime) -> int:
        """Takes the member's templates and keys along: erase them first to learn how many there were."""
        live = self._tx.all(
            select(consent).where(consent.c.member == member, consent.c.withdrawn_at.is_(None))
        )
        if live:
            # The trigger would erase them too, but not tell the outbox.
            erase(self._tx, member)
        for row in live:
            self._tx.run(
                update(consent)
                .where(consent.c.id == row.id)
                # A withdrawal never fails because a clock was set back meanwhile.
                .values(withdrawn_at=max(at, row.given_at), version=row.version + 1)
            )
            self._tx.tell(Kind.CONSENT, row.id, row.centre, row.version + 1)
        return len(live)


class SqlTemplates:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def put(self, template: SealedTemplate, wrapped_key: bytes) -> None:
        with self._tx.part(missing="the template's centre does not exist"):
            live = select(consent.c.id).where(
                consent.c.id == template.consent,
                consent.c.member == template.member,
                consent.c.withdrawn_at.is_(None),
            )
            if self._tx.one(live) is None:
                raise NoLiveConsent("no template without a live consent of its member")
            self._put(template, wrapped_key)

    def _put(self, sealed: SealedTemplate, wrapped_key: bytes) -> None:
        mine = (template.c.member == sealed.member, template.c.pack == sealed.pack)
        known = self._tx.one(select(template.c.id, template.c.version).where(*mine))
        if known is None:
            id, version = self._tx.new_id(), 1
            self._tx.run(template.insert(), {"id": id, "version": version} | _template_values(sealed))
            self._tx.run(key.insert(), {"member": sealed.member, "pack": sealed.pack, "wrapped": wrapped_key})
        else:
            id, version = known.id, known.version + 1
            # Whoever looked like the template that stood here need not look like this one.
            look_alikes.erase(self._tx, sealed.member, sealed.pack)
            self._tx.run(update(template).where(*mine).values(**_template_values(sealed), version=version))
            self._tx.run(
                update(key)
                .where(key.c.member == sealed.member, key.c.pack == sealed.pack)
                .values(wrapped=wrapped_key)
            )
        self._tx.tell(Kind.TEMPLATE, id, sealed.centre, version)

    def erase(self, member: MemberId) -> int:
        return erase(self._tx, member)

    def keys_of(self, member: MemberId) -> Sequence[bytes]:
        rows = self._tx.all(select(key.c.wrapped).where(key.c.member == member).order_by(key.c.pack))
        return [row.wrapped for row in rows]

    def has(self, member: MemberId, pack: PackId) -> bool:
        mine = select(template.c.id).where(template.c.member == member, template.c.pack == pack)
        return self._tx.one(mine) is not None

    def of_pack(self, pack: PackId) -> Iterator[tuple[SealedTemplate, bytes]]:
        for row in self._tx.stream(_LIVE.where(template.c.pack == pack)):
            yield _sealed(row)

    def of_member(self, member: MemberId, pack: PackId) -> tuple[SealedTemplate, bytes] | None:
        row = self._tx.one(_LIVE.where(template.c.pack == pack, template.c.member == member))
        return None if row is None else _sealed(row)

    def changed_since(self, at: datetime) -> Sequence[MemberId]:
        # A withdrawal leaves no template to point at; its consent stays and names the member.
        by = [
            select(of.c.member)
            .join(outbox, (outbox.c.record == of.c.id) & (outbox.c.kind == kind))
            .where(outbox.c.at >= at)
            for of, kind in ((consent, Kind.CONSENT), (template, Kind.TEMPLATE))
        ]
        # An erased member leaves no consent either.
        gone = select(tables.erasure.c.member).where(tables.erasure.c.at >= at)
        return [MemberId(row.member) for row in self._tx.all(by[0].union(by[1], gone))]

    def count(self, pack: PackId) -> int:
        return self._tx.number(select(func.count()).select_from(template).where(template.c.pack == pack))


_LIVE = (
    select(
        template.c.member,
        template.c.centre,
        template.c.pack,
        template.c.consent,
        template.c.sealed,
        template.c.shots,
        template.c.made_at,
        key.c.wrapped,
    )
    .join(key, (key.c.member == template.c.member) & (key.c.pack == template.c.pack))
    .join(consent, consent.c.id == template.c.consent)
    .where(
        consent.c.withdrawn_at.is_(None),
        ~exists().where(tables.face_restriction.c.member == template.c.member),
    )
)
"""Templates that stand under a live consent and may be used (UK GDPR Art. 18), with their wrapped keys."""


def _sealed(row: AnyRow) -> tuple[SealedTemplate, bytes]:
    member, centre, pack, consent_, sealed, shots, made_at, wrapped = row
    return SealedTemplate(member, centre, pack, consent_, sealed, shots, made_at), wrapped


def erase(tx: Transaction, member: MemberId) -> int:
    """Every template and every key of the member; how many templates there were."""
    gone = tx.all(
        select(template.c.id, template.c.centre, template.c.version).where(template.c.member == member)
    )
    # The trigger would erase the pairs too, but not tell the outbox.
    look_alikes.erase(tx, member)
    tx.run(delete(key).where(key.c.member == member))
    tx.run(delete(template).where(template.c.member == member))
    for row in gone:
        tx.tell(Kind.TEMPLATE, row.id, row.centre, row.version + 1)
    return len(gone)


def _values(consent: Consent) -> dict[str, object]:
    return {
        "id": consent.id,
        "member": consent.member,
        "notice_version": consent.notice_version,
        "notice_sha256": consent.notice_sha256,
        "channel": consent.channel,
        "given_by": consent.given_by,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
        "giver": consent.giver,
        "guardian_name": consent.guardian,
        "guardian_relation": consent.relation,
        "offered": ", ".join(sorted(consent.offered)),
        "assisted_by": consent.assisted_by,
    }


def consent_of_row(row: AnyRow) -> Consent:
    return Consent(
        id=ConsentId(row.id),
        member=MemberId(row.member),
        notice_version=row.notice_version,
        notice_sha256=row.notice_sha256,
        channel=Channel(row.channel),
        given_by=row.given_by,
        given_at=row.given_at,
        withdrawn_at=row.withdrawn_at,
        giver=Giver(row.giver),
        guardian=row.guardian_name,
        relation=None if row.guardian_relation is None else Relation(row.guardian_relation),
        offered=frozenset(Alternative(one) for one in row.offered.split(", ")),
        assisted_by=None if row.assisted_by is None else StaffId(row.assisted_by),
    )


def _template_values(sealed: SealedTemplate) -> dict[str, object]:
    return {
        "member": sealed.member,
        "pack": sealed.pack,
        "centre": sealed.centre,
        "consent": sealed.consent,
        "sealed": sealed.sealed,
        "shots": sealed.shots,
        "made_at": sealed.made_at,
    }

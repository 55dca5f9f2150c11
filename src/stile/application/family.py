"""Parents and guardians are told and asked, and what they or the child say is kept. An objection or a refusal withdraws
at once: it is recorded in the transaction that destroys the template.

Protection of Freedoms Act 2012 ss. 26 and 27. An objection counts here however it is made, also by word of mouth; the
act would let a school ask a parent for writing. A consent counts in writing only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from stile.application import letters
from stile.application.notice import Notices, keep
from stile.application.withdraw import Receipt, Withdraw
from stile.domain.access import digest_of
from stile.domain.audit import Event
from stile.domain.consent import Audience, Channel, Notice, Relation
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.guardians import Excuse, Guardian, Said, Word
from stile.domain.ids import GuardianId, MemberId, WordId
from stile.domain.member import Member
from stile.ports import Chance, Clock, Mail, Store, UnitOfWork

LINK_LASTS = timedelta(days=21)
ENDS = frozenset((Said.OBJECTED, Said.REFUSED))
OVER = "This link does not work any more. You can still say yes or no: please tell reception, or write to us."


@dataclass(frozen=True, slots=True)
class Family:
    """Who answers for a member, and everything that was said, the oldest first."""

    member: Member
    guardians: Sequence[Guardian]
    words: Sequence[Word]


class Families:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Chance,
        mail: Mail,
        notices: Notices,
        withdraw: Withdraw,
        base_url: str,
        zone: ZoneInfo,
    ) -> None:
        self._store, self._clock, self._chance, self._mail = store, clock, chance, mail
        self._notices, self._withdraw, self._base_url, self._zone = notices, withdraw, base_url, zone

    def of(self, id: MemberId) -> Family:
        """Raises NotFound for nobody."""
        with self._store.read() as work:
            member = work.members.get(id)
            if member is None:
                raise NotFound("There is no such member.")
            return Family(member, work.guardians.of_member(id), work.guardians.words_of(id))

    def name(
        self, member: MemberId, name: str, relation: Relation, email: str | None, actor: str
    ) -> Guardian:
        """Raises WrongValue for what cannot be, NotFound for nobody."""
        made = Guardian(
            GuardianId(self._chance.new_id()), member, " ".join(name.split()), relation, email or None
        )
        with self._store.begin() as work:
            work.guardians.add(made)
            work.audit.append(
                self._clock.now(), Event.GUARDIAN_NAMED, actor, str(member), {"relation": relation}
            )
            work.commit()
        return made

    # --- a parent, by letter ---

    def write_to(self, id: GuardianId, actor: str) -> None:
        """Notifies a parent, and asks them, by a letter with a link that works once. Raises NotAllowed without an
        address, NotConfigured without a mail server, CannotSend when it did not take the letter: then they count as not
        notified. Blocks for the mail server."""
        link = self.link(id, actor)
        with self._store.read() as work:
            guardian, operator = work.guardians.get(id), work.operators.only()
            member = work.members.get(guardian.member) if guardian else None
        if guardian is None or member is None or operator is None or guardian.link_expires_at is None:
            raise NotFound("There is no such parent or guardian.")
        if guardian.email is None:
            raise NotAllowed("There is no e-mail address of theirs. Give them the notice on paper.")
        self._mail.send(
            letters.to_a_parent(
                member, guardian.email, operator.name, link, guardian.link_expires_at, self._zone
            )
        )
        self.record(id, Said.NOTIFIED, Channel.ENROLMENT_PAGE, actor)

    def link(self, id: GuardianId, actor: str) -> str:
        """The address of a page where this parent can say yes or no, once. An earlier one works no more."""
        token, now = self._chance.secret(), self._clock.now()
        with self._store.begin() as work:
            guardian = _guardian(work, id)
            work.guardians.save(replace(guardian, digest=digest_of(token), link_expires_at=now + LINK_LASTS))
            work.audit.append(now, Event.INVITATION_MADE, actor, str(guardian.member), {"for": "a parent"})
            work.commit()
        return f"{self._base_url}/parent/{token}"

    def asked(self, token: str) -> tuple[Guardian, Member]:
        """Raises NotFound, in the same words, for a link that is unknown, used or out of date."""
        with self._store.read() as work:
            guardian = work.guardians.by_digest(digest_of(token))
            if guardian is None or (guardian.link_expires_at or self._clock.now()) <= self._clock.now():
                raise NotFound(OVER)
            member = work.members.get(guardian.member)
        if member is None:
            raise NotFound(OVER)
        return guardian, member

    def consents_by_link(self, token: str, name: str, shown: Notice) -> Member:
        """`name`: as they write it themselves, in the place of a signature. Raises WrongValue without one, NotFound as
        `asked` does, Conflict where the same link was used a moment ago."""
        guardian, member = self.asked(token)
        signed = replace(guardian, name=" ".join(name.split()))
        with self._store.begin() as work:
            work.guardians.use_link(guardian.id, digest_of(token))
            work.guardians.save(replace(signed, digest=None, link_expires_at=None))
            keep(work, shown, self._clock)
            self._say(
                work,
                self._word(member.id, guardian.id, Said.CONSENTED, Channel.ENROLMENT_PAGE, "the link", shown),
            )
            work.commit()
        return member

    def objects_by_link(self, token: str) -> Receipt:
        """Raises NotFound as `asked` does."""
        guardian, member = self.asked(token)
        word = self._word(member.id, guardian.id, Said.OBJECTED, Channel.ENROLMENT_PAGE, "the link")

        def also(work: UnitOfWork) -> None:
            work.guardians.use_link(guardian.id, digest_of(token))
            self._say(work, word)

        return self._withdraw.consent_of(member.id, "a parent", also)

    # --- what the staff record ---

    def record(
        self, id: GuardianId, said: Said, channel: Channel, actor: str, excuse: Excuse | None = None
    ) -> Receipt | None:
        """What a parent said or was told, on paper or at the desk; the receipt where it withdrew something. Raises
        NotAllowed for a consent that is not in writing."""
        if said is Said.CONSENTED and channel not in (Channel.PAPER, Channel.DESK):
            raise NotAllowed(
                "A parent's consent is in writing: on paper, by their link, or on the desk's screen."
            )
        with self._store.read() as work:
            guardian = _guardian(work, id)
        shown = None
        if said is Said.CONSENTED:
            shown = self._printed_for(guardian) or self._notices.show(Audience.PARENT)
        elif said is Said.NOTIFIED:
            shown = self._notices.show(Audience.PARENT)
        return self._record(self._word(guardian.member, id, said, channel, actor, shown, excuse), actor)

    def _printed_for(self, guardian: Guardian) -> Notice | None:
        """What stands on the paper that they were given, if one was printed here: that is what they signed."""
        with self._store.read() as work:
            told = [
                one.notice_sha256
                for one in work.guardians.words_of(guardian.member)
                if one.guardian == guardian.id and one.said is Said.NOTIFIED and one.channel is Channel.PAPER
            ]
            found = work.notices.by_digest(told[-1]) if told and told[-1] else None
        return found.notice if found else None

    def child_says(self, member: MemberId, said: Said, channel: Channel, actor: str) -> Receipt | None:
        """AGREED or REFUSED, in whatever way they showed it (s. 26(5)). Raises WrongValue for anything else, NotFound
        for nobody."""
        self.of(member)
        return self._record(self._word(member, None, said, channel, actor), actor)

    def _record(self, word: Word, actor: str) -> Receipt | None:
        if word.said in ENDS:
            return self._withdraw.consent_of(word.member, actor, lambda work: self._say(work, word))
        with self._store.begin() as work:
            self._say(work, word)
            work.commit()
        return None

    def _word(
        self,
        member: MemberId,
        guardian: GuardianId | None,
        said: Said,
        channel: Channel,
        by: str,
        shown: Notice | None = None,
        excuse: Excuse | None = None,
    ) -> Word:
        if (said is Said.EXCUSED) is not (excuse is not None):
            raise WrongValue("Say why they are not asked.")
        return Word(
            WordId(self._chance.new_id()),
            member,
            guardian,
            said,
            self._clock.now(),
            channel,
            by,
            shown.sha256 if shown else None,
            excuse,
        )

    @staticmethod
    def _say(work: UnitOfWork, word: Word) -> None:
        work.guardians.say(word)
        work.audit.append(
            word.at,
            Event.FAMILY_SAID,
            word.by,
            str(word.member),
            {
                "said": word.said,
                "by": "child" if word.guardian is None else "parent or guardian",
                "channel": word.channel,
            },
        )


def _guardian(work: UnitOfWork, id: GuardianId) -> Guardian:
    guardian = work.guardians.get(id)
    if guardian is None:
        raise NotFound("There is no such parent or guardian.")
    return guardian

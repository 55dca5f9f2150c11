"""A consent is recorded with all that proves it: to which words, by whom, when, through what, and which other ways in
were offered (UK GDPR Art. 7(1)). Nobody consents whom the rules do not let."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from stile.application.may_enrol import SAID, MayEnrol, must, said
from stile.application.notice import keep
from stile.domain.audit import Event
from stile.domain.children import ADULT_FROM, WhyNot, age_on
from stile.domain.consent import Alternative, Channel, Consent, Giver, Notice
from stile.domain.errors import CannotRecord, NotAllowed, NotFound
from stile.domain.guardians import Guardian, Said, Word
from stile.domain.ids import ConsentId, MemberId, StaffId, WordId
from stile.domain.member import Member
from stile.ports import Chance, Clock, Gallery, Store, UnitOfWork


class Consenting:
    def __init__(
        self,
        store: Store,
        gallery: Gallery | None,
        clock: Clock,
        chance: Chance,
        may: MayEnrol,
        offered: Collection[Alternative],
    ) -> None:
        """`offered`: the ways in without the face that stand in this site's notices."""
        self._store, self._gallery, self._clock, self._chance = store, gallery, clock, chance
        self._may, self._offered = may, frozenset(offered)

    def record(
        self,
        id: MemberId,
        notice: Notice,
        channel: Channel,
        given_by: str,
        assisted_by: StaffId | None = None,
    ) -> Consent:
        """Records the consent to exactly these words. One that is live for them is kept as it is.

        For a child under 13 the consent is the parent's, who gave it before, to the words that they had before them:
        `notice` is then what the child was shown. Raises NotFound for nobody, NotAllowed with the reason.
        """
        now = self._clock.now()
        with self._store.begin() as work:
            member = work.members.get(id)
            if member is None:
                raise NotFound("There is no such member.")
            known = said(work, id)
            if channel is not Channel.PAPER:  # they say yes now; a form does not take a child's no back
                known = replace(known, child_refuses=False)
            giver = must(self._may.decide(member, known)).giver
            given = self._consent(work, member, giver, notice, channel, given_by, assisted_by)
            live = work.consents.live_of(id)
            if live is not None and live.notice_sha256 == given.notice_sha256 and live.giver is giver:
                return live
            keep(work, notice, self._clock)
            if (
                live is not None
            ):  # new words need a new consent, and what stood under the old one goes with it
                work.templates.erase(id)
                work.consents.withdraw(id, now)
            age = age_on(self._clock.today(), member.born_on)
            if age is not None and age < ADULT_FROM and channel is not Channel.PAPER:
                work.guardians.say(
                    Word(
                        WordId(self._chance.new_id()),
                        id,
                        None,
                        Said.AGREED,
                        now,
                        channel,
                        str(assisted_by or "the link"),
                        notice.sha256,
                    )
                )
            recorded = work.consents.add(given)
            work.audit.append(
                now,
                Event.CONSENT_GIVEN,
                str(id),
                str(given.id),
                {"notice": given.notice_version, "channel": channel, "giver": giver, "record": recorded},
            )
            work.commit()
        if self._gallery is not None and self._gallery.remove(id):
            with suppress(CannotRecord):  # a long reader is in the way: the serving process tries again
                self._store.scrub()
        return given

    def check_still(self, work: UnitOfWork, member: Member, consent: Consent) -> None:
        """Whether a template may rest on this consent now: between the yes and the last picture a date of birth may
        have been corrected. Raises NotAllowed with the reason."""
        giver = must(self._may.decide(member, said(work, member.id))).giver
        if giver is Giver.GUARDIAN and consent.giver is not Giver.GUARDIAN:
            raise NotAllowed(SAID[WhyNot.PARENT_HAS_NOT_CONSENTED])

    def _consent(
        self,
        work: UnitOfWork,
        member: Member,
        giver: Giver,
        notice: Notice,
        channel: Channel,
        given_by: str,
        assisted_by: StaffId | None,
    ) -> Consent:
        made = Consent(
            ConsentId(self._chance.new_id()),
            member.id,
            notice.version,
            notice.sha256,
            channel,
            given_by,
            self._clock.now(),
            offered=self._offered,
            assisted_by=assisted_by,
        )
        if giver is Giver.MEMBER:
            return made
        parent, word = _who_consents(work, member.id)
        shown = work.notices.by_digest(word.notice_sha256 or "")
        if shown is None:
            raise NotAllowed("The words that the parent consented to are not kept here: ask them again.")
        return replace(
            made,
            notice_version=shown.notice.version,
            notice_sha256=shown.notice.sha256,
            given_by="a parent or guardian",
            giver=Giver.GUARDIAN,
            guardian=parent.name,
            relation=parent.relation,
        )


def _who_consents(work: UnitOfWork, id: MemberId) -> tuple[Guardian, Word]:
    """The parent whose consent came last and stands, and their word."""
    words = work.guardians.words_of(id)
    standing = []
    for parent in work.guardians.of_member(id):
        answers = [
            one
            for one in words
            if one.guardian == parent.id and one.said in (Said.CONSENTED, Said.OBJECTED, Said.EXCUSED)
        ]
        if answers and answers[-1].said is Said.CONSENTED:
            standing.append((parent, answers[-1]))
    if not standing:
        raise NotAllowed("A parent or guardian must consent first, in writing.")
    return max(standing, key=lambda one: (one[1].at, one[1].id))

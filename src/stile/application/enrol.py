"""A member enrols. Law 2: no template without the member's own live consent.

consent → 3 to 5 good shots of one person → one template → is this face another member's? → sealed and stored

Twins are another person each: where reception says so they are enrolled, and asked for the card as well.

The shots live in memory until the template is made. Law 3: the duplicate check here is the second of the two
places that search the gallery.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from stile.application.consenting import Consenting
from stile.application.go_live import GoLive
from stile.application.invite import Invite
from stile.application.shots import SAME_PERSON_FMR, ShotFlaw, Shots
from stile.domain import fusion, look_alike
from stile.domain.access import Invitation
from stile.domain.audit import Event
from stile.domain.consent import Channel, Consent, Notice
from stile.domain.errors import (
    AlreadyEnrolled,
    Conflict,
    NoLiveConsent,
    NotAllowed,
    NotConfigured,
    NotFound,
    StileError,
)
from stile.domain.faces import Features, Frame, Probe, Template
from stile.domain.ids import CentreId, MemberId, StaffId
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.member import Member
from stile.domain.quality import ENROLMENT_LIMITS, Flaw, QualityLimits
from stile.ports import Chance, Clock, EyesPool, Gallery, SealedTemplate, Store, UnitOfWork, Vault

log = logging.getLogger(__name__)

LEAST_SHOTS, MOST_SHOTS = 3, 5
DUPLICATE_FPIR = 1e-3
"""How often a newcomer may wrongly be told that their face is enrolled already."""
MOST_ALIKE = 20
"""Members who are looked at as look-alikes of a newcomer."""


@dataclass(slots=True)
class Enrolment:
    """The shots of one member so far. In memory only. `unattended`: taken on the member's own, so that the shots are
    judged for liveness as well; reception sees who stands there."""

    member: MemberId
    shots: Shots
    unattended: bool = False
    centre: CentreId | None = None
    group: str | None = None
    begun_on: date | None = None
    """The day it is counted under, from the first picture on (failures to enrol are those that never end)."""

    @property
    def has_enough(self) -> bool:
        return len(self.shots) >= LEAST_SHOTS

    @property
    def is_full(self) -> bool:
        return len(self.shots) >= MOST_SHOTS


@dataclass(frozen=True, slots=True)
class ShotTaken:
    taken: int
    needed: int = LEAST_SHOTS


@dataclass(frozen=True, slots=True)
class ShotRefused:
    flaw: Flaw | ShotFlaw
    taken: int
    needed: int = LEAST_SHOTS


class Enrol:
    def __init__(
        self,
        store: Store,
        vault: Vault,
        pool: EyesPool | None,
        gallery: Gallery | None,
        clock: Clock,
        chance: Chance,
        links: Invite,
        consenting: Consenting,
        go_live: GoLive,
        limits: QualityLimits = ENROLMENT_LIMITS,
    ) -> None:
        self._links, self._consenting, self._go_live = links, consenting, go_live
        self._store, self._vault, self._pool, self._gallery = store, vault, pool, gallery
        self._clock, self._chance, self._limits = clock, chance, limits

    # --- the link, and the consent ---

    def invite(self, member: MemberId, actor: str, look_alike_allowed: bool = False) -> str:
        """A link's token for the member's own phone (`stile.application.invite`)."""
        return self._links.link(member, actor, look_alike_allowed).token

    def invited(self, token: str) -> tuple[Invitation, Member]:
        """Raises NotFound, in the same words, for a link that is unknown, used or out of date."""
        return self._links.invited(token)

    def consent(
        self,
        member: MemberId,
        notice: Notice,
        channel: Channel,
        given_by: str,
        assisted_by: StaffId | None = None,
    ) -> Consent:
        """Records the consent to exactly these words (`stile.application.consenting`)."""
        return self._consenting.record(member, notice, channel, given_by, assisted_by)

    # --- shots ---

    def begin(self, member: MemberId, unattended: bool = False) -> Enrolment:
        """Raises NoLiveConsent before any camera is looked through, NotAllowed before the register lets anybody enrol
        (law 5), NotConfigured without a model pack."""
        if self._pool is None:
            raise NotConfigured("No model pack is installed: run `stile doctor` to see what to do.")
        with self._store.read() as work:
            who = work.members.get(member)
            if who is None or work.consents.live_of(member) is None:
                raise NoLiveConsent("The member has not consented: record the consent first.")
            group = work.groups.of(member)
        self._go_live.check_enrolment(who.centre)
        same_person = self._pool.calibration.threshold_for(SAME_PERSON_FMR, 1)
        if same_person is None:
            raise NotConfigured(
                "The model pack's calibration cannot tell whether two pictures show one person."
            )
        return Enrolment(member, Shots(same_person.value), unattended, who.centre, group)

    def shot(self, enrolment: Enrolment, frame: Frame) -> ShotTaken | ShotRefused:
        """Looks at one frame; blocks for the length of the inferences."""
        assert self._pool is not None
        if enrolment.is_full:
            raise Conflict(f"All {MOST_SHOTS} pictures are taken.")
        self._count_begun(enrolment)
        with self._pool.lend() as eyes:
            liveness = eyes.liveness if enrolment.unattended else None
            found = enrolment.shots.take(eyes, frame, self._limits, liveness)
        taken = len(enrolment.shots)
        return ShotTaken(taken) if isinstance(found, Features) else ShotRefused(found, taken)

    def _count_begun(self, enrolment: Enrolment) -> None:
        """With the first picture. A number that cannot be counted is no reason to keep somebody from enrolling."""
        if enrolment.begun_on is not None or enrolment.centre is None:
            return
        enrolment.begun_on = self._clock.today()
        try:
            with self._store.begin() as work:
                work.figures.begun(enrolment.begun_on, enrolment.centre, enrolment.group)
                work.commit()
        except StileError as error:
            enrolment.centre = None
            log.warning("an enrolment was not counted: %s", type(error).__name__)

    # --- the template ---

    def finish(
        self,
        enrolment: Enrolment,
        invitation: Invitation | None = None,
        actor: str | None = None,
        look_alike_allowed: bool = False,
    ) -> None:
        """Makes the template, and stores it together with its key, the used link and the audit entry; and beside it who
        looks so much alike that the two are asked for the card from now on.

        Raises Conflict with too few shots, NotAllowed for shots of a picture and for who may not be asked any more,
        AlreadyEnrolled, NoLiveConsent when it was withdrawn meanwhile.
        """
        if not enrolment.has_enough:
            raise Conflict(f"{LEAST_SHOTS} good pictures are needed, {len(enrolment.shots)} are taken.")
        if enrolment.unattended and enrolment.shots.telltale:
            raise NotAllowed(
                "These pictures could not be taken for a live face. Please enrol at reception; your card works."
            )
        assert self._gallery is not None
        template = fusion.template(enrolment.shots.taken)
        allowed = look_alike_allowed or (invitation is not None and invitation.look_alike_allowed)
        alike = self._refuse_duplicate(enrolment.member, template, allowed)
        now = self._clock.now()
        with self._store.begin() as work:
            consent = work.consents.live_of(enrolment.member)
            member = work.members.get(enrolment.member)
            if consent is None or member is None:
                raise NoLiveConsent("The consent was withdrawn meanwhile: nothing was stored.")
            self._consenting.check_still(work, member, consent)
            self._go_live.check_enrolment(member.centre)
            key = self._vault.new_key(member.id)
            sealed = self._vault.seal(member.id, key, template)
            work.templates.put(
                SealedTemplate(
                    member.id, member.centre, template.pack, consent.id, sealed, len(enrolment.shots), now
                ),
                key,
            )
            for other in alike:
                with suppress(NotFound):  # withdrew meanwhile
                    work.look_alikes.add(
                        LookAlike.of(member.id, other, template.pack, member.centre, now, FoundBy.ENROLMENT)
                    )
            if enrolment.begun_on is not None and enrolment.centre is not None:
                work.figures.done(enrolment.begun_on, enrolment.centre, enrolment.group)
            if invitation is not None:
                self._use(work, invitation, now)
            work.audit.append(
                now,
                Event.TEMPLATE_STORED,
                actor or str(member.id),
                str(member.id),
                {"pack": template.pack, "shots": len(enrolment.shots)},
            )
            work.commit()
        enrolment.shots.clear()
        self._gallery.put(enrolment.member, template)
        with self._store.read() as work:
            in_use = work.templates.of_member(enrolment.member, template.pack) is not None
        # Withdrawn between the commit and the gallery, or set aside by the member (Art. 18): without this line the
        # template would stay in memory.
        if not in_use:
            self._gallery.remove(enrolment.member)

    @staticmethod
    def _use(work: UnitOfWork, invitation: Invitation, now: datetime) -> None:
        """The link is used in the transaction that stores the template: of two pages that opened it, one enrols."""
        try:
            work.invitations.use(invitation.id, now)
        except Conflict:
            raise Conflict("This link was used already, so these pictures were not kept.") from None

    def _refuse_duplicate(self, member: MemberId, template: Template, allowed: bool) -> list[MemberId]:
        """Raises AlreadyEnrolled, unless reception knows them to be two people. Whom the newcomer looks like."""
        assert self._gallery is not None
        assert self._pool is not None
        if not len(self._gallery):
            return []
        size, calibration = len(self._gallery), self._pool.calibration
        # Beyond what the pack can answer for, its highest threshold: nobody is kept from enrolling by the size.
        known_for = calibration.threshold_for(DUPLICATE_FPIR, size)
        threshold = known_for.value if known_for else calibration.points[-1].threshold
        found = self._gallery.search(Probe(template.vector, template.pack), MOST_ALIKE)
        nearest = [one for one in found if one.member != member]
        with self._store.read() as work:
            known = [one.pair for one in work.look_alikes.of_member(member, template.pack)]
        for one in nearest:
            if one.score >= threshold and not allowed and {member, one.member} not in known:
                raise AlreadyEnrolled(
                    "This face seems to be enrolled under another membership. Please see reception; "
                    "your card works."
                )
        alike = min(threshold, look_alike.threshold(calibration, size + 1))
        return [one.member for one in nearest if one.score >= alike]

"""A member's link to enrol: made by reception, single-use, and over after a while. It is shown, printed, sent, or taken
up at a kiosk by a few digits. The secret is given out once; the store keeps its digest."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from stile.application import letters
from stile.application.go_live import GoLive
from stile.application.may_enrol import MayEnrol
from stile.domain.access import Invitation, digest_of
from stile.domain.audit import Event
from stile.domain.consent import Channel
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.ids import InvitationId, MemberId, StaffId
from stile.domain.member import Member
from stile.domain.places import Lane
from stile.ports import Chance, Clock, Mail, Store

LINK_LASTS = timedelta(days=7)
SCREEN_LASTS = timedelta(minutes=30)
"""A link on a screen that others use next."""
CODE_LASTS = timedelta(minutes=15)
CODE_DIGITS = 8

OVER = "This link does not work any more. Please ask reception for a new one."


@dataclass(frozen=True, slots=True)
class Made:
    """`token` goes into the link. `code`: the digits for a kiosk, where they were asked for."""

    invitation: Invitation
    token: str
    code: str | None = None


class Invite:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Chance,
        mail: Mail,
        may: MayEnrol,
        go_live: GoLive,
        base_url: str,
        zone: ZoneInfo,
    ) -> None:
        self._store, self._clock, self._chance, self._mail = store, clock, chance, mail
        self._may, self._go_live, self._base_url, self._zone = may, go_live, base_url, zone

    def address(self, token: str) -> str:
        return f"{self._base_url}/enrol/{token}"

    def link(self, member: MemberId, actor: str, look_alike_allowed: bool = False) -> Made:
        """For the member's own phone. Earlier links of theirs work no more. `look_alike_allowed`: reception knows them
        to be another person than the one whom they look like. Raises NotAllowed with the reason why they may not
        enrol."""
        return self._make(member, actor, LINK_LASTS, look_alike_allowed=look_alike_allowed)

    def at_the_desk(self, member: MemberId, staff: StaffId, look_alike_allowed: bool = False) -> Made:
        """For the desk's own screen, turned to the member, with somebody of the staff beside them."""
        return self._make(
            member,
            str(staff),
            SCREEN_LASTS,
            channel=Channel.DESK,
            assisted_by=staff,
            look_alike_allowed=look_alike_allowed,
        )

    def for_a_kiosk(self, member: MemberId, actor: str, look_alike_allowed: bool = False) -> Made:
        """With digits that a paired kiosk takes up. The link itself works as well."""
        code = f"{int(digest_of(self._chance.secret()), 16) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
        return self._make(
            member,
            actor,
            CODE_LASTS,
            code=code,
            channel=Channel.KIOSK,
            look_alike_allowed=look_alike_allowed,
        )

    def take_up(self, lane: Lane, code: str) -> Made:
        """At the lane's kiosk: the digits become a link of its own. Raises NotFound, in the same words, for what is no
        code, is used, or is over; the caller counts the tries."""
        plain, now = "".join(code.split()), self._clock.now()
        with self._store.read() as work:
            found = work.invitations.by_code(digest_of(plain))
        if found is None or not found.works(now) or not found.code_expires_at or found.code_expires_at <= now:
            raise NotFound("This code does not work. Please ask reception for a new one.")
        return self._make(
            found.member,
            found.made_by or "reception",
            SCREEN_LASTS,
            channel=Channel.KIOSK,
            lane=lane,
            look_alike_allowed=found.look_alike_allowed,
            instead_of=found,
        )

    def send(self, member: MemberId, actor: str, look_alike_allowed: bool = False) -> Made:
        """Makes a link and sends it to the member's address. Blocks for the mail server. Raises NotAllowed without an
        address, NotConfigured without a mail server, CannotSend when it did not take the letter: then no link works."""
        with self._store.read() as work:
            who, operator = work.members.get(member), work.operators.only()
        if who is None or operator is None:
            raise NotFound("There is no such member.")
        if who.email is None:
            raise NotAllowed(
                "There is no e-mail address of this member. Print the link, or record an address first."
            )
        made = self.link(member, actor, look_alike_allowed)
        until = made.invitation.expires_at
        try:
            self._mail.send(
                letters.invitation(who, who.email, operator.name, self.address(made.token), until, self._zone)
            )
        except Exception:
            self.cancel(member, actor)
            raise
        now = self._clock.now()
        with self._store.begin() as work:
            work.invitations.was_sent(made.invitation.id, now)
            work.audit.append(now, Event.INVITATION_SENT, actor, str(member))
            work.commit()
        return made

    def cancel(self, member: MemberId, actor: str) -> None:
        """No link of the member works any more."""
        now = self._clock.now()
        with self._store.begin() as work:
            if work.members.get(member) is None:
                raise NotFound("There is no such member.")
            work.invitations.end_all(member, now)
            work.audit.append(now, Event.INVITATION_ENDED, actor, str(member))
            work.commit()

    def invited(self, token: str) -> tuple[Invitation, Member]:
        """Raises NotFound, in the same words, for a link that is unknown, used or out of date."""
        with self._store.read() as work:
            invitation = work.invitations.by_digest(digest_of(token))
            if invitation is None or not invitation.works(self._clock.now()):
                raise NotFound(OVER)
            member = work.members.get(invitation.member)
        if member is None:
            raise NotFound(OVER)
        return invitation, member

    def _make(
        self,
        member: MemberId,
        actor: str,
        lasts: timedelta,
        *,
        channel: Channel = Channel.ENROLMENT_PAGE,
        assisted_by: StaffId | None = None,
        lane: Lane | None = None,
        code: str | None = None,
        look_alike_allowed: bool = False,
        instead_of: Invitation | None = None,
    ) -> Made:
        token, now = self._chance.secret(), self._clock.now()
        invitation = Invitation(
            InvitationId(self._chance.new_id()),
            member,
            digest_of(token),
            now + lasts,
            look_alike_allowed=look_alike_allowed,
            made_at=now,
            made_by=actor,
            channel=channel,
            assisted_by=assisted_by,
            lane=lane.id if lane else None,
            code=digest_of(code) if code else None,
            code_expires_at=now + CODE_LASTS if code else None,
        )
        with self._store.begin() as work:
            who, _ = self._may.check(work, member)
            self._go_live.check_enrolment(who.centre)
            if instead_of is not None:  # Conflict, when another kiosk took the code up a moment ago
                work.invitations.use(instead_of.id, now)
            work.invitations.end_all(member, now)  # a lost link must not outlive the one that replaces it
            work.invitations.add(invitation)
            # Without a word of a look-alike: that goes with the templates, and the audit log never forgets.
            work.audit.append(now, Event.INVITATION_MADE, actor, str(member))
            work.commit()
        return Made(invitation, token, code)

"""A member comes to their own page by a link to their own contact, or by one that reception shows them.

Whoever asks for a link is told the same, whether anybody has that number or address or not; what is looked up and sent
happens after the answer.
"""

import hmac
import logging
from collections.abc import Callable
from contextlib import suppress

from stile.domain.access import digest_of
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound, StileError
from stile.domain.ids import LinkId, MemberId
from stile.domain.member import Member
from stile.domain.own_page import IDLE, LINK_LASTS, SESSION_LASTS, OwnLink, OwnSession
from stile.ports import Chance, Clock, Letter, Mail, Store

MOST_ALIKE = 10
"""Members who share an address, at most: a family. More is a mistake in the data, and not a reason to send."""
SENT, SHOWN = "by a link sent to the address on file", "by a link shown at reception"
NO_LONGER = "This link does not work any more. Please ask for a new one."

log = logging.getLogger(__name__)


class OwnPage:
    def __init__(self, store: Store, mail: Mail, clock: Clock, chance: Chance, base_url: str) -> None:
        self._store, self._mail, self._clock, self._chance = store, mail, clock, chance
        self._base_url = base_url

    @property
    def can_send(self) -> bool:
        return self._mail.is_set_up

    def link(self, member: MemberId, actor: str, sent: bool = False) -> str:
        """The address of the page that signs this member in, once, within half an hour. Earlier ones work no more.
        `sent`: it goes to the member's own address, and is shown to nobody."""
        token, now = self._chance.secret(), self._clock.now()
        with self._store.begin() as work:
            if work.members.get(member) is None:
                raise NotFound("There is no such member.")
            work.own_links.end_all(member, now)
            work.own_links.add(
                OwnLink(LinkId(self._chance.new_id()), member, digest_of(token), now + LINK_LASTS, sent=sent)
            )
            work.audit.append(now, Event.OWN_LINK_MADE, actor, str(member))
            work.commit()
        return f"{self._base_url}/me/enter/{token}"

    def send_link(self, wanted: str, allows: Callable[[MemberId], bool] = lambda _: True) -> None:
        """To whom this membership number or e-mail address belongs, if to anybody. Tells nobody what came of it.
        `allows`: whether this member may be written to again so soon."""
        wanted = wanted.strip()[:254]
        if not wanted or not self.can_send:
            return
        with self._store.read() as work:
            found = work.held.addressed_by(wanted)
            operator = work.operators.only()
        if len(found) > MOST_ALIKE:
            log.warning("own page: more than %d members share one address, none was written to", MOST_ALIKE)
            return
        for member, address in found:
            if not allows(member):  # or somebody could fill another's mailbox
                continue
            link = self.link(member, str(member), sent=True)
            try:
                self._mail.send(_letter(address, operator.name if operator else "Stile", link))
            except StileError as error:  # never with the address
                log.warning("own page: a letter was not sent: %s", type(error).__name__)

    def look(self, token: str) -> OwnLink:
        """The link, while it works; a mail program that opens it uses nothing up. Raises NotFound in the same words for
        one that is unknown, used or out of date."""
        with self._store.read() as work:
            link = work.own_links.by_digest(digest_of(token))
        if link is None or not link.works(self._clock.now()):
            raise NotFound(NO_LONGER)
        return link

    def enter(self, token: str) -> tuple[str, OwnSession]:
        """Uses the link up; the cookie's token, kept nowhere else, and the session. Raises NotFound as `look` does."""
        link, now, cookie = self.look(token), self._clock.now(), self._chance.secret()
        session = OwnSession(digest_of(cookie), link.member, self._chance.secret(), now, now, link.sent)
        with self._store.begin() as work:
            try:
                work.own_links.use(link.id, now)
            except Conflict:  # somebody was quicker
                raise NotFound(NO_LONGER) from None
            work.own_sessions.remove_older(now - IDLE, now - SESSION_LASTS)
            work.own_sessions.add(session)
            came = {"what": SENT if link.sent else SHOWN}
            work.audit.append(now, Event.OWN_SIGNED_IN, str(link.member), str(link.member), came)
            work.commit()
        return cookie, session

    def resume(self, cookie: str | None) -> tuple[OwnSession, Member] | None:
        """Whose page this is; None when the cookie is missing, unknown or its time is over."""
        if not cookie:
            return None
        now = self._clock.now()
        with self._store.read() as work:
            session = work.own_sessions.by_digest(digest_of(cookie))
            if session is None or not session.holds(now):
                return None
            member = work.members.get(session.member)
        if member is None:
            return None
        if session.is_stale(now):
            # A store that cannot be written to just now must not keep anybody from reading their own page.
            with suppress(StileError), self._store.begin() as work:
                work.own_sessions.seen(session.digest, now)
                work.commit()
        return session, member

    def leave(self, session: OwnSession) -> None:
        with self._store.begin() as work:
            work.own_sessions.remove(session.digest)
            work.audit.append(
                self._clock.now(), Event.OWN_SIGNED_OUT, str(session.member), str(session.member)
            )
            work.commit()

    @staticmethod
    def form_is_genuine(session: OwnSession, csrf: str) -> bool:
        """Whether the form came from a page of this session (constant time)."""
        return hmac.compare_digest(session.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))


def _letter(address: str, operator: str, link: str) -> Letter:
    minutes = int(LINK_LASTS.total_seconds() // 60)
    return Letter(
        address,
        f"Your link to see your data at {operator}",
        f"""Hello,

somebody, we hope you, asked to see what {operator} holds about you. This link opens it, once, within {minutes} minutes:

{link}

If it was not you, there is nothing to do: without this letter nobody gets in.

{operator}
""",
    )

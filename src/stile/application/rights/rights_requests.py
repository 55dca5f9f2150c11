"""Requests about one's own data are received however they come, walked along their table, and answered in time.

Each step is recorded with its day, from which the clock follows, and appended to the audit log without a word of what
was asked.
"""

from dataclasses import dataclass
from datetime import date

from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import CentreId, MemberId, RequestId
from stile.domain.rights_request import CameBy, Entry, Ground, Kind, RightsRequest, Step
from stile.ports import Chance, Clock, Letter, Mail, Store, UnitOfWork

LONGEST = 4000
"""Characters of what somebody writes: two pages."""
MOST_OPEN_OF_A_MEMBER = 10
"""From their own page, also when they ask many times at once. Whoever has more open is helped by a person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """As it came. `received`: the day on which it reached the operator; for a letter, not when somebody opened it."""

    kind: Kind
    came_by: CameBy
    received: date
    member: MemberId | None = None
    who: str = ""
    contact: str = ""
    words: str = ""


class RightsRequests:
    def __init__(self, store: Store, mail: Mail, clock: Clock, chance: Chance) -> None:
        self._store, self._mail, self._clock, self._chance = store, mail, clock, chance

    @property
    def can_send(self) -> bool:
        return self._mail.is_set_up

    def receive(self, asked: Asked, actor: str, most_open: int | None = None) -> RightsRequest:
        """`most_open`: of this member, with this one. Raises WrongValue for a day to come, a request without its words
        and one too many; NotFound for nobody."""
        if asked.received > self._clock.today():
            raise WrongValue("A request cannot have been received on a day to come.")
        for text in (asked.who, asked.contact, asked.words):
            if len(text) > LONGEST:
                raise WrongValue(f"Please keep it to {LONGEST} characters.")
        now = self._clock.now()
        with self._store.begin() as work:
            if asked.member is not None and work.members.get(asked.member) is None:
                raise NotFound("There is no such member.")
            if most_open is not None and asked.member is not None:
                waiting = [one for one in work.rights.of_member(asked.member) if not one.is_over]
                if len(waiting) >= most_open:
                    raise WrongValue("You have several requests open already. Please speak to us about them.")
            request = RightsRequest(
                id=RequestId(self._chance.new_id()),
                number=work.rights.next_number(),
                centre=self._centre(work, asked.member),
                kind=asked.kind,
                came_by=asked.came_by,
                member=asked.member,
                who=asked.who.strip(),
                contact=asked.contact.strip(),
                words=asked.words.strip(),
                history=(Entry(Step.RECEIVE, asked.received, now, actor),),
            )
            work.rights.add(request)
            work.audit.append(
                now,
                Event.RIGHTS_REQUESTED,
                actor,
                str(asked.member or request.id),
                {"request": request.number, "kind": asked.kind, "by": asked.came_by},
            )
            work.commit()
        return request

    def ask_oneself(
        self, member: MemberId, kind: Kind, words: str, came_by: CameBy = CameBy.OWN_PAGE
    ) -> RightsRequest:
        """From the member's own page. Raises WrongValue when too many are open."""
        asked = Asked(kind, came_by, self._clock.today(), member, words=words)
        return self.receive(asked, str(member), MOST_OPEN_OF_A_MEMBER)

    def take(
        self,
        id: RequestId,
        step: Step,
        actor: str,
        on: date | None = None,
        note: str = "",
        ground: Ground | None = None,
    ) -> RightsRequest:
        """One step along the table. `on`: the day it counts from; today, unless it happened earlier.

        Raises NotAllowed for a step that is not given now, WrongValue for a day to come or a ground that is missing.
        """
        if len(note) > LONGEST:
            raise WrongValue(f"Please keep it to {LONGEST} characters.")
        if on is not None and on > self._clock.today():
            raise WrongValue("What was done cannot have been done on a day to come.")
        now = self._clock.now()
        entry = Entry(step, on or self._clock.today(), now, actor, note.strip(), ground)
        with self._store.begin() as work:
            request = self._known(work, id)
            after = request.take(entry)
            work.rights.save(after)
            work.audit.append(
                now,
                Event.RIGHTS_STEP_TAKEN,
                actor,
                str(request.member or request.id),
                {"request": request.number, "step": step, "ground": ground},
            )
            work.commit()
        return after

    def get(self, id: RequestId) -> RightsRequest:
        """Raises NotFound."""
        with self._store.read() as work:
            return self._known(work, id)

    def send(self, id: RequestId, subject: str, text: str, actor: str) -> None:
        """Mails a letter to the person, and notes that it went. Raises NotFound without an address, and what the mail
        does; the note is made only after the mail server took it."""
        with self._store.read() as work:
            request = self._known(work, id)
            to = self.address_of(work, request)
        if to is None:
            raise NotFound("There is no e-mail address to send it to.")
        self._mail.send(Letter(to, " ".join(subject.split()), text))
        self.take(id, Step.NOTE, actor, note=f"Sent by e-mail: {subject}")

    @staticmethod
    def address_of(work: UnitOfWork, request: RightsRequest) -> str | None:
        """Where an answer goes by e-mail: what the person gave, or else the member's own address."""
        if "@" in request.contact and " " not in request.contact:
            return request.contact
        member = work.members.get(request.member) if request.member and not request.contact else None
        return member.email if member else None

    @staticmethod
    def _centre(work: UnitOfWork, member: MemberId | None) -> CentreId:
        found = work.members.get(member) if member else None
        return found.centre if found else work.centres.all()[0].id

    @staticmethod
    def _known(work: UnitOfWork, id: RequestId) -> RightsRequest:
        found = work.rights.get(id)
        if found is None:
            raise NotFound("There is no such request.")
        return found

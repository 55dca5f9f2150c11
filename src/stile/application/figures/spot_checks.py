"""Law 7: one in n admissions by face asks reception “is this the member?”, drawn by chance alone in the transaction
that records the passage, with the probability it was drawn with. No picture is kept: reception looks at the person, or
says that it did not see them, which is no answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stile.application.adjudicate import Adjudicate
from stile.domain.adjudication import Verdict
from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import PassageId, StaffId
from stile.domain.member import Member
from stile.domain.passage import Method, Outcome, Passage
from stile.domain.spot_checks import ASKED_FOR, SpotAnswer, SpotCheck, is_asked, is_drawn
from stile.ports import Chance, Clock, Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Question:
    """What the desk asks: whether who came in at the lane was this member."""

    check: SpotCheck
    passage: Passage
    member: Member


class SpotChecks:
    def __init__(
        self, store: Store, clock: Clock, chance: Chance, adjudicate: Adjudicate, every: int
    ) -> None:
        """`every`: n; 0 draws none."""
        self._store, self._clock, self._chance = store, clock, chance
        self._adjudicate, self._every = adjudicate, every

    @property
    def every(self) -> int:
        return self._every

    def draw(self, work: UnitOfWork, passage: Passage) -> int | None:
        """Whether this passage, which is recorded in the same transaction, is asked about: n where it is."""
        by_face = passage.method is Method.FACE and passage.outcome is Outcome.ADMIT
        if not (self._every and by_face and is_drawn(self._chance.secret(), self._every)):
            return None
        day = self._clock.today()
        work.figures.draw(SpotCheck(passage.id, passage.centre, passage.lane, day, self._every))
        return self._every

    def asked(self, work: UnitOfWork) -> Sequence[Question]:
        """What the desk asks now, oldest first. Who was erased meanwhile is not asked about."""
        since = self._clock.now() - ASKED_FOR
        found = []
        for check, passage in work.figures.unanswered(since):
            member = work.members.get(passage.member) if passage.member else None
            if member is not None:
                found.append(Question(check, passage, member))
        return found

    def answer(self, id: PassageId, answer: SpotAnswer, staff: StaffId) -> None:
        """Raises NotFound for a passage that was not drawn, WrongValue when it is too late to know."""
        now = self._clock.now()
        with self._store.read() as work:
            passage = work.passages.get(id)
        if passage is None:
            raise NotFound("There is no such spot check.")
        if not is_asked(passage.at, now):
            raise WrongValue("That was too long ago to be sure. The spot check counts as not answered.")
        self._answer(passage, answer, staff, now)

    def _answer(self, passage: Passage, answer: SpotAnswer, staff: StaffId, now: datetime) -> None:
        with self._store.begin() as work:
            if not work.figures.answer(passage.id, answer, staff, now):
                raise NotFound("There is no such spot check.")
            work.audit.append(
                now, Event.SPOT_CHECK_ANSWERED, str(staff), str(passage.id), {"answer": answer.value}
            )
            if answer is not SpotAnswer.NOT_SEEN:
                self._adjudicate.in_transaction(work, passage.id, Verdict(answer.value), staff)
            work.commit()

"""Somebody at the desk says what they saw of a passage: the evidence of a lane's own error rates. The passage itself
never changes (law 6)."""

from stile.domain.adjudication import Adjudication, Verdict, fitting
from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import AdjudicationId, PassageId, StaffId
from stile.domain.spot_checks import SpotAnswer
from stile.ports import Chance, Clock, Store, UnitOfWork


class Adjudicate:
    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store, self._clock, self._chance = store, clock, chance

    def passage(self, id: PassageId, verdict: Verdict, staff: StaffId) -> Adjudication:
        """Records the verdict; the latest of a passage counts, and the same once more is no new record.

        Raises NotFound for a passage that is not there, WrongValue for a verdict that does not fit it.
        """
        with self._store.begin() as work:
            given = self.in_transaction(work, id, verdict, staff)
            work.commit()
        return given

    def in_transaction(
        self, work: UnitOfWork, id: PassageId, verdict: Verdict, staff: StaffId
    ) -> Adjudication:
        """The same, as part of more. Of a passage that was drawn for a spot check it is the answer, or corrects it."""
        now = self._clock.now()
        passage = work.passages.get(id)
        if passage is None:
            raise NotFound("There is no such passage.")
        if verdict not in fitting(passage):
            raise WrongValue(f"“{verdict}” cannot be said of this passage.")
        last = work.adjudications.latest_of([id]).get(id)
        if last is not None and last.verdict is verdict:
            return last
        given = Adjudication(AdjudicationId(self._chance.new_id()), id, passage.centre, verdict, staff, now)
        recorded = work.adjudications.add(given)
        if verdict in ANSWERS:
            work.figures.answer(id, SpotAnswer(verdict.value), staff, now)
        detail = {"verdict": verdict.value, "adjudication": str(given.id), "record": recorded}
        work.audit.append(now, Event.PASSAGE_ADJUDICATED, str(staff), str(id), detail)
        return given


ANSWERS = frozenset(one.value for one in SpotAnswer)

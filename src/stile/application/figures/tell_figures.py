"""The figures of each use that this organisation answers for, as sentences of an answer: from its first day, or the
first that was counted, to the day of the answer. A centre's use stands in the register under the centre's id."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from stile.application.figures.measure_period import MeasurePeriod
from stile.domain.errors import NotFound
from stile.domain.figure_sentences import sentences
from stile.domain.figures import Period
from stile.domain.foi_desk.draft import Citation, Sentence
from stile.domain.foi_desk.questions import Topic
from stile.domain.foi_desk.saying import day as said
from stile.domain.ids import CentreId
from stile.domain.register import Deployment, Phase, Register, Relationship


class TellFigures:
    def __init__(self, measure: MeasurePeriod) -> None:
        self._measure = measure

    def __call__(self, register: Register, day: date) -> Mapping[Topic, Sequence[Sentence]]:
        """Nothing where the register knows of no use of its own: whose figures would they be?"""
        told = [one for use in _own(register) for one in self._of(use, day)]
        return {Topic.ACCURACY: told} if told else {}

    def _of(self, use: Deployment, day: date) -> Sequence[Sentence]:
        """Of the days before anything was counted here nobody knows how many came: they are in no figure."""
        last = min(day, use.until) if use.until else day
        if use.since is not None and use.since > last:
            return ()
        centre, counted, searched = _centre(use.key), self._measure.first_day(), Citation("register", day)
        if centre is not None and counted is None:
            words = f"At {use.place} nothing was counted until {said(day)}, so no error rate was measured."
            return [Sentence(words, (searched,), tells=False)]
        first = max((one for one in (use.since, counted) if one is not None), default=last)
        if centre is not None and first <= last:
            try:
                return sentences(use.place, self._measure.of(Period(first, last), centre), day)
            except NotFound:
                pass
        return [Sentence(f"A false alert rate at {use.place} is not recorded.", (searched,), tells=False)]


def _own(register: Register) -> Sequence[Deployment]:
    found = [one.fact for one in register.deployments() if isinstance(one.fact, Deployment)]
    return [
        one
        for one in found
        if one.relationship is not Relationship.OPERATORS_ALONE and one.phase is not Phase.PLANNED
    ]


def _centre(key: str) -> CentreId | None:
    try:
        return CentreId(UUID(key))
    except ValueError:
        return None

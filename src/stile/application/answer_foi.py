"""A request for information comes in, is drafted from the register, edited by an officer, and goes its steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.foi import (
    ASK_REVIEW_WITHIN,
    MAY_BE_WRITTEN,
    OPEN,
    Refusal,
    Step,
    answer_due,
    review_due,
    reviewing,
    subject_access_due,
)
from stile.domain.foi_desk.draft import Answer, Facts, Held, Sentence
from stile.domain.foi_desk.questions import Regime, Topic, regime, split
from stile.domain.foi_desk.request import (
    Channel,
    DraftedAnswer,
    DraftVersion,
    FoiRequest,
    Requester,
    reference,
)
from stile.domain.foi_desk.sentences import draft
from stile.domain.foi_desk.similar import Similar, asks_alike, contradictions, similar
from stile.domain.ids import FoiRequestId
from stile.domain.register import OrganisationKind, Register
from stile.domain.working_days import BankHolidays, Due, due, working_days_between
from stile.ports import Chance, Clock, Store, UnitOfWork

Measured = Callable[[Register, date], Mapping[Topic, Sequence[Sentence]]]
"""Sentences about figures as of a day, made where the figures are."""


COMPARED = 1_000
"""Requests of before that a new one is compared with, the newest of them."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How this organisation speaks of itself, and where it can point to. `contacts`: by operator, how to reach
    them."""

    kind: OrganisationKind
    who: str
    contacts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """`ref`: a reference that was given already; otherwise the desk gives one. `regime`: where an officer decided."""

    text: str
    received: date
    channel: Channel = Channel.PASTED
    requester: Requester = field(default_factory=Requester)
    ref: str | None = None
    regime: Regime | None = None


class AnswerFoi:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Chance,
        holidays: Callable[[], BankHolidays],
        voice: Voice,
        measured: Measured = lambda _register, _day: {},
    ) -> None:
        self._store, self._clock, self._chance = store, clock, chance
        self._holidays, self._voice, self._measured = holidays, voice, measured

    # --- coming in ---

    def log(self, incoming: Incoming, actor: str) -> FoiRequest:
        """Raises WrongValue for nothing, or a day to come; Conflict when the reference is taken."""
        now, today = self._clock.now(), self._clock.today()
        if incoming.received > today:
            raise WrongValue("A request is not received on a day to come.")
        kind = incoming.regime or regime(incoming.text).regime
        with self._store.begin() as work:
            ref = incoming.ref or _next_reference(work, incoming.received.year)
            request = FoiRequest(
                FoiRequestId(self._chance.new_id()),
                ref,
                incoming.received,
                incoming.channel,
                incoming.requester,
                incoming.text.strip(),
                kind,
                tuple(split(incoming.text)),
                now,
            )
            work.foi.add(request)
            detail = {
                "channel": request.channel.value,
                "regime": kind.value,
                "questions": len(request.questions),
            }
            work.audit.append(now, Event.FOI_LOGGED, actor, str(request.id), detail)
            work.commit()
        return request

    def get(self, ref: str) -> FoiRequest:
        """Raises NotFound."""
        with self._store.read() as work:
            return self._only(work, ref)

    def with_id(self, id: FoiRequestId) -> FoiRequest:
        """Raises NotFound."""
        with self._store.read() as work:
            found = work.foi.get(id)
        if found is None:
            raise NotFound("There is no such request.")
        return found

    def all(self) -> Sequence[FoiRequest]:
        """Newest first."""
        with self._store.read() as work:
            return work.foi.all()

    def listed(
        self, words: Sequence[str], most: int, most_over: int
    ) -> tuple[Sequence[FoiRequest], Sequence[FoiRequest]]:
        """The oldest of those at work, and the newest of those that are over, that have all of these words."""
        with self._store.read() as work:
            return work.foi.at_work(most, words), work.foi.over(most_over, words)

    def same(self, received: date, requester: Requester, text: str) -> FoiRequest | None:
        with self._store.read() as work:
            return work.foi.same(received, requester, text)

    def due(self, request: FoiRequest) -> Due:
        """By when it must be answered, with the working."""
        if request.regime is Regime.SUBJECT_ACCESS:
            return subject_access_due(request.received, self._holidays())
        return answer_due(request.received, request.taken, self._holidays(), self._clock.today())

    def review_until(self, sent: date) -> date:
        """Until when a review may be asked for; a later one may still be taken."""
        return due(sent, self._holidays(), ASK_REVIEW_WITHIN).due

    def review_due(self, request: FoiRequest) -> Due | None:
        """By when the internal review must be answered; None where none is under way."""
        begun = reviewing(request.taken)
        return None if begun is None else review_due(begun[0], self._holidays(), begun[1])

    def left(self, by: date) -> int:
        """Working days from today until that day; less than 0 when it is past."""
        today, holidays = self._clock.today(), self._holidays()
        if by < today:
            return -max(1, working_days_between(by, today, holidays))
        return working_days_between(today, by, holidays)

    def compared(self, request: FoiRequest) -> tuple[Sequence[Similar], Sequence[str]]:
        """Requests of before that ask much the same, and where their answers say otherwise than the one in hand."""
        with self._store.read() as work:
            others = [one for one in work.foi.latest(COMPARED) if one.id != request.id]
            versions = work.foi.versions(request.id)
            earlier = [
                (one, given[-1])
                for one in (others if versions else ())
                if asks_alike(request, one) and (given := work.foi.versions(one.id))
            ]
        said = contradictions(request, versions[-1], earlier) if versions else []
        return similar(request, others), said

    def similar(self, request: FoiRequest) -> Sequence[Similar]:
        """Earlier requests that ask much the same, the most alike first."""
        return self.compared(request)[0]

    def contradictions(self, request: FoiRequest) -> Sequence[str]:
        """Where the answer in hand says otherwise than one that was given before to the same question."""
        return self.compared(request)[1]

    # --- its steps ---

    def take(self, ref: str, step: Step, actor: str, on: date | None = None, note: str = "") -> FoiRequest:
        """As the table has it, and no more: `FoiSteps` asks what a step needs, and is what pages use.

        Raises WrongValue for what does not follow or lies ahead, NotFound."""
        now, today = self._clock.now(), self._clock.today()
        day = on or today
        if day > today:
            raise WrongValue("A step is not taken on a day to come.")
        with self._store.begin() as work:
            request = self._only(work, ref).go(step, day, actor, note)
            work.foi.save(request)
            work.audit.append(
                now, Event.FOI_STEP, actor, str(request.id), {"step": step.value, "on": day.isoformat()}
            )
            work.commit()
        return replace(request, version=request.version + 1)

    def amend(self, ref: str, requester: Requester, kind: Regime, actor: str) -> FoiRequest:
        """Who asks, and under which law it is handled, as an officer knows better. Raises NotFound, Conflict."""
        now = self._clock.now()
        with self._store.begin() as work:
            before = self._only(work, ref)
            if before.state not in OPEN and kind is not before.regime:
                raise WrongValue("The answer has gone: the law that it was handled under stays.")
            request = replace(before, requester=requester, regime=kind)
            if request == before:
                return before
            changed = [
                name
                for name, is_so in {
                    "requester": requester != before.requester,
                    "regime": kind is not before.regime,
                }.items()
                if is_so
            ]
            work.foi.save(request)
            detail = {"changed": ", ".join(changed), "regime": kind.value}
            work.audit.append(now, Event.FOI_AMENDED, actor, str(request.id), detail)
            work.commit()
        return replace(request, version=request.version + 1)

    # --- the answer ---

    def draft(self, ref: str, actor: str, as_of: date | None = None) -> DraftVersion:
        """A new version, made of the register as of a day. What an officer wrote before stays in the version
        before."""
        now, day = self._clock.now(), as_of or self._clock.today()
        with self._store.read() as work:
            register = Register.as_of(work.register.all(), day)
        # Before the write lock is taken: years of passages may be counted for it, and no lane waits for that.
        measured = self._measured(register, day)
        facts = Facts(self._voice.kind, self._voice.who, register, day, measured, self._voice.contacts)
        with self._store.begin() as work:
            request = _to_write(self._only(work, ref))
            answers = tuple(_drafted(one) for one in draft(request.questions, facts))
            n = len(work.foi.versions(request.id)) + 1
            version = DraftVersion(request.id, n, now, "draft", answers)
            work.foi.add_version(version)
            work.audit.append(
                now, Event.FOI_DRAFTED, actor, str(request.id), {"version": n, "as_of": day.isoformat()}
            )
            work.commit()
        return version

    def edit(self, ref: str, answers: Mapping[int, tuple[str, Held]], actor: str, after: int) -> DraftVersion:
        """A new version with an officer's words and findings for the questions that are given. `after`: the version
        that was looked at. Raises Conflict when there is a later one, NotFound without a draft."""
        return self._edited(
            ref,
            actor,
            after,
            lambda one: (
                replace(one, text=answers[one.n][0].strip(), held=answers[one.n][1])
                if one.n in answers
                else one
            ),
        )

    def refuse(
        self, ref: str, n: int | None, refusal: Refusal | None, actor: str, after: int
    ) -> DraftVersion:
        """The answer to one question is refused (s. 17), or to all of them with None for `n`; None for `refusal` takes
        it back. Raises NotAllowed where another law has exceptions of its own."""
        kind = self.get(ref).regime
        if refusal is not None and kind is not Regime.FOI:
            raise NotAllowed(
                f"{refusal.exemption.name} is of the Freedom of Information Act, and this is handled under another "
                f"law: {kind}. Write its refusal into the answer, or correct the law."
            )
        return self._edited(
            ref, actor, after, lambda one: replace(one, refusal=refusal) if n in (None, one.n) else one
        )

    def restore(self, ref: str, n: int, actor: str, after: int) -> DraftVersion:
        """An earlier version's answers as a new version. Raises NotFound, and Conflict as `edit` does."""
        earlier = next((one for one in self.versions(ref) if one.n == n), None)
        if earlier is None:
            raise NotFound("There is no such version.")
        answers = {one.n: one for one in earlier.answers}
        return self._edited(ref, actor, after, lambda one: answers.get(one.n, one))

    def versions(self, ref: str) -> Sequence[DraftVersion]:
        """Oldest first."""
        with self._store.read() as work:
            return work.foi.versions(self._only(work, ref).id)

    def _edited(
        self, ref: str, actor: str, after: int, change: Callable[[DraftedAnswer], DraftedAnswer]
    ) -> DraftVersion:
        now = self._clock.now()
        with self._store.begin() as work:
            request = _to_write(self._only(work, ref))
            versions = work.foi.versions(request.id)
            if not versions:
                raise NotFound("There is no draft of this answer yet.")
            last = versions[-1]
            if last.n != after:
                raise Conflict("Somebody changed the answer meanwhile. Please look again.")
            version = DraftVersion(
                request.id, last.n + 1, now, actor, tuple(change(one) for one in last.answers)
            )
            if version.answers == last.answers:
                return last
            work.foi.add_version(version)
            work.audit.append(now, Event.FOI_EDITED, actor, str(request.id), {"version": version.n})
            work.commit()
        return version

    def _only(self, work: UnitOfWork, ref: str) -> FoiRequest:
        request = work.foi.by_ref(ref.strip())
        if request is None:
            raise NotFound(f"There is no request “{ref}”.")
        return request


def _to_write(request: FoiRequest) -> FoiRequest:
    """Raises NotAllowed where its answer is being checked or approved, or has gone."""
    if request.state not in MAY_BE_WRITTEN:
        raise NotAllowed(
            f"A request that is “{request.state}” keeps its words. Return it for another draft first."
            if request.state in OPEN
            else "The answer has gone: its words stay as they were sent."
        )
    return request


def _next_reference(work: UnitOfWork, year: int) -> str:
    """The first that is free, counted on from those of the year: some may have been deleted, or given by hand."""
    number = work.foi.count_of_year(year) + 1
    while work.foi.by_ref(reference(year, number)) is not None:
        number += 1
    return reference(year, number)


def _drafted(answer: Answer) -> DraftedAnswer:
    return DraftedAnswer(
        answer.question.n, answer.text, answer.held, tuple(answer.citations), said=answer.sentences
    )

"""What the pages of requests for information show of one: its clock, what may be done with it now, and what became of
its answer from version to version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stile.domain.errors import NotFound
from stile.domain.foi import MAY_BE_WRITTEN, OPEN, State, Step, possible
from stile.domain.foi_desk.fees import clarify_until, pay_until
from stile.domain.foi_desk.notices import ABOUT, About
from stile.domain.foi_desk.request import DraftedAnswer, DraftVersion, FoiRequest
from stile.domain.ids import FoiRequestId, StaffId
from stile.domain.working_days import Due
from stile.entrypoints.web.foi_words import NEXT
from stile.entrypoints.web.office import OfficeWeb
from stile.entrypoints.web.word_changes import Piece, pieces

TELLS = frozenset(ABOUT)
WORDED = frozenset((Step.CLARIFIED, Step.MADE_VALID))
"""Steps whose note is what is asked from now on."""
ELSEWHERE = frozenset((Step.DRAFT, Step.SEND, Step.RETURN, Step.LOG))
"""Steps with a form of their own."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`due`: with its working, None where nothing is owed. `left`: working days until then, below 0 when it is past.
    `waits_until`: how long the requester has, while it is theirs to act. `review`: it is the review's clock.
    `sent`: of an answer that went."""

    due: Due | None
    left: int
    waits_until: date | None = None
    review: bool = False
    sent: "Sent | None" = None

    @property
    def presses(self) -> bool:
        """Late, or due within three working days, and ours to act."""
        return self.due is not None and self.waits_until is None and self.left <= 3

    @property
    def told(self) -> str:
        """In two or three words."""
        if self.waits_until is not None:
            return "Theirs to act"
        if self.sent is not None:
            return f"Sent {'in time' if self.sent.in_time else 'late'}"
        if self.due is None:
            return "Nothing is owed"
        if self.left < 0:
            return f"{-self.left} {_days(-self.left)} late"
        return "Due today" if self.left == 0 else f"{self.left} {_days(self.left)} left"


@dataclass(frozen=True, slots=True)
class Sent:
    """`on`: the day on which the answer went. `due`: by when it should have. `review_until`: how long a review may be
    asked for."""

    on: date
    due: date
    review_until: date

    @property
    def in_time(self) -> bool:
        return self.on <= self.due


@dataclass(frozen=True, slots=True)
class Row:
    request: FoiRequest
    clock: Clock

    @property
    def about(self) -> str:
        """The beginning of what is asked; never who asks: a request is answered alike whoever makes it."""
        text = self.request.questions[0].text if self.request.questions else self.request.text
        return text if len(text) <= 110 else f"{text[:109].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Ways:
    """What may be done. `main`: the ordinary step, and what it asks for. `others`: plain steps. `tells`: steps that are
    taken by writing to the requester."""

    main: Step | None
    advice: str
    others: tuple[Step, ...]
    tells: tuple[Step, ...]


def _days(n: int) -> str:
    return "working day" if n == 1 else "working days"


def clock(web: OfficeWeb, request: FoiRequest) -> Clock:
    desk = web.office.answer_foi
    if (review := desk.review_due(request)) is not None:
        return Clock(review, desk.left(review.due), review=True)
    if request.state not in OPEN:
        return Clock(None, 0, sent=_sent(web, request))
    found = desk.due(request)
    waits = None
    if request.state in (State.CLARIFYING, State.NOT_VALID, State.FEE_HOLD):
        since = request.taken[-1].on
        waits = pay_until(since) if request.state is State.FEE_HOLD else clarify_until(since)
    return Clock(found, desk.left(found.due), waits)


def _sent(web: OfficeWeb, request: FoiRequest) -> Sent | None:
    on = next((one.on for one in request.taken if one.step is Step.SEND), None)
    if on is None:
        return None
    desk = web.office.answer_foi
    return Sent(on, desk.due(request).due, desk.review_until(on))


def ways(request: FoiRequest) -> Ways:
    main, advice = NEXT.get(request.state, (None, ""))
    rest = [one for one in possible(request.state) if one is not main]
    if request.taken and request.taken[-1].step in (Step.ACKNOWLEDGE, Step.REVIEW_LONGER):
        rest.remove(request.taken[-1].step)
    tells = tuple(one for one in rest if one in TELLS)
    return Ways(main, advice, tuple(one for one in rest if one not in TELLS | ELSEWHERE), tells)


def may_write(request: FoiRequest) -> bool:
    return request.state in MAY_BE_WRITTEN


def slug(about: About) -> str:
    """A letter's name in an address."""
    return about.name.lower().replace("_", "-")


def request_of(web: OfficeWeb, key: str) -> FoiRequest:
    """By its id, or by its reference where that can stand in an address. Raises NotFound."""
    try:
        id = UUID(key)
    except ValueError:
        return web.office.answer_foi.get(key)
    return web.office.answer_foi.with_id(FoiRequestId(id))


def last_of(web: OfficeWeb, request: FoiRequest) -> DraftVersion:
    """Raises NotFound before there is a draft."""
    versions = web.office.answer_foi.versions(request.ref)
    if not versions:
        raise NotFound("There is no draft of this answer yet.")
    return versions[-1]


def names(web: OfficeWeb, actors: Sequence[str]) -> Mapping[str, str]:
    """Who is behind the ids in a history."""
    found = {"": "not recorded", "draft": "the register"}
    with web.office.store.read() as work:
        for actor in set(actors) - set(found):
            try:
                staff = work.staff.get(StaffId(UUID(actor)))
            except ValueError:
                found[actor] = actor
            else:
                found[actor] = staff.name if staff else "an account that is gone"
    return found


# --- differences ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one answer. `held`, `refused`: before and after, where that changed."""

    n: int
    pieces: tuple[Piece, ...]
    held: tuple[str, str] | None
    refused: tuple[str, str] | None


def changes(before: DraftVersion | None, later: DraftVersion) -> list[Changed]:
    """Answer by answer, and only those that changed; all of them for the first version."""
    earlier = {one.n: one for one in before.answers} if before else {}
    found = []
    for one in later.answers:
        old = earlier.get(one.n)
        if old is not None and (old.text, old.held, old.refusal) == (one.text, one.held, one.refusal):
            continue
        held = (old.held.value, one.held.value) if old and old.held is not one.held else None
        refused = (_refused(old), _refused(one)) if _refused(old) != _refused(one) else None
        found.append(Changed(one.n, tuple(pieces(old.text if old else "", one.text)), held, refused))
    return found


def _refused(one: DraftedAnswer | None) -> str:
    return one.refusal.exemption.name if one is not None and one.refusal else "not refused"

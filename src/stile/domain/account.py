"""The public account: one object, of which every public output is made, so that they cannot contradict each other.

It holds only what anybody may read. What it says is said as of one day, from entries of the register that can be
named; what is not recorded is said to be not recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from stile.domain.consent import Notice
from stile.domain.disclosure import LEAST, Hidden, Suppressed
from stile.domain.enrolled import Enrolled
from stile.domain.errors import WrongValue
from stile.domain.figures import Figures
from stile.domain.foi_desk.counting import Period as Handled
from stile.domain.foi_desk.disclosure_log import Disclosed
from stile.domain.foi_desk.draft import Answer, Facts
from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.foi_desk.sentences import draft
from stile.domain.ico import ICO
from stile.domain.member_groups import GroupFigures
from stile.domain.open_data.licence import OPEN_GOVERNMENT_LICENCE
from stile.domain.public_register import Withheld
from stile.domain.register import Deployment, Entry, OrganisationKind, Register, Relationship


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. `who`: how a sentence calls it. `contact`: of whoever answers for personal data; `requests`: where
    requests for information go. `ico`: how to reach the Commissioner. Empty is not given."""

    kind: OrganisationKind
    name: str
    who: str
    address: str = ""
    officer: str = ""
    contact: str = ""
    requests: str = ""
    licence: str = OPEN_GOVERNMENT_LICENCE
    ico: str = ICO

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.who.strip():
            raise WrongValue("who publishes has a name")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The audit log's latest checkpoint, and the line with the public key that it is checked with."""

    note: str
    key: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is known and not published. `what`: an entry of the register, or the figures of a period and a
    place; `part`: which part of it."""

    what: str
    part: str
    because: str

    @property
    def id(self) -> str:
        """The same each time that the same is left out for the same reason."""
        return sha256("\0".join((self.what, self.part, self.because)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Account:
    """`register`: as anybody may read it; `withheld`: what was left out of it. `questions`: the five that are always
    asked, `more`: what else is. `notice`, `alternatives`: None and empty for an authority, which lets nobody in.
    `head`: None before anything was signed. `figures`: of each month, of each centre and of all together, oldest first;
    empty for an authority, which has none of its own. `enrolled`: None for an authority. `disclosed`: what was asked
    and answered, the newest first. `groups`: by the groups that members placed themselves in, where any are offered.
    `handled`: how requests for information were, by quarters that are over, oldest first."""

    publisher: Publisher
    day: date
    register: Register
    withheld: tuple[Withheld, ...]
    questions: tuple[Answer, ...]
    more: tuple[Answer, ...]
    notice: Notice | None = None
    alternatives: tuple[str, ...] = ()
    head: SignedHead | None = None
    figures: tuple[Figures, ...] = ()
    enrolled: Enrolled | None = None
    disclosed: tuple[Disclosed, ...] = ()
    groups: tuple[GroupFigures, ...] = ()
    handled: tuple[Handled, ...] = ()

    @property
    def uses(self) -> tuple[tuple[Entry, Deployment], ...]:
        return tuple(
            (one, one.fact) for one in self.register.deployments() if isinstance(one.fact, Deployment)
        )

    @property
    def has_figures(self) -> bool:
        """An authority lets nobody in, and has no figures of its own: that is not the same as none yet."""
        return self.publisher.kind is OrganisationKind.OPERATOR

    @property
    def suppressed(self) -> tuple[LeftOut, ...]:
        """Figures that are known and would tell something about a person."""
        people = self.enrolled.hidden if self.enrolled else ()
        return (
            *(hidden for one in self.figures for hidden in _hidden(one)),
            *(LeftOut("enrolled members", which, because.value) for which, because in people),
            *(hidden for one in self.groups for hidden in _hidden_groups(one)),
        )

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Each part of an entry, and each figure, that is known and not published."""
        parts = tuple(
            LeftOut(f"register entry {one.entry}", one.field, one.because.value) for one in self.withheld
        )
        return parts + self.suppressed

    @property
    def answerable(self) -> tuple[tuple[Entry, Deployment], ...]:
        """The uses that this organisation answers for: its own, and those on its behalf."""
        return tuple(one for one in self.uses if one[1].relationship is not Relationship.OPERATORS_ALONE)


def _hidden(one: Figures) -> Iterator[LeftOut]:
    """A rate is hidden with its count; both are named by their measure."""
    where = one.place if one.centre is None else f"{one.place} ({one.centre})"  # two may have one name
    what = f"figures {one.period.key}, {where}"
    for figure in one:
        if isinstance(figure.count, Suppressed):
            yield LeftOut(what, figure.measure.value, figure.count.because.value)
    for row in one.waits:
        for waits, end in ((row.waits, "decision"), (row.door_waits, "door")):
            if 0 < waits < LEAST:
                yield LeftOut(
                    what, f"quantiles of the wait to the {end}, by {row.method.value}", Hidden.SMALL.value
                )


def _hidden_groups(one: GroupFigures) -> Iterator[LeftOut]:
    for measure, table in one.tables.items():
        for (_, group), because in table.log:
            yield LeftOut(f"figures by group {one.period.key}", f"{measure.value}, {group}", because.value)


FIVE: tuple[tuple[str, tuple[Topic, ...]], ...] = (
    ("Has {who} used facial recognition, as a trial or as ongoing work?", (Topic.USE,)),
    ("When, where and for what purpose?", (Topic.WHERE_WHEN_WHY,)),
    (
        "What were the results: was anybody arrested or found in breach of a civil order, and how often was it wrong?",
        (Topic.RESULTS, Topic.ACCURACY),
    ),
    ("Were private firms or police forces involved?", (Topic.INVOLVED,)),
    ("Was it referred to the Information Commissioner, by {who} or by anybody else?", (Topic.ICO,)),
)
"""What councils and operators are asked under the Freedom of Information Act, again and again."""

MORE: tuple[tuple[str, tuple[Topic, ...]], ...] = (
    ("On what lawful basis, and was it assessed?", (Topic.BASIS,)),
    ("How long is data kept?", (Topic.RETENTION,)),
    ("What is there instead of the face?", (Topic.ALTERNATIVE,)),
    ("Who asked for data, and was it given?", (Topic.DATA_REQUESTS,)),
    ("Were there complaints or personal data breaches?", (Topic.COMPLAINTS,)),
)


def asked(facts: Facts, questions: tuple[tuple[str, tuple[Topic, ...]], ...]) -> tuple[Answer, ...]:
    """The answers as of today, each sentence with the entry it rests on."""
    return tuple(
        draft(
            [
                Question(n, words.format(who=facts.who), topics)
                for n, (words, topics) in enumerate(questions, 1)
            ],
            facts,
        )
    )

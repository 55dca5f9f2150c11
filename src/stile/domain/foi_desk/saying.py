"""How a fact becomes a sentence: each cites the entry it rests on; what no entry says is said to be not recorded."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from stile.domain.foi_desk.draft import Citation, Facts, Sentence
from stile.domain.register import Deployment, Entry, Phase


class Stage(StrEnum):
    """How far a use has come on the day of the answer: an entry may be older than its own dates."""

    PLANNED = "planned"
    OVERDUE = "planned for a day that is past"
    PILOT = "pilot"
    IN_USE = "in use"
    ENDED = "ended"

    @property
    def lasts(self) -> bool:
        return self in (Stage.PILOT, Stage.IN_USE)


def stage(one: Deployment, today: date) -> Stage:
    if one.phase is Phase.PLANNED:
        return Stage.OVERDUE if one.since is not None and one.since < today else Stage.PLANNED
    if one.since is not None and one.since > today:
        return Stage.PLANNED
    if one.phase is Phase.ENDED or (one.until is not None and one.until < today):
        return Stage.ENDED
    return Stage.PILOT if one.phase is Phase.PILOT else Stage.IN_USE


def say(text: str, *entries: Entry, tells: bool = True) -> Sentence:
    cited = tuple(Citation(str(one.id), one.at) for one in entries)
    return Sentence(text[0].upper() + text[1:], cited, tells)


def not_recorded(what: str, facts: Facts) -> Sentence:
    return Sentence(f"{what[0].upper()}{what[1:]} not recorded.", (facts.searched,), tells=False)


def elsewhere(facts: Facts, what: str, uses: Sequence[tuple[Entry, Deployment]]) -> Iterator[Sentence]:
    """S. 16: advice and assistance says where it may be had. `what`: with `{use}`, which becomes whose use it is, and
    where. A sentence for each operator."""
    for operator in dict.fromkeys(one.operator for _, one in uses):
        theirs = [found for found in uses if found[1].operator == operator]
        reach = facts.contacts.get(operator)
        where = next((found for entry, _ in theirs if (found := _published(entry))), "")
        ways = (
            f"can be reached at {reach}" if reach else "",
            f"publishes its own account at {where}" if where else "",
        )
        pointer = " and ".join(one for one in ways if one)
        pointer = pointer and f", which {pointer}"
        *first, last = dict.fromkeys(one.place for _, one in theirs)
        places = f"{', '.join(first)} and {last}" if first else last
        it = what.format(use=f"{operator}'s use at {places}")
        text = f"{facts.who} does not hold {it}; if it is recorded, it is held by {operator}{pointer}."
        yield say(text, *(entry for entry, _ in theirs), tells=False)


def _published(entry: Entry) -> str:
    """Where an operator publishes, of an entry that was taken over from there (`subscription.source_of`)."""
    url = entry.source.partition(", ")[0]
    return url.removesuffix("/register.json") if url.startswith(("https://", "http://")) else ""


def once(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """What is said of several entries in the same words is said once, and rests on all of them."""
    for text in dict.fromkeys(one.text for one in sentences):
        same = [one for one in sentences if one.text == text]
        yield Sentence(
            text,
            tuple(dict.fromkeys(cited for one in same for cited in one.citations)),
            all(one.tells for one in same),
        )


def day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"

"""An answer with what each of its sentences rests on: a number behind the sentence, and under the answer what the
number stands for. Words that an officer wrote carry none, and are seen to carry none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stile.domain.foi_desk.draft import Citation
from stile.domain.foi_desk.request import DraftedAnswer
from stile.domain.foi_desk.sentences import day
from stile.domain.register import Entry
from stile.entrypoints.web.register_links import entry_link
from stile.entrypoints.web.register_words import headline

FIGURES = "figures:"


@dataclass(frozen=True, slots=True)
class Note:
    """`told`: what the number stands for. `link`: where it is read; None where there is no such page."""

    n: int
    told: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """`notes`: numbers of what it rests on. `own`: an officer's words."""

    text: str
    notes: tuple[int, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]

    @property
    def has_own(self) -> bool:
        return any(one.own for one in self.pieces)


def cited(answer: DraftedAnswer, entries: Mapping[str, Entry], places: Mapping[str, str]) -> Cited:
    """`entries`: the register's, by id. `places`: names of deployments, by key."""
    numbers = {one: n for n, one in enumerate(answer.citations, 1)}
    pieces: list[Piece] = []
    rest = answer.text
    while rest:
        at, said = min(
            ((found, one) for one in answer.said if (found := rest.find(one.text)) >= 0),
            key=lambda pair: (pair[0], -len(pair[1].text)),
            default=(len(rest), None),
        )
        if own := rest[:at].strip():
            pieces.append(Piece(own, (), own=True))
        if said is None:
            break
        pieces.append(Piece(said.text, tuple(numbers[one] for one in said.citations if one in numbers)))
        rest = rest[at + len(said.text) :]
    used = {n for one in pieces for n in one.notes}
    # A draft of before kept no sentences: then what it rests on is told of the whole.
    shown = [(n, one) for one, n in numbers.items() if n in used or not answer.said]
    return Cited(tuple(pieces), tuple(_note(n, one, entries, places) for n, one in shown))


def _note(n: int, one: Citation, entries: Mapping[str, Entry], places: Mapping[str, str]) -> Note:
    if one.entry == "register":
        return Note(n, f"A search of the whole register on {day(one.date)}", None)
    if one.entry.startswith(FIGURES):
        period, _, centre = one.entry.removeprefix(FIGURES).partition(":")
        first, _, last = period.partition("/")
        where = f"/console/figures?first={first}&last={last}" + (
            f"&centre={centre}" if centre != "all" else ""
        )
        return Note(n, f"The figures from {_iso(first)} to {_iso(last)}", where)
    entry = entries.get(one.entry)
    told = headline(entry.fact, places) if entry else "An entry of the register"
    return Note(n, f"{told} ({day(one.date)})", entry_link(one.entry))


def _iso(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def of_all(
    answers: Sequence[DraftedAnswer], entries: Sequence[Entry], places: Mapping[str, str]
) -> Mapping[int, Cited]:
    """By the number of the question."""
    known = {str(one.id): one for one in entries}
    return {one.n: cited(one, known, places) for one in answers}

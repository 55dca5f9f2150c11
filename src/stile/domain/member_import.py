"""What a member file changes: added, changed, unchanged, lapsed. Compared here, before anything is written.

- Who vanished from the file is lapsed, not deleted; only who came by a file can vanish from one. A file speaks for the
  home centres that it names, and for no others.
- A wrong line leaves its member as they are: they have not vanished.
- A no to direct marketing that a member said here is not undone by a file (PECR reg. 22).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member, MembershipStatus

BY_FILE = "member file"
"""How a yes to marketing was said, when it is the file that says so."""
LARGEST_LAPSE = 0.1
"""Share of a centre's members that may vanish at once before somebody must say that it is meant."""
ALWAYS_LAPSES = 5
"""So few may vanish whatever their share."""


@dataclass(frozen=True, slots=True)
class LineError:
    """`line`: of the file, the heading is line 1. `column`: the field, or None. Repeats nothing of the line."""

    line: int
    column: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`was`: the version that was compared; 0 is a new member. `fields`: those of COMPARED that are not what they
    were; of a new member only whether there are cards."""

    member: Member
    was: int
    fields: tuple[str, ...]

    @property
    def cards(self) -> bool:
        return "cards" in self.fields


class Delta:
    """What is to be done, in order, as it is put together. The first `together` belong together: cards move among
    them."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.fields: Counter[str] = Counter()
        self.errors: list[LineError] = []
        self.added = self.changed = self.unchanged = 0
        self.lapsed = self.could_lapse = 0
        self.together = 0

    @property
    def lapses_many(self) -> bool:
        return self.lapsed > max(ALWAYS_LAPSES, LARGEST_LAPSE * self.could_lapse)


def delta_of(
    stored: Sequence[Member],
    lines: Iterable[Line],
    bad_numbers: frozenset[str],
    *,
    home: CentreId,
    new_id: Callable[[], MemberId],
    now: datetime,
    today: date,
) -> Delta:
    """`stored`: every member, as they are now. `lines`: those that could be read. `bad_numbers`: the numbers on those
    that could not. `home`: the centre of who is not given one."""
    delta, known = Delta(), {one.number: one for one in stored}
    wanted: dict[str, tuple[int, Member]] = {}
    centres = {home}
    for line in lines:
        number = line.values["number"]
        if number in wanted:
            reason = f"is the number of line {wanted[number][0]} as well"
            delta.errors.append(LineError(line.line, "number", reason))
            continue
        old = known.get(number)
        try:
            new = _merged(old, line.values, home, new_id, now)
            if new.born_on is not None and not date(1890, 1, 1) <= new.born_on <= today:
                raise WrongValue("a date of birth lies in the past, and not before 1890")
        except WrongValue as error:
            bad_numbers |= {number}
            delta.errors.append(LineError(line.line, None, str(error)))
            continue
        wanted[number] = line.line, new
        centres.add(new.centre)
    vanished = _vanished(stored, wanted.keys() | bad_numbers, centres, delta)
    _settle_cards(stored, wanted, vanished, delta)
    _collect(known, wanted, vanished, delta)
    return delta


def _merged(
    old: Member | None,
    values: Mapping[str, Any],
    home: CentreId,
    new_id: Callable[[], MemberId],
    now: datetime,
) -> Member:
    """The member as the file has them; what it has no column for stays."""
    given: dict[str, Any] = {name: value for name, value in values.items() if name != "marketing"}
    centre = given.pop("centre", None)
    said = values.get("marketing")
    if old is None:
        yes: dict[str, Any] = (
            {"marketing": True, "marketing_at": now, "marketing_how": BY_FILE} if said else {}
        )
        given = {"family_name": "", **given, **yes}
        return Member(id=new_id(), centre=centre or home, from_file=True, **given)
    if centre is not None:
        given["centre"] = centre
    if "status" not in given and old.status is MembershipStatus.LAPSED:
        given["status"] = MembershipStatus.ACTIVE  # who is in the file again is a member again
    if said is not None and said != old.marketing:
        said_here = old.marketing_at is not None and old.marketing_how != BY_FILE
        if not said or not said_here:
            given |= {"marketing": said, "marketing_at": now, "marketing_how": BY_FILE}
    given["from_file"] = True
    if all(getattr(old, name) == value for name, value in given.items()):
        return old
    return replace(old, **given)


def _vanished(
    stored: Sequence[Member], present: Iterable[str], centres: set[CentreId], delta: Delta
) -> dict[str, Member]:
    """Who came by a file, stands, and is in it no more."""
    there, gone = set(present), {}
    for one in stored:
        if one.from_file and one.centre in centres and one.status is not MembershipStatus.LAPSED:
            delta.could_lapse += 1
            if one.number not in there:
                gone[one.number] = replace(one, status=MembershipStatus.LAPSED)
    return gone


def _settle_cards(
    stored: Sequence[Member],
    wanted: dict[str, tuple[int, Member]],
    vanished: dict[str, Member],
    delta: Delta,
) -> None:
    """One card, one member: the file's first line that names it, unless somebody holds it who is not in the file. Who
    vanished keeps no card that another has now. A line that falls leaves its member the cards they have, and so may
    fell another: hence until none falls."""
    while True:
        holders = {
            card: one.number
            for one in stored
            if one.number not in wanted and one.number not in vanished
            for card in one.cards
        }
        fallen = False
        for number in list(wanted):
            line, new = wanted[number]
            if taken := [card for card in new.cards if card in holders]:
                owner = wanted.get(holders[taken[0]])
                whose = (
                    f"of line {owner[0]} as well" if owner else "of a member whom this file does not change"
                )
                delta.errors.append(LineError(line, "cards", f"is a card {whose}"))
                del wanted[number]
                fallen = True
            else:
                holders.update(dict.fromkeys(new.cards, number))
        if not fallen:
            break
    for number, one in vanished.items():
        left = tuple(card for card in one.cards if holders.get(card, number) == number)
        if left != one.cards:
            vanished[number] = replace(one, cards=left)


def _collect(
    known: Mapping[str, Member],
    wanted: Mapping[str, tuple[int, Member]],
    vanished: Mapping[str, Member],
    delta: Delta,
) -> None:
    added: list[Change] = []
    for new in (*vanished.values(), *(member for _, member in wanted.values())):
        old = known.get(new.number)
        if old is None:
            added.append(Change(new, 0, ("cards",) if new.cards else ()))
        elif new is old:
            delta.unchanged += 1
        else:
            fields = tuple(name for name in COMPARED if getattr(old, name) != getattr(new, name))
            delta.changes.append(Change(new, old.version, fields))
            if new.number not in vanished:
                delta.fields.update(name for name in fields if name != "from_file")
    delta.lapsed, delta.added = len(vanished), len(added)
    delta.changed = len(delta.changes) - delta.lapsed
    given = {card for change in (*added, *delta.changes) if change.cards for card in change.member.cards}
    lost = {
        card
        for change in delta.changes
        if change.cards
        for card in set(known[change.member.number].cards) - set(change.member.cards)
    }
    moved = given & lost

    def moves(change: Change) -> bool:
        old = known.get(change.member.number)
        held = set(change.member.cards) | set(old.cards if old else ())
        return change.cards and not moved.isdisjoint(held)

    together = [one for one in (*delta.changes, *added) if moves(one)] if moved else []
    delta.together = len(together)
    rest = [one for one in (*delta.changes, *added) if not moves(one)] if moved else [*delta.changes, *added]
    delta.changes = [*together, *rest]


COMPARED = (
    *("given_name", "family_name", "status", "expires_on", "cards", "born_on", "email", "phone", "kind"),
    *("centre", "centres", "hours", "marketing", "group", "from_file"),
)
"""Fields that an import may change."""

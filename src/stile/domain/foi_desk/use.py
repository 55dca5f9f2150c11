"""Whether it is used, by whom, where, since when and why, as sentences of an answer. A use is told as it stands on the
day of the answer, whatever day its entry is from."""

from collections.abc import Iterator, Sequence

from stile.domain.foi_desk.draft import Facts, Sentence
from stile.domain.foi_desk.saying import Stage, day, not_recorded, once, say, stage
from stile.domain.register import Deployment, Entry, OrganisationKind, OwnUse, Phase, Relationship

DOES = {
    Stage.PLANNED: "plans to use",
    Stage.OVERDUE: "planned to use",
    Stage.PILOT: "is trying out",
    Stage.IN_USE: "uses",
    Stage.ENDED: "used",
}
STATE = {
    Stage.PLANNED: "is planned",
    Stage.OVERDUE: "was planned",
    Stage.PILOT: "is being tried",
    Stage.IN_USE: "is in use",
    Stage.ENDED: "was in use",
}


def used(facts: Facts) -> Iterator[Sentence]:
    own = facts.register.own_use()
    lasting = [one for _, one in facts.own if stage(one, facts.today).lasts]
    if own is None and not facts.own:  # a use of its own says it
        yield not_recorded(f"whether {facts.who} uses facial recognition is", facts)
    elif own is not None and isinstance(own.fact, OwnUse):
        if own.fact.uses:
            yield say(f"{facts.who} uses facial recognition.", own)
        elif not any(one.relationship is Relationship.OWN for one in lasting):
            does_not = "does not itself use" if lasting else "does not use"
            yield say(f"{facts.who} {does_not} facial recognition.", own)
    for entry, one in facts.own:
        if one.relationship is Relationship.ON_BEHALF:
            yield say(f"{_used(facts, one)} at {one.place}{_for(one)}.", entry)
            yield from _controllers(facts, entry, one)
        else:
            yield say(f"{one.technology} {STATE[stage(one, facts.today)]} at {one.place}{_for(one)}.", entry)
    for operator in dict.fromkeys(one.operator for _, one in facts.others):
        yield from _of_operator(facts, [found for found in facts.others if found[1].operator == operator])


def _of_operator(facts: Facts, uses: Sequence[tuple[Entry, Deployment]]) -> Iterator[Sentence]:
    """Each use; and whose it is, once for all of them where that is everywhere the same."""
    known = [
        say(f"{facts.who} is aware that {_used(facts, one)} at {one.place}{_for(one)}.", entry)
        for entry, one in uses
    ]
    whose = [list(_whose(facts, entry, one)) for entry, one in uses]
    if len({tuple(one.text for one in found) for found in whose}) == 1:
        yield from known
        yield from once([one for found in whose for one in found])
    else:
        for sentence, found in zip(known, whose, strict=True):
            yield sentence
            yield from found


def _used(facts: Facts, one: Deployment) -> str:
    """Who uses what, and on whose behalf."""
    words = f"{one.operator} {DOES[stage(one, facts.today)]} {one.technology}"
    if one.relationship is not Relationship.ON_BEHALF:
        return words
    authority = facts.who if facts.kind is OrganisationKind.AUTHORITY else "the authority"
    return f"{words} on behalf of {authority}"


def _for(one: Deployment) -> str:
    return f", {one.purpose.strip().rstrip('.')}" if one.purpose.strip() else ""


def _whose(facts: Facts, entry: Entry, one: Deployment) -> Iterator[Sentence]:
    """That the organisation is not responsible is said only where nobody but the operator is recorded as controller."""
    alone = not one.joint_controllers and (
        not one.controller or one.controller.strip().casefold() == one.operator.strip().casefold()
    )
    by = "managed" if one.processors or one.suppliers or not alone else "managed entirely"
    verb = {Stage.PLANNED: "is to be", Stage.OVERDUE: "was to be", Stage.ENDED: "was"}
    yield say(f"the technology {verb.get(stage(one, facts.today), 'is')} {by} by {one.operator}.", entry)
    yield from _controllers(facts, entry, one)
    if one.asked_for is None:
        if alone:
            yield say(f"{facts.who} is not responsible for it.", entry)
        yield not_recorded(f"whether {facts.who} asked for its use is", facts)
    elif one.asked_for:
        yield say(f"{facts.who} asked for its use.", entry)
    elif alone:
        yield say(f"{facts.who} is not responsible for it and did not ask for its use.", entry)
    else:
        yield say(f"{facts.who} did not ask for its use.", entry)


def _controllers(facts: Facts, entry: Entry, one: Deployment) -> Iterator[Sentence]:
    joint = [name for name in one.joint_controllers if name != one.controller]
    if one.controller and joint:
        names = ", ".join((one.controller, *joint[:-1]))
        yield say(f"{names} and {joint[-1]} are joint controllers of the personal data involved.", entry)
    elif one.controller:
        yield say(f"{one.controller} is the controller of the personal data involved.", entry)
    else:
        if joint:
            yield say(f"joint controllers of the personal data involved: {', '.join(joint)}.", entry)
        yield not_recorded("who the controller of the personal data is, is", facts)


def where_when_why(facts: Facts) -> Iterator[Sentence]:
    if no := facts.says_no:
        yield say(
            f"{facts.who} has no use of its own of which a date, a place or a purpose could be given.", no
        )
    elif not facts.uses:
        yield not_recorded("dates, places and purposes are", facts)
    for entry, one in facts.uses:
        place = f"{one.place}, {one.address}" if one.address else one.place
        yield say(f"{_used(facts, one)} at {place}{_for(one)}.", entry)
        yield from _since(facts, entry, one)
        if not one.purpose.strip():
            yield not_recorded(f"the purpose of {one.operator}'s use at {one.place} is", facts)
        if one.mode is not None:
            verb = {Stage.PLANNED: "are to be", Stage.OVERDUE: "were to be", Stage.ENDED: "were"}
            are = verb.get(stage(one, facts.today), "are")
            yield say(f"faces {are} compared {one.mode.value} (ISO/IEC 2382-37).", entry)


def _since(facts: Facts, entry: Entry, one: Deployment) -> Iterator[Sentence]:
    at, ends = stage(one, facts.today), ""
    if one.until is not None and one.until >= facts.today and at is not Stage.ENDED:
        ends = f", and is to end on {day(one.until)}"
    if one.since is None:
        if at is Stage.PLANNED:
            yield not_recorded(f"the day from which {one.operator} plans it is", facts)
        else:
            yield not_recorded(f"the day on which {one.operator} began is", facts)
        if one.until is not None:
            yield say(f"it {'ended' if at is Stage.ENDED else 'is to end'} on {day(one.until)}.", entry)
    elif at is Stage.PLANNED:
        yield say(f"it is planned from {day(one.since)}{ends}.", entry)
    elif at is Stage.OVERDUE:
        yield say(f"it was planned from {day(one.since)}.", entry)
        yield not_recorded("whether it began is", facts)
    elif at is Stage.ENDED and one.until is not None:
        yield say(f"it was in use from {day(one.since)} to {day(one.until)}.", entry)
    else:
        been = "tried" if at is Stage.PILOT else "in use"
        yield say(f"it has been {been} since {day(one.since)}{ends}.", entry)
    yield from _tried_before(facts, entry, one)


def _tried_before(facts: Facts, entry: Entry, one: Deployment) -> Iterator[Sentence]:
    """Whoever asks about trials hears of one also when the use has gone on from there: its entry still stands."""
    for earlier in reversed(facts.register.entries):
        fact = earlier.fact
        if not isinstance(fact, Deployment) or fact.key != one.key or fact.phase is not Phase.PILOT:
            continue
        if earlier.id != entry.id and one.phase is not Phase.PILOT and fact.since != one.since:
            began = f" from {day(fact.since)}" if fact.since is not None else ""
            until = f" to {day(fact.until)}" if fact.until is not None else ""
            yield say(f"before that it was tried{began}{until}.", earlier)
        return

"""What happened, and what did not, as sentences of an answer. That nothing did is said only where an entry says so, and
only of the place and the time that it says it of."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from stile.domain.foi_desk.draft import Facts, Sentence
from stile.domain.foi_desk.saying import Stage, day, not_recorded, say, stage
from stile.domain.register import Deployment, Entry, EventKind, Happened, NoneHappened, Relationship


def events(facts: Facts, kind: EventKind, plural: str) -> Iterator[Sentence]:
    """Each event, each time without one, and what neither is recorded of. An event within such a time takes it away:
    the entry is wrong, and nobody knows by how much."""
    happened = [(one, one.fact) for one in facts.register.events(kind) if isinstance(one.fact, Happened)]
    for entry, fact in happened:
        yield say(_happened(facts, fact), entry)
    free = _free(facts, kind, [fact for _, fact in happened])
    for deployment, times in free.items():
        for entries in times:
            first, last = _none(entries[0]), _none(entries[-1])
            between = f"from {day(first.since)} to {day(last.until)}"
            yield say(f"there were no {plural}{_at(facts, deployment)} {between}.", *entries)
    told = {one.deployment for _, one in happened} | set(free)
    if "" not in told:
        yield from _open(facts, plural, told)


def _open(facts: Facts, plural: str, told: set[str]) -> Iterator[Sentence]:
    """The uses of its own of which nothing of the kind is recorded."""
    own = [one for _, one in facts.own if stage(one, facts.today) is not Stage.PLANNED]
    if not told or not own:
        yield not_recorded(f"whether there were {plural} {'elsewhere ' if told else ''}is", facts)
        return
    for one in own:
        if one.key not in told:
            yield not_recorded(f"whether there were {plural} at {one.place} is", facts)


def _happened(facts: Facts, fact: Happened) -> str:
    at = _at(facts, fact.deployment).rstrip(",")
    by = f", by {fact.who}" if fact.who and fact.who.casefold() not in fact.what.casefold() else ""
    granted = {None: "", True: " It was granted.", False: " It was not granted."}[fact.granted]
    ground = f" Ground: {fact.ground.rstrip('.')}." if fact.ground else ""
    return f"{day(fact.on)}{at and ','}{at}: {fact.what.rstrip('.')}{by}.{granted}{ground}"


def _free(facts: Facts, kind: EventKind, happened: Sequence[Happened]) -> dict[str, list[list[Entry]]]:
    """By deployment, "" for the whole organisation: the times without any, those that follow on one another as one."""
    entries = [
        one for one in facts.register.entries if isinstance(one.fact, NoneHappened) and one.fact.kind is kind
    ]
    found: dict[str, list[list[Entry]]] = {}
    for entry in sorted(entries, key=lambda one: (_none(one).since, _none(one).until)):
        fact = _none(entry)
        if any(
            fact.since <= one.on <= fact.until and ("" in both or one.deployment == fact.deployment)
            for one in happened
            for both in [(one.deployment, fact.deployment)]
        ):
            continue
        times = found.setdefault(fact.deployment, [])
        if times and fact.since <= _none(times[-1][-1]).until + timedelta(days=1):
            if fact.until > _none(times[-1][-1]).until:
                times[-1].append(entry)
        else:
            times.append([entry])
    return found


def _none(entry: Entry) -> NoneHappened:
    assert isinstance(entry.fact, NoneHappened)
    return entry.fact


def _at(facts: Facts, deployment: str) -> str:
    """Where, as far as the register knows the place; whose use it is, where it is another's."""
    if not deployment:
        return ""
    entry = facts.register.deployment(deployment)
    if entry is None or not isinstance(entry.fact, Deployment):
        return " at a place that is not recorded"
    others = entry.fact.relationship is Relationship.OPERATORS_ALONE
    return f" at {entry.fact.place}" + (f", where {entry.fact.operator} runs it," if others else "")

"""The sentences of an answer, topic by topic: templates, filled with what the register's entries say, each with
the entry it rests on. Only here are words put to facts.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from stile.domain.foi_draft import Answer, Citation, Facts, Held, Sentence
from stile.domain.foi_questions import Question, Topic
from stile.domain.register import (
    Deployment,
    Entry,
    EventKind,
    Happened,
    Involved,
    NoneHappened,
    OwnUse,
    Phase,
    Relationship,
    SignOff,
)


def draft(questions: Sequence[Question], facts: Facts) -> Sequence[Answer]:
    """An answer to each question, in order."""
    return [_answer(question, facts) for question in questions]


def _answer(question: Question, facts: Facts) -> Answer:
    said = tuple(dict.fromkeys(one for topic in question.topics for one in TOPICS[topic](facts)))
    if not said:
        return Answer(question, Held.NOT_MATCHED, ())
    told = [one.tells for one in said]
    return Answer(question, Held.HELD if all(told) else Held.PARTLY if any(told) else Held.NOT_HELD, said)


def _say(text: str, *entries: Entry, tells: bool = True) -> Sentence:
    cited = tuple(Citation(str(one.id), one.at) for one in entries)
    return Sentence(text[0].upper() + text[1:], cited, tells)


def _not_recorded(what: str, facts: Facts) -> Sentence:
    return Sentence(f"{what[0].upper()}{what[1:]} not recorded.", (facts.searched,), tells=False)


def day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"


# --- whether, where, when, why -----------------------------------------------------------------------------------

DOES = {Phase.PLANNED: "plans to use", Phase.PILOT: "tries", Phase.IN_USE: "uses", Phase.ENDED: "used"}
STATE = {
    Phase.PLANNED: "is planned",
    Phase.PILOT: "is being tried",
    Phase.IN_USE: "is in use",
    Phase.ENDED: "was in use",
}


def _use(facts: Facts) -> Iterator[Sentence]:
    own = facts.register.own_use()
    if own is None and not facts.own:  # a use of its own says it
        yield _not_recorded(f"whether {facts.who} uses facial recognition is", facts)
    elif own is not None and isinstance(own.fact, OwnUse):
        yield _say(f"{facts.who} {'uses' if own.fact.uses else 'does not use'} facial recognition.", own)
    for entry, one in facts.own:
        yield _say(f"{one.technology} {STATE[one.phase]} at {one.place}{_for(one)}.", entry)
    for entry, one in facts.others:
        known = f"{one.operator} {DOES[one.phase]} {one.technology} at {one.place}{_for(one)}"
        yield _say(f"{facts.who} is aware that {known}.", entry)
        yield from _whose(facts, entry, one)


def _for(one: Deployment) -> str:
    return f", {one.purpose}" if one.purpose else ""


def _whose(facts: Facts, entry: Entry, one: Deployment) -> Iterator[Sentence]:
    yield _say(f"the technology is managed entirely by {one.operator}.", entry)
    if one.controller:
        yield _say(f"{one.controller} is the controller of the personal data involved.", entry)
    else:
        yield _not_recorded("who the controller of the personal data is, is", facts)
    if one.asked_for is None:
        yield _say(f"{facts.who} is not responsible for it.", entry)
        yield _not_recorded(f"whether {facts.who} asked for its use is", facts)
    else:
        asked = "asked for its use" if one.asked_for else "did not ask for its use"
        yield _say(f"{facts.who} is not responsible for it and {asked}.", entry)


def _where_when_why(facts: Facts) -> Iterator[Sentence]:
    if no := facts.says_no:
        yield _say(
            f"{facts.who} has no use of its own of which a date, a place or a purpose could be given.", no
        )
    elif not facts.uses:
        yield _not_recorded("dates, places and purposes are", facts)
    for entry, one in facts.uses:
        place = f"{one.place}, {one.address}" if one.address else one.place
        yield _say(f"{one.operator} {DOES[one.phase]} {one.technology} at {place}{_for(one)}.", entry)
        yield _since(facts, entry, one)
        if not one.purpose:
            yield _not_recorded(f"the purpose of {one.operator}'s use is", facts)
        if one.mode is not None:
            yield _say(f"faces are compared {one.mode.value} (ISO/IEC 2382-37).", entry)


def _since(facts: Facts, entry: Entry, one: Deployment) -> Sentence:
    if one.since is None:
        return _not_recorded(f"the day on which {one.operator} began is", facts)
    if one.until is not None:
        return _say(f"it was in use from {day(one.since)} to {day(one.until)}.", entry)
    if one.phase is Phase.PLANNED:
        return _say(f"it is planned from {day(one.since)}.", entry)
    return _say(f"it has been in use since {day(one.since)}.", entry)


# --- what came of it -----------------------------------------------------------------------------------------------


def _results(facts: Facts) -> Iterator[Sentence]:
    if no := facts.says_no:
        yield _say(f"{facts.who} has no use of its own that could have had results.", no)
    if facts.own or (not facts.uses and not facts.says_no):
        yield from _events(facts, EventKind.ARREST, "arrests")
        yield from _events(facts, EventKind.CIVIL_ORDER, "breaches of civil orders")
    for entry, one in facts.others:
        yield _elsewhere(facts, f"the results of {one.operator}'s use", entry, one)


def _accuracy(facts: Facts) -> Iterator[Sentence]:
    if measured := facts.measured.get(Topic.ACCURACY):
        yield from measured
    elif facts.own or not facts.uses:
        yield _not_recorded("a false alert rate is", facts)
    for entry, one in facts.others:
        yield _elsewhere(facts, f"the false alert rate of {one.operator}'s system", entry, one)


def _elsewhere(facts: Facts, what: str, entry: Entry, one: Deployment) -> Sentence:
    """S. 16: advice and assistance says where it may be had."""
    reach = facts.contacts.get(one.operator)
    pointer = f", which can be reached at {reach}" if reach else ""
    text = f"{facts.who} does not hold {what}; if it is recorded, it is held by {one.operator}{pointer}."
    return _say(text, entry, tells=False)


def _events(facts: Facts, kind: EventKind, plural: str) -> Iterator[Sentence]:
    """What happened of a kind. That nothing did is said only where an entry says it."""
    happened = facts.register.events(kind)
    for entry in happened:
        fact = entry.fact
        assert isinstance(fact, Happened)
        granted = {None: "", True: " It was granted.", False: " It was not granted."}[fact.granted]
        ground = f" Ground: {fact.ground.rstrip('.')}." if fact.ground else ""
        yield _say(f"{day(fact.on)}: {fact.what.rstrip('.')}.{granted}{ground}", entry)
    none = facts.register.none_of(kind)
    if none is not None and isinstance(none.fact, NoneHappened):
        between = f"from {day(none.fact.since)} to {day(none.fact.until)}"
        yield _say(f"there were no {plural} {between}.", none)
    elif not happened:
        yield _not_recorded(f"whether there were {plural} is", facts)


# --- who was involved, and what was told to whom ---------------------------------------------------------------------


def _involved(facts: Facts) -> Iterator[Sentence]:
    if (no := facts.says_no) and not facts.own:
        yield _say(f"{facts.who} has no use of its own in which anybody else could have been involved.", no)
    elif not facts.uses:
        yield _not_recorded("whether others were involved is", facts)
    for entry, one in facts.uses:
        if one.relationship is not Relationship.OWN:
            yield _say(f"{one.operator} runs the system at {one.place}.", entry)
        for party in (*one.suppliers, *one.processors):
            yield _say(f"{party.name} {party.part or 'is involved'}.", entry)
        yield _police(facts, one)


def _police(facts: Facts, one: Deployment) -> Sentence:
    entry = facts.register.police(one.key)
    if entry is None or not isinstance(entry.fact, Involved):
        return _not_recorded(f"whether a police force was involved at {one.place} is", facts)
    if entry.fact.police:
        return _say(f"{entry.fact.who} was involved at {one.place}.", entry)
    return _say(f"no police force was involved at {one.place}.", entry)


def _ico(facts: Facts) -> Iterator[Sentence]:
    yield from _events(facts, EventKind.ICO_SELF_REFERRAL, "own referrals to the Information Commissioner")
    yield from _events(
        facts, EventKind.ICO_THIRD_PARTY, "referrals to the Information Commissioner by a third party"
    )


def _complaints(facts: Facts) -> Iterator[Sentence]:
    yield from _events(facts, EventKind.COMPLAINT, "complaints")
    yield from _events(facts, EventKind.BREACH, "personal data breaches")


def _data_requests(facts: Facts) -> Iterator[Sentence]:
    yield from _events(facts, EventKind.DATA_REQUEST, "requests for data by police or others")


# --- on what basis ---------------------------------------------------------------------------------------------


def _basis(facts: Facts) -> Iterator[Sentence]:
    for entry, one in facts.own:
        if one.lawful_basis:
            condition = f"; condition for special category data: {one.condition}" if one.condition else ""
            yield _say(f"the lawful basis at {one.place} is {one.lawful_basis}{condition}.", entry)
        else:
            yield _not_recorded(f"the lawful basis at {one.place} is", facts)
        signed = facts.register.sign_off(one.key)
        if signed is not None and isinstance(signed.fact, SignOff):
            review = f"it is to be reviewed by {day(signed.fact.review_on)}"
            words = f"its data protection impact assessment was signed off on {day(signed.at)}; {review}."
            yield _say(words, signed)
        else:
            yield _not_recorded(f"a signed-off data protection impact assessment for {one.place} is", facts)
    yield from _of_others(facts, "the lawful basis and the assessment of {operator}'s use")


def _retention(facts: Facts) -> Iterator[Sentence]:
    for entry, one in facts.own:
        if one.retention:
            yield _say(f"at {one.place} data is kept as follows: {one.retention.rstrip('.')}.", entry)
        else:
            yield _not_recorded(f"how long data is kept at {one.place} is", facts)
    yield from _of_others(facts, "how long {operator} keeps data")


def _alternative(facts: Facts) -> Iterator[Sentence]:
    for entry, one in facts.own:
        if one.alternative:
            yield _say(f"the alternative to the face at {one.place}: {one.alternative.rstrip('.')}.", entry)
        else:
            yield _not_recorded(f"the alternative at {one.place} is", facts)
    yield from _of_others(facts, "what alternative {operator} offers")


def _of_others(facts: Facts, what: str) -> Iterator[Sentence]:
    for entry, one in facts.others:
        yield _elsewhere(facts, what.format(operator=one.operator), entry, one)
    if not facts.uses:
        if no := facts.says_no:
            yield _say(f"{facts.who} has no use of its own to which this could apply.", no)
        else:
            yield _not_recorded("this is", facts)


TOPICS: dict[Topic, Callable[[Facts], Iterator[Sentence]]] = {
    Topic.USE: _use,
    Topic.WHERE_WHEN_WHY: _where_when_why,
    Topic.RESULTS: _results,
    Topic.ACCURACY: _accuracy,
    Topic.INVOLVED: _involved,
    Topic.ICO: _ico,
    Topic.BASIS: _basis,
    Topic.RETENTION: _retention,
    Topic.ALTERNATIVE: _alternative,
    Topic.COMPLAINTS: _complaints,
    Topic.DATA_REQUESTS: _data_requests,
}

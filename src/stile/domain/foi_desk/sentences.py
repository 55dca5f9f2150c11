"""The sentences of an answer, topic by topic: templates, filled with what the register's entries say, each with
the entry it rests on. Only here, in `foi_use` and in `foi_happened` are words put to facts.
"""

from collections.abc import Callable, Iterator, Sequence

from stile.domain.foi_desk.draft import Answer, Facts, Held, Sentence
from stile.domain.foi_desk.happened import events
from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.foi_desk.saying import Stage, day, elsewhere, not_recorded, say, stage
from stile.domain.foi_desk.use import used, where_when_why
from stile.domain.register import (
    Deployment,
    DocumentKind,
    Entry,
    EventKind,
    Happened,
    Involved,
    NoneHappened,
    Relationship,
    SignOff,
)

__all__ = ["TOPICS", "day", "draft"]


def draft(questions: Sequence[Question], facts: Facts) -> Sequence[Answer]:
    """An answer to each question, in order."""
    return [_answer(question, facts) for question in questions]


def _answer(question: Question, facts: Facts) -> Answer:
    said = tuple(dict.fromkeys(one for topic in question.topics for one in TOPICS[topic](facts)))
    if not said:
        return Answer(question, Held.NOT_MATCHED, ())
    told = [one.tells for one in said]
    return Answer(question, Held.HELD if all(told) else Held.PARTLY if any(told) else Held.NOT_HELD, said)


# --- what came of it -----------------------------------------------------------------------------------------------


def _results(facts: Facts) -> Iterator[Sentence]:
    kinds = ((EventKind.ARREST, "arrests"), (EventKind.CIVIL_ORDER, "breaches of civil orders"))
    if no := facts.says_no:
        yield say(f"{facts.who} has no use of its own that could have had results.", no)
    for kind, plural in kinds:
        if facts.own or (not facts.uses and not facts.says_no) or _something_of(facts, kind):
            yield from events(facts, kind, plural)
    unknown = [
        one for one in facts.others if not any(_something_of(facts, kind, one[1].key) for kind, _ in kinds)
    ]
    yield from elsewhere(facts, "the results of {use}", unknown)


def _something_of(facts: Facts, kind: EventKind, deployment: str | None = None) -> bool:
    """Whether an entry says that it happened, or that it did not; of a deployment, or at all with None."""
    return any(
        isinstance(one.fact, Happened | NoneHappened)
        and one.fact.kind is kind
        and deployment in (None, one.fact.deployment)
        for one in facts.register.entries
    )


def _accuracy(facts: Facts) -> Iterator[Sentence]:
    if measured := facts.measured.get(Topic.ACCURACY):
        yield from measured
    elif facts.own or not facts.uses:
        yield not_recorded("a false alert rate is", facts)
    yield from elsewhere(facts, "the false alert rate of {use}", facts.others)


# --- who was involved, and what was told to whom ---------------------------------------------------------------------


def _involved(facts: Facts) -> Iterator[Sentence]:
    if no := facts.says_no:
        yield say(f"{facts.who} has no use of its own in which anybody else could have been involved.", no)
    elif not facts.uses:
        yield not_recorded("whether others were involved is", facts)
    for entry, one in facts.uses:
        if one.relationship is not Relationship.OWN:
            verb = {Stage.PLANNED: "is to run", Stage.OVERDUE: "was to run", Stage.ENDED: "ran"}
            runs = verb.get(stage(one, facts.today), "runs")
            yield say(f"{one.operator} {runs} the system at {one.place}.", entry)
        elif not one.suppliers and not one.processors:
            yield not_recorded(f"which private firms were involved at {one.place} is", facts)
        for party in (*one.suppliers, *one.processors):
            yield say(f"{party.name} {(party.part or 'is involved').rstrip('.')}.", entry)
        yield _police(facts, one)


def _police(facts: Facts, one: Deployment) -> Sentence:
    entry = facts.register.police(one.key)
    if entry is None or not isinstance(entry.fact, Involved):
        return not_recorded(f"whether a police force was involved at {one.place} is", facts)
    if entry.fact.police:
        return say(f"{entry.fact.who} was involved at {one.place}.", entry)
    return say(f"no police force was involved at {one.place}.", entry)


def _ico(facts: Facts) -> Iterator[Sentence]:
    yield from events(
        facts, EventKind.ICO_SELF_REFERRAL, f"referrals to the Information Commissioner by {facts.who} itself"
    )
    yield from events(
        facts, EventKind.ICO_THIRD_PARTY, "referrals to the Information Commissioner by a third party"
    )


def _complaints(facts: Facts) -> Iterator[Sentence]:
    yield from events(facts, EventKind.COMPLAINT, "complaints")
    yield from events(facts, EventKind.BREACH, "personal data breaches")
    yield from _not_ours(facts, "complaints about {use}, and breaches there", EventKind.COMPLAINT)


def _data_requests(facts: Facts) -> Iterator[Sentence]:
    yield from events(facts, EventKind.DATA_REQUEST, "requests for data by police or others")
    yield from _not_ours(facts, "requests for data of {use}", EventKind.DATA_REQUEST)


def _not_ours(facts: Facts, what: str, kind: EventKind) -> Iterator[Sentence]:
    yield from elsewhere(
        facts, what, [one for one in facts.others if not _something_of(facts, kind, one[1].key)]
    )


# --- on what basis ---------------------------------------------------------------------------------------------


def _basis(facts: Facts) -> Iterator[Sentence]:
    for entry, one in facts.uses:
        ours = one.relationship is not Relationship.OPERATORS_ALONE
        if one.lawful_basis:
            condition = f"; condition for special category data: {one.condition}" if one.condition else ""
            yield say(f"the lawful basis at {one.place} is {one.lawful_basis}{condition}.", entry)
        elif ours:
            yield not_recorded(f"the lawful basis at {one.place} is", facts)
        yield from _assessed(facts, entry, one, ours)
    unknown = [one for one in facts.others if not one[1].lawful_basis]
    yield from elsewhere(facts, "the lawful basis of {use}", unknown)
    unknown = [one for one in facts.others if not _assessment_of(facts, one[1])]
    yield from elsewhere(facts, "the impact assessment of {use}", unknown)
    yield from _no_use(facts)


def _assessment_of(facts: Facts, one: Deployment) -> bool:
    return facts.register.sign_off(one.key) is not None or one.document(DocumentKind.DPIA) is not None


def _assessed(facts: Facts, entry: Entry, one: Deployment, ours: bool) -> Iterator[Sentence]:
    signed, dpia = facts.register.sign_off(one.key), one.document(DocumentKind.DPIA)
    if signed is not None and isinstance(signed.fact, SignOff):
        past = signed.fact.review_on < facts.today
        review = f"it {'was' if past else 'is'} to be reviewed by {day(signed.fact.review_on)}"
        assessed = f"the data protection impact assessment for {one.place}"
        yield say(f"{assessed} was signed off on {day(signed.at)}; {review}.", signed)
        return
    if dpia is not None:
        yield say(f"there is a data protection impact assessment for {one.place}, of {day(dpia.at)}.", entry)
    if ours:
        yield not_recorded(f"a signed-off data protection impact assessment for {one.place} is", facts)


def _retention(facts: Facts) -> Iterator[Sentence]:
    yield from _each(
        facts,
        lambda one: one.retention and f"at {one.place} data is kept as follows: {one.retention.rstrip('.')}.",
        "how long data is kept at {place} is",
        "how long data of {use} is kept",
    )


def _alternative(facts: Facts) -> Iterator[Sentence]:
    yield from _each(
        facts,
        lambda one: (
            one.alternative and f"the alternative to the face at {one.place}: {one.alternative.rstrip('.')}."
        ),
        "the alternative at {place} is",
        "what alternative there is to {use}",
    )


def _each(facts: Facts, known: Callable[[Deployment], str], missing: str, others: str) -> Iterator[Sentence]:
    """What the register says of each use, also of another's: what stands in it is held (s. 1(1)(a))."""
    for entry, one in facts.uses:
        if words := known(one):
            yield say(words, entry)
        elif one.relationship is not Relationship.OPERATORS_ALONE:
            yield not_recorded(missing.format(place=one.place), facts)
    yield from elsewhere(facts, others, [one for one in facts.others if not known(one[1])])
    yield from _no_use(facts)


def _no_use(facts: Facts) -> Iterator[Sentence]:
    if not facts.uses:
        if no := facts.says_no:
            yield say(f"{facts.who} has no use of its own to which this could apply.", no)
        else:
            yield not_recorded("this is", facts)


TOPICS: dict[Topic, Callable[[Facts], Iterator[Sentence]]] = {
    Topic.USE: used,
    Topic.WHERE_WHEN_WHY: where_when_why,
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

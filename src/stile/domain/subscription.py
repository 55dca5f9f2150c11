"""What an operator publishes of its register, an authority's register takes over as what it is there: another's use,
known from its publication. The authority answers for nothing that it did not do.

Taken over are the deployments and whether police forces were involved in them. Left where they are: whether the
operator uses the technology itself, what happened at the operator and what did not, and its sign-offs. In this
register they would read as the authority's own; whoever asks is pointed to the operator, who holds them (FOIA s. 16).
What the authority itself recorded about a deployment stays: only the authority knows whether it asked for its use.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stile.domain.errors import WrongValue
from stile.domain.register import Deployment, Entry, Fact, Involved, OrganisationKind, Register, Relationship
from stile.domain.register_feed import Feed
from stile.domain.register_json import to_json

EVERY = timedelta(hours=24)
MOST = 2_000
"""Deployments of one operator: the entries are made in one transaction."""
LONGEST = 50_000
"""Characters of one deployment as JSON. A long one, with ten documents, has about four thousand."""
AGAIN = timedelta(hours=1)
"""After a reading that failed."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """`url`: of the published register. `read_at`: when it was last read whole. `problem`: why the last reading failed,
    empty when it did not."""

    url: str
    organisation: str
    began_at: datetime
    tried_at: datetime
    read_at: datetime
    problem: str = ""

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")) or len(self.url) > 2000:
            raise WrongValue(
                "a register is published at an address like https://…/transparency/register.json"
            )
        if "?" in self.url or "#" in self.url:
            raise WrongValue("what is published needs no key: give the address without “?” and “#”")
        if any(at.tzinfo is None for at in (self.began_at, self.tried_at, self.read_at)):
            raise WrongValue("times carry their zone")

    def is_due(self, now: datetime) -> bool:
        return now - self.tried_at >= (AGAIN if self.problem else EVERY)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`facts`: what is new or different, to be entered. `left`: what was left out for another reason than the law
    above, each in a line."""

    facts: tuple[Fact, ...]
    left: tuple[str, ...]


def source_of(url: str, feed: Feed) -> str:
    """What an entry that was taken over names as its source."""
    return f"{url}, published by {feed.organisation} as of {feed.as_of.isoformat()}"


def taken_over(feed: Feed, url: str, entries: Sequence[Entry], register: Register) -> TakenOver:
    """`entries`: every entry of this register; `register`: what stands today. Raises WrongValue for a register that is
    not an operator's: a use is taken over from whoever runs it, not from who heard of it."""
    if feed.kind is not OrganisationKind.OPERATOR:
        raise WrongValue(
            f"this is the register of an authority, {feed.organisation}: subscribe to an operator's"
        )
    facts: list[Fact] = []
    left: list[str] = []
    ours: set[str] = set()
    for told in feed.entries:
        if isinstance(told.fact, Deployment) and told.fact.relationship is Relationship.OWN:
            if len(json.dumps(to_json(told.fact))) > LONGEST:
                left.append(f"{told.fact.place[:60]}: its entry is longer than any that is meant to be read")
                continue
            if _is_from_elsewhere(told.fact.key, url, entries):
                left.append(f"{told.fact.place}: this register has an entry about it from another source")
                continue
            if told.fact.key in ours:  # or both would be entered in turn, a new one each day
                left.append(f"{told.fact.place[:60]}: it is listed more than once, and taken over once")
                continue
            ours.add(told.fact.key)
            facts += _deployment(told.fact, register)
        if len(facts) > MOST:
            raise WrongValue(f"this register has more than {MOST:,} deployments")
    for told in feed.entries:
        if isinstance(told.fact, Involved) and told.fact.deployment in ours:
            facts += _involved(told.fact, url, register)
    return TakenOver(tuple(facts), tuple(left))


def _is_from_elsewhere(key: str, url: str, entries: Sequence[Entry]) -> bool:
    """Whether somebody else entered this deployment first: a publication changes only what it brought. First by when
    it was recorded: an officer's correction may stand for an earlier day."""
    about = [one for one in entries if isinstance(one.fact, Deployment) and one.fact.key == key]
    first = min(about, key=lambda one: (one.recorded_at, one.id), default=None)
    return first is not None and not _is_of(first, url)


def _is_of(entry: Entry, url: str) -> bool:
    return entry.source.startswith(f"{url}, ")


def _deployment(told: Deployment, register: Register) -> Iterator[Fact]:
    standing = register.deployment(told.key)
    known = standing.fact if standing is not None else None
    if isinstance(known, Deployment):
        fact = replace(told, relationship=known.relationship, asked_for=known.asked_for)
    else:
        fact = replace(told, relationship=Relationship.OPERATORS_ALONE, asked_for=None)
    if fact != known:
        yield fact


def _involved(told: Involved, url: str, register: Register) -> Iterator[Fact]:
    standing = register.police(told.deployment)
    if standing is None or (_is_of(standing, url) and standing.fact != told):
        yield told

"""Whether a member may enrol, by the rules of this site and by what their parents and they themselves said."""

from collections.abc import Mapping
from dataclasses import replace

from stile.domain.children import May, MayNot, Rules, WhyNot, may_enrol
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.guardians import Evidence, evidence
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.ports import Clock, Store, UnitOfWork

SAID: Mapping[WhyNot, str] = {
    WhyNot.NEVER_FOR_STAFF: "Coming in by face is for members, and never for staff.",
    WhyNot.DATE_OF_BIRTH_UNKNOWN: "The date of birth is missing. Record it first: who may be asked depends on it.",
    WhyNot.CHILDREN_OFF: "Coming in by face is for members of 18 and over here. The card works as always.",
    WhyNot.TOO_YOUNG: "Coming in by face is for members of 13 and over here. The card works as always.",
    WhyNot.CHILD_REFUSES: "They said no, and that stands until they say otherwise.",
    WhyNot.PARENT_OBJECTS: "A parent or guardian objects, and that stands until they say otherwise.",
    WhyNot.NO_PARENT_NAMED: "They come with a school or college: name each parent first.",
    WhyNot.PARENT_NOT_NOTIFIED: "Each parent must be told first, in writing.",
    WhyNot.PARENT_HAS_NOT_CONSENTED: "A parent or guardian must consent first, in writing.",
}
"""In one line, for whoever asked."""


class MayEnrol:
    def __init__(self, store: Store, clock: Clock, rules: Rules) -> None:
        self._store, self._clock, self.rules = store, clock, rules

    def of(self, id: MemberId) -> tuple[Member, May | MayNot]:
        """Raises NotFound for nobody."""
        with self._store.read() as work:
            member = _member(work, id)
            return member, self.decide(member, said(work, id))

    def if_they_say_yes(self, id: MemberId) -> May | MayNot:
        """The same for a child who refused, and is asked now whether it is still a no."""
        with self._store.read() as work:
            return self.decide(_member(work, id), replace(said(work, id), child_refuses=False))

    def decide(self, member: Member, evidence: Evidence) -> May | MayNot:
        return may_enrol(member, self._clock.today(), self.rules, evidence)

    def check(self, work: UnitOfWork, id: MemberId) -> tuple[Member, May]:
        """Within a transaction. Raises NotFound for nobody, NotAllowed with the reason."""
        member = _member(work, id)
        return member, must(self.decide(member, said(work, id)))


def said(work: UnitOfWork, id: MemberId) -> Evidence:
    return evidence(work.guardians.of_member(id), work.guardians.words_of(id))


def must(decision: May | MayNot) -> May:
    """Raises NotAllowed with the reason."""
    if isinstance(decision, MayNot):
        raise NotAllowed(SAID[decision.reason])
    return decision


def _member(work: UnitOfWork, id: MemberId) -> Member:
    member = work.members.get(id)
    if member is None:
        raise NotFound("There is no such member.")
    return member

"""Everything that is held about one person, read as one moment, for that person. Nobody else's data is in it: another
member's id never, staff by their role."""

from dataclasses import replace
from uuid import UUID

from stile.domain.errors import NotFound
from stile.domain.held import Held, HeldConsent, HeldPassage, TemplateDescribed, Trace
from stile.domain.ids import LaneId, MemberId, PassageId, StaffId
from stile.domain.roles import Role
from stile.ports import Clock, EyesPool, Store, UnitOfWork

YOU, ITSELF, AT_THE_MACHINE = "you", "Stile itself", "somebody at the machine itself"
A_PARENT = "a parent or guardian"
ANOTHER_PROGRAM = "another program, or an account that is gone"
EVERY_ROLE = "a member of staff with every role"
SHOWN_DETAIL = frozenset(
    {
        "what",
        "fields",
        "how",
        "marketing",
        "templates",
        "pack",
        "shots",
        "notice",
        "channel",
        "status",
        "request",
        "kind",
        "by",
        "step",
        "ground",
        "said",
        "giver",
    }
)
"""What an entry of the audit log says beside its event, as far as it is about the person. A closed list: a detail that
another part adds later may name somebody else."""


class MyData:
    def __init__(
        self,
        store: Store,
        pool: EyesPool | None,
        clock: Clock,
        contact: str | None,
    ) -> None:
        """`contact`: of the data protection officer."""
        self._store, self._pool, self._clock = store, pool, clock
        self._contact = contact

    def of(self, id: MemberId) -> Held:
        """Raises NotFound for nobody. The caller has recorded that somebody looks, unless it is the member."""
        with self._store.read() as work:
            member = work.members.get(id)
            operator = work.operators.only()
            if member is None or operator is None:
                raise NotFound("There is no such member.")
            centres = {one.id: one.name for one in work.centres.all()}
            packs = {one.pack for one in work.held.templates(id)}
            return Held(
                read_at=self._clock.now(),
                operator=operator.name,
                contact=self._contact,
                centre=centres[member.centre],
                member=member,
                centres=[centres.get(one, "a centre that is gone") for one in member.admits_to],
                consents=[
                    HeldConsent(one, _words(work, one.notice_sha256)) for one in work.held.consents(id)
                ],
                templates=[self._described(one) for one in work.held.templates(id)],
                restricted_since=work.restrictions.since(id),
                looks_alike=any(work.look_alikes.of_member(id, pack) for pack in packs),
                passages=self._passages(work, id),
                trail=self._trail(work, id),
                requests=work.rights.of_member(id),
                links=work.held.links(id),
                others=work.held.others(id),
            )

    def _described(self, template: TemplateDescribed) -> TemplateDescribed:
        if self._pool is None or template.pack != self._pool.pack:
            return template
        return replace(template, numbers=self._pool.dimensions)

    @staticmethod
    def _passages(work: UnitOfWork, id: MemberId) -> list[HeldPassage]:
        lanes = {lane.id: lane.name for lane in work.lanes.all()}
        passages = work.passages.of_member(id)
        seen = work.adjudications.latest_of([PassageId(one.id) for one in passages])
        return [
            HeldPassage(
                one,
                lanes.get(one.lane, "a lane that is gone"),
                str(seen[one.id].verdict) if one.id in seen else None,
            )
            for one in passages
        ]

    @staticmethod
    def _trail(work: UnitOfWork, id: MemberId) -> list[Trace]:
        named: dict[str, str] = {str(id): YOU, "system": ITSELF, "command line": AT_THE_MACHINE}
        named |= {"the link": A_PARENT, "a parent": A_PARENT}  # as `application.family` writes them
        found = []
        for trace in work.held.trail(id):
            if trace.by not in named:
                named[trace.by] = _role(work, trace.by)
            detail = {name: value for name, value in trace.detail.items() if name in SHOWN_DETAIL}
            found.append(replace(trace, by=named[trace.by], detail=detail))
        return found


def _words(work: UnitOfWork, sha256: str) -> str | None:
    """Exactly what was agreed to; None for words of before they were kept."""
    shown = work.notices.by_digest(sha256)
    return shown.notice.words if shown else None


def _role(work: UnitOfWork, actor: str) -> str:
    """Who it was, without a name."""
    try:
        id = UUID(actor)
    except ValueError:
        return ANOTHER_PROGRAM
    staff = work.staff.get(StaffId(id))
    if staff is not None:
        return EVERY_ROLE if staff.roles == frozenset(Role) else ", ".join(sorted(staff.roles))
    lane = work.lanes.get(LaneId(id))
    return lane.name if lane else ANOTHER_PROGRAM

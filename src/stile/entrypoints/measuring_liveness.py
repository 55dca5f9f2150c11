"""A site for `stile evaluate liveness`, in a temporary folder that goes when the measurement is over: the real store,
vault, gallery and models, with a door that only remembers and a clock that is moved."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from stile.application.admit import AdmitByFace
from stile.application.evaluation.liveness import Presenting, SeededChance, Subject, enrol_from, portrait_of
from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.consent import Channel
from stile.domain.faces import Frame
from stile.domain.ids import MemberId
from stile.domain.liveness import LivenessMode
from stile.domain.places import Lane
from stile.ports import EyesPool
from stile.testing import FakeClock, FakeDoors, complete_register
from stile.testing.presentations import Portrait


@dataclass(frozen=True, slots=True)
class Bench:
    """A lane to present to. `mode`: what it asks for."""

    site: Site
    clock: FakeClock
    lane: Lane
    pool: EyesPool

    def portrait(self, frames: Iterator[Frame]) -> Portrait | None:
        """What films of somebody are made from; None where no photograph will do."""
        with self.pool.lend() as eyes:
            return portrait_of(frames, eyes.detector)

    def enrol(self, number: int, person: Portrait, seed: Sequence[int]) -> MemberId | None:
        """A member under a consent as at the desk; None where an enrolment refuses the face."""
        site = self.site
        new = NewMember(f"{number}", "Somebody", "Measured", (), born_on=date(1990, 1, 1))
        member = site.membership.add(self.lane.centre, new, "measurement")
        site.enrol.consent(member.id, notice("A measurement", None), Channel.PAPER, "a measurement")
        return member.id if enrol_from(person, member.id, site.enrol, seed) else None

    def passive(self) -> "Bench":
        """The same lane, asking for nothing where looking suffices."""
        return replace(self, lane=replace(self.lane, liveness=LivenessMode.PASSIVE))

    def presenting(self, seed: int) -> Presenting:
        """The lane's own code; only what it asks for follows from the seed."""
        site = self.site
        admit = AdmitByFace(
            site.store,
            site.pool,
            site.gallery,
            site.gate,
            site.board,
            self.clock,
            SeededChance(seed, site.chance),
            site.go_live,
            site.settings.lane_quality,
        )
        return Presenting(admit, self.lane, self.clock, seed)


@contextmanager
def bench(pool: EyesPool, mode: LivenessMode, settings: Settings) -> Iterator[Bench]:
    """`settings`: those of the real site, whose limits of quality are measured with."""
    with tempfile.TemporaryDirectory(prefix="stile-evaluate-") as folder:
        clock = FakeClock()
        own = settings.model_copy(update={"data": Path(folder), "database": None, "site_key": None})
        site = open_site(own, clock=clock, pool=pool, doors=FakeDoors())
        try:
            lane = site.setup.create(
                NewSite("A measurement", "Nowhere", "A lane", "nobody", secrets.token_urlsafe(), mode)
            )
            far = date(clock.today().year + 100, 1, 1)  # a measurement moves its clock on
            complete_register(site.registering, lane.centre, clock.today(), review_on=far)
            yield Bench(site, clock, lane, pool)
        finally:
            site.close()


def subjects_of(
    here: Bench,
    people: Mapping[str, Callable[[], Iterator[Frame]]],
    most: int,
    seed: int,
    on_person: Callable[[], None],
) -> tuple[list[Subject], int]:
    """Up to `most` people, in the order given, and how many were passed over: no photograph that looks ahead, or an
    enrolment that refused them."""
    subjects: list[Subject] = []
    passed_over = 0
    for number, (name, frames) in enumerate(people.items()):
        if len(subjects) >= most:
            break
        person = here.portrait(frames())
        member = here.enrol(1000 + number, person, [seed, 0, number]) if person else None
        if person is None or member is None:
            passed_over += 1
            continue
        subjects.append(Subject(name, member, person))
        on_person()
    return subjects, passed_over

"""An authority to test with: a real store and real use cases, a clock that is told the time, and an operator that
publishes what a test says."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from stile.application.register.subscribing import Subscribing
from stile.application.setup import NewAuthority
from stile.config import FoiDesk, Settings
from stile.domain.errors import CannotRead
from stile.domain.ids import EntryId
from stile.domain.register import Deployment, Entry, Fact, OrganisationKind, Phase, Register, Relationship
from stile.domain.register_feed import feed_json
from stile.domain.sessions import SecondFactor
from stile.office import Office, open_office
from stile.testing import FakeClock, FakeMail

NAME, PASSWORD = "admin", "correct horse battery"
URL = "https://barnstone.example/transparency/register.json"


def pool(phase: Phase = Phase.IN_USE) -> Fact:
    return Deployment("pool", "Barnstone Pool", "Barnstone Leisure", phase, Relationship.OWN)


class Published:
    """A fake: what the operator publishes now, or what is in the way."""

    def __init__(self, office: Office) -> None:
        self._office, self.facts, self.broken = office, [pool()], ""

    def read(self, url: str) -> Any:
        assert url == URL
        if self.broken:
            raise CannotRead(self.broken)
        with self._office.store.begin():  # a transaction that is open would not let this one begin
            pass
        now, new_id = self._office.clock.now(), self._office.chance.new_id
        entries = [Entry(EntryId(new_id()), date(2026, 1, 31), "x", now, "x", one) for one in self.facts]
        return feed_json("Barnstone Leisure", OrganisationKind.OPERATOR, Register(entries), now.date(), URL)


@dataclass
class Council:
    office: Office
    clock: FakeClock
    mail: FakeMail
    published: Published


def open_council(data: Path, **more: Any) -> Council:
    """Set up where it is not yet. `more`: settings."""
    clock, mail = FakeClock(), FakeMail()
    more.setdefault("foi", FoiDesk(address="Town Hall, Barnstone, BA1 1AA", email="foi@barnstone.example"))
    settings = Settings(
        data=data, organisation=OrganisationKind.AUTHORITY, second_factor=SecondFactor.OPTIONAL, **more
    )
    office = open_office(settings, clock=clock, mail=mail)
    if not office.setup.is_done:
        office.setup.create_authority(NewAuthority("Barnstone Borough Council", NAME, PASSWORD))
    published = Published(office)
    subscribing = Subscribing(
        office.store, office.clock, office.chance, published, OrganisationKind.AUTHORITY
    )
    return Council(replace(office, subscribing=subscribing), clock, mail, published)

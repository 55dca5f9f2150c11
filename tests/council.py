"""An authority to test with: a real store and real use cases, and a clock that is told the time."""

from dataclasses import dataclass
from pathlib import Path

from stile.application.setup import NewAuthority
from stile.config import FoiDesk, Settings
from stile.domain.register import OrganisationKind
from stile.domain.sessions import SecondFactor
from stile.office import Office, open_office
from stile.testing import FakeClock, FakeMail

NAME, PASSWORD = "admin", "correct horse battery"


@dataclass
class Council:
    office: Office
    clock: FakeClock
    mail: FakeMail


def open_council(data: Path) -> Council:
    """Set up where it is not yet."""
    clock, mail = FakeClock(), FakeMail()
    settings = Settings(
        data=data,
        organisation=OrganisationKind.AUTHORITY,
        second_factor=SecondFactor.OPTIONAL,
        foi=FoiDesk(address="Town Hall, Barnstone, BA1 1AA", email="foi@barnstone.example"),
    )
    office = open_office(settings, clock=clock, mail=mail)
    if not office.setup.is_done:
        office.setup.create_authority(NewAuthority("Barnstone Borough Council", NAME, PASSWORD))
    return Council(office, clock, mail)

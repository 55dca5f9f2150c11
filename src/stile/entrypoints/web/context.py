"""What the views of one running site share, besides what an authority has too (`office`)."""

from dataclasses import dataclass
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import anyio
from fastapi import Depends
from starlette.requests import HTTPConnection

from stile.bootstrap import Site
from stile.entrypoints.import_folder import WatchedFolder
from stile.entrypoints.import_jobs import ImportJobs
from stile.entrypoints.web.asking_pace import AskingPace
from stile.entrypoints.web.audit_now import AuditCheck
from stile.entrypoints.web.lanes_now import LanesNow
from stile.entrypoints.web.news import Alerts
from stile.entrypoints.web.office import LETTERS_AT_ONCE, OfficeWeb
from stile.entrypoints.web.open_lines import OpenLines
from stile.entrypoints.web.paces import Pace
from stile.entrypoints.web.pages import Pages
from stile.entrypoints.web.pairing_pace import PairingPace
from stile.entrypoints.web.sign_in_pace import SignInPace

FRAMES_A_SECOND = 20
ATTEMPTS_A_MINUTE = 30
ENROLMENT_FRAMES_A_SECOND = 5
THREADS_OF_LANES = 40
"""As many as all pages have together (anyio's own limiter)."""
PINS_AT_ONCE = 2
"""Each takes 7 MiB and a core for 16 ms, and a flood of them must leave both to the lanes (law 4)."""
CODES_AT_A_KIOSK = 5
"""Codes to enrol that one screen tries in a quarter of an hour; there are a hundred million, and few are out."""
OWN_LINKS_FROM_AN_ADDRESS = 20
"""Asked for in ten minutes; a whole centre may share an address."""
OWN_LINKS_OF_A_MEMBER = 3
"""Sent in half an hour: nobody's mailbox is filled by somebody else."""


@dataclass(frozen=True, slots=True)
class Web(OfficeWeb):
    """`looking`: how many frames are looked at in parallel. `at_lanes`: the threads of whatever else lanes do, apart
    from those of the pages: neither a recogniser that hangs nor a flood of pages ever makes a card wait (law 4)."""

    site: Site
    alerts: Alerts
    lanes: LanesNow
    frame_pace: Pace
    face_pace: Pace
    card_pace: Pace
    enrol_pace: Pace
    kiosk_codes_pace: Pace
    own_asks_pace: Pace
    own_links_pace: Pace
    looking: anyio.CapacityLimiter
    at_lanes: anyio.CapacityLimiter
    checking_pins: anyio.CapacityLimiter
    pairing_pace: PairingPace
    open_lines: OpenLines
    imports: ImportJobs
    import_folder: WatchedFolder

    @classmethod
    def of(cls, site: Site) -> "Web":
        imports = ImportJobs(site.settings)
        return cls(
            office=site,
            site=site,
            pages=Pages(ZoneInfo(site.settings.time_zone)),
            sign_in_pace=SignInPace(),
            audit_check=AuditCheck(),
            posting=anyio.CapacityLimiter(LETTERS_AT_ONCE),
            asking_pace=AskingPace(site.clock),
            alerts=Alerts(site.board),
            lanes=LanesNow(),
            frame_pace=Pace(site.clock, FRAMES_A_SECOND, 1.0),
            face_pace=Pace(site.clock, ATTEMPTS_A_MINUTE, 60.0),
            card_pace=Pace(site.clock, ATTEMPTS_A_MINUTE, 60.0),
            enrol_pace=Pace(site.clock, ENROLMENT_FRAMES_A_SECOND, 1.0),
            kiosk_codes_pace=Pace(site.clock, CODES_AT_A_KIOSK, 900.0),
            own_asks_pace=Pace(site.clock, OWN_LINKS_FROM_AN_ADDRESS, 600.0),
            own_links_pace=Pace(site.clock, OWN_LINKS_OF_A_MEMBER, 1800.0),
            looking=anyio.CapacityLimiter(site.settings.eyes),
            at_lanes=anyio.CapacityLimiter(THREADS_OF_LANES),
            checking_pins=anyio.CapacityLimiter(PINS_AT_ONCE),
            pairing_pace=PairingPace(),
            open_lines=OpenLines(),
            imports=imports,
            import_folder=WatchedFolder(site.settings, imports, site.chance.new_id),
        )


def web_of(connection: HTTPConnection) -> Web:
    return cast(Web, connection.app.state.web)


TheWeb = Annotated[Web, Depends(web_of)]

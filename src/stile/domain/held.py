"""What is held about one person, to be shown to them: their own data, and nobody else's (UK GDPR Art. 15(4)).

Staff stand here by their role. Of a template there is its description: the numbers themselves would tell the person
nothing, and whoever got hold of the copy everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stile.domain.consent import Consent
from stile.domain.ids import MemberId, PackId
from stile.domain.member import Member
from stile.domain.passage import Passage
from stile.domain.rights_request import RightsRequest


@dataclass(frozen=True, slots=True)
class TemplateDescribed:
    """`sealed_bytes`: how large it is as it lies in the store, encrypted. `numbers`: how many the template has; None
    for a pack that is not in use here now."""

    pack: PackId
    made_at: datetime
    shots: int
    sealed_bytes: int
    numbers: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """An entry of the audit log about the person. `by`: a role, “you”, a lane's name, “another program” or “Stile
    itself”."""

    position: int
    at: datetime
    event: str
    by: str
    detail: Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class HeldConsent:
    """`words`: exactly what was agreed to; None where this program does not have that version's words."""

    consent: Consent
    words: str | None


@dataclass(frozen=True, slots=True)
class HeldPassage:
    """`seen`: what staff noted about it, if anything."""

    passage: Passage
    lane: str
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link that was made for the member: `what` it was for, and how long it worked. The link itself is not kept."""

    what: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldFact:
    """Something small that is kept beside the rest: a PIN, a phone that opens the lane. `more`: in words."""

    what: str
    since: datetime | None
    more: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """`looks_alike`: that another member looks so much alike that both are asked for the card; who, is theirs.
    `read_at`: the moment all this was read, as one."""

    read_at: datetime
    operator: str
    contact: str | None
    centre: str
    member: Member
    centres: Sequence[str]
    consents: Sequence[HeldConsent]
    templates: Sequence[TemplateDescribed]
    restricted_since: datetime | None
    looks_alike: bool
    passages: Sequence[HeldPassage]
    trail: Sequence[Trace]
    requests: Sequence[RightsRequest]
    links: Sequence[HeldLink]
    others: Sequence[HeldFact] = ()

    @property
    def id(self) -> MemberId:
        return self.member.id

    @property
    def live_consent(self) -> HeldConsent | None:
        return next((one for one in self.consents if one.consent.is_live), None)

    @property
    def looks(self) -> Sequence[Trace]:
        """Who looked at the person's data, newest first."""
        return [one for one in self.trail if one.event.endswith(":see")]


def masked(card: str) -> str:
    """A card number as it is shown: its last three characters, which suffice to tell one's own cards apart."""
    return "•" * (len(card) - 3) + card[-3:]

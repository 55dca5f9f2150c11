"""What a member is told before they are asked, in plain English: each notice has all the parts that it must have, and
the operator can add to it and take nothing away.

UK GDPR Arts. 7, 9(2)(a), 12, 13; ICO, guidance on biometric data and on the right to be informed. A change of words
must change VERSION: a test holds the two together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.consent import Alternative, Audience, Notice
from stile.domain.errors import WrongValue
from stile.domain.notice_words import WORDS
from stile.domain.places import PURPOSE

VERSION = "2026-11-25.5"

SAME_PROCESSING = (VERSION,)
"""Versions that tell of the same use of the face. Who agreed to an older one is asked again: those before told 13 to 17
that nobody sees where they go, and nobody how long their consent is kept."""


class Part(StrEnum):
    """What stands in a notice, in the order of a reader's questions."""

    ALTERNATIVE = "the alternative"
    CONTROLLER = "controller"
    OFFICER = "data protection officer"
    PURPOSE = "purpose"
    BASIS = "basis"
    RECIPIENTS = "recipients"
    TRANSFERS = "transfers abroad"
    RETENTION = "retention"
    RIGHTS = "rights"
    WITHDRAWAL = "how to withdraw"
    COMPLAINT = "how to complain"


_FOR_ALL = {
    Part.ALTERNATIVE: r"(?s)## You can always use .*?(card|PIN|code)",
    Part.CONTROLLER: r"(is the controller of|is in charge of) (your|your child's) data",
    Part.PURPOSE: re.escape(PURPOSE),
    Part.RETENTION: r"(We keep|is kept) .*until",
    Part.WITHDRAWAL: r"change (your|their) mind|withdraw",
}
PROOF: Mapping[Audience, Mapping[Part, str]] = {
    audience: _FOR_ALL
    if audience
    is Audience.CHILD  # their parent has the rest before them: UK GDPR Art. 12(1), plainer for a child
    else _FOR_ALL
    | {
        Part.OFFICER: r"data protection officer",
        Part.BASIS: r"explicit consent \(UK GDPR Articles 6\(1\)\(a\) and 9\(2\)\(a\)\)",
        Part.RECIPIENTS: r"share .* with (nobody|no one)",
        Part.TRANSFERS: r"leaves the United Kingdom only where",
        Part.RIGHTS: r"(?s)see what we hold.*corrected or erased.*(limit|restrict)",
        Part.WITHDRAWAL: r"withdraw your consent at any time",
        Part.COMPLAINT: r"complain to us.*Information Commissioner.*0303 123 1113",
    }
    for audience in Audience
}
"""What proves that a part stands in the words that will be shown."""


OFFERED = (Alternative.CARD, Alternative.PIN, Alternative.QR)
"""The ways in beside the face, at the same lane and as quick (law 4)."""


@dataclass(frozen=True, slots=True)
class Details:
    """What an operator says of themselves. `officer`, `address`, `contact`, `recipients`, `more`: as they wrote them.
    `template_days`: how long after a membership ended the template goes; `passage_days`: how long a visit is kept;
    `consent_days`: how long a consent after its withdrawal; `member_days`: the rest, after a membership ended."""

    operator: str = ""
    address: str | None = None
    officer: str | None = None
    contact: str | None = None
    recipients: str | None = None
    more: str | None = None
    offered: tuple[Alternative, ...] = OFFERED
    template_days: int = 30
    passage_days: int = 90
    consent_days: int = 2192
    member_days: int = 365


def notice_for(audience: Audience, details: Details) -> Notice:
    """Exactly what is shown and hashed. Raises WrongValue where a part would be missing."""
    if not details.offered:
        raise WrongValue("a notice names another way in than the face")
    told, named = _line(details.contact) or "please ask at reception", _line(details.officer)
    words = WORDS[audience].format(
        operator=_line(details.operator),
        where=f", {_line(details.address)}," if _line(details.address) else "",
        purpose=PURPOSE,
        instead=_listed([IN_WORDS[one] for one in details.offered]),
        officer=f"Our data protection officer is {named}. To reach them: {told}."
        if named
        else f"To reach our data protection officer: {told}.",
        recipients=f" {_line(details.recipients)}" if _line(details.recipients) else "",
        template_days=details.template_days,
        passage_days=details.passage_days,
        consents=how_long(details.consent_days),
        members=how_long(details.member_days),
    )
    if _line(details.more):
        words += f"\n## More about this centre\n{_line(details.more)}\n"
    if lacking := missing(words, audience):
        raise WrongValue(f"the notice would lack: {', '.join(sorted(lacking))}")
    return Notice(VERSION, words, audience)


def missing(words: str, audience: Audience) -> set[Part]:
    """The parts that do not stand in these words."""
    return {part for part, proof in PROOF[audience].items() if not re.search(proof, words)}


IN_WORDS: Mapping[Alternative, str] = {
    Alternative.CARD: "your card",
    Alternative.PIN: "a PIN",
    Alternative.QR: "a code on your phone",
    Alternative.RECEPTION: "reception, by hand",
}


def how_long(days: int) -> str:
    """Whole years as such: 2192 days tell nobody anything."""
    years, left = divmod(days, 365)
    if not years or left > (years + 3) // 4:  # as many leap days as they can have
        return "a day" if days == 1 else f"{days} days"
    return "a year" if years == 1 else f"{years} years"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _line(text: str | None) -> str:
    """One line: an operator's own words cannot start a heading, or end the notice."""
    return " ".join((text or "").split()).lstrip("# ")

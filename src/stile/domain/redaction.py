"""What must not go out with an answer: officers' and requesters' personal data in the words of a letter (FOIA s. 40).

What is found is shown to the officer and the letter is held until it is dealt with: taken out, or let through by name
with a reason.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Sensitive(StrEnum):
    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    NATIONAL_INSURANCE = "a National Insurance number"
    REQUESTER = "the requester's name or address"


@dataclass(frozen=True, slots=True)
class Finding:
    """`where`: the question's number, or the name of a part. `found`: the very words."""

    what: Sensitive
    where: str
    found: str


EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.])(?:\+44\s?|0)(?:\d[\s-]?){8,10}\d(?!\w)")
NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?(?:\d{2}\s?){3}[A-D]\b")
RULES = (
    (Sensitive.EMAIL, EMAIL),
    (Sensitive.PHONE, PHONE),
    (Sensitive.NATIONAL_INSURANCE, NATIONAL_INSURANCE),
)


def findings(
    words: Sequence[tuple[str, str]], requester: Collection[str], allowed: Collection[str]
) -> Sequence[Finding]:
    """`words`: what goes out, each with where it stands. `requester`: their name and address. `allowed`: addresses and
    numbers that are an organisation's own and meant to be given."""
    let_through = {_plain(one) for one in allowed}
    found = []
    for where, text in words:
        for what, pattern in RULES:
            for one in pattern.findall(text):
                if _plain(one) not in let_through:
                    found.append(Finding(what, where, one.strip()))
        for own in requester:
            if len(own.strip()) >= 3 and re.search(
                rf"(?<!\w){re.escape(own.strip())}(?!\w)", text, re.IGNORECASE
            ):
                found.append(Finding(Sensitive.REQUESTER, where, own.strip()))
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", "", text).lower()

"""What must not go out with an answer: personal data in its words (FOIA s. 40), and what a file hides.

What is found is shown to the officer and the answer is held until it is dealt with: taken out, or, for words, let
through by name with a reason. What a file hides is never let through: whoever wants to give it shows it.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import FoiRequestId


class Sensitive(StrEnum):
    """Personal data in words that go out."""

    EMAIL = "an e-mail address"
    PHONE = "a telephone number"
    NATIONAL_INSURANCE = "a National Insurance number"
    NHS = "an NHS number"
    BORN = "a date of birth"
    REQUESTER = "the requester's name or address"
    OFFICER = "an officer's name"
    COLUMN = "a column about people"


class Concealed(StrEnum):
    """What a file holds and a reader does not see at once."""

    SHEET = "a hidden sheet"
    ROWS = "hidden rows"
    COLUMNS = "hidden columns"
    FILTERED = "rows that a filter hides"
    SOURCE = "figures behind a chart or a pivot table"
    LINKED = "contents of another file"
    NAME = "a hidden name"
    TEXT = "hidden text"
    COVERED = "text under a drawn box"
    OVERLAID = "a picture under a drawn box"
    UNSEEN = "text that is not drawn"
    CROPPED = "words or pictures outside what is shown"
    COMMENT = "a comment"
    TRACKED = "a tracked change"
    AUTHOR = "a person named in the file's properties"
    METADATA = "properties of the file"
    PLACE = "where a picture was taken"
    EMBEDDED = "a file inside the file"
    PROGRAM = "a macro or script"
    FORMULA = "what a spreadsheet program takes for a formula"
    LAYER = "a layer that is switched off"
    EARLIER = "an earlier state of the file"
    UNSOUND = "a structure that programs may read in different ways"
    FORM = "what was typed into a form"
    KIND = "a spreadsheet: it goes out as CSV"


MAY_PASS = frozenset((*Sensitive, Concealed.UNSEEN, Concealed.OVERLAID))
"""What an officer may let through with a reason. Text that is not drawn is what reading a scan by machine leaves, for
those who cannot see the page; a box on a picture may be a panel of its design."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`where`: the question's number, or the name of a part. `found`: the very words, or what can be said of them.
    `times`: how often it stands there."""

    what: Sensitive | Concealed
    where: str
    found: str
    times: int = 1

    @property
    def key(self) -> str:
        """What a decision about it names: without its words, which are personal data."""
        return hashlib.sha256(f"{self.what.name}\0{self.where}\0{self.found}".encode()).hexdigest()[:16]

    @property
    def may_pass(self) -> bool:
        return self.what in MAY_PASS


@dataclass(frozen=True, slots=True)
class LetThrough:
    """An officer's decision that something found may go out. `of`: the SHA-256 of the file it stands in, or “letter”:
    another version of a file is looked at anew. `reason`: as s. 40 asks, why giving it is fair."""

    request: FoiRequestId
    of: str
    key: str
    what: Sensitive | Concealed
    where: str
    reason: str
    by: str
    at: datetime

    def __post_init__(self) -> None:
        if self.what not in MAY_PASS:
            raise WrongValue(f"{self.what} is not let through: show it, or take it out.")
        if not self.reason.strip():
            raise WrongValue("Please say why it may go out.")
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")


LETTER = "letter"

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
PHONE = re.compile(r"(?<![\w.])(?:\+44\s?(?:\(0\)\s?)?|\(?0)(?:\d[\s()-]{0,2}){8,10}\d(?!\w)")
NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?(?:\d{2}\s?){3}[A-D]\b")
BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\W{0,3}\d{1,4}[\s/.-][\w]{1,9}[\s/.-]\d{1,4}",
    re.IGNORECASE,
)
NHS = re.compile(r"(?<![\d-])\d{3}[ -]\d{3}[ -]\d{4}(?![\d-])")
RULES = (
    (Sensitive.EMAIL, EMAIL),
    (Sensitive.PHONE, PHONE),
    (Sensitive.NATIONAL_INSURANCE, NATIONAL_INSURANCE),
    (Sensitive.BORN, BORN),
    (Sensitive.NHS, NHS),
)
HEADING = re.compile(
    r"(?:(?:staff|employee|officer|member|customer|user|contact|full|first|last|given|family|middle)[ _-]?)?"
    r"(?:name|names)|surname|forenames?|initials"
    r"|e-?mail(?: address)?|(?:tele)?phone(?: number| no\.?)?|mobile(?: number)?"
    r"|d\.?o\.?b\.?|date of birth|birth ?date|(?:home )?address(?: line \d)?|post ?code"
    r"|ni(?:no)?(?: number)?|national insurance(?: number| no\.?)?|nhs number"
    r"|(?:payroll|employee|staff|collar|member(?:ship)?|card)[ _-]?(?:number|no\.?|id)"
    r"|bank account|account number|sort code|salary|gender|sex|ethnicity|ethnic origin|religion|disability"
    r"|sexual orientation|next of kin",
    re.IGNORECASE,
)
"""Headings of columns that tell of people one by one."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whom and what words are looked through for. `requester`: their name and address. `allowed`: addresses and numbers
    that are an organisation's own and meant to be given. `officers`: names of staff."""

    requester: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()


def in_paper(
    words: Iterable[tuple[str, str]], headings: Iterable[tuple[str, str]], known: Known
) -> Sequence[Finding]:
    """Personal data in what a paper says, by place; and columns that tell of people one by one."""
    columns = [
        Finding(Sensitive.COLUMN, where, heading) for where, heading in headings if is_about_people(heading)
    ]
    return [*by_place(findings(words, known.requester, known.allowed, known.officers)), *columns]


def findings(
    words: Iterable[tuple[str, str]],
    requester: Collection[str],
    allowed: Collection[str],
    officers: Collection[str] = (),
) -> Sequence[Finding]:
    """`words`: what goes out, each with where it stands; the others as in `Known`."""
    let_through = {_plain(one) for one in allowed}
    people = [
        (what, pattern)
        for what, names in ((Sensitive.REQUESTER, requester), (Sensitive.OFFICER, map(_spelt, officers)))
        for name in (one.strip() for one in names)
        if len(name) >= 3 and (what is Sensitive.REQUESTER or " " in name)
        for pattern in _named(name)
    ]
    found = []
    own = {_plain(one) for one in requester}
    for where, text in words:
        for what, pattern in (*RULES, *people):
            for match in pattern.finditer(text):
                plain = _plain(match.group(0))
                if plain in let_through or (what is Sensitive.NHS and not _is_nhs(plain)):
                    continue
                if what is Sensitive.REQUESTER or plain not in own:  # it is told once, as theirs
                    found.append(Finding(what, where, match.group(0).strip()))
    return gathered(found)


def is_about_people(heading: str) -> bool:
    """Whether a column with this heading tells of people one by one."""
    return HEADING.fullmatch(re.sub(r"\s+", " ", heading).strip()) is not None


def gathered(found: Iterable[Finding]) -> Sequence[Finding]:
    """The same thing at the same place once, with how often."""
    times: dict[tuple[Sensitive | Concealed, str, str], Finding] = {}
    for one in found:
        at = (one.what, one.where, one.found)
        before = times.get(at)
        times[at] = one if before is None else replace(before, times=before.times + one.times)
    return list(times.values())


def by_place(found: Iterable[Finding]) -> Sequence[Finding]:
    """Of many words of one kind at one place the first, with how many there are: a column of a thousand addresses is
    one thing to decide."""
    first: dict[tuple[Sensitive | Concealed, str], Finding] = {}
    for one in found:
        before = first.get((one.what, one.where))
        first[(one.what, one.where)] = (
            one if before is None else replace(before, times=before.times + one.times)
        )
    return list(first.values())


TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Cllr|Councillor)"


def _named(name: str) -> Iterator[re.Pattern[str]]:
    """The whole name; and of a person's the last part after a title. Alone it may be a word: Green, Baker, Young."""
    yield re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    first, _, last = name.rpartition(" ")
    if first and "@" not in name and last.isalpha():
        yield re.compile(rf"\b{TITLES}\.?\s+{re.escape(last)}(?!\w)", re.IGNORECASE)


def _plain(text: str) -> str:
    return re.sub(r"[\s()-]+", "", text).lower()


def _spelt(account: str) -> str:
    """The name that an account's name spells: `ada.byron` is Ada Byron."""
    return re.sub(r"[._]+", " ", account.partition("@")[0]).strip()


def _is_nhs(text: str) -> bool:
    """By its check digit, modulo 11."""
    digits = [int(one) for one in text if one.isdigit()]
    check = 11 - sum(digit * (10 - n) for n, digit in enumerate(digits[:9])) % 11
    return digits[9] == (0 if check == 11 else check)

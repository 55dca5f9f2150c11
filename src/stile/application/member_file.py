"""A member file: how its columns are called (a small TOML), and its lines as text by field."""

import codecs
import csv
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId
from stile.domain.member import MembershipStatus
from stile.domain.member_import import Line, LineError
from stile.domain.member_row import FIELDS, NEEDED, STATUS_WORDS, Reading, Unread
from stile.ports import Contacts

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; 100,000 members are about 15 MB."""
MOST_LINES = 500_000
DELIMITERS = ",;\t|"
ENCODINGS = ("auto", "utf-8", "windows-1252")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "number",
        "membership number",
        "member number",
        "membership no",
        "member no",
        "member id",
        "membership id",
    ),
    "given_name": ("given name", "first name", "forename", "firstname", "given names"),
    "family_name": ("family name", "last name", "surname", "lastname"),
    "born_on": ("date of birth", "dob", "born", "birth date", "birthday"),
    "email": ("email", "e-mail", "email address", "e-mail address"),
    "phone": ("phone", "mobile", "telephone", "phone number", "mobile number"),
    "kind": ("kind", "membership", "membership type", "membership kind", "type", "product"),
    "status": ("status", "membership status"),
    "expires_on": ("expires", "expiry", "expiry date", "end date", "valid to", "expires on", "last day"),
    "cards": ("card", "cards", "card number", "card numbers", "card no"),
    "centre": ("centre", "home centre", "site", "home site", "home club"),
    "centres": ("centres", "sites", "admits to"),
    "hours": ("hours", "access hours"),
    "marketing": ("marketing", "marketing consent", "direct marketing", "opt in"),
    "group": ("group", "school", "college"),
}
"""What a column may be called where the mapping does not say; small and capital letters are the same."""

EXAMPLE = """\
# How the columns of a member file are called. What is left out here is as it is without a mapping.

# "auto" takes UTF-8, with or without its mark, and Windows-1252 for what is not UTF-8.
encoding = "auto"
# "auto" takes the one of , ; | and the tab that the heading has most of.
delimiter = "auto"
# Tried in turn, as Python's strptime has them: %d day, %m month, %Y year, %b Jan, %B January.
dates = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"]
# What stands between several cards, or centres, in one cell.
between = ";,|"

# The field, and the heading of its column. Only "number" and "given_name" must be there. The file owns the fields that
# it has columns for; the others stay as they are.
[columns]
number = "Membership number"
given_name = "First name"
family_name = "Surname"
born_on = "Date of birth"
email = "Email"
phone = "Mobile"
kind = "Membership type"
status = "Status"
expires_on = "End date"
cards = "Card number"
# The home centre, by its name here. Without this column it is the centre that you import for.
# centre = "Home club"
# centres = "Sites"
# Like: mon-fri 06:00-16:00; sat,sun 08:00-12:00
# hours = "Access hours"
# Yes only where they said yes to direct marketing (PECR reg. 22).
# marketing = "Marketing consent"
# group = "School"

# The words of the status column.
[status]
active = ["Active", "Live", "Current"]
suspended = ["Suspended", "Frozen", "On hold"]
lapsed = ["Lapsed", "Expired", "Cancelled"]
"""


@dataclass(frozen=True, slots=True)
class Mapped:
    """`columns`: headings by field, in small letters; empty takes COLUMNS."""

    encoding: str = "auto"
    delimiter: str = "auto"
    dates: tuple[str, ...] | None = None
    separators: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    status: Mapping[str, MembershipStatus] | None = None

    def reading(self, contacts: Contacts, centres: Mapping[str, CentreId]) -> Reading:
        plain = Reading(contacts.email, contacts.phone)
        return Reading(
            contacts.email,
            contacts.phone,
            self.dates or plain.dates,
            self.separators or plain.separators,
            self.status or STATUS_WORDS,
            {name.lower(): id for name, id in centres.items()},
        )


def mapping(text: str) -> Mapped:
    """Raises WrongValue with the entry that is not as it must be."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongValue(f"The mapping is no TOML: {error}.") from None
    if unknown := set(given) - {"encoding", "delimiter", "dates", "between", "columns", "status"}:
        raise WrongValue(f"The mapping has an entry that is not known: {', '.join(sorted(unknown))}.")
    encoding, delimiter = given.get("encoding", "auto"), given.get("delimiter", "auto")
    if encoding not in ENCODINGS:
        raise WrongValue(f"The mapping's encoding is one of {', '.join(ENCODINGS)}.")
    if not isinstance(delimiter, str) or not (delimiter == "auto" or len(delimiter) == 1):
        raise WrongValue("The mapping's delimiter is “auto” or one character.")
    dates = given.get("dates")
    if dates is not None:
        _check(
            isinstance(dates, list) and dates and all(_is_date_form(one) for one in dates),
            "dates",
            "strptime forms",
        )
    between = given.get("between")
    _check(between is None or (isinstance(between, str) and between), "between", "a text")
    columns = given.get("columns", {})
    _check(
        isinstance(columns, dict) and all(isinstance(one, str) for one in columns.values()),
        "columns",
        "headings",
    )
    if unknown := set(columns) - set(FIELDS):
        raise WrongValue(
            f"The mapping names a field that a member does not have: {', '.join(sorted(unknown))}."
        )
    if missing := [name for name in NEEDED if columns and name not in columns]:
        raise WrongValue(f"The mapping's columns need {' and '.join(missing)}.")
    return Mapped(
        encoding,
        delimiter,
        tuple(dates) if dates else None,
        between,
        {name: heading.strip().lower() for name, heading in columns.items()},
        _statuses(given["status"]) if "status" in given else None,
    )


def _check(holds: object, name: str, expected: str) -> None:
    if not holds:
        raise WrongValue(f"The mapping's {name}: expected {expected}.")


def _is_date_form(form: object) -> bool:
    return isinstance(form, str) and "%" in form and date(2026, 12, 31).strftime(form) != form


def _statuses(given: object) -> Mapping[str, MembershipStatus]:
    _check(isinstance(given, dict) and given, "status", "lists of words by active, suspended and lapsed")
    assert isinstance(given, dict)
    words: dict[str, MembershipStatus] = {}
    for name, several in given.items():
        _check(
            name in set(MembershipStatus) and isinstance(several, list),
            "status",
            "active, suspended or lapsed",
        )
        words.update({str(one).strip().lower(): MembershipStatus(name) for one in several})
    return words


@dataclass(slots=True)
class Lines:
    """The lines of a file. `errors` and `bad_numbers` fill while it is read. `ignored`: headings that are no field's.
    `fields`: those that it has columns for."""

    fields: tuple[str, ...]
    ignored: tuple[str, ...]
    size: int
    _rows: Iterator[tuple[int, list[str]]]
    _places: tuple[int, ...]
    _width: int
    _reading: Reading
    errors: list[LineError] = field(default_factory=list)
    bad_numbers: set[str] = field(default_factory=set)
    count: int = 0

    def read(self, tick: Callable[[int], None] = lambda _: None) -> list[Line]:
        """Those that can be read. `tick` is told how many lines there were, now and then."""
        found: list[Line] = []
        at = self.fields.index("number")
        for line, row in self._rows:
            self.count += 1
            if self.count % 500 == 0:
                tick(self.count)
            if self.count > MOST_LINES:
                raise WrongValue(f"The file has more than {MOST_LINES:,} lines.")
            if len(row) != self._width:
                self._refuse(line, row, at, None, f"has {len(row)} cells where the heading has {self._width}")
                continue
            cells = {name: row[place] for name, place in zip(self.fields, self._places, strict=True)}
            read = self._reading.line(cells)
            if isinstance(read, Unread):
                self._refuse(line, row, at, read.field, read.reason)
            else:
                found.append(Line(line, read))
        tick(self.count)
        return found

    def _refuse(self, line: int, row: list[str], at: int, column: str | None, reason: str) -> None:
        self.errors.append(LineError(line, column, reason))
        if self._places[at] < len(row):
            self.bad_numbers.add(row[self._places[at]].strip())


def open_file(content: bytes, mapped: Mapped, reading: Reading) -> Lines:
    """Raises WrongValue for what is no member file, or has not the columns that it needs."""
    if len(content) > LARGEST:
        raise WrongValue(f"The file is larger than {LARGEST // 1024 // 1024} MB.")
    text = _decoded(content, mapped.encoding)
    heading = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    if not heading.strip():
        raise WrongValue("The file is empty: its first line names the columns.")
    delimiter = mapped.delimiter
    if delimiter == "auto":
        delimiter = max(DELIMITERS, key=heading.count)
    rows = _rows(text, delimiter)
    _, names = next(rows)
    fields = _fields([one.strip().lower() for one in names], mapped.columns)
    if missing := [name for name in NEEDED if name not in fields]:
        words = " and ".join(_called(name, mapped) for name in missing)
        raise WrongValue(f"The file has no column {words}. Say in a mapping how it is called.")
    ignored = tuple(name.strip()[:60] for n, name in enumerate(names) if n not in fields.values())
    return Lines(tuple(fields), ignored, text.count("\n"), rows, tuple(fields.values()), len(names), reading)


def _called(name: str, mapped: Mapped) -> str:
    return f"“{mapped.columns.get(name) or COLUMNS[name][0]}” for the {name.replace('_', ' ')}"


def _decoded(content: bytes, encoding: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise WrongValue("The file is in UTF-16. Please save it as CSV in UTF-8.")
    try:
        if encoding != "windows-1252":
            return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            line = content[: error.start].count(b"\n") + 1
            raise WrongValue(f"The file is not in UTF-8: line {line} holds a byte that cannot be.") from None
    try:
        return content.decode("windows-1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise WrongValue(f"The file is neither UTF-8 nor Windows-1252: see line {line}.") from None


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line that they begin on; empty ones are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise WrongValue(
                f"The file is no CSV from line {line} on: is a quotation mark missing?"
            ) from None
        if any(cell.strip() for cell in row):
            yield line, row


def _fields(names: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Place by field. Raises WrongValue for a heading that stands twice."""
    wanted = {name: (heading,) for name, heading in columns.items()} if columns else COLUMNS
    found: dict[str, int] = {}
    for name, headings in wanted.items():
        places = [place for place, heading in enumerate(names) if heading in headings]
        if len(places) > 1:
            raise WrongValue(
                f"The file has {len(places)} columns for the {name.replace('_', ' ')}: say in a mapping which."
            )
        if places:
            found[name] = places[0]
        elif columns:
            raise WrongValue(f"The file has no column “{columns[name]}”, which the mapping names.")
    return found

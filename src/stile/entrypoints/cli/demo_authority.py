"""`stile demo --authority --to FOLDER`: a council that uses no facial recognition is asked about it, and answers from
its register; each step is checked.

The request is one that a London council answered in February 2020, reference 6063588: its five questions in our words,
its days, and a council and an operator that do not exist. The clock stands in that month; nothing else is pretended.
"""

import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import typer
from rich.table import Table

from stile.adapters.documents.letter_docx import docx
from stile.adapters.documents.letter_html import html, pdf
from stile.application.answer_foi import Incoming
from stile.application.setup import NewAuthority
from stile.config import FoiDesk, Settings
from stile.domain.errors import NotConfigured
from stile.domain.foi import Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.request import Requester
from stile.domain.foi_desk.sentences import day
from stile.domain.register import (
    Deployment,
    EventKind,
    Fact,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Phase,
    Relationship,
)
from stile.entrypoints.cli.common import console, print_json, print_line
from stile.office import Office, open_office
from stile.testing import FakeClock

ACTOR = "demonstration"
REF, RECEIVED, DUE = "6063588", date(2020, 2, 10), date(2020, 3, 9)
NOW = datetime(2020, 2, 24, 10, 30, tzinfo=UTC)
COUNCIL, OPERATOR = "Barnstone Borough Council", "Barnstone Leisure"
SOURCE = "the manager of the leisure contract"
REQUEST = """\
Dear Sir or Madam,

Under the Freedom of Information Act 2000 I should like to ask:

1. Has the council used facial recognition, in a trial or as a matter of course?
2. If so, when was it used, where, and for what purpose?
3. What came of it? Was anybody arrested, or found to have breached a civil order? If a false alert rate was recorded, \
please give it.
4. Were any private firms or police forces involved? If so, which?
5. Has the council referred itself to the Information Commissioner's Office over facial recognition, or been referred \
by a third party?

Yours faithfully,
Robin Asker
"""


@dataclass(frozen=True, slots=True)
class Row:
    step: str
    found: str
    ms: float
    as_it_should: bool


def demo(to: Path, json: bool) -> None:
    """Writes the letter as PDF, DOCX and HTML. Exit code 1 if any step is not as it should be."""
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotConfigured(f"The folder {to} cannot be made: {error.strerror}.") from None
    with tempfile.TemporaryDirectory(prefix="stile-demo-") as folder:
        office = open_office(_settings(Path(folder)), clock=FakeClock(NOW))
        try:
            rows = list(_steps(office, to))
        finally:
            office.close()
    ok = all(row.as_it_should for row in rows)
    if json:
        files = [str(to / f"{REF}{kind}") for kind in KINDS]
        print_json(
            {"ref": REF, "due": DUE.isoformat(), "files": files, "rows": list(map(asdict, rows)), "ok": ok}
        )
    else:
        _show(rows, ok)
    if not ok:
        raise typer.Exit(1)


def _settings(folder: Path) -> Settings:
    """Of the demonstration alone: nothing of this machine's own is used or touched."""
    return Settings(
        data=folder,
        database=None,
        site_key=None,
        organisation=OrganisationKind.AUTHORITY,
        foi=FoiDesk(
            who="the council",
            address="Town Hall, Market Street, Barnstone BA1 1AA",
            email="foi@barnstone.example",
            portal_name="Open Barnstone",
            portal_url="https://open.barnstone.example/",
            contacts={OPERATOR: "privacy@barnstone-leisure.example"},
        ),
    )


def _steps(office: Office, to: Path) -> Iterator[Row]:
    yield _done("A council is set up", *_set_up(office))
    yield _done("Its register says what it knows", *_register(office))
    yield _done(f"Request {REF} is logged", *_log(office))
    yield _done("The answer is due", *_due(office))
    yield _done("The answer is drafted", *_draft(office))
    yield _done("Nothing in it must stay inside", *_gate(office))
    for kind in KINDS:
        yield _done(f"Letter as {kind[1:].upper()}", *_letter(office, to, kind))


def _set_up(office: Office) -> tuple[float, str, bool]:
    began = time.perf_counter()
    office.setup.create_authority(NewAuthority(COUNCIL, ACTOR, secrets.token_urlsafe(12)))
    return began, "no lane, no member, no template", not office.has_lanes and not office.sees


def _register(office: Office) -> tuple[float, str, bool]:
    """What a council knows of its operator's use: that there is one, and whose it is."""
    began = time.perf_counter()
    known = Deployment(
        "leisure",
        "the leisure centres it runs for the council",
        OPERATOR,
        Phase.IN_USE,
        Relationship.OPERATORS_ALONE,
        purpose="to let members in",
        controller=OPERATOR,
        asked_for=False,
    )
    none = [
        NoneHappened(kind, date(2018, 5, 25), RECEIVED)
        for kind in (EventKind.ICO_SELF_REFERRAL, EventKind.ICO_THIRD_PARTY)
    ]
    facts: list[Fact] = [OwnUse(False), known, *none]
    for fact in facts:
        office.registering.add(fact, SOURCE, ACTOR, RECEIVED)
    entries = office.registering.as_of().entries
    return began, f"{len(entries)} entries, each with its day and source", len(entries) == 4


def _log(office: Office) -> tuple[float, str, bool]:
    began = time.perf_counter()
    request = office.answer_foi.log(
        Incoming(REQUEST, RECEIVED, requester=Requester("Robin Asker", "robin@example.org"), ref=REF), ACTOR
    )
    office.foi_steps.take(REF, Step.ACCEPT, ACTOR, RECEIVED)
    known = all(one.topics for one in request.questions)
    return (
        began,
        f"{len(request.questions)} questions, {request.regime.value}",
        known and len(request.questions) == 5,
    )


def _due(office: Office) -> tuple[float, str, bool]:
    began = time.perf_counter()
    found = office.answer_foi.due(office.answer_foi.get(REF))
    text = f"{day(found.due)}: {found.days} working days after {day(found.received)}"
    return began, text, found.due == DUE


def _draft(office: Office) -> tuple[float, str, bool]:
    began = time.perf_counter()
    answers = office.answer_foi.draft(REF, ACTOR).answers
    held = [one.held for one in answers]
    cited = {cited.entry for one in answers for cited in one.citations}
    right = len(answers) == 5 and held[0] is Held.HELD and all(one.text and one.citations for one in answers)
    return began, f"{', '.join(held)}; rests on {len(cited)} entries", right


def _gate(office: Office) -> tuple[float, str, bool]:
    began = time.perf_counter()
    found = office.foi_letters.check(REF)
    return began, "no officer, no requester" if not found else f"{len(found)} to take out", not found


KINDS = {".pdf": pdf, ".docx": docx, ".html": html}


def _letter(office: Office, to: Path, kind: str) -> tuple[float, str, bool]:
    began, path = time.perf_counter(), to / f"{REF}{kind}"
    made = KINDS[kind](office.foi_letters.make(REF))
    try:
        path.write_bytes(made)
    except OSError as error:
        raise NotConfigured(f"{path} cannot be written: {error.strerror}.") from None
    return began, str(path), path.stat().st_size == len(made) > 1000


def _done(step: str, began: float, found: str, right: bool) -> Row:
    return Row(step, found, round((time.perf_counter() - began) * 1000, 1), right)


def _show(rows: list[Row], ok: bool) -> None:
    table = Table("", "Step", "What came of it", "ms", box=None, pad_edge=False)
    table.columns[-1].justify = "right"
    table.columns[2].overflow = "fold"
    for row in rows:
        mark = "[green]✓[/]" if row.as_it_should else "[red]✗[/]"
        table.add_row(mark, row.step, row.found, f"{row.ms:.0f}")
    print_line(
        f"{COUNCIL} does not exist; its request does: reference {REF}, which a London council answered"
    )
    print_line(
        f"in February 2020. Its questions stand here in our words, and the clock at {day(NOW.date())}.\n"
    )
    console.print(table)
    print_line("\nEvery step is as it should be." if ok else "\nNOT every step is as it should be.")

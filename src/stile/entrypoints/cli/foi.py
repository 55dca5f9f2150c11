"""`stile foi`: requests under the Freedom of Information Act, from the command line."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from stile.adapters.bank_holidays import bank_holidays
from stile.adapters.documents.letter_docx import docx, our_template
from stile.adapters.documents.letter_html import html, pdf
from stile.application.answer_foi import AnswerFoi, Incoming
from stile.application.foi.letters import FoiLetters
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.letter import FoiLetter
from stile.domain.foi_desk.request import Channel, DraftVersion, FoiRequest
from stile.domain.foi_desk.sentences import day
from stile.domain.working_days import DAYS
from stile.domain.working_days import due as working
from stile.entrypoints.cli import foi_papers
from stile.entrypoints.cli.common import Data, Json, console, office, print_json, print_line
from stile.entrypoints.cli.foi_common import ACTOR, Ref, read_file, write_file
from stile.entrypoints.cli.options import plain
from stile.entrypoints.foi_email_apart import read_email

foi_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Requests for information: log, draft, letter, and the clock.",
)

Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day it was received.")]


@foi_app.command()
def due(
    received: Day,
    days: Annotated[int, typer.Option(help="Working days.")] = DAYS,
    json: Json = False,
) -> None:
    """Say by when a request is to be answered, with the working: each skipped day and why (s. 10)."""
    found = working(received.date(), bank_holidays(), days)
    if json:
        print_json(
            {
                "received": found.received.isoformat(),
                "due": found.due.isoformat(),
                "days": found.days,
                "skipped": [{"date": one.date.isoformat(), "why": one.why} for one in found.skipped],
                "holidays_version": found.holidays_version,
            }
        )
        return
    print_line(f"Received {day(found.received)}, due {day(found.due)}: {found.days} working days.")
    for one in found.skipped:
        print_line(f"  not counted: {one.date:%a} {day(one.date)}, {one.why}")
    print_line(f"Bank holidays of all four nations by {found.holidays_version}.")


@foi_app.command()
def log(
    file: Annotated[Path, typer.Argument(help="The request: a text file, or an e-mail (.eml).")],
    ref: Annotated[str | None, typer.Option(help="Its reference, if it has one already.")] = None,
    received: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it was received; today, or the e-mail's own."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Log a request: its questions are split, its law is told, its clock begins."""
    with office(data) as here:
        zone = here.settings.time_zone
        incoming = read(file, ref, received.date() if received else None, zone)
        request = here.answer_foi.log(_dated(incoming, here.clock.today()), ACTOR)
        told = _told(request, here.answer_foi)
    if json:
        print_json(told)
        return
    print_line(f"Logged as {request.ref} ({request.regime}). Due {day(date.fromisoformat(told['due']))}.")
    for one in request.questions:
        about = ", ".join(one.topics) or "no rule fits: for the officer"
        print_line(f"  {one.n}. {one.text}\n     {about}")


@foi_app.command(name="draft")
def draft_(
    ref: Ref,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The register as of that day; today's otherwise."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Draft the answer from the register: every sentence with the dated entry it rests on."""
    with office(data) as here:
        version = here.answer_foi.draft(ref, ACTOR, as_of.date() if as_of else None)
        request = here.answer_foi.get(ref)
        told = drafted(request, version, here.answer_foi, here.foi_letters)
    if json:
        print_json(told)
        return
    print_line(f"{request.ref}, version {version.n}, due {told['due']}.")
    for one in told["questions"]:
        print_line(f"\n{one['n']}. {one['text']}\n   [{one['held']}] {one['answer']}")
        for cited in one["citations"]:
            print_line(f"   · {cited['entry']} ({cited['date']})")


@foi_app.command()
def letter(
    ref: Ref,
    to: Annotated[Path, typer.Option(help="File to write: .pdf, .docx or .html.")],
    template: Annotated[
        Path | None,
        typer.Option(help="A Word template of your own; `stile foi template` writes one to begin with."),
    ] = None,
    data: Data = None,
) -> None:
    """Write the letter of the latest version. Held while something in it must not go out."""
    kinds: dict[str, Callable[[FoiLetter], bytes]] = {
        ".html": html,
        ".pdf": pdf,
        ".docx": lambda made: docx(made, template),
    }
    if to.suffix.lower() not in kinds:
        raise WrongValue(f"a letter is .pdf, .docx or .html, not “{to.suffix}”")
    with office(data) as here:
        made = here.foi_letters.make(ref)
    write_file(to, kinds[to.suffix.lower()](made))


@foi_app.command()
def template(to: Annotated[Path, typer.Option(help="Word file to write.")]) -> None:
    """Write the Word template of a letter, to be put into the organisation's own style."""
    write_file(to, our_template())


@foi_app.command(name="list")
def list_(data: Data = None, json: Json = False) -> None:
    """Every request with its state and its due date."""
    with office(data) as here:
        rows = [_told(one, here.answer_foi) for one in here.answer_foi.all()]
    if json:
        print_json({"requests": rows})
        return
    if not rows:
        print_line("No request yet. `stile foi log FILE` logs one.")
        return
    table = Table("Reference", "Received", "Due", "State", "Questions", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["ref"], row["received"], row["due"], row["state"], str(len(row["questions"])))
    console.print(table)


def read(file: Path, ref: str | None, received: date | None, zone: str) -> tuple[Incoming, bool]:
    """What a file holds, and whether its day is known. Raises WrongValue, with one line."""
    content = read_file(file)
    if file.suffix.lower() == ".eml":
        email = read_email(content, zone)
        for name in email.attached:
            typer.echo(
                f"“{plain(name)}” hangs on the e-mail and is not taken in: look whether the request is in it.",
                err=True,
            )
        day = received or email.received
        return Incoming(email.text, day or date.min, Channel.EMAIL, email.requester, ref), day is not None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return Incoming(text, received or date.min, ref=ref), received is not None


def _dated(found: tuple[Incoming, bool], today: date) -> Incoming:
    incoming, known = found
    if known:
        return incoming
    return Incoming(incoming.text, today, incoming.channel, incoming.requester, incoming.ref)


def _told(request: FoiRequest, desk: AnswerFoi) -> dict[str, Any]:
    return {
        "ref": request.ref,
        "received": request.received.isoformat(),
        "due": desk.due(request).due.isoformat(),
        "state": request.state.value,
        "regime": request.regime.value,
        "questions": [
            {"n": one.n, "text": one.text, "topics": list(one.topics)} for one in request.questions
        ],
    }


def drafted(
    request: FoiRequest, version: DraftVersion, desk: AnswerFoi, letters: FoiLetters
) -> dict[str, Any]:
    """A draft as JSON."""
    texts = {one.n: one.text for one in request.questions}
    made = letters.preview(request.ref)
    return {
        "ref": request.ref,
        "received": request.received.isoformat(),
        "due": desk.due(request).due.isoformat(),
        "questions": [
            {
                "n": one.n,
                "text": texts.get(one.n, ""),
                "held": one.held.value,
                "answer": one.text,
                "citations": [
                    {"entry": cited.entry, "date": cited.date.isoformat()} for cited in one.citations
                ],
            }
            for one in version.answers
        ],
        "sections": [{"title": one.title, "text": one.text} for one in made.parts],
    }


for _name, _command in (
    ("attach", foi_papers.attach),
    ("papers", foi_papers.papers),
    ("clean", foi_papers.clean),
    ("remove", foi_papers.remove),
    ("pass", foi_papers.pass_),
    ("email", foi_papers.email),
    ("statistics", foi_papers.statistics),
):
    foi_app.command(name=_name)(_command)

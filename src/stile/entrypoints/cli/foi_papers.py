"""`stile foi attach`, `papers`, `clean`, `pass`, `email`, `statistics`: what goes with an answer, and the counts."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from stile.adapters.documents.papers.plain import written
from stile.domain.errors import NotFound, WrongValue
from stile.domain.foi_desk.counting import Period, rows
from stile.domain.foi_desk.papers import LARGEST, Paper
from stile.domain.foi_desk.redaction import LETTER
from stile.domain.ids import PaperId
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line
from stile.entrypoints.cli.foi_common import ACTOR, Ref, read_file, write_file
from stile.office import Office

Number = Annotated[int, typer.Argument(help="The paper's number, as `stile foi papers` lists it.")]


def attach(
    ref: Ref,
    file: Annotated[Path, typer.Argument(help="XLSX, DOCX, PDF, CSV, TXT, JPEG or PNG, up to 10 MB.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Give a paper to an answer. It is looked into for what must not go out."""
    try:
        too_large = file.stat().st_size > LARGEST
    except OSError as error:
        raise WrongValue(f"{file} cannot be read: {error.strerror}.") from None
    if too_large:
        raise WrongValue(f"A paper has up to {LARGEST // 1024 // 1024} MB.")
    with office(data) as here:
        here.foi_papers.add(ref, file.name, read_file(file), ACTOR)
    papers(ref, data, json)


def papers(ref: Ref, data: Data = None, json: Json = False) -> None:
    """The papers of an answer, and what holds it: what was found in the letter and in each paper."""
    with office(data) as here:
        told = _told(here, ref)
    if json:
        print_json(told)
        return
    for one in told["papers"]:
        aside = " (set aside)" if one["set_aside"] else ""
        print_line(f"{one['n']}. {one['name']}, {one['kind']}, {one['size']:,} bytes{aside}")
    if not told["papers"]:
        print_line("No papers. `stile foi attach REF FILE` gives one.")
    for one in told["open"]:
        print_line(
            f"  {one['key']}  {one['what']} in {one['in']}: {one['where']}, {one['found']}"
            + _times(one["times"])
        )
    if told["open"]:
        print_line(
            "Held until each of these is dealt with: `stile foi clean REF N` makes a copy without what is hidden, "
            "`stile foi pass REF KEY --reason …` lets words through."
        )
    else:
        print_line("Nothing is open: it may go.")


def clean(ref: Ref, n: Number, data: Data = None, json: Json = False) -> None:
    """Make a copy of a paper that holds only what a reader sees. A workbook becomes CSV; the paper is set aside."""
    with office(data) as here:
        here.foi_papers.clean(ref, _numbered(here, ref, n).id, ACTOR)
    papers(ref, data, json)


def remove(ref: Ref, n: Number, data: Data = None) -> None:
    """Remove a paper for good."""
    with office(data) as here:
        paper = _numbered(here, ref, n)
        here.foi_papers.remove(ref, paper.id, ACTOR)
    print_line(f"“{paper.name}” is gone.")


def pass_(
    ref: Ref,
    key: Annotated[str, typer.Argument(help="What `stile foi papers` lists before it.")],
    reason: Annotated[str, typer.Option(help="Why it may go out (s. 40).")],
    data: Data = None,
) -> None:
    """Let words through that were found, with a reason. What a file hides is never let through."""
    with office(data) as here:
        found = next((one for one in here.foi_gate.look(ref).open if one.finding.key == key), None)
        if found is None:
            raise NotFound(f"Nothing with the key {key} is open.")
        here.foi_gate.let_through(ref, found.of, key, reason, ACTOR)
    print_line("Let through, with its reason.")


def email(
    ref: Ref, to: Annotated[Path, typer.Option(help="File to write: .eml.")], data: Data = None
) -> None:
    """Write the e-mail that takes the answer and its papers, ready to send from your own mailbox."""
    if to.suffix.lower() != ".eml":
        raise WrongValue(f"an e-mail is .eml, not “{to.suffix}”")
    with office(data) as here:
        made = here.foi_email.make(ref, ACTOR)
    write_file(to, made)


def statistics(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day; that of the first request otherwise."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; today otherwise.")
    ] = None,
    by: Annotated[str, typer.Option(help="quarter or year.")] = "quarter",
    to: Annotated[Path | None, typer.Option(help="CSV file to write.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """How requests were handled, as the Code of Practice under s. 45 asks (8.5)."""
    if by not in ("quarter", "year"):
        raise WrongValue("statistics are by quarter or by year")
    with office(data) as here:
        found = here.foi_statistics.of(_day(since), _day(until))
    periods = found.quarters if by == "quarter" else found.years
    if to is not None:
        write_file(to, written(rows(periods)))
    elif json:
        heads, *values = rows(periods)
        print_json({"periods": [_typed(heads, row) for row in values]})
    else:
        for one in periods:
            print_line(_line(one))


def _line(one: Period) -> str:
    rate = "no answer yet" if one.in_time is None else f"{one.in_time:.0%} in time"
    return (
        f"{one.name}  {one.regime}: {one.received} received, {one.answered} answered ({rate}), {one.outstanding} open; "
        f"{one.granted_in_full} granted, {one.granted_in_part} in part, {one.refused_in_full} refused, "
        f"{one.information_not_held} not held, {one.withdrawn_or_lapsed} ended without an answer; "
        f"{one.internal_reviews_requested} reviews"
    )


def _typed(heads: Any, row: Any) -> dict[str, str | int]:
    return {
        head: int(cell) if n >= 4 else cell for n, (head, cell) in enumerate(zip(heads, row, strict=True))
    }


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _numbered(here: Office, ref: str, n: int) -> Paper:
    listed = here.foi_papers.of(ref)
    if not 1 <= n <= len(listed):
        raise NotFound(f"There is no paper {n}. `stile foi papers {ref}` lists them.")
    return listed[n - 1]


def _told(here: Office, ref: str) -> dict[str, Any]:
    gate, listed = here.foi_gate.look(ref), here.foi_papers.of(ref)
    return {
        "papers": [
            {
                "n": n,
                "name": one.name,
                "kind": one.kind.value,
                "size": one.size,
                "sha256": one.sha256,
                "set_aside": one.set_aside,
                "made_from": _place(listed, one.made_from),
            }
            for n, one in enumerate(listed, 1)
        ],
        "open": [
            {
                "key": one.finding.key,
                "in": "the letter" if one.of == LETTER else one.in_.strip("“”"),
                "what": one.finding.what.value,
                "where": f"question {one.finding.where}" if one.of == LETTER else one.finding.where,
                "found": one.finding.found,
                "times": one.finding.times,
                "may_pass": one.finding.may_pass,
            }
            for one in gate.open
        ],
        "passed": [{"what": one.what.value, "where": one.where, "reason": one.reason} for one in gate.passed],
    }


def _place(listed: Any, id: PaperId | None) -> int | None:
    return next((n for n, one in enumerate(listed, 1) if one.id == id), None)


def _times(times: int) -> str:
    return f" ({times} times)" if times > 1 else ""

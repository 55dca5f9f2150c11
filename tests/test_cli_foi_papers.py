"""`stile foi attach` to `stile foi email`: papers on the command line, and requests that come as e-mail."""

import json
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from stile.adapters.documents.papers.apart import PaperReaderApart
from stile.adapters.documents.papers.reader import HerePaperReader
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.foi import Step
from stile.entrypoints.cli import app
from tests.adapters.papers.made import workbook
from tests.adapters.papers.test_looking import hidden_sheet
from tests.test_cli_foi import data, run

__all__ = ["data"]

REQUEST = "1. Do you use facial recognition?"


@pytest.fixture(autouse=True)
def look_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: `test_hostile` has the other one."""
    here = HerePaperReader()
    monkeypatch.setattr(PaperReaderApart, "look", lambda _, *given: here.look(*given))
    monkeypatch.setattr(PaperReaderApart, "clean", lambda _, name, content: here.clean(name, content))


def refused(data: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["foi", *words, "--data", str(data)])
    assert done.exit_code == 1
    return done.output


@pytest.fixture
def ref(data: Path, tmp_path: Path) -> str:
    """A request by e-mail whose answer is drafted."""
    message = EmailMessage()
    message["From"], message["Date"] = "Ada Byron <ada@b.example>", "Mon, 10 Feb 2020 23:30:00 -0500"
    message["Subject"] = "A request"
    message.set_content(REQUEST)
    message.add_attachment(b"x", "application", "pdf", filename="request.pdf")
    file = tmp_path / "request.eml"
    file.write_bytes(message.as_bytes())
    told = CliRunner().invoke(app, ["foi", "log", str(file), "--ref", "R-1", "--data", str(data)])
    assert told.exit_code == 0, told.output
    assert "“request.pdf” hangs on the e-mail and is not taken in" in told.output
    [listed] = json.loads(run(data, "list", "--json"))["requests"]
    assert (listed["received"], listed["ref"]) == ("2020-02-11", "R-1"), "the day here, not there"
    run(data, "draft", "R-1")
    return "R-1"


def approve(data: Path, ref: str) -> None:
    """As the console's steps do."""
    with closing(open_site(Settings(data=data), see=False)) as site:
        for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT, Step.CHECK, Step.CLEAR, Step.SEND):
            site.answer_foi.take(ref, step, "approver")


def test_a_workbook_goes_out_as_csv_by_email(data: Path, ref: str, tmp_path: Path) -> None:
    book = tmp_path / "figures.xlsx"
    book.write_bytes(workbook(hidden_sheet))
    told = json.loads(run(data, "attach", ref, str(book), "--json"))
    assert {one["what"] for one in told["open"]} == {"a hidden sheet", "a spreadsheet: it goes out as CSV"}
    assert not any(one["may_pass"] for one in told["open"])
    file = tmp_path / "answer.eml"
    assert "Not ready to go" in refused(data, "email", ref, "--to", str(file))
    assert not file.exists()
    told = json.loads(run(data, "clean", ref, "1", "--json"))
    assert [(one["name"], one["set_aside"], one["made_from"]) for one in told["papers"]] == [
        ("figures.xlsx", True, None),
        ("figures - Attempts.csv", False, 1),
    ]
    for one in told["open"]:
        assert one["may_pass"], one
        run(data, "pass", ref, one["key"], "--reason", "Managers answer for their centres in public.")
    assert "Nothing is open" in run(data, "papers", ref)
    assert "It has not been approved yet" in refused(data, "email", ref, "--to", str(file))
    approve(data, ref)
    run(data, "email", ref, "--to", str(file))
    sent = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (sent["to"], sent["x-unsent"], sent["from"]) == (
        "Ada Byron <ada@b.example>",
        "1",
        '"Information Management Team, Barnstone Council" <foi@barnstone.example>',
    )
    attached = {one.get_filename(): one for one in sent.iter_attachments()}
    assert list(attached) == ["R-1.pdf", "figures - Attempts.csv"]
    plain = sent.get_body(("plain",))
    assert plain is not None
    body = plain.get_content()
    assert body.startswith("Dear Ada Byron,")
    assert "YOUR RIGHTS" in body
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(attached["R-1.pdf"].get_content())
    assert "Dear Ada Byron" in PdfReader(letter).pages[0].extract_text()


def test_what_is_wrong_is_told_in_one_line(data: Path, ref: str, tmp_path: Path) -> None:
    odd = tmp_path / "a.exe"
    odd.write_bytes(b"MZ")
    for words, told in (
        (("attach", ref, str(odd)), "Papers are XLSX"),
        (("attach", ref, str(tmp_path / "none.csv")), "cannot be read"),
        (("clean", ref, "3"), "There is no paper 3"),
        (("pass", ref, "nothing", "--reason", "x"), "Nothing with the key nothing"),
        (("email", ref, "--to", "a.msg"), "an e-mail is .eml"),
        (("papers", "none"), "There is no request “none”"),
        (("statistics", "--by", "day"), "by quarter or by year"),
    ):
        assert told in refused(data, *words)


def test_a_paper_is_removed(data: Path, ref: str, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Centre,Attempts\nPool,12\n")
    assert "Nothing is open" in run(data, "attach", ref, str(table))
    assert "“table.csv” is gone" in run(data, "remove", ref, "1")
    assert "No papers" in run(data, "papers", ref)


def test_statistics(data: Path, ref: str, tmp_path: Path) -> None:
    told = json.loads(run(data, "statistics", "--until", "2020-06-30", "--json"))
    first = told["periods"][0]
    assert (first["period"], first["received"], first["outstanding"], first["outstanding_overdue"]) == (
        "2020 Q1",
        1,
        1,
        1,
    )
    assert [one["period"] for one in told["periods"]] == ["2020 Q1", "2020 Q2"]
    assert "2020 Q1  Freedom of Information Act 2000: 1 received, 0 answered (no answer yet)" in run(
        data, "statistics"
    )
    file = tmp_path / "statistics.csv"
    run(data, "statistics", "--by", "year", "--to", str(file))
    assert file.read_text("utf-8-sig").splitlines()[0].startswith("period,first_day,last_day,regime,received")

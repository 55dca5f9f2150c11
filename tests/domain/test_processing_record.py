"""The record of Art. 30 says what the register says, as whose processing it is, and what nobody recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.domain.children import Children
from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.processing_activities import record
from stile.domain.processing_record import (
    NOT_RECORDED,
    Activity,
    Known,
    Organisation,
    Part,
    ProcessingRecord,
    Safeguards,
    part_of,
)
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Entry,
    OrganisationKind,
    Party,
    Phase,
    Register,
    Relationship,
)
from stile.domain.retention import RULES, Subject

DAY = date(2026, 11, 26)
US = Organisation("Barnstone Leisure", OrganisationKind.OPERATOR, contact="dpo@barnstone.example")
COUNCIL = Organisation("Barnstone Council", OrganisationKind.AUTHORITY)
KNOWN = Known({subject: rule.days for subject, rule in RULES.items()}, Safeguards(True, True, True))
POOL = Deployment(
    "pool",
    "Pool",
    "Barnstone Leisure",
    Phase.IN_USE,
    Relationship.OWN,
    purpose="to let members in",
    controller="Barnstone Leisure",
    lawful_basis="Consent",
    condition="Explicit consent",
    processors=(Party("Cloudy", "hosts"),),
    retention="a month",
    documents=(Document(DocumentKind.DPIA, "Assessment 2", DAY, "file"),),
)


def made(of: Organisation, *facts: Deployment, known: Known = KNOWN) -> ProcessingRecord:
    entries = [
        Entry(EntryId(uuid7()), DAY, "test", datetime(2026, 11, 26, tzinfo=UTC), "test", fact)
        for fact in facts
    ]
    return record(of, Register.as_of(entries, DAY), known, DAY)


def by_face(found: ProcessingRecord) -> list[Activity]:
    return [one for one in found.activities if "face" in one.name]


def test_what_is_kept_after_a_use_ended_stays_in_the_record_until_it_is_gone() -> None:
    longest = max(
        KNOWN.days[one] for one in (Subject.ENDED_CONSENTS, Subject.PASSAGES, Subject.LAPSED_TEMPLATES)
    )
    ended = replace(POOL, phase=Phase.ENDED, until=DAY - timedelta(days=longest))
    [face] = by_face(made(US, ended))
    assert face.name.startswith("Coming in by face (ended; ")
    gone = made(US, replace(ended, until=DAY - timedelta(days=longest + 1)))
    assert (by_face(gone), gone.outside) == ([], [])
    others = made(COUNCIL, replace(ended, relationship=Relationship.OPERATORS_ALONE))
    assert (by_face(others), others.outside) == ([], [])


def test_an_operator_s_own_use_has_all_of_art_30_1() -> None:
    [face] = by_face(made(US, POOL))
    assert face == Activity(
        part=Part.CONTROLLER,
        name="Coming in by face",
        controller="Barnstone Leisure",
        joint="None recorded",
        places="Pool",
        purposes="to let members in",
        basis="Consent; Explicit consent",
        people="Members of 18 and over",
        data="Template of the face (biometric data, special category), consent and the notice agreed to, passages",
        recipients="Cloudy (hosts)",
        transfers=NOT_RECORDED,
        kept=face.kept,
        security=face.security,
        assessed="Assessment 2, 2026-11-26",
    )
    assert "Templates of members who lapsed: 30 days after" in face.kept
    assert "second factor" in face.security
    assert "TLS" in face.security


def test_the_period_in_force_stands_not_the_default() -> None:
    known = replace(KNOWN, days={**KNOWN.days, Subject.LAPSED_TEMPLATES: 5})
    [face] = by_face(made(US, POOL, known=known))
    assert "Templates of members who lapsed: 5 days after" in face.kept


def test_centres_where_all_is_the_same_are_one_activity() -> None:
    hall = replace(POOL, key="hall", place="Hall")
    other = replace(POOL, key="gym", place="Gym", purpose="to count heads")
    found = by_face(made(US, POOL, hall, other))
    assert [one.places for one in found] == ["Pool; Hall", "Gym"]


def test_what_is_not_recorded_says_so() -> None:
    bare = Deployment("pool", "Pool", "Barnstone Leisure", Phase.PLANNED, Relationship.OWN)
    [face] = by_face(made(US, bare))
    assert face.name == "Coming in by face (planned, not begun)"
    assert {face.controller, face.purposes, face.basis, face.transfers, face.assessed} == {NOT_RECORDED}


@pytest.mark.parametrize(
    ("of", "changed", "part"),
    [
        (US, {}, Part.CONTROLLER),
        (US, {"controller": "", "relationship": Relationship.OWN}, Part.CONTROLLER),
        (US, {"controller": "Barnstone Council", "relationship": Relationship.ON_BEHALF}, Part.PROCESSOR),
        (US, {"controller": "", "relationship": Relationship.ON_BEHALF}, Part.PROCESSOR),
        (US, {"controller": "Barnstone Council"}, Part.PROCESSOR),
        (
            US,
            {"controller": "Barnstone Council", "joint_controllers": ("barnstone leisure ",)},
            Part.CONTROLLER,
        ),
        (US, {"phase": Phase.ENDED, "until": DAY}, None),
        (
            US,
            {"operator": "Others", "controller": "Others", "relationship": Relationship.OPERATORS_ALONE},
            None,
        ),
        (COUNCIL, {"relationship": Relationship.OPERATORS_ALONE}, None),
        (COUNCIL, {"relationship": Relationship.ON_BEHALF, "controller": ""}, Part.CONTROLLER),
        (
            COUNCIL,
            {"relationship": Relationship.OPERATORS_ALONE, "joint_controllers": ("Barnstone Council",)},
            Part.CONTROLLER,
        ),
    ],
)
def test_as_whose_processing_it_is(of: Organisation, changed: dict[str, object], part: Part | None) -> None:
    assert part_of(of, replace(POOL, **changed)) is part  # type: ignore[arg-type]


def test_for_another_controller_it_stands_under_art_30_2_with_their_name() -> None:
    ours = replace(POOL, controller="Barnstone Council", relationship=Relationship.ON_BEHALF)
    found = made(US, ours)
    [one] = found.part(Part.PROCESSOR)
    assert (one.controller, one.data[:8]) == ("Barnstone Council", "Template")
    assert one not in found.part(Part.CONTROLLER)


def test_a_council_has_no_members_and_names_what_is_not_its_own() -> None:
    alone = replace(POOL, relationship=Relationship.OPERATORS_ALONE)
    found = made(COUNCIL, alone)
    assert [one.name for one in found.activities] == [
        "Requests for information",
        "Staff accounts and the audit log",
    ]
    assert found.outside == [alone]
    assert "Freedom of Information Act" in found.activities[0].basis


def test_what_runs_on_a_council_s_behalf_is_its_own_processing() -> None:
    found = made(COUNCIL, replace(POOL, controller="Barnstone Council", relationship=Relationship.ON_BEHALF))
    [face] = by_face(found)
    assert face.part is Part.CONTROLLER
    assert face.recipients.startswith("Barnstone Leisure (runs it)")
    assert face.kept == "a month"  # as registered: the council's own rules say nothing of it
    assert "not recorded here" in face.security


def test_children_and_transfers_stand_where_they_are_known() -> None:
    known = replace(
        KNOWN, children=Children.ALL, transfers={"pool": "None."}, recipients="Cloudy hosts our computers"
    )
    [face] = by_face(made(US, POOL, known=known))
    assert "parents and guardians" in face.people
    assert face.transfers == "None."
    assert "Cloudy hosts our computers" in face.recipients


def test_groups_are_an_activity_where_any_are_offered() -> None:
    assert not [one for one in made(US, POOL).activities if "groups" in one.name]
    [one] = [
        one
        for one in made(US, POOL, known=replace(KNOWN, groups=("Under 40", "40 and over"))).activities
        if "groups" in one.name
    ]
    assert "Under 40, 40 and over" in one.data
    assert "Art. 9(2)(a)" in one.basis


def test_a_record_is_somebody_s() -> None:
    with pytest.raises(WrongValue):
        Organisation(" ", OrganisationKind.OPERATOR)

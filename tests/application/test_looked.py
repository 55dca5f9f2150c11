"""Nobody sees a member's data without an entry that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, WrongValue
from tests.conftest import Here


def seen(here: Here) -> list[tuple[str, str, object]]:
    with here.site.store.read() as work:
        return [
            (entry.actor, entry.subject, entry.detail["what"])
            for entry in work.audit.entries()
            if entry.event is Event.MEMBER_SEEN
        ]


def test_a_look_is_recorded_with_who_whose_and_what(here: Here) -> None:
    member = here.add(1)
    here.site.looked.at(member.id, "somebody", "member page")
    assert seen(here) == [("somebody", str(member.id), "member page")]


def test_a_list_is_an_entry_for_each_of_them(here: Here) -> None:
    members = [here.add(who).id for who in range(3)]
    here.site.looked.at_all(members, "somebody", "search")
    here.site.looked.at_all([], "somebody", "search")
    assert seen(here) == [("somebody", str(member), "search") for member in members]


@pytest.mark.parametrize("what", ["", "Ada Example", "ada@example.org", "x" * 61])
def test_what_was_seen_is_plain_words_and_cannot_carry_a_name(here: Here, what: str) -> None:
    with pytest.raises(WrongValue):
        here.site.looked.at(here.add(1).id, "somebody", what)
    assert seen(here) == []


def test_what_cannot_be_recorded_is_not_seen(make_here: Callable[[], Here], tmp_path: Path) -> None:
    here = make_here()
    member = here.add(1)
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'stile.db'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as tool:
        tool.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    engine.dispose()
    with pytest.raises(CannotRecord):
        here.site.looked.at(member.id, "somebody", "member page")
    assert seen(here) == []


def test_a_list_of_names_is_one_entry_that_says_how_many(here: Here) -> None:
    here.site.looked.at_list(17, "somebody", "search")
    here.site.looked.at_list(0, "somebody", "search")
    with here.site.store.read() as work:
        found = [entry for entry in work.audit.entries() if entry.event is Event.MEMBERS_LISTED]
    assert [(one.actor, one.detail) for one in found] == [("somebody", {"what": "search", "members": 17})]
    with pytest.raises(WrongValue):
        here.site.looked.at_list(1, "somebody", "Ada Example")

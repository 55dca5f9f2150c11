"""Law 6: the passage is durable before the door is told to open; what cannot be recorded does not open."""

import ast
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from stile.application.admit import AdmitByFace
from stile.application.admit_otherwise import AdmitByCard, AdmitByHand
from stile.application.attempt import Attempt, Looking
from stile.application.gate import Concluded, Gate
from stile.domain.errors import CannotRecord, WrongValue
from stile.domain.ids import PassageId, StaffId
from stile.domain.passage import Admit, AdmitReason, Refer, ReferReason
from stile.ports import News, Store, Topic, UnitOfWork
from stile.testing import FakeDoor, picture_of
from tests.conftest import A_FRAME, ROOT, Here


class StoreThatCannotCommit:
    """A real store up to the commit, which fails as on a full disk."""

    def __init__(self, real: Store) -> None:
        self._real = real

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with self._real.begin() as work:

            def fail() -> None:
                raise CannotRecord("The disk is full.")

            work.commit = fail  # type: ignore[method-assign]
            yield work

    def read(self) -> AbstractContextManager[UnitOfWork]:
        return self._real.read()

    def scrub(self) -> None:
        self._real.scrub()

    def close(self) -> None:
        self._real.close()


@pytest.fixture
def told(here: Here) -> list[News]:
    news: list[News] = []
    here.site.board.subscribe(news.append)
    return news


def test_the_record_is_on_disk_when_the_door_is_told(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the moment the door hears of it, another connection to the file already sees the passage."""
    member = here.enrol(1)
    on_disk: list[int] = []

    def opened(self: FakeDoor, passage: PassageId) -> None:
        with sqlite3.connect(tmp_path / "data" / "stile.db") as other:
            (count,) = other.execute("select count(*) from passage where outcome = 'admit'").fetchone()
        other.close()
        on_disk.append(count)
        self.opened_for.append(passage)

    monkeypatch.setattr(FakeDoor, "open", opened)
    assert here.come(1).decision == Admit(member.id, AdmitReason.FACE_MATCHED)
    here.site.admit_by_card.present(here.lane, "5500001")
    assert on_disk == [1, 2]


@pytest.mark.parametrize("way", ["face", "card", "hand"])
def test_what_cannot_be_recorded_does_not_open(here: Here, told: list[News], way: str) -> None:
    here.enrol(1)
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    assert staff is not None
    site = here.site
    broken = StoreThatCannotCommit(site.store)
    gate = Gate(broken, here.doors, site.board, here.clock, site.chance)
    ways: dict[str, Callable[[], Concluded | Looking]] = {
        "face": lambda: _by_face(here, gate, broken),
        "card": lambda: _by_card(here, gate, broken),
        "hand": lambda: AdmitByHand(gate).let_in(here.lane, AdmitReason.GUEST, staff.id),
    }
    done = ways[way]()
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.CANNOT_RECORD)
    assert done.door_opened is False
    assert here.door.opened_for == []
    assert [news.topic for news in told] == [Topic.STAFF_NEEDED]
    with site.store.read() as work:
        assert work.passages.count() == 0


def _by_face(here: Here, gate: Gate, store: Store) -> Concluded | Looking:
    site = here.site
    admit = AdmitByFace(
        store, here.pool, site.gallery, gate, site.board, here.clock, site.chance, site.go_live
    )
    attempt = admit.begin(here.lane)
    assert isinstance(attempt, Attempt)
    for variation in range(70, 73):
        here.clock.advance(A_FRAME)
        seen = admit.see(attempt, picture_of(1, variation=variation))
    return seen


def _by_card(here: Here, gate: Gate, store: Store) -> Concluded:
    return AdmitByCard(store, gate, here.clock).present(here.lane, "5500001")


def test_a_door_that_does_not_answer_is_told_to_the_staff(here: Here, told: list[News]) -> None:
    here.enrol(1)
    here.door.breaks = True
    done = here.come(1)
    assert isinstance(done.decision, Admit)
    assert done.door_opened is False
    assert Topic.STAFF_NEEDED in [news.topic for news in told]


def test_every_passage_is_in_the_audit_log(here: Here) -> None:
    here.enrol(1)
    passages = [here.come(1).passage, here.come(500).passage]
    with here.site.store.read() as work:
        subjects = {entry.subject for entry in work.audit.entries()}
    assert {str(passage.id) for passage in passages if passage} <= subjects


def test_the_door_is_told_in_one_place_only() -> None:
    """`….of(lane).open(…)` stands in the gate and nowhere else in what Stile runs."""
    found = []
    for path in (ROOT / "src" / "stile").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "open"
                and isinstance(node.func.value, ast.Call)
                and isinstance(node.func.value.func, ast.Attribute)
                and node.func.value.func.attr == "of"
            ):
                found.append(path.name)
    assert found == ["gate.py"]


def test_a_receptionist_gives_one_of_the_closed_set_of_reasons(here: Here) -> None:
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    assert staff is not None
    with pytest.raises(WrongValue):
        here.site.admit_by_hand.let_in(here.lane, AdmitReason.FACE_MATCHED, StaffId(staff.id))
    assert here.door.opened_for == []

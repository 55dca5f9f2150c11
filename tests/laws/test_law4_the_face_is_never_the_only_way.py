"""Law 4: the card works at the same door, also when nothing can see."""

from collections.abc import Callable
from pathlib import Path

import grimp
import pytest

from stile.application.membership import NewMember
from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.passage import Admit, AdmitReason, Refuse, RefuseReason
from stile.testing import FakeClock, FakeDoors
from tests.conftest import Here


def test_the_card_opens_the_same_door(here: Here) -> None:
    member = here.enrol(1)
    done = here.site.admit_by_card.present(here.lane, "55 000-01")
    assert done.decision == Admit(member.id, AdmitReason.CARD_ACCEPTED)
    assert done.greeting == "Ada"
    assert len(here.door.opened_for) == 1


def test_the_card_works_for_a_member_who_never_consented(here: Here) -> None:
    member = here.add(2)
    assert here.site.admit_by_card.present(here.lane, "5500002").decision == Admit(
        member.id, AdmitReason.CARD_ACCEPTED
    )


def test_the_card_works_when_the_vision_stack_breaks(here: Here) -> None:
    here.enrol(1)
    here.pool.eyes.breaks = True
    assert here.come(1).door_opened is False
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened


def test_the_card_works_on_a_site_that_cannot_see_at_all(tmp_path: Path) -> None:
    site = open_site(Settings(data=tmp_path), clock=FakeClock(), doors=FakeDoors(), see=False)
    lane = site.setup.create(NewSite("O", "C", "Main", "admin", "correct horse battery"))
    site.membership.add(lane.centre, NewMember("1", "Ada", cards=("5500001",)), "test")
    assert site.admit_by_card.present(lane, "5500001").door_opened
    site.close()


@pytest.mark.parametrize(
    "number", ["9999999", "", "?", "x" * 500], ids=["unknown", "empty", "not a number", "endless"]
)
def test_a_card_that_is_not_known(here: Here, number: str) -> None:
    done = here.site.admit_by_card.present(here.lane, number)
    assert done.decision == Refuse(None, RefuseReason.UNKNOWN_CARD)
    assert not here.door.opened_for


def test_the_cards_way_imports_nothing_that_sees() -> None:
    graph = grimp.build_graph("stile")
    upstream = graph.find_upstream_modules("stile.application.admit_otherwise")
    assert "stile.application.gate" in upstream
    assert not [
        name for name in upstream if name.startswith("stile.adapters") or name.endswith("application.admit")
    ]


@pytest.mark.parametrize(
    "pack", ["dlib", "no-such-pack", "mobilefacenet"], ids=["ready", "unknown", "altered"]
)
def test_a_pack_that_cannot_be_loaded_leaves_the_card_working(tmp_path: Path, pack: str) -> None:
    for name in ("face_detection_yunet_2026may.onnx", "mobilefacenet.onnx"):
        (tmp_path / "models").mkdir(exist_ok=True)
        (tmp_path / "models" / name).write_bytes(b"not a model")
    site = open_site(Settings(data=tmp_path, pack=pack), clock=FakeClock(), doors=FakeDoors())
    lane = site.setup.create(NewSite("O", "C", "Main", "admin", "correct horse battery"))
    site.membership.add(lane.centre, NewMember("1", "Ada", cards=("5500001",)), "test")
    assert (site.blind_because is None) is (pack == "dlib")
    assert site.admit_by_card.present(lane, "5500001").door_opened
    site.close()


def test_a_site_key_that_is_lost_or_swapped_leaves_the_card_working(
    make_here: Callable[[], Here], tmp_path: Path
) -> None:
    first = make_here()
    first.enrol(1)
    first.site.close()
    (tmp_path / "data" / "site.key").unlink()
    again = make_here()
    assert again.site.pool is None
    assert "site key" in (again.site.blind_because or "")
    assert again.site.admit_by_card.present(again.lane, "5500001").door_opened

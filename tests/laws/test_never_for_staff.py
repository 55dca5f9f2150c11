"""Nobody's working time is watched by face: the purpose is one, in code, and no way leads from an account of the staff,
or from a list of the operator's own people, to a template (the Information Commissioner's enforcement notice to Serco
Leisure Operating Limited, published on 23 February 2024)."""

import ast
from pathlib import Path

import pytest

import stile
from stile.adapters.storage.tables import metadata
from stile.application.membership import NewMember
from stile.config import Settings
from stile.domain.consent import Audience, Channel
from stile.domain.errors import NotAllowed
from stile.domain.places import PURPOSE
from tests.conftest import Here

OF_A_FACE = ("template", "member_key", "consent", "look_alike", "guardian", "guardian_word")
SOURCES = sorted(Path(stile.__file__).parent.rglob("*.py"))


def test_the_purpose_is_written_down_once_and_cannot_be_set() -> None:
    assert PURPOSE == "to let members of the leisure centre in"
    assert not [name for name in Settings.model_fields if "purpose" in name]
    assigned = [
        path.name
        for path in SOURCES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == "PURPOSE"
    ]
    assert assigned == ["places.py"]


@pytest.mark.parametrize("audience", Audience, ids=str)
def test_every_notice_says_it(here: Here, audience: Audience) -> None:
    assert PURPOSE in here.site.notices.current(audience).words


@pytest.mark.parametrize("name", OF_A_FACE)
def test_what_is_made_of_a_face_belongs_to_a_member_and_to_no_account(name: str) -> None:
    table = metadata.tables[name]
    assert "member" in table.c
    assert {key.column.table.name for key in table.foreign_keys} & {"staff", "staff_session"} == set()


@pytest.mark.parametrize("kind", ["Staff", "employee"])
def test_a_list_of_ones_own_people_gets_no_further_than_the_card(here: Here, kind: str) -> None:
    new = NewMember("3001", "Sam", "Worker", ("7700001",), kind=kind)
    worker = here.site.membership.add(here.lane.centre, new, "test")
    words = here.site.notices.show()
    for tries in (
        lambda: here.site.invite.link(worker.id, "test"),
        lambda: here.site.invite.for_a_kiosk(worker.id, "test"),
        lambda: here.site.enrol.consent(worker.id, words, Channel.PAPER, "form 1"),
        lambda: here.site.enrol.consent(worker.id, words, Channel.DESK, "the member"),
    ):
        with pytest.raises(NotAllowed, match="never for staff"):
            tries()
    assert here.site.admit_by_card.present(here.lane, "7700001").door_opened

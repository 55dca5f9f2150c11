"""Groups that members place themselves in: by themselves only, counted with others, and deleted with one press."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stile.application.membership import NewMember
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.disclosure import Suppressed
from stile.domain.errors import NotFound, WrongValue
from stile.domain.figures import Period
from stile.domain.ids import MemberId
from stile.domain.member_groups import REST, GroupFigures, GroupMeasure
from stile.testing import picture_of
from tests.conftest import Here

GROUPS = ("under 40", "40 and over")
G = GroupMeasure


@pytest.fixture
def asked(here: Here) -> Iterator[Here]:
    """A site that offers two groups."""
    here.site.close()
    settings = Settings(**(here.site.settings.model_dump() | {"figure_groups": GROUPS}))
    site: Site = open_site(settings, clock=here.clock, pool=here.pool, doors=here.doors, mail=here.mail)
    yield Here(site, here.lane, here.clock, here.pool, here.doors, here.mail)
    site.close()


def groups(here: Here) -> GroupFigures:
    found = here.site.measure_period.groups(Period.month(here.clock.today()))
    assert found is not None
    return found


def test_who_collects_none_measures_none(here: Here) -> None:
    ada = here.add(1)
    assert here.site.own_group.offered(ada) == ()
    assert here.site.measure_period.groups(Period.month(here.clock.today())) is None
    with pytest.raises(WrongValue):
        here.site.own_group.choose(ada.id, "under 40")


def test_a_member_states_changes_and_deletes_it(asked: Here) -> None:
    ada, own = asked.add(1), asked.site.own_group
    own.choose(ada.id, "under 40")
    own.choose(ada.id, "40 and over")
    assert own.of(ada.id) == "40 and over"
    own.forget(ada.id, str(ada.id))
    own.forget(ada.id, str(ada.id))
    assert own.of(ada.id) is None
    with asked.site.store.read() as work:
        told = [one for one in work.audit.entries() if one.event in (Event.GROUP_CHOSEN, Event.GROUP_REMOVED)]
    assert [one.event for one in told] == [Event.GROUP_CHOSEN, Event.GROUP_CHOSEN, Event.GROUP_REMOVED]
    assert all(one.facts == "{}" for one in told)  # which group it was is nobody's business


def test_only_what_is_offered_and_only_to_somebody(asked: Here) -> None:
    with pytest.raises(WrongValue, match="one of the groups"):
        asked.site.own_group.choose(asked.add(1).id, "over 90")
    with pytest.raises(NotFound):
        asked.site.own_group.choose(MemberId(asked.site.chance.new_id()), "under 40")


def test_a_child_is_not_asked(asked: Here) -> None:
    new = NewMember("1077", "Eve", "Example", (), born_on=asked.clock.today().replace(year=2010))
    eve = asked.site.membership.add(asked.lane.centre, new, "test")
    assert asked.site.own_group.offered(eve) == ()
    with pytest.raises(WrongValue):
        asked.site.own_group.choose(eve.id, "under 40")


def test_it_goes_with_the_member_and_is_in_their_copy(asked: Here) -> None:
    ada = asked.add(1)
    asked.site.own_group.choose(ada.id, "under 40")
    [fact] = [one for one in asked.site.my_data.of(ada.id).others if "group" in one.what]
    assert fact.more == "under 40"
    asked.site.erase_member.of(ada.id, "test")
    assert asked.site.own_group.of(ada.id) is None


def test_groups_of_five_are_counted_and_fewer_are_with_the_rest(asked: Here) -> None:
    for who in range(1, 7):
        member = asked.add(who)
        asked.site.own_group.choose(member.id, GROUPS[0] if who < 6 else GROUPS[1])
        asked.consent(member)
        enrolment = asked.site.enrol.begin(member.id)
        for variation in range(3):
            asked.site.enrol.shot(enrolment, picture_of(who, variation=variation))
        asked.site.enrol.finish(enrolment)
        asked.come(who)
        asked.site.admit_by_card.present(asked.lane, f"55000{who:02}")
    found = groups(asked)
    assert found.groups == (GROUPS[0], REST)
    assert found.count(G.FAILURES_TO_ENROL, GROUPS[0]) == 0
    assert isinstance(
        found.count(G.MATCHES, REST), Suppressed
    )  # one match: the one member's of the other group
    assert isinstance(found.count(G.MATCHES, GROUPS[0]), Suppressed)
    with asked.site.store.read() as work:
        days = (asked.clock.today(), asked.clock.today())
        now = asked.clock.now()
        counts = work.groups.counts(days, (now.replace(hour=0, minute=0), now.replace(hour=23)))
    [young] = [one for one in counts.tallies if one.group == GROUPS[0]]
    assert (young.members, young.matches, young.entries, young.otherwise) == (5, 5, 10, 5)
    assert (young.enrolments, young.failures_to_enrol) == (5, 0)
    assert counts.whole
    assert not counts.looked


@pytest.mark.parametrize("wrong", [["a", "a"], [""]])
def test_groups_that_are_none_are_refused_at_the_start(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(ValueError, match="group"):
        Settings(data=tmp_path, figure_groups=tuple(wrong))

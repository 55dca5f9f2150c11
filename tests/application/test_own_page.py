"""What the own page's use cases promise, without a page."""

from datetime import date, timedelta

import pytest

from stile.application.rights.rights_requests import Asked
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.ids import MemberId, RequestId
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.rights_request import CameBy, Ground, Kind, Step
from tests.conftest import Here


def test_everything_is_read_as_one_moment_and_names_nobody_else(here: Here) -> None:
    ada, grace = here.enrol(1), here.enrol(2, "Grace")
    for who in (1, 2, 1):
        here.come(who)
    held = here.site.my_data.of(ada.id)
    assert [one.passage.member for one in held.passages] == [ada.id, ada.id]
    assert held.live_consent is not None
    assert held.live_consent.words is not None, "the exact words"
    assert str(grace.id) not in repr(held)
    with pytest.raises(NotFound):
        here.site.my_data.of(MemberId(here.site.chance.new_id()))


def test_a_pair_of_look_alikes_shows_that_there_is_one_and_not_who(here: Here) -> None:
    ada, grace = here.enrol(1), here.enrol(2, "Grace")
    with here.site.store.begin() as work:
        pair = LookAlike.of(
            ada.id, grace.id, here.pool.pack, here.lane.centre, here.clock.now(), FoundBy.CALIBRATION
        )
        work.look_alikes.add(pair)
        work.commit()
    held = here.site.my_data.of(ada.id)
    assert held.looks_alike
    assert str(grace.id) not in repr(held)


def test_several_of_a_family_get_a_link_each_and_a_crowd_none(here: Here) -> None:
    for who in range(1, 4):
        member = here.add(who, f"Child{who}")
        here.site.own_choices.correct_contact(member.id, "family@example.test", "")
    here.site.own_page.send_link("family@example.test")
    links = {line for one in here.mail.letters for line in one.text.splitlines() if "/me/enter/" in line}
    assert len(links) == 3
    here.mail.letters.clear()
    for who in range(4, 12):
        member = here.add(who, f"Child{who}")
        here.site.own_choices.correct_contact(member.id, "family@example.test", "")
    here.site.own_page.send_link("family@example.test")
    assert here.mail.letters == [], "eleven under one address is a mistake in the data"


def test_a_request_of_tomorrow_or_of_nobody_is_none(here: Here) -> None:
    today = here.clock.today()
    with pytest.raises(WrongValue, match="day to come"):
        here.site.rights.receive(
            Asked(Kind.ACCESS, CameBy.LETTER, today + timedelta(days=1), who="Ada"), "test"
        )
    nobody = MemberId(here.site.chance.new_id())
    with pytest.raises(NotFound):
        here.site.rights.receive(Asked(Kind.ACCESS, CameBy.LETTER, today, nobody), "test")
    with pytest.raises(WrongValue, match="characters"):
        here.site.rights.receive(Asked(Kind.ACCESS, CameBy.LETTER, today, who="A" * 5000), "test")
    with pytest.raises(NotFound):
        here.site.rights.get(RequestId(here.site.chance.new_id()))


def test_numbers_run_on_and_a_step_may_lie_in_the_past_but_not_before_the_one_before(here: Here) -> None:
    received = date(2026, 10, 20)
    first, second = (
        here.site.rights.receive(Asked(Kind.ACCESS, CameBy.LETTER, received, who="Ada"), "test")
        for _ in range(2)
    )
    assert (first.number, second.number) == (1, 2)
    asked = here.site.rights.take(first.id, Step.ASK_IDENTITY, "test", on=date(2026, 10, 22))
    assert asked.history[-1].on == date(2026, 10, 22)
    with pytest.raises(WrongValue, match="step before"):
        here.site.rights.take(first.id, Step.IDENTITY_SHOWN, "test", on=date(2026, 10, 21))
    with pytest.raises(WrongValue, match="day to come"):
        here.site.rights.take(first.id, Step.IDENTITY_SHOWN, "test", on=date(2026, 12, 1))
    here.site.rights.take(second.id, Step.REFUSE, "test", note="Because.", ground=Ground.EXCESSIVE)
    with pytest.raises(NotAllowed):
        here.site.rights.take(second.id, Step.EXTEND, "test", note="Late.", ground=Ground.COMPLEX)

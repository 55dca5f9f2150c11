"""A period of a centre, from the store's own counts: what is over is counted once, and again when somebody looks."""

from datetime import date, timedelta

import pytest

from stile.domain.adjudication import Verdict
from stile.domain.disclosure import NotMeasured
from stile.domain.errors import NotFound
from stile.domain.figures import Measure, Period
from stile.domain.ids import CentreId, PassageId
from tests.conftest import Here

M = Measure
NOVEMBER = Period.month(date(2026, 11, 2))


def come(here: Here) -> PassageId:
    came = here.come(1).passage
    assert came is not None
    return came.id


def adjudicate(here: Here, id: PassageId, verdict: Verdict) -> None:
    with here.site.store.read() as work:
        admin = work.staff.by_name("admin")
    assert admin is not None
    here.site.adjudicate.passage(id, verdict, admin.id)


def test_a_centre_that_is_not_there(here: Here) -> None:
    with pytest.raises(NotFound, match="no such centre"):
        here.site.measure_period.of(NOVEMBER, CentreId(here.site.chance.new_id()))


def test_a_new_site_has_the_month_of_now_and_nothing_in_it(here: Here) -> None:
    [month] = here.site.measure_period.by_month()
    assert (month.period, month.nothing, month.place) == (NOVEMBER, True, "All centres")
    assert [one.place for one in here.site.measure_period.every_month()] == ["Test Centre", "All centres"]


def test_a_day_is_a_day_of_the_centre(here: Here) -> None:
    """The clock of the test is UTC and the centre in London: in summer 23:30 UTC is tomorrow there."""
    here.enrol(1)
    here.clock.advance(timedelta(days=240, hours=16).total_seconds())  # 30 June 2027, 23:30 UTC
    come(here)
    june, july = Period.month(date(2027, 6, 1)), Period.month(date(2027, 7, 1))
    assert here.site.measure_period.of(june).of(M.ADMISSIONS).count == 0
    assert here.site.measure_period.of(july).of(M.ADMISSIONS).count == 1


def test_what_is_over_follows_whoever_looks_into_it(here: Here) -> None:
    here.enrol(1)
    id = come(here)
    here.clock.advance(timedelta(days=30).total_seconds())
    before = here.site.measure_period.by_month()[0]
    assert isinstance(before.of(M.FALSE_ALERTS).count, NotMeasured)
    assert here.site.measure_period.by_month()[0] is before  # kept
    adjudicate(here, id, Verdict.WRONG_PERSON)
    after = here.site.measure_period.by_month()[0]
    assert (after.period, after.of(M.FALSE_ALERTS).count) == (NOVEMBER, 1)
    assert [one.of(M.FALSE_ALERTS).count for one in here.site.measure_period.every_month()][:2] == [1, 1]


def test_the_page_and_the_record_are_made_of_one_measurement(here: Here) -> None:
    here.enrol(1)
    adjudicate(here, come(here), Verdict.RIGHT)
    shown = here.site.measure_period.every_month()
    assert here.site.publish.account().figures == tuple(shown)

"""How many are enrolled, on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import date

from stile.adapters.storage import SqlStore
from stile.domain.ids import PackId
from tests.adapters.builders import WRAPPED, consent_of, settle


def test_members_with_a_template_are_counted_by_their_date_of_birth(store: SqlStore) -> None:
    town, days = settle(store), (date(2010, 2, 28), date(1990, 1, 1), date(1990, 1, 1), None)
    with store.begin() as work:
        for n, born_on in enumerate((*days, date(1980, 1, 1))):
            member = replace(town.member(f"10{n:02}"), born_on=born_on)
            consent = consent_of(member.id)
            work.members.add(member)
            work.consents.add(consent)
            if n < len(days):  # the last one agreed, and has none yet
                work.templates.put(town.template(consent), WRAPPED)
            if n == 0:  # of two packs, and one person all the same
                work.templates.put(town.template(consent, pack=PackId("sface")), WRAPPED)
        work.commit()
    with store.read() as work:
        born = work.enrolled.born()
    assert {one.centre for one in born} == {town.centre_id}
    assert Counter({one.born_on: one.members for one in born}) == Counter(days)

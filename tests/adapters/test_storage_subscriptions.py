"""Subscriptions to published registers, in both databases."""

from dataclasses import replace

import pytest

from stile.adapters.storage import SqlStore
from stile.domain.errors import NotFound
from stile.domain.subscription import Subscription
from tests.adapters.builders import LATER, NOW

ONE = Subscription("https://b.example/register.json", "Barnstone Leisure", NOW, NOW, NOW)
TWO = Subscription(
    "https://a.example/register.json", "Axford Leisure", NOW, LATER, NOW, "a.example answered 500."
)


def test_they_come_back_as_they_went_in_by_address(store: SqlStore) -> None:
    with store.begin() as work:
        work.subscriptions.save(ONE)
        work.subscriptions.save(TWO)
        work.commit()
    with store.read() as work:
        assert work.subscriptions.all() == [TWO, ONE]
        assert work.subscriptions.get(ONE.url) == ONE
        assert work.subscriptions.get("https://c.example/") is None


def test_saved_again_it_is_the_same_one(store: SqlStore) -> None:
    later = replace(ONE, tried_at=LATER, problem="gone")
    with store.begin() as work:
        work.subscriptions.save(ONE)
        work.subscriptions.save(later)
        assert work.subscriptions.all() == [later]


def test_removed(store: SqlStore) -> None:
    with store.begin() as work:
        work.subscriptions.save(ONE)
        work.subscriptions.remove(ONE.url)
        assert work.subscriptions.all() == []
        with pytest.raises(NotFound):
            work.subscriptions.remove(ONE.url)

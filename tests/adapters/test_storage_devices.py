"""Screens that wait, and screens that were approved, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.access import digest_of
from stile.domain.devices import Device, Waiting
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import DeviceId, LaneId
from tests.adapters.builders import NOW, settle

A, B = digest_of("a"), digest_of("b")
LATER = NOW + timedelta(minutes=10)


def test_a_kiosk_is_approved_paired_and_removed(store: SqlStore) -> None:
    town = settle(store)
    approved = Device(
        DeviceId(uuid7()), town.lane_id, A, None, LATER, "Tablet", approved_by="x", approved_at=NOW
    )
    paired = replace(approved, digest=B, paired_at=NOW, expires_at=None, last_seen=NOW, revoked_at=LATER)
    with store.begin() as work:
        work.devices.add(approved)
        assert work.devices.get(approved.id) == approved
        work.devices.save(paired)
        assert work.devices.by_digest(A) is None
        assert work.devices.by_digest(B) == paired
        assert work.devices.of_lane(town.lane_id) == work.devices.all() == [paired]
        with pytest.raises(Conflict):
            work.devices.add(replace(paired, id=DeviceId(uuid7())))
        with pytest.raises(NotFound):
            work.devices.save(replace(approved, id=DeviceId(uuid7())))
        with pytest.raises(NotFound):
            work.devices.add(replace(approved, id=DeviceId(uuid7()), lane=LaneId(uuid7())))
        work.devices.remove(approved.id)
        assert work.devices.all() == []


def test_what_nobody_collected_goes(store: SqlStore) -> None:
    town = settle(store)
    late = Device(DeviceId(uuid7()), town.lane_id, A, None, LATER)
    with store.begin() as work:
        work.devices.add(late)
        work.devices.add(replace(late, id=DeviceId(uuid7()), digest=B, paired_at=NOW, expires_at=None))
        assert work.devices.remove_uncollected(NOW) == 0
        assert work.devices.remove_uncollected(LATER) == 1
        assert [one.digest for one in work.devices.all()] == [B]


def test_a_screen_waits_for_a_while(store: SqlStore) -> None:
    town = settle(store)
    screen = Waiting(
        DeviceId(uuid7()), "BCDFGHJK", A, "10.0.0.5", "Firefox on Linux", NOW, LATER, town.lane_id
    )
    with store.begin() as work:
        work.waiting_screens.add(screen)
        assert work.waiting_screens.by_code("BCDFGHJK") == screen
        assert work.waiting_screens.by_digest(A) == screen
        assert work.waiting_screens.all() == [screen]
        with pytest.raises(Conflict):
            work.waiting_screens.add(replace(screen, id=DeviceId(uuid7()), digest=B))
        other = replace(screen, id=DeviceId(uuid7()), digest=B, code="ZZZZZZZZ", wants=None)
        work.waiting_screens.add(other)
        work.waiting_screens.remove(screen.id)
        assert work.waiting_screens.all() == [other]
        assert work.waiting_screens.remove_expired(NOW) == 0
        assert work.waiting_screens.remove_expired(LATER) == 1

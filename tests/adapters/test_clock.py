"""The real clock and the real chance keep their ports' promises."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from stile.adapters.clock import SystemChance, SystemClock


def test_now_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_the_monotonic_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()


def test_later_ids_sort_after_earlier_ones() -> None:
    chance = SystemChance()
    ids = [chance.new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert {one.version for one in ids} == {7}


def test_ids_made_in_several_threads_are_different() -> None:
    chance = SystemChance()
    with ThreadPoolExecutor(4) as pool:
        made = [
            one
            for ids in pool.map(lambda _: [chance.new_id() for _ in range(5_000)], range(4))
            for one in ids
        ]
    assert len(set(made)) == len(made)


def test_secrets_are_long_and_fit_for_a_link() -> None:
    secret = SystemChance().secret()
    assert len(secret) == 43  # 256 bits in base64url
    assert secret.replace("-", "").replace("_", "").isalnum()
    assert secret != SystemChance().secret()

"""The table of what is kept for how long, and the names of backups."""

from datetime import UTC, datetime, timedelta

import pytest

from stile.domain.backup import Backup, made_at, name_at, too_many
from stile.domain.errors import NotFound, WrongValue
from stile.domain.retention import (
    LEAST_PASSAGE_DAYS,
    RULES,
    Period,
    Rule,
    Subject,
    What,
    cut_off,
    in_force,
    rule_named,
)

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("subject", list(Subject))
def test_every_subject_has_a_rule_with_a_reason_and_a_ground(subject: Subject) -> None:
    rule = RULES[subject]
    assert rule.subject is subject
    assert rule.least <= rule.days <= rule.most
    assert rule.reason.endswith(".")
    assert "Art." in rule.ground


def test_passages_are_kept_longer_than_the_store_insists_on() -> None:
    assert RULES[Subject.PASSAGES].least == LEAST_PASSAGE_DAYS > 30


@pytest.mark.parametrize(("least", "days", "most"), [(-1, 5, 10), (6, 5, 10), (1, 11, 10)])
def test_a_rule_keeps_its_own_bounds(least: int, days: int, most: int) -> None:
    with pytest.raises(WrongValue, match="not between"):
        Rule(Subject.LINKS, "Links", days, least, most, "their use", What.DELETE, "So.", "Art. 5")


def test_a_period_is_within_bounds_and_has_a_zone() -> None:
    with pytest.raises(WrongValue, match="31 to 730 days, not 30"):
        Period(Subject.PASSAGES, 30, "x", NOW)
    with pytest.raises(WrongValue, match="zone"):
        Period(Subject.PASSAGES, 31, "x", NOW.replace(tzinfo=None))


def test_the_last_choice_counts() -> None:
    chosen = [Period(Subject.PASSAGES, 60, "x", NOW), Period(Subject.PASSAGES, 45, "y", NOW)]
    days = in_force(chosen)
    assert days[Subject.PASSAGES] == 45
    assert days[Subject.OUTBOX] == RULES[Subject.OUTBOX].days
    assert list(days) == list(RULES)


def test_a_rule_is_found_by_its_name() -> None:
    assert rule_named("passages") is RULES[Subject.PASSAGES]
    with pytest.raises(NotFound, match="no retention rule"):
        rule_named("everything")


def test_the_cut_off_is_so_many_days_ago() -> None:
    assert cut_off(90, NOW) == NOW - timedelta(days=90)


# --- backups ---


def test_a_backups_name_says_when_it_was_made() -> None:
    assert name_at(NOW) == "stile-20261102T073000Z.stile-backup.age"
    assert made_at(name_at(NOW)) == NOW


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "stile-20261302T073000Z.stile-backup.age", "x" + name_at(NOW), name_at(NOW) + "~", ""],
)
def test_other_files_are_no_backups(name: str) -> None:
    assert made_at(name) is None


@pytest.mark.parametrize(("keep", "left"), [(1, [3]), (2, [3, 2]), (5, [3, 2, 1]), (0, [3])])
def test_the_newest_backups_are_kept_and_never_none(keep: int, left: list[int]) -> None:
    backups = [Backup(str(n), NOW + timedelta(days=n), 1) for n in (2, 3, 1)]
    gone = {one.path for one in too_many(backups, keep)}
    assert {str(n) for n in left} == {"1", "2", "3"} - gone

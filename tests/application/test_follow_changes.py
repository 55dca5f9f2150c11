"""Law 2, everywhere: a second program beside the first one."""

from collections.abc import Callable

from stile.domain.passage import Admit, ReferReason
from tests.conftest import Here


def test_a_withdrawal_by_another_program_empties_this_ones_memory(make_here: Callable[[], Here]) -> None:
    serving = make_here()
    member = serving.enrol(1)
    other = make_here()
    other.site.withdraw.consent_of(member.id, "command line")
    assert len(serving.site.gallery or ()) == 1
    assert serving.come(1).decision.reason is ReferReason.NO_CONSENT, "already before it caught up"
    serving.site.follow_changes.catch_up()
    assert len(serving.site.gallery or ()) == 0


def test_an_enrolment_by_another_program_is_followed(make_here: Callable[[], Here]) -> None:
    serving, other = make_here(), make_here()
    member = other.enrol(1)
    assert serving.come(1).decision.reason is ReferReason.NOBODY_ENROLLED
    assert serving.site.follow_changes.catch_up() == 1
    decision = serving.come(1).decision
    assert isinstance(decision, Admit)
    assert decision.member == member.id


def test_catching_up_twice_changes_nothing(make_here: Callable[[], Here]) -> None:
    serving, other = make_here(), make_here()
    other.enrol(1)
    for _ in range(2):
        serving.site.follow_changes.catch_up()
    assert len(serving.site.gallery or ()) == 1


def test_what_changed_long_ago_is_not_looked_at_again(make_here: Callable[[], Here]) -> None:
    serving = make_here()
    serving.enrol(1)
    for _ in range(2):
        serving.clock.advance(60)
        looked_at = serving.site.follow_changes.catch_up()
    assert looked_at == 0

"""What is reported is what happened, counted in people, and no half sets the threshold it is measured with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from stile.application.evaluation.evaluate import Evaluation, evaluate
from stile.application.evaluation.people import Look, Person, Plan, look_at
from stile.application.shots import ShotFlaw
from stile.domain.bound import CONFIDENCE
from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Features, Frame
from stile.domain.ids import PackId
from stile.domain.quality import Flaw
from stile.testing import picture_of
from stile.testing.eyes import FakeEyes

PACK = PackId("known")
DIMENSIONS = 32


def of(vector: NDArray[np.float64]) -> Features:
    return Features((vector / np.linalg.norm(vector)).astype(np.float32), PACK)


def crowd(people: int, photographs: Sequence[int], spread: float = 0.5, seed: int = 0) -> list[Person]:
    """Random directions; person n has `photographs[n % len]` photographs that stray from theirs by `spread`."""
    rng = np.random.default_rng(seed)
    made = []
    for at in range(people):
        centre = rng.normal(size=DIMENSIONS)
        looks = [
            Look(of(centre + spread * rng.normal(size=DIMENSIONS)), shot=photograph < 3)
            for photograph in range(photographs[at % len(photographs)])
        ]
        made.append(Person(f"person {at}", looks))
    return made


def halves(people: Sequence[Person], seed: int) -> tuple[list[int], list[int]]:
    """Written a second time: shuffled, members first and then who is enrolled, dealt like cards."""
    shuffled = [int(at) for at in np.random.default_rng(seed).permutation(len(people))]
    shots = [sum(look.shot for look in person.looks) for person in people]
    members = [at for at in shuffled if shots[at] >= 3 and len(people[at].looks) > 3]
    others = [at for at in shuffled if shots[at] >= 3 and at not in members]
    dealt = [*members, *others, *(at for at in shuffled if shots[at] < 3)]
    return dealt[::2], dealt[1::2]


CROWD = crowd(600, (6, 6, 1))


@pytest.fixture(scope="module")
def measured() -> Evaluation:
    return evaluate(PACK, CROWD, Plan(fpirs=(0.003, 0.01, 0.1)))


def test_sizes_and_targets_are_the_rows(measured: Evaluation) -> None:
    found = [(row.gallery, row.fpir_target) for row in measured.results]
    sizes = sorted({size for size, _ in found})
    assert sizes[:2] == [50, 100]
    assert sizes[2] == min(sum(len(CROWD[at].looks) > 3 for at in half) for half in halves(CROWD, 0)), (
        "and as many as both halves have"
    )
    assert found == [(size, fpir) for size in sizes for fpir in (0.003, 0.01, 0.1)]
    assert measured.people == 600
    assert measured.images == 200 * 13


def test_people_are_the_unit(measured: Evaluation) -> None:
    for row in measured.results:
        assert row.strangers == 200
        assert row.mated == 2 * row.gallery
        assert row.fpir == row.false_positives / row.strangers
        assert row.fnir == row.misses / row.mated
        assert row.fpir_ci.lower <= row.fpir <= row.fpir_ci.upper
        assert row.fnir_ci.lower <= row.fnir <= row.fnir_ci.upper


def test_promises_hold_on_other_people() -> None:
    broken = 0
    for seed in range(6):
        result = evaluate(PACK, crowd(900, (4, 1, 1), seed=seed), Plan(fpirs=(0.003, 0.01), seed=seed))
        broken += sum(row.fpir_ci.lower > row.fpir_target for row in result.results)
    assert broken <= 1, "of 36 rows"


def test_a_fixed_threshold_breaks_its_promise_as_the_gallery_grows(measured: Evaluation) -> None:
    rows = [row for row in measured.results if row.fpir_target == 0.1]
    first, *_, last = rows
    assert first.fixed_threshold == first.threshold
    assert last.fixed_threshold == first.fixed_threshold
    assert last.threshold is not None
    assert first.threshold is not None
    assert last.threshold > first.threshold
    assert last.fixed_fpir > 1.5 * last.fpir
    assert last.fixed_fpir > 0.1


def test_the_margin_is_never_below_the_fit(measured: Evaluation) -> None:
    assert 0.5 < CONFIDENCE < 1
    for row in measured.results:
        assert row.threshold is not None
        assert row.point_threshold is not None
        assert row.threshold >= row.point_threshold
        assert row.fpir <= row.point_fpir
        assert row.fnir >= row.point_fnir


def test_no_half_sets_the_threshold_it_is_measured_with() -> None:
    first, _ = halves(CROWD, 0)
    changed = list(CROWD)
    others = crowd(600, (6, 6, 1), seed=77)
    for at in first[:100]:
        changed[at] = others[at]
    before, after = (evaluate(PACK, people, Plan(galleries=(50,))).results[0] for people in (CROWD, changed))
    assert after.thresholds[0] == before.thresholds[0], "found on the half that is the same"
    assert after.thresholds[1] != before.thresholds[1]
    assert before.threshold == pytest.approx(sum(one for one in before.thresholds if one) / 2)


def test_the_counts_are_those_of_a_plain_recount() -> None:
    people = crowd(600, (5, 1), spread=1.3)
    largest = min(sum(len(people[at].looks) > 3 for at in half) for half in halves(people, 0))
    full = evaluate(PACK, people, Plan(galleries=(largest,), fpirs=(0.1,)))
    (row,) = full.results
    strangers = misses = firsts = 0
    for half, threshold in zip(halves(people, 0), row.thresholds, strict=True):
        members = [at for at in half if len(people[at].looks) > 3]
        if len(members) != largest:
            members = _drawn(members, largest)
        templates = np.stack([_mean(people[at].looks[:3]) for at in members])
        for at in half:
            if len(people[at].looks) == 1:
                strangers += float((templates @ _mean(people[at].looks)).max()) >= (threshold or 2)
        for place, at in enumerate(members):
            scores = templates @ _mean(people[at].looks[3:])
            firsts += int(scores.argmax()) == place
            misses += not (int(scores.argmax()) == place and scores[place] >= (threshold or 2))
    assert (row.false_positives, row.misses) == (strangers, misses)
    assert row.rank1 == firsts / row.mated
    assert misses > 10
    assert strangers > 3


def _drawn(members: list[int], size: int) -> list[int]:
    """The gallery that the seed draws, written a second time: by column of those enrolled."""
    columns = np.arange(len(members))
    return [members[at] for at in np.sort(np.random.default_rng([0, size]).permutation(columns)[:size])]


def _mean(looks: Sequence[Look]) -> NDArray[np.float64]:
    total = np.sum([look.features.vector for look in looks if look.features], axis=0)
    return np.asarray(total / np.linalg.norm(total))


def test_a_seed_gives_the_same_figures_and_another_one_others(measured: Evaluation) -> None:
    plan = Plan(fpirs=(0.003, 0.01, 0.1))
    assert evaluate(PACK, CROWD, plan).results == measured.results
    assert evaluate(PACK, CROWD, replace(plan, seed=5)).results != measured.results


def test_more_fused_frames_miss_fewer() -> None:
    people = crowd(400, (9,), spread=1.3)
    one, three = (evaluate(PACK, people, Plan(probe=frames, galleries=(100,))) for frames in (1, 3))
    assert three.results[1].fnir < one.results[1].fnir - 0.1


# --- what could not be used ----------------------------------------------------------------------------


def test_failures_to_enrol_and_to_acquire_are_counted() -> None:
    people = crowd(200, (6, 1))
    refused, dark, unfit = Look(None, Flaw.NO_FACE, Flaw.NO_FACE), Look(None, Flaw.TOO_DARK), 0
    for at in range(0, 40, 2):  # twenty of the hundred who came with photographs enough cannot be enrolled
        looks = [replace(one, at_enrolment=Flaw.TURNED, shot=False) for one in people[at].looks]
        people[at] = Person(people[at].name, looks)
        unfit += len(looks)
    for at in range(41, 51, 2):  # five who came with one photograph, which shows nobody
        people[at] = Person(people[at].name, [refused])
    people[60] = Person(people[60].name, [*people[60].looks[:3], dark, dark, dark])
    result = evaluate(PACK, people, Plan(galleries=(500,)))
    assert result.fte == 20 / 100
    assert result.fta == 6 / 200
    assert result.refused_at_enrolment == {Flaw.TURNED: unfit}
    assert result.refused_at_lane == {Flaw.NO_FACE: 5, Flaw.TOO_DARK: 3}
    assert any("A gallery of 500 is more than the 40 people" in sentence for sentence in result.limits)
    row = result.results[0]
    assert row.strangers == 100 - 5 + 20, "who could not be enrolled comes as a stranger"
    assert row.mated <= 2 * row.gallery


def test_small_data_says_so_in_sentences(measured: Evaluation) -> None:
    said = "\n".join(measured.limits)
    assert "the counts of both are pooled" in said
    assert "rule of 30" in said
    assert "200 of 200 strangers had fewer than 3 usable photographs" in said
    none = evaluate(PACK, crowd(300, (4,), spread=0.1), Plan(galleries=(50,), fpirs=(0.01,)))
    assert none.results[0].misses == 0
    assert "at 50 members: 1 % 0 of 100 (up to 3.00%)" in "\n".join(none.limits)


def test_a_rate_far_beyond_the_data_gets_no_threshold_and_lets_nobody_in() -> None:
    result = evaluate(PACK, CROWD, Plan(galleries=(50,), fpirs=(1e-7,)))
    (row,) = result.results
    assert row.threshold is None
    assert row.false_positives == 0
    assert row.misses == row.mated
    assert any("No threshold" in sentence for sentence in result.limits)


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (crowd(2, (6,)), "at least two people in each half"),
        (crowd(20, (6,)), "at least 200 non-mated"),
        (crowd(100, (1,)), "at least two people in each half"),
        (crowd(100, (3,)), "more than 3 photographs"),
    ],
    ids=["hardly anybody", "few", "one photograph each", "nobody to come back"],
)
def test_too_few_people_are_refused(people: list[Person], words: str) -> None:
    with pytest.raises(WrongValue, match=words):
        evaluate(PACK, people, Plan())


def test_a_gallery_is_filled_up_with_who_has_no_photograph_left() -> None:
    people = crowd(600, (6, 3, 1))
    full = evaluate(PACK, people, Plan(galleries=(100, 180), fpirs=(0.01,)))
    members, filled = full.results
    assert (members.gallery, members.mated, members.strangers) == (100, 200, 400)
    assert filled.gallery == 180
    assert filled.mated == 200, "only who comes back is counted"
    assert filled.strangers == 400 - 2 * 80, "and nobody in the gallery is a stranger to it"
    assert "Of the two galleries of 180, 160 are people enrolled with all" in "\n".join(full.limits)


def test_where_everybody_is_a_member_those_outside_the_gallery_are_its_strangers() -> None:
    full = evaluate(PACK, crowd(200, (5,)), Plan(galleries=(30, 100), fpirs=(0.01,)))
    some, everybody = full.results
    assert (some.strangers, some.mated) == (140, 60)
    assert (everybody.strangers, everybody.mated) == (0, 200)
    said = "\n".join(full.limits)
    assert "members who are outside a gallery are the strangers to it" in said
    assert "FPIR was not measured, for want of people: at 100 members: 1 %." in said


def test_both_halves_have_as_many_members() -> None:
    for seed in range(5):
        half, other = ([len(CROWD[at].looks) > 3 for at in drawn] for drawn in halves(CROWD, seed))
        assert abs(sum(half) - sum(other)) <= 1
        assert abs(len(half) - len(other)) <= 1


@pytest.mark.parametrize(
    "plan",
    [
        {"enrol": 0},
        {"probe": 11},
        {"galleries": (0,)},
        {"fpirs": ()},
        {"fpirs": (0.0,)},
        {"fpirs": (0.5,)},
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: dict[str, object]) -> None:
    with pytest.raises(WrongValue):
        Plan(**plan)  # type: ignore[arg-type]


# --- one-to-one, groups, suspects ----------------------------------------------------------------------


def test_the_table_of_rates_is_what_its_thresholds_give(measured: Evaluation) -> None:
    assert len(measured.rates) >= 2
    for row in measured.rates:
        assert float((measured.non_mated_scores >= row.threshold).mean()) == pytest.approx(row.fmr, rel=0.1)
        assert row.fnmr == float((measured.mated_scores < row.threshold).mean())
        assert row.mated == measured.mated_scores.size == 400
        assert row.fmr * row.non_mated >= 3, "no rate that the data does not show"


def test_a_group_whose_members_look_alike_stands_out() -> None:
    people = crowd(600, (4,), seed=2)
    rng = np.random.default_rng(9)
    common = rng.normal(size=DIMENSIONS)
    for at in range(0, 600, 3):
        looks = [
            replace(one, features=of(one.features.vector.astype(np.float64) * 6 + 0.5 * common))
            for one in people[at].looks
            if one.features
        ]
        people[at] = Person(people[at].name, looks)
    names = {person.name: "alike" if at % 3 == 0 else "others" for at, person in enumerate(people)}
    result = evaluate(PACK, people, Plan(galleries=(50,)), groups=names)
    assert result.groups is not None
    alike, others = result.groups.rows
    assert (alike.group, alike.people, others.people) == ("alike", 200, 400)
    assert alike.fmr is not None
    assert others.fmr is not None
    assert alike.fmr > 2 * others.fmr
    assert alike.fmr_ci.lower > others.fmr_ci.upper
    assert result.groups.fmr_ratio == pytest.approx(alike.fmr / (alike.fmr * others.fmr) ** 0.5)
    for row in result.groups.rows:
        assert row.fmr is not None
        assert row.fmr_ci.lower <= row.fmr <= row.fmr_ci.upper


def test_a_group_without_an_error_has_no_ratio() -> None:
    people = crowd(300, (4,), spread=0.1)
    names = {person.name: "a" if at < 150 else "b" for at, person in enumerate(people)}
    result = evaluate(PACK, people, Plan(galleries=(50,)), groups=names)
    assert result.groups is not None
    assert result.groups.fnmr_ratio is None


def test_one_person_under_two_names_is_suspected_and_nobody_else() -> None:
    people = crowd(300, (5,), spread=0.3)
    both = [*crowd(8, (10,), spread=0.3)[7].looks]
    people[7] = Person("one name", [replace(one, shot=at < 3) for at, one in enumerate(both[:5])])
    people[200] = Person("another name", [replace(one, shot=at < 3) for at, one in enumerate(both[5:])])
    pairs = evaluate(PACK, people, Plan(galleries=(50,)), suspects=True).suspects
    assert [{pair.probe, pair.template} for pair in pairs] == [{"one name", "another name"}]
    assert not evaluate(PACK, people, Plan(galleries=(50,))).suspects, "only when asked for"


# --- looking -------------------------------------------------------------------------------------------


@dataclass
class Sight:
    """The fake's eyes, as the pack they come from."""

    detector: FakeEyes
    embedder: FakeEyes


def looked(frames: Iterable[Frame], enrol: int = 3, same_person: float | None = 0.3) -> Sequence[Look]:
    eyes = FakeEyes()
    return look_at("somebody", frames, Sight(eyes, eyes), enrol, same_person).looks


def test_photographs_are_shots_until_there_are_enough_and_frames_of_a_lane_after() -> None:
    looks = looked(picture_of(1, variation=variation) for variation in range(5))
    assert [one.shot for one in looks] == [True, True, True, False, False]
    assert all(one.features is not None and one.at_lane is None and one.at_enrolment is None for one in looks)


def test_what_is_no_shot_may_still_be_a_frame_of_a_lane() -> None:
    dim = picture_of(1)
    dim.pixels[2:] = dim.pixels[2:] // 3
    frames = [picture_of(1, variation=1), dim, picture_of(2), picture_of(), picture_of(1, dark=True)]
    first, in_shade, other, nobody, dark = looked(frames)
    assert first.shot
    assert (in_shade.shot, in_shade.at_lane, in_shade.at_enrolment) == (False, None, Flaw.TOO_DARK)
    assert in_shade.features is not None
    assert (other.shot, other.at_enrolment) == (False, ShotFlaw.SOMEBODY_ELSE), "the shots are compared"
    assert other.features is not None
    assert nobody == Look(None, Flaw.NO_FACE, Flaw.NO_FACE)
    assert dark == Look(None, Flaw.TOO_DARK, Flaw.TOO_DARK)


def test_a_pack_that_was_never_measured_compares_no_shots() -> None:
    assert all(one.shot for one in looked([picture_of(1), picture_of(2)], same_person=None))


def test_photographs_are_read_one_at_a_time() -> None:
    alive: list[int] = []

    class Watched(FakeEyes):
        def detect(self, frame: Frame) -> Sequence[DetectedFace]:
            if alive:
                alive.pop()
            return super().detect(frame)

    def frames() -> Iterator[Frame]:
        for variation in range(3):
            assert not alive
            alive.append(variation)
            yield picture_of(7, variation=variation)

    eyes = Watched()
    assert len(look_at("somebody", frames(), Sight(eyes, eyes), 3, 0.3).looks) == 3

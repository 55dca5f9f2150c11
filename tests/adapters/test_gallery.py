"""The gallery: exact, thread-safe, and nothing of a removed member stays in its memory."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.typing import NDArray

from stile.adapters.gallery import ExactGallery, Kind, blocks, exact, open_gallery, pairs
from stile.adapters.gallery.exact import SCORE_TOLERANCE
from stile.adapters.gallery.lock import SharedLock
from stile.adapters.gallery.measure import DEFAULT_CASES, measure_search
from stile.adapters.gallery.pairs import Copy
from stile.domain.errors import NotConfigured, WrongValue
from stile.domain.faces import Probe, Template
from stile.domain.ids import MemberId, PackId

PACK = PackId("test")
OTHER = PackId("other")
kinds = pytest.mark.parametrize("kind", Kind, ids=str)


@pytest.fixture(autouse=True)
def faiss_is_here() -> None:
    pytest.importorskip("faiss", reason="needs the extra “vision”")


def member(number: int) -> MemberId:
    return MemberId(UUID(int=number))


def unit(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(
        np.float32
    )
    return vectors


def random_units(rows: int, dimensions: int, seed: int = 0) -> NDArray[np.float32]:
    return unit(np.random.default_rng(seed).standard_normal((rows, dimensions)))


def template(vector: NDArray[np.float32], pack: PackId = PACK) -> Template:
    return Template(vector, pack)


def probe(vector: NDArray[np.float32], pack: PackId = PACK) -> Probe:
    return Probe(vector, pack)


def filled(kind: Kind, vectors: NDArray[np.float32]) -> ExactGallery:
    gallery = ExactGallery(PACK, vectors.shape[1], kind)
    gallery.load((member(row), template(vector)) for row, vector in enumerate(vectors))
    return gallery


# --- against a plain dictionary --------------------------------------------------------------------------

# Ids that agree in one half or the other: a gallery that looked at one half only would mix these people up.
HALVES = (0, 1, 2**63, 2**64 - 1)
MEMBERS = [MemberId(UUID(int=high << 64 | low)) for high in HALVES for low in HALVES]
VECTORS = random_units(40, 8, seed=1)
some_member = st.sampled_from(MEMBERS)
some_vector = st.integers(0, len(VECTORS) - 1)


class GalleryMachine(RuleBasedStateMachine):
    """Small blocks, so that growing, moving on to the next and giving one up happen all the time."""

    kind = Kind.FAISS

    @initialize()
    def begin(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(exact, "BLOCK_ROWS", 4)
        self.patch.setattr(exact, "FIRST_ROWS", 1)
        self.patch.setattr(exact, "BATCH_ROWS", 3)
        self.patch.setattr(blocks, "ROWS_AT_A_TIME", 3)
        self.gallery = ExactGallery(PACK, 8, self.kind)
        self.model: dict[MemberId, int] = {}

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()

    @rule(who=some_member, which=some_vector)
    def put(self, who: MemberId, which: int) -> None:
        self.gallery.put(who, template(VECTORS[which]))
        self.model[who] = which

    @rule(who=some_member)
    def remove(self, who: MemberId) -> None:
        assert self.gallery.remove(who) == (self.model.pop(who, None) is not None)

    @rule(new=st.dictionaries(some_member, some_vector))
    def load(self, new: dict[MemberId, int]) -> None:
        self.gallery.load((who, template(VECTORS[which])) for who, which in new.items())
        self.model = dict(new)

    @rule(new=st.lists(st.tuples(some_member, some_vector), min_size=1), at=st.integers(0, 30))
    def load_someone_twice(self, new: list[tuple[MemberId, int]], at: int) -> None:
        new.insert(at, new[0])
        with pytest.raises(WrongValue, match="named twice"):
            self.gallery.load((who, template(VECTORS[which])) for who, which in new)

    @rule(which=some_vector, most=st.integers(1, 20))
    def search(self, which: int, most: int) -> None:
        found = self.gallery.search(probe(VECTORS[which]), most)
        cosines = {who: float(VECTORS[which] @ VECTORS[one]) for who, one in self.model.items()}
        assert len(found) == min(most, len(self.model))
        assert len({one.member for one in found}) == len(found)
        for one in found:
            assert abs(one.score - cosines[one.member]) <= SCORE_TOLERANCE
        assert all(better.score >= worse.score for better, worse in pairwise(found))
        left_out = [cosine for who, cosine in cosines.items() if who not in {one.member for one in found}]
        if left_out:
            assert found[-1].score >= max(left_out) - SCORE_TOLERANCE

    @invariant()
    def holds_nothing_else(self) -> None:
        if not hasattr(self, "gallery"):
            return
        assert len(self.gallery) == len(self.model)
        rows = sorted(row.tolist() for part in self.gallery.memory for row in part if row.any())
        assert rows == sorted(VECTORS[which].astype(np.float16).tolist() for which in self.model.values())


class NumpyGalleryMachine(GalleryMachine):
    kind = Kind.NUMPY


GalleryMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
NumpyGalleryMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestAgainstADictionary = GalleryMachine.TestCase
TestAgainstADictionaryWithNumpy = NumpyGalleryMachine.TestCase


# --- exactness -------------------------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize("dimensions", [128, 512])
def test_the_best_of_20_000_is_the_best_of_a_linear_scan_in_float64(kind: Kind, dimensions: int) -> None:
    vectors = random_units(20_000, dimensions)
    gallery = filled(kind, vectors)
    wide = vectors.astype(np.float64)
    strangers = random_units(20, dimensions, seed=1)
    mated = unit(vectors[::1000] + random_units(20, dimensions, seed=2))
    clear = 0
    for vector in [*strangers, *mated]:
        cosines = wide @ vector.astype(np.float64)
        order = np.argsort(-cosines)
        best, second = gallery.search(probe(vector))
        assert abs(best.score - cosines[best.member.int]) <= SCORE_TOLERANCE
        assert abs(best.score - cosines[order[0]]) <= SCORE_TOLERANCE
        assert abs(second.score - cosines[order[1]]) <= SCORE_TOLERANCE
        if cosines[order[0]] - cosines[order[1]] > 2 * SCORE_TOLERANCE:  # nearer than that it is a tie
            clear += 1
            assert best.member == member(int(order[0]))
    assert clear >= 30


@kinds
def test_every_row_is_looked_at(kind: Kind) -> None:
    """Each of 3,000 members, across blocks and odd ends, is found by their own template."""
    vectors = random_units(3_000, 16)
    gallery = filled(kind, vectors)
    for row, vector in enumerate(vectors):
        best = gallery.search(probe(vector), most=1)[0]
        assert best.member == member(row)
        assert best.score == pytest.approx(1, abs=SCORE_TOLERANCE)


def test_both_scans_give_the_same_answer() -> None:
    vectors = random_units(5_000, 128)
    one, other = filled(Kind.FAISS, vectors), filled(Kind.NUMPY, vectors)
    for vector in random_units(50, 128, seed=1):
        for left, right in zip(one.search(probe(vector), 5), other.search(probe(vector), 5), strict=True):
            assert left.member == right.member
            assert abs(left.score - right.score) < 1e-6


@kinds
def test_a_score_is_a_cosine_whatever_the_length_that_passed(kind: Kind) -> None:
    """The domain lets vectors through whose length is off by 0.0009; their scores must not be."""
    a, noise = random_units(2, 32)
    b = unit(a + 0.3 * noise)
    cosine = float(a.astype(np.float64) @ b.astype(np.float64))
    long_a, long_b = (a * np.float32(1.0009)).astype(np.float32), (b * np.float32(1.0009)).astype(np.float32)
    gallery = ExactGallery(PACK, 32, kind)
    gallery.put(member(1), template(long_a))
    assert abs(gallery.search(probe(long_b))[0].score - cosine) <= SCORE_TOLERANCE
    gallery.load([(member(1), template(long_a))])
    assert abs(gallery.search(probe(long_b))[0].score - cosine) <= SCORE_TOLERANCE
    assert gallery.search(probe(long_a))[0].score <= 1.0


@kinds
def test_an_empty_gallery_knows_nobody(kind: Kind) -> None:
    gallery = ExactGallery(PACK, 16, kind)
    assert len(gallery) == 0
    assert gallery.search(probe(random_units(1, 16)[0])) == []
    assert not gallery.remove(member(1))
    gallery.load([])
    assert len(gallery) == 0
    assert gallery.bytes_held == 0


# --- one to one ------------------------------------------------------------------------------------------


@kinds
def test_one_member_is_compared_with_their_own_template_only(kind: Kind) -> None:
    vectors = random_units(3_000, 32)
    gallery = filled(kind, vectors)
    for row in (0, 1_500, 2_999):
        for vector in (vectors[row], vectors[1]):
            score = gallery.verify(member(row), probe(vector))
            assert score == pytest.approx(float(vectors[row] @ vector), abs=SCORE_TOLERANCE)
            assert score is not None
            assert score <= 1
    assert gallery.verify(member(3_000), probe(vectors[0])) is None
    gallery.remove(member(1))
    assert gallery.verify(member(1), probe(vectors[1])) is None
    with pytest.raises(WrongValue, match="vectors of test, not of other"):
        gallery.verify(member(0), probe(vectors[0], OTHER))


# --- members against each other --------------------------------------------------------------------------


@kinds
@pytest.mark.parametrize(("count", "highest"), [(2, 5), (37, 100), (700, 50), (700, 10**6)])
def test_the_highest_pairs_are_those_of_all_pairs(
    kind: Kind, count: int, highest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small tiles, so that the diagonal and the ragged ends are met everywhere."""
    monkeypatch.setattr(pairs, "ROWS", 32)
    monkeypatch.setattr(pairs, "COLUMNS", 48)
    vectors = random_units(count, 16)
    found = filled(kind, vectors).between(highest, 10**6, 0)
    every = [(float(vectors[i] @ vectors[j]), i, j) for i in range(count) for j in range(i + 1, count)]
    every.sort(reverse=True)
    assert (found.comparisons, found.gallery, len(found.members)) == (len(every), count, count)
    assert len(found.scores) == min(highest, len(every))
    assert np.allclose(found.scores, [score for score, _, _ in every[:highest]], atol=SCORE_TOLERANCE)
    assert (np.diff(found.scores) <= 0).all()
    named = {
        (found.members[i].int, found.members[j].int) for i, j in zip(found.first, found.second, strict=True)
    }
    assert len(named) == len(found.scores)
    for (i, j), score in zip(
        [
            (found.members[i].int, found.members[j].int)
            for i, j in zip(found.first, found.second, strict=True)
        ],
        found.scores,
        strict=True,
    ):
        assert abs(float(vectors[i] @ vectors[j]) - score) <= SCORE_TOLERANCE


@kinds
def test_of_a_large_gallery_members_are_drawn_at_random_and_again_the_same(kind: Kind) -> None:
    gallery = filled(kind, random_units(2_500, 8))
    one, again, other = (gallery.between(10, 100, seed) for seed in (1, 1, 2))
    assert (one.gallery, len(one.members), one.comparisons) == (2_500, 100, 4_950)
    assert one.members == again.members
    assert set(one.members) != set(other.members)
    assert max(who.int for who in one.members) > 2_000  # from all of the gallery and not from its beginning


@kinds
def test_who_is_alone_makes_no_pair(kind: Kind) -> None:
    for count in (0, 1):
        found = filled(kind, random_units(count, 8)).between(10, 100, 0)
        assert (len(found.scores), found.comparisons, found.gallery) == (0, 0, count)


@pytest.mark.parametrize("how", ["removed", "replaced", "everything loaded anew"])
def test_who_goes_while_members_are_compared_is_in_no_pair_and_no_copy(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 2 does not wait for a measurement: the template is gone from the copy when `remove` returns."""
    monkeypatch.setattr(pairs, "ROWS", 16)
    vectors = random_units(64, 8)
    vectors[40] = vectors[3]  # the highest pair of all
    gallery = filled(Kind.NUMPY, vectors)
    copies: list[Copy] = []

    def meanwhile(_seconds: float) -> None:
        if copies:
            return
        copies.extend(gallery._copies)
        assert copies[0].vectors[40].any()
        if how == "removed":
            gallery.remove(member(40))
        elif how == "replaced":
            gallery.put(member(40), template(random_units(1, 8, seed=9)[0]))
        else:
            gallery.load([(member(1), template(vectors[1]))])
        assert not copies[0].vectors[40].any()

    monkeypatch.setattr("stile.adapters.gallery.pairs.time.sleep", meanwhile)
    found = gallery.between(4, 100, 0)
    assert copies
    assert not copies[0].vectors.any()  # and of the others nothing stays when it is done
    assert gallery._copies == []
    if how == "everything loaded anew":
        assert (len(found.scores), found.comparisons) == (0, 0)
    else:
        assert found.comparisons == 63 * 62 // 2
        assert member(40) not in {found.members[at] for at in (*found.first, *found.second)}


def test_searches_and_changes_do_not_wait_while_members_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    gallery = filled(Kind.NUMPY, random_units(2_000, 8))
    began, go_on = threading.Event(), threading.Event()

    def wait(_seconds: float) -> None:
        began.set()
        go_on.wait(5)

    monkeypatch.setattr("stile.adapters.gallery.pairs.time.sleep", wait)
    comparing = threading.Thread(target=gallery.between, args=(10, 10_000, 0))
    comparing.start()
    assert began.wait(5)
    gallery.search(probe(random_units(1, 8)[0]))
    assert gallery.remove(member(7))
    assert comparing.is_alive()
    go_on.set()
    comparing.join(10)
    assert not comparing.is_alive()


# --- what does not belong --------------------------------------------------------------------------------


@kinds
def test_another_packs_vectors_are_never_compared(kind: Kind) -> None:
    gallery = filled(kind, random_units(3, 16))
    vector = random_units(1, 16)[0]
    calls: Sequence[Callable[[], object]] = (
        lambda: gallery.search(probe(vector, OTHER)),
        lambda: gallery.put(member(9), template(vector, OTHER)),
        lambda: gallery.load([(member(8), template(vector)), (member(9), template(vector, OTHER))]),
    )
    for call in calls:
        with pytest.raises(WrongValue, match="vectors of test, not of other"):
            call()
    assert len(gallery) == 3


@kinds
def test_vectors_of_another_size_are_refused(kind: Kind) -> None:
    gallery = filled(kind, random_units(3, 16))
    vector = random_units(1, 17)[0]
    calls: Sequence[Callable[[], object]] = (
        lambda: gallery.search(probe(vector)),
        lambda: gallery.put(member(9), template(vector)),
        lambda: gallery.load([(member(9), template(vector))]),
    )
    for call in calls:
        with pytest.raises(WrongValue, match="16 dimensions, not 17"):
            call()
    assert len(gallery) == 3


def test_a_search_for_nobody_is_refused() -> None:
    with pytest.raises(WrongValue, match="at least one"):
        filled(Kind.NUMPY, random_units(3, 16)).search(probe(random_units(1, 16)[0]), most=0)


def test_a_gallery_of_no_dimensions_is_refused() -> None:
    with pytest.raises(WrongValue, match="at least 2"):
        ExactGallery(PACK, 1, Kind.NUMPY)


@kinds
def test_a_load_that_fails_half_way_changes_nothing_and_leaves_nothing(kind: Kind) -> None:
    gallery = filled(kind, random_units(3, 16))
    kept = [part.copy() for part in gallery.memory]

    def failing() -> Iterator[tuple[MemberId, Template]]:
        for row, vector in enumerate(random_units(3_000, 16, seed=5)):
            yield member(row), template(vector)
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        gallery.load(failing())
    assert len(gallery) == 3
    assert all((now == then).all() for now, then in zip(gallery.memory, kept, strict=True))


# --- what is removed is gone -----------------------------------------------------------------------------


def stands_in(memory: Sequence[NDArray[np.float16]], vector: NDArray[np.float32]) -> bool:
    """Whether any four neighbouring components of the vector stand anywhere in the bytes."""
    pattern = vector.astype(np.float16)
    return any(
        pattern[at : at + 4].tobytes() in part.tobytes()
        for part in memory
        for at in range(0, len(pattern), 4)
    )


@kinds
@pytest.mark.parametrize("row", [0, 1_024, 2_499], ids=["first", "middle", "last"])
def test_a_removed_vector_stands_nowhere_in_memory(kind: Kind, row: int) -> None:
    vectors = random_units(2_500, 64)
    gallery = filled(kind, vectors)
    before = gallery.memory
    assert stands_in(before, vectors[row])
    assert gallery.remove(member(row))
    assert not stands_in(before, vectors[row])
    assert not stands_in(gallery.memory, vectors[row])
    assert len(gallery) == 2_499
    others = [at for at in range(2_500) if at != row]
    assert all(stands_in(gallery.memory, vectors[at]) for at in others[::100])


@kinds
def test_a_replaced_vector_stands_nowhere_in_memory(kind: Kind) -> None:
    old, new = random_units(2, 64)
    gallery = ExactGallery(PACK, 64, kind)
    gallery.put(member(1), template(old))
    before = gallery.memory
    gallery.put(member(1), template(new))
    assert not stands_in(before, old)
    assert stands_in(gallery.memory, new)
    assert len(gallery) == 1


@kinds
def test_memory_that_is_outgrown_or_replaced_is_overwritten(kind: Kind) -> None:
    vectors = random_units(exact.FIRST_ROWS + 1, 16)
    gallery = filled(kind, vectors[:-1])
    small = gallery.memory  # kept here, so that it is not given back before we look
    gallery.put(member(exact.FIRST_ROWS), template(vectors[-1]))
    assert gallery.memory[0].shape[0] == 2 * exact.FIRST_ROWS
    assert not small[0].any()
    grown = gallery.memory
    gallery.load([(member(1), template(vectors[0]))])
    assert not grown[0].any()


# --- many threads ----------------------------------------------------------------------------------------


def in_threads(*tasks: Callable[[], None]) -> None:
    """Runs them together and raises what the first of them raised."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - handed on to the test
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@kinds
def test_searches_see_whole_states_while_members_come_and_go(kind: Kind) -> None:
    """Each member is always at one of their own two vectors. An id beside somebody else's vector, half a vector or
    a row of zeros would give a score that belongs to neither."""
    people, dimensions = 600, 32
    first, second = random_units(people, dimensions), random_units(people, dimensions, seed=1)
    gallery = filled(kind, first)
    permanent = range(100)  # these are replaced, and never missing
    started = time.monotonic()
    searches = 0

    def going_on() -> bool:
        """A second, and on a full machine longer: there five threads get their turns late."""
        passed = time.monotonic() - started
        return passed < 1.0 or (searches <= 30 and passed < 60.0)

    def come_and_go(seed: int) -> None:
        random = np.random.default_rng(seed)
        while going_on():
            who = int(random.integers(people))
            if who in permanent or random.random() < 0.6:
                gallery.put(member(who), template((first, second)[int(random.integers(2))][who]))
            else:
                gallery.remove(member(who))

    def search(seed: int) -> None:
        nonlocal searches
        random = np.random.default_rng(seed)
        while going_on():
            vector = first[int(random.integers(people))]
            found = gallery.search(probe(vector), most=people)
            assert set(map(member, permanent)) <= {one.member for one in found}
            assert len({one.member for one in found}) == len(found)
            for one in found[:50]:
                own = float(vector @ first[one.member.int]), float(vector @ second[one.member.int])
                assert min(abs(one.score - cosine) for cosine in own) <= SCORE_TOLERANCE
            searches += 1

    in_threads(
        lambda: come_and_go(1),
        lambda: come_and_go(2),
        lambda: search(3),
        lambda: search(4),
        lambda: search(5),
    )
    assert searches > 30


def test_searches_run_beside_each_other() -> None:
    """Two hold the lock for reading at once; each waits for the other inside."""
    lock = SharedLock()
    both = threading.Barrier(2, timeout=5)

    def read() -> None:
        with lock.reading():
            both.wait()

    in_threads(read, read)
    assert not both.broken


def test_a_writer_is_alone_and_goes_before_new_readers() -> None:
    lock = SharedLock()
    order: list[str] = []
    reading, writer_waits = threading.Event(), threading.Event()

    def first_reader() -> None:
        with lock.reading():
            reading.set()
            while not lock._writers_waiting:
                time.sleep(0.001)
            writer_waits.set()
            time.sleep(0.1)  # time for the second reader to come, and to be let in if that were possible
            order.append("first reader ends")

    def writer() -> None:
        assert reading.wait(5)
        with lock.writing():
            order.append("writer")
            time.sleep(0.05)
            order.append("writer ends")

    def second_reader() -> None:
        assert writer_waits.wait(5)
        with lock.reading():
            order.append("second reader")

    in_threads(first_reader, writer, second_reader)
    assert order == ["first reader ends", "writer", "writer ends", "second reader"]


def test_the_lock_is_free_again_after_a_failure() -> None:
    lock = SharedLock()
    for take in (lock.writing, lock.reading, lock.writing):
        with pytest.raises(RuntimeError, match="inside"), take():
            raise RuntimeError("inside")
    with lock.writing():
        pass


# --- with and without faiss ------------------------------------------------------------------------------


def test_the_best_scan_that_is_installed_is_used() -> None:
    gallery = open_gallery(PACK, 128)
    assert gallery.kind is Kind.FAISS
    assert gallery.pack == PACK


def test_without_faiss_numpy_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)  # what Python itself does for a module that cannot be had
    gallery = open_gallery(PACK, 16)
    assert gallery.kind is Kind.NUMPY
    vectors = random_units(10, 16)
    gallery.put(member(3), template(vectors[3]))
    assert gallery.search(probe(vectors[3]))[0].member == member(3)


def test_asking_for_faiss_where_it_is_missing_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(NotConfigured, match="faiss is missing"):
        ExactGallery(PACK, 16, Kind.FAISS).put(member(1), template(random_units(1, 16)[0]))


def test_importing_the_gallery_does_not_import_faiss() -> None:
    code = "import sys, stile.adapters.gallery; sys.exit('faiss' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- size and speed --------------------------------------------------------------------------------------


@kinds
def test_twenty_thousand_members_are_loaded_at_once(kind: Kind) -> None:
    """A third of a second is ten times what it takes on two busy cores; row by row it would take longer."""
    vectors = random_units(20_000, 128)
    everybody = [(member(row), template(vector)) for row, vector in enumerate(vectors)]
    gallery = ExactGallery(PACK, 128, kind)
    gallery.load(everybody[:1])
    took = []
    for _ in range(3):
        started = time.perf_counter()
        gallery.load(everybody)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.35
    assert len(gallery) == 20_000
    assert gallery.bytes_held < 10e6


@kinds
def test_the_measurement_gives_a_whole_figure(kind: Kind) -> None:
    figure = measure_search(20_000, 128, kind)
    assert (figure.rows, figure.dim, figure.kind) == (20_000, 128, str(kind))
    assert figure.ms > figure.floor_ms > 0
    assert figure.ratio == pytest.approx(figure.ms / figure.floor_ms)
    assert 5.12 <= figure.mb < 30  # 20,000 × 128 × 2 bytes at the least


@pytest.mark.parametrize(("rows", "dim"), [(2, 128), (100, 0), (100, 126)])
def test_sizes_that_cannot_be_measured_are_refused(rows: int, dim: int) -> None:
    with pytest.raises(WrongValue, match="at least 3 rows"):
        measure_search(rows, dim)


def test_the_default_cases_end_at_a_million() -> None:
    assert DEFAULT_CASES[-1] == (1_000_000, 128)

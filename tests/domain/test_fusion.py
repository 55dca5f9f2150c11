"""Many frames, one vector."""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain import fusion
from stile.domain.errors import WrongValue
from stile.domain.faces import Features, Probe, Template
from tests.domain.builders import OTHER_PACK, PACK, features, quick, unit, unit_vectors

Fuse = Callable[[Sequence[Features]], Probe | Template]

some_vectors = st.lists(unit_vectors(16), min_size=1, max_size=6)
fusers = pytest.mark.parametrize(
    ("fuse", "kind"), [(fusion.probe, Probe), (fusion.template, Template)], ids=["probe", "template"]
)


@fusers
def test_it_makes_what_it_says_of_the_pack_it_was_given(fuse: Fuse, kind: type) -> None:
    fused = fuse([features(1, 0, 0), features(0, 1, 0)])
    assert type(fused) is kind
    assert fused.pack == PACK
    assert fused.vector.dtype == np.float32


@quick
@given(some_vectors, st.randoms(use_true_random=False))
def test_the_order_of_the_frames_does_not_matter(vectors: list[NDArray[np.float32]], random: Random) -> None:
    one = fusion.probe([Features(vector, PACK) for vector in vectors])
    random.shuffle(vectors)
    other = fusion.probe([Features(vector, PACK) for vector in vectors])
    np.testing.assert_allclose(one.vector, other.vector, atol=1e-6)


@quick
@given(some_vectors)
def test_the_result_has_length_one(vectors: list[NDArray[np.float32]]) -> None:
    fused = fusion.template([Features(vector, PACK) for vector in vectors])
    assert np.linalg.norm(fused.vector.astype(np.float64)) == pytest.approx(1.0, abs=1e-6)


@quick
@given(unit_vectors(16), st.integers(1, 5))
def test_one_frame_is_itself_however_often_it_is_given(vector: NDArray[np.float32], times: int) -> None:
    fused = fusion.probe([Features(vector, PACK)] * times)
    np.testing.assert_allclose(fused.vector, vector, atol=1e-6)


@quick
@given(some_vectors)
def test_it_lies_closer_to_the_frames_together_than_any_one_of_them_does(
    vectors: list[NDArray[np.float32]],
) -> None:
    together = np.stack(vectors)
    fused = fusion.probe([Features(vector, PACK) for vector in vectors]).vector
    assert (together @ fused).mean() >= max((together @ one).mean() for one in vectors) - 1e-5


def test_the_mean_direction_of_two() -> None:
    fused = fusion.probe([features(1, 0), features(0, 1)])
    np.testing.assert_allclose(fused.vector, unit(1, 1), atol=1e-7)


@fusers
@pytest.mark.parametrize("place", range(3))
def test_packs_never_mix(fuse: Fuse, kind: type, place: int) -> None:
    shots = [features(1, 0)] * 3
    shots[place] = features(1, 0, pack=OTHER_PACK)
    with pytest.raises(WrongValue, match=r"different packs .* pack-a, pack-b"):
        fuse(shots)


@fusers
@pytest.mark.parametrize("size", [1.0, 1.0009, 0.9991], ids=["exact", "longer", "shorter"])
def test_opposite_vectors_are_refused(fuse: Fuse, kind: type, size: float) -> None:
    # Within the tolerance of a vector's length what is left over would point somewhere, and mean nothing.
    opposite = Features(-unit(3, 4, 5) * np.float32(size), PACK)
    with pytest.raises(WrongValue, match="cancel"):
        fuse([features(3, 4, 5), opposite])


@fusers
def test_nothing_cannot_be_fused(fuse: Fuse, kind: type) -> None:
    with pytest.raises(WrongValue, match="at least one"):
        fuse([])

"""How long an exact search takes, beside the least it could take: reading the stored rows once.

The floor is read from the very memory that the search looks at, in the same run and on one core: one bitwise
“or” over all of it, which numpy does as fast as the memory gives it (a hand-written AVX-512 loop was no
faster). Search and floor take turns, and of each the shortest time counts: other programs can only add to it.
"""

import gc
import mmap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from stile.adapters.gallery.blocks import Kind, best_kind
from stile.adapters.gallery.exact import Batch, ExactGallery
from stile.domain.errors import WrongValue
from stile.domain.faces import Probe
from stile.domain.ids import MemberId, PackId

DEFAULT_CASES: Sequence[tuple[int, int]] = ((1_000, 128), (20_000, 128), (100_000, 128), (1_000_000, 128))
"""(rows, dimensions): a small centre, a large one, a town, and the most that one gallery is built for."""

PACK = PackId("measure")
MOST_TURNS = 500
LEAST_TURNS = 15
SECONDS = 2.0
BATCH = 2_048


@dataclass(frozen=True, slots=True)
class SearchFigure:
    """`ms`: one search for the two best. `floor_ms`: reading the same bytes once. `mb`: megabytes of memory,
    the larger of what the gallery says it holds and what the process grew by."""

    rows: int
    dim: int
    kind: str
    ms: float
    floor_ms: float
    ratio: float
    mb: float


def measure_search(rows: int, dim: int = 128, kind: Kind | None = None) -> SearchFigure:
    """Builds a gallery of random unit vectors, checks that three known members are found first, and times it.

    One thread. A million rows of 128 take about 5 s and 300 MB. Raises WrongValue for sizes that cannot be.
    """
    if rows < 3 or dim < 64 or dim % 4:
        raise WrongValue(f"expected at least 3 rows of 64, 68, 72… dimensions, not {rows} × {dim}")
    gallery = ExactGallery(PACK, dim, kind or best_kind())
    gallery.load_batches(_random_batches(3, dim, {}))  # what a scan's package takes itself is not the rows'
    gc.collect()
    before = _resident_bytes()
    probes: dict[MemberId, Probe] = {}
    gallery.load_batches(_random_batches(rows, dim, probes))
    grown = max(0, _resident_bytes() - before)
    for member, probe in probes.items():
        if gallery.search(probe)[0].member != member:
            raise AssertionError("an exact search did not find the row it was asked for")
    ms, floor_ms = _in_turns(_searches(gallery, list(probes.values())), _reading(gallery.memory, rows))
    return SearchFigure(
        rows=rows,
        dim=dim,
        kind=str(gallery.kind),
        ms=ms,
        floor_ms=floor_ms,
        ratio=ms / floor_ms,
        mb=max(gallery.bytes_held, grown) / 1e6,
    )


def _random_batches(rows: int, dim: int, probes: dict[MemberId, Probe]) -> Iterator[Batch]:
    """Random unit vectors; of the first, the middle and the last row a noisy copy goes into `probes`."""
    random = np.random.default_rng(0)
    known = {0, rows // 2, rows - 1}
    for start in range(0, rows, BATCH):
        count = min(BATCH, rows - start)
        vectors = random.standard_normal((count, dim), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ids = random.integers(0, 2**64, (2, count), dtype=np.uint64)
        for row in known & set(range(start, start + count)):
            noisy = vectors[row - start] + random.standard_normal(dim, dtype=np.float32) * (0.3 / dim**0.5)
            high, low = ids[:, row - start].tolist()
            probes[MemberId(UUID(int=high << 64 | low))] = Probe(noisy / np.linalg.norm(noisy), PACK)
        yield ids, vectors


def _searches(gallery: ExactGallery, probes: Sequence[Probe]) -> Callable[[int], object]:
    return lambda turn: gallery.search(probes[turn % len(probes)])


def _reading(memory: Sequence[NDArray[np.float16]], rows: int) -> Callable[[int], object]:
    parts = []
    for block in memory:
        in_use = block[:rows]  # the search does not look at the others either
        parts.append(in_use.reshape(-1).view(np.uint64))
        rows -= len(in_use)
    return lambda _turn: [np.bitwise_or.reduce(part) for part in parts]


def _in_turns(*tasks: Callable[[int], object]) -> list[float]:
    """The shortest time of each, milliseconds; they take turns, so that all meet the same machine."""
    best = [float("inf")] * len(tasks)
    started = time.perf_counter()
    for turn in range(MOST_TURNS):
        for at, task in enumerate(tasks):
            begin = time.perf_counter()
            task(turn)
            best[at] = min(best[at], 1e3 * (time.perf_counter() - begin))
        if turn + 1 >= LEAST_TURNS and time.perf_counter() - started > SECONDS:
            break
    return best


def _resident_bytes() -> int:
    """Physical memory of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE
    except OSError:
        return 0

"""Law 1: the image and the template of a face that matched nobody live in memory only."""

import gc
import logging
import pickle
from pathlib import Path

import numpy as np
import pytest

from stile.domain import fusion
from stile.domain.faces import Frame, MemoryOnly
from stile.domain.passage import ReferReason
from stile.testing import picture_of
from tests.conftest import Here

STRANGERS = range(500, 512)


def traces(here: Here, frame: Frame) -> list[bytes]:
    """What a careless program would leave behind of a frame: picture and features, in the usual encodings."""
    eyes = here.pool.eyes
    aligned = eyes.align(frame, eyes.detect(frame)[0])
    vector = eyes.embed(aligned).vector
    return [
        frame.pixels[120].tobytes()[:64],
        aligned.pixels[60].tobytes()[:64],
        vector.tobytes()[:16],
        vector.astype(np.float64).tobytes()[:16],
        vector.astype(np.float16).tobytes()[:12],
        f"{vector[0]:.6f}".encode(),
        repr(float(vector[0])).encode(),
    ]


def all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_every_file_of_the_data_folder_after_strangers_came_by(
    here: Here, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    here.enrol(1)
    seen: list[bytes] = []
    for who in STRANGERS:
        here.clock.advance(60)  # or the lane would ask for the card unseen, after so many failures in a row
        frames = [picture_of(who, variation=n) for n in range(3)]
        assert here.ask(*frames).decision.reason is ReferReason.NO_MATCH
        seen += [trace for frame in frames for trace in traces(here, frame)]
    here.ask(picture_of(600, 601))  # two strangers at once: looked at, never embedded

    kept = all_bytes(tmp_path) + caplog.text.encode()
    assert [trace for trace in seen if trace in kept] == []
    assert b"Example" in kept, "the search finds what is really there"
    assert (tmp_path / "data" / "stile.db-wal").exists(), "the write-ahead log was read as well"


def test_a_strangers_passage_names_nobody_and_carries_no_score(here: Here) -> None:
    here.enrol(1)
    done = here.come(500)
    with here.site.store.read() as work:
        (passage,) = work.passages.latest(1)
    assert done.passage == passage
    assert passage.member is None
    assert passage.comparison is not None
    assert passage.comparison.score is None


def test_an_attempt_that_ends_in_a_failure_keeps_nothing_either(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    frame = picture_of(500)
    seen = traces(here, frame)
    attempt = here.site.admit_by_face.begin(here.lane)
    here.site.admit_by_face.see(attempt, frame)  # type: ignore[arg-type]
    here.pool.eyes.breaks = True
    assert here.site.admit_by_face.see(attempt, frame).decision.reason is ReferReason.VISION_DOWN  # type: ignore[arg-type,union-attr]
    kept = all_bytes(tmp_path)
    assert [trace for trace in seen if trace in kept] == []


def test_nothing_of_a_stranger_is_left_in_memory_after_the_attempt(here: Here) -> None:
    def held() -> int:
        gc.collect()
        return sum(isinstance(one, MemoryOnly) for one in gc.get_objects())

    here.enrol(1)
    before = held()
    attempt = here.site.admit_by_face.begin(here.lane)
    here.site.admit_by_face.see(attempt, picture_of(500))  # type: ignore[arg-type]
    assert held() > before, "during the attempt there is something"
    here.site.admit_by_face.give_up(attempt)  # type: ignore[arg-type]
    del attempt
    here.come(500)
    assert held() == before


def test_frames_features_and_probes_refuse_to_leave_memory(here: Here) -> None:
    frame = picture_of(1)
    eyes = here.pool.eyes
    aligned = eyes.align(frame, eyes.detect(frame)[0])
    features = eyes.embed(aligned)
    for one in (frame, aligned, features, fusion.probe([features]), fusion.template([features])):
        with pytest.raises(TypeError, match="memory only"):
            pickle.dumps(one)
        assert "0." not in repr(one)
        assert "[" not in repr(one)

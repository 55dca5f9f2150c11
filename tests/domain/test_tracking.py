"""One attempt is one person."""

import numpy as np
import pytest

from stile.domain.faces import DetectedFace
from stile.domain.tracking import LONGEST_GAP, LONGEST_PAUSE, Place, Track, follow

AT = Place(300.0, 200.0, 80.0, 10.0)


def moved(dx: float = 0.0, dy: float = 0.0, size: float = 80.0, after: float = 0.1) -> Place:
    return Place(300.0 + dx, 200.0 + dy, size, 10.0 + after)


@pytest.mark.parametrize(
    ("now", "track"),
    [
        pytest.param(moved(), Track.SAME, id="stands"),
        pytest.param(moved(dx=40), Track.SAME, id="sways by half an inter-eye distance"),
        pytest.param(moved(dx=110, after=0.3), Track.SAME, id="a step to the side"),
        pytest.param(moved(dx=160), Track.JUMPED, id="two eyes' width in a tenth of a second"),
        pytest.param(moved(dy=-160), Track.JUMPED, id="up as much"),
        pytest.param(moved(size=95), Track.SAME, id="comes nearer"),
        pytest.param(moved(size=150), Track.JUMPED, id="a far larger face in the same place"),
        pytest.param(moved(size=45), Track.JUMPED, id="a far smaller one"),
        pytest.param(moved(after=LONGEST_PAUSE), Track.SAME, id="a busy machine looked at no frame"),
        pytest.param(moved(after=LONGEST_PAUSE + 0.01), Track.AFTER_A_GAP, id="for too long"),
        pytest.param(moved(after=-1.0), Track.SAME, id="a clock that went back"),
    ],
)
def test_a_face_follows_from_the_one_before(now: Place, track: Track) -> None:
    assert follow(AT, now) is track
    assert track.starts_again is (track in (Track.JUMPED, Track.AFTER_A_GAP))


def test_nobody_goes_further_for_having_been_out_of_sight_longer() -> None:
    assert follow(AT, moved(dx=340, after=1.9)) is Track.JUMPED
    assert follow(AT, moved(dx=200, after=1.9)) is Track.SAME


def test_a_face_that_was_not_there_is_lost_sooner() -> None:
    assert follow(AT, moved(after=LONGEST_GAP), was_missed=True) is Track.SAME
    assert follow(AT, moved(after=LONGEST_GAP + 0.01), was_missed=True) is Track.AFTER_A_GAP


def test_the_first_face_begins_a_track() -> None:
    assert follow(None, AT) is Track.BEGUN
    assert not Track.BEGUN.starts_again


def test_a_head_that_turns_keeps_its_size() -> None:
    def face(eyes_apart: float) -> DetectedFace:
        points = np.array(
            [(-eyes_apart / 2, 0), (eyes_apart / 2, 0), (0, 40), (-30, 80), (30, 80)], np.float32
        )
        return DetectedFace((200, 100, 160, 200), points + np.float32(300), 0.9)

    assert Place.of(face(80), 0.0).size == Place.of(face(50), 0.0).size

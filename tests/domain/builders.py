"""Small things that the tests of the domain build again and again."""

import math
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain.faces import DetectedFace, Features, Landmarks
from stile.domain.ids import CentreId, LaneId, MemberId, PackId, PassageId, StaffId
from stile.domain.member import Member, MembershipStatus

PACK = PackId("pack-a")
OTHER_PACK = PackId("pack-b")
CENTRE = CentreId(UUID(int=1))
LANE = LaneId(UUID(int=2))
STAFF = StaffId(UUID(int=3))
PASSAGE = PassageId(UUID(int=4))
ADA = MemberId(UUID(int=10))
BOB = MemberId(UUID(int=11))

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
NAIVE = datetime(2026, 6, 30, 12, 0)  # noqa: DTZ001 what must be refused
SHA256 = "0123456789abcdef" * 4

quick = settings(deadline=None, max_examples=60)
"""A shared machine stalls now and then; a deadline would fail tests for it."""


def member(
    id: MemberId = ADA,
    status: MembershipStatus = MembershipStatus.ACTIVE,
    expires_on: date | None = None,
    cards: tuple[str, ...] = (),
) -> Member:
    return Member(id, CENTRE, "1001", "Ada", "Example", status, expires_on, cards)


def unit(*values: float) -> NDArray[np.float32]:
    """A vector of length 1 in the direction of the values."""
    vector = np.array(values, np.float64)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def features(*values: float, pack: PackId = PACK) -> Features:
    return Features(unit(*values), pack)


def unit_vectors(dimensions: int = 8) -> st.SearchStrategy[NDArray[np.float32]]:
    """Directions as a recogniser gives them."""
    return st.integers(0, 2**32 - 1).map(
        lambda seed: unit(*np.random.default_rng(seed).standard_normal(dimensions))
    )


HEAD = np.array([(-0.5, 0, 0), (0.5, 0, 0), (0, 0.55, 0.5), (-0.4, 1.1, 0), (0.4, 1.1, 0)])
"""Five landmarks in inter-eye distances, the nose half a one before the others."""


def seen_at(
    degrees: float,
    nose: float = 0.5,
    shift: float = 0.0,
    noise: float = 0.0,
    scheme: Landmarks | None = None,
    about: float = 90.0,
) -> DetectedFace:
    """The landmarks of a head turned by so much, 80 pixels between the eyes. `nose`: its height; 0: a plane. `about`:
    direction of the axis it turns about, degrees; 90 is upright, and then positive is to the own left."""
    turn, axis = math.radians(degrees), math.radians(about)
    upright = np.array([[math.sin(axis), -math.cos(axis), 0], [math.cos(axis), math.sin(axis), 0], [0, 0, 1]])
    points = HEAD * np.array([1, 1, nose / 0.5]) @ upright.T
    points[:, 0] = points[:, 0] * math.cos(turn) + points[:, 2] * math.sin(turn)
    flat: NDArray[np.float64] = (points @ upright)[:, :2] * 80 + (300 + shift, 200)
    flat += np.random.default_rng(3).normal(0, noise, flat.shape)
    return DetectedFace(
        (220.0, 120.0, 160.0, 200.0), flat.astype(np.float32), 0.9, scheme or Landmarks.EYES_NOSE_MOUTH
    )

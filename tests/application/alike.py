"""Members with templates of a test's choosing, so that two of them may look alike as much as it wants."""

import numpy as np
from numpy.typing import NDArray

from stile.domain.faces import Template
from stile.domain.ids import MemberId
from stile.ports import SealedTemplate
from stile.testing import FAKE_PACK
from tests.conftest import Here

DIMENSIONS = 64
APART = 2**30
"""In every seed, so that nobody here is one of the people of `picture_of`."""


def strangers_to_each_other(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng([seed, APART]).standard_normal((count, DIMENSIONS))
    unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


def like(vector: NDArray[np.float32], cosine: float, seed: int = 1) -> NDArray[np.float32]:
    """Another vector, at so much of a cosine from this one."""
    other = np.random.default_rng([seed, 1, APART]).standard_normal(vector.size)
    other -= (other @ vector) * vector
    mixed = cosine * vector + np.sqrt(1 - cosine**2) * other / np.linalg.norm(other)
    return np.asarray(mixed / np.linalg.norm(mixed), np.float32)


def enrolled(here: Here, vectors: NDArray[np.float32], first: int = 1) -> list[MemberId]:
    """A member for each row, stored as an enrolment stores them, and in the gallery."""
    members = []
    for number, vector in enumerate(vectors, first):
        member = here.add(number)
        here.consent(member)
        store(here, member.id, vector)
        members.append(member.id)
    return members


def store(here: Here, id: MemberId, vector: NDArray[np.float32]) -> None:
    site, template = here.site, Template(vector, FAKE_PACK)
    with site.store.begin() as work:
        member, consent = work.members.get(id), work.consents.live_of(id)
        assert member is not None
        assert consent is not None
        key = site.vault.new_key(id)
        sealed = site.vault.seal(id, key, template)
        work.templates.put(
            SealedTemplate(id, member.centre, FAKE_PACK, consent.id, sealed, 3, site.clock.now()), key
        )
        work.commit()
    assert site.gallery is not None
    site.gallery.put(id, template)

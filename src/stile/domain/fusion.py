"""Many frames, one vector: the mean of unit vectors, scaled back to length 1.

Three fused probe frames took FNIR from 3.4 % to 0.3 % at FPIR 0.1 % among 291 members (Labeled Faces in
the Wild, `mobilefacenet`): fusing is where the accuracy is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.faces import UNIT_TOLERANCE, Features, Probe, Template
from stile.domain.ids import PackId


def probe(features: Sequence[Features]) -> Probe:
    """The features of one attempt's frames as one probe."""
    return Probe(*_mean_direction(features))


def template(features: Sequence[Features]) -> Template:
    """The features of one enrolment's shots as one template."""
    return Template(*_mean_direction(features))


def _mean_direction(features: Sequence[Features]) -> tuple[NDArray[np.float32], PackId]:
    if not features:
        raise WrongValue("nothing to fuse: expected at least one vector")
    packs = {one.pack for one in features}
    if len(packs) > 1:
        raise WrongValue(f"vectors of different packs are never compared: {', '.join(sorted(packs))}")
    total = np.stack([one.vector for one in features]).sum(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(total))
    # What is left of vectors that cancel out is the tolerance of their lengths; its direction means nothing.
    if length < UNIT_TOLERANCE * len(features):
        raise WrongValue("the vectors cancel each other out")
    return (total / length).astype(np.float32), features[0].pack

"""A face is cut out by the least-squares similarity (Umeyama 1991) that takes its landmarks to the template
its recogniser was trained on: rotation, one scale and a shift, never a shear and never a mirror image."""

import numpy as np
from numpy.typing import NDArray


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """The 2 × 3 matrix M that minimises Σ|M·(x, y, 1) − target|² over similarities without reflection.

    `source`, `target`: n × 2, pixels, n ≥ 2. In the plane the minimum has a closed form: with centred points
    as complex numbers the best rotation and scale is Σ conj(s)·t ÷ Σ|s|² (S. Umeyama, IEEE TPAMI 13(4), 1991,
    for two dimensions and determinant +1). Landmarks that coincide give scale 0 and are refused by the caller.
    """
    centre, goal = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    s, t = source - centre, target - goal
    spread = float((s * s).sum())
    if spread == 0.0:
        spread = np.inf
    a = float((s * t).sum()) / spread
    b = float((s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum()) / spread
    turn = np.array([[a, -b], [b, a]])
    return np.column_stack([turn, goal - turn @ centre])

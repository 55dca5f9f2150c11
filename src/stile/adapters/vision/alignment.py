"""A face is cut out by the least-squares similarity (Umeyama 1991) that takes its landmarks to the template
its recogniser was trained on: rotation, one scale and a shift, never a shear and never a mirror image."""

import numpy as np
from numpy.typing import NDArray


def similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> NDArray[np.float64]:
    """The 2 × 3 matrix M that minimises Σ|M·(x, y, 1) − target|² over similarities without reflection.

    `source`, `target`: n × 2, pixels, n ≥ 2. In the plane the minimum has a closed form: with centred points
    as complex numbers the best rotation and scale is Σ conj(s)·t ÷ Σ|s|² (S. Umeyama, IEEE TPAMI 13(4), 1991,
    for two dimensions and determinant +1). Landmarks that coincide give scale 0.
    """
    count = len(source)
    sx, sy = source[:, 0].tolist(), source[:, 1].tolist()
    tx, ty = target[:, 0].tolist(), target[:, 1].tolist()
    # Plain numbers: for five points they are ten times faster than arrays.
    cx, cy = sum(sx) / count, sum(sy) / count
    gx, gy = sum(tx) / count, sum(ty) / count
    along = across = spread = 0.0
    for x, y, u, v in zip(sx, sy, tx, ty, strict=True):
        x, y, u, v = x - cx, y - cy, u - gx, v - gy
        along += x * u + y * v
        across += x * v - y * u
        spread += x * x + y * y
    a, b = (along / spread, across / spread) if spread > 0.0 else (0.0, 0.0)
    return np.array([[a, -b, gx - a * cx + b * cy], [b, a, gy - b * cx - a * cy]])

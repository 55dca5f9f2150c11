"""Opinions on whether a person or a picture of one stands there: of two MiniFASNets, each of which sees the face
with another share of what surrounds it (minivision-ai/Silent-Face-Anti-Spoofing).

They want raw 0 to 255 BGR. Scaled by 1/255 they call a real face an attack.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stile.adapters.vision.catalogue import Output, Part
from stile.adapters.vision.networks import Network, load_opencv
from stile.domain.faces import DetectedFace, Frame

CLASSES = 3


def crop_box(
    width: int, height: int, box: tuple[float, float, float, float], scale: float
) -> tuple[int, int, int, int]:
    """left, top, right, bottom (both inclusive) of the part a network looks at.

    The publisher's rule: the box is scaled about its centre by `scale`, or by as much as fits the picture,
    and what then reaches over an edge is shifted back inside, so that the face leaves the middle but
    nothing is filled in. The network was trained on such crops; another rule shifts its answers.
    """
    x, y, w, h = box
    factor = min((height - 1) / h, (width - 1) / w, scale)
    across, down = w * factor, h * factor
    left, top = x + w / 2 - across / 2, y + h / 2 - down / 2
    right, bottom = left + across, top + down
    if left < 0:
        left, right = 0.0, right - left
    if top < 0:
        top, bottom = 0.0, bottom - top
    if right > width - 1:
        left, right = left - (right - width + 1), float(width - 1)
    if bottom > height - 1:
        top, bottom = top - (bottom - height + 1), float(height - 1)
    return max(0, int(left)), max(0, int(top)), int(right), int(bottom)


class MiniFasNet:
    """A liveness model of one or more networks. One thread at a time."""

    def __init__(self, part: Part, networks: Sequence[tuple[Network, float, Output]]) -> None:
        """`networks`: each with its crop scale and what it gives. Raises BadModel for other shapes."""
        self._cv2 = load_opencv()
        self._size = size = part.contract.size
        self._class = part.bona_fide_class
        self._networks = tuple(networks)
        self._blob = np.zeros((1, 3, size, size), np.float32)
        for network, _, _ in self._networks:
            network.expect((1, 3, size, size), (1, CLASSES))

    def prepare(self, frame: Frame, face: DetectedFace, scale: float) -> NDArray[np.float32]:
        """One network's input, in memory that the next call overwrites."""
        left, top, right, bottom = crop_box(frame.width, frame.height, face.box, scale)
        cut = frame.pixels[top : bottom + 1, left : right + 1]
        small = self._cv2.resize(cut, (self._size, self._size))
        for plane, channel in zip(self._blob[0], self._cv2.split(small), strict=True):
            np.copyto(plane, channel)
        return self._blob

    def infer(self, which: int, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inference alone of one of the networks: float32 1 × 3 × side × side, BGR, 0 to 255."""
        return self._networks[which][0].run(blob).reshape(-1)

    @property
    def scales(self) -> tuple[float, ...]:
        """Each network's crop scale, in order."""
        return tuple(scale for _, scale, _ in self._networks)

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        """Each network's probability of a bona fide presentation (ISO/IEC 30107-3)."""
        opinions = []
        for which, (_, scale, output) in enumerate(self._networks):
            given = self.infer(which, self.prepare(frame, face, scale)).astype(np.float64)
            if output is Output.LOGITS:
                given = np.exp(given - given.max())
                given /= given.sum()
            opinions.append(min(1.0, max(0.0, float(given[self._class]))))
        return opinions

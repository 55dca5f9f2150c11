"""Finds faces with YuNet (W. Wu, H. Peng, S. Yu: YuNet, a tiny millisecond-level face detector, 2023).

The network runs in ONNX Runtime, about twice as fast on one core as through `cv2.FaceDetectorYN`; its three
grids of anchors are decoded here as OpenCV's `face_detect.cpp` does, and a test holds the two side by side.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stile.adapters.vision.networks import OnnxNetwork, load_opencv
from stile.domain.errors import BadModel
from stile.domain.faces import DetectedFace, Frame, Landmarks

STRIDES = (8, 16, 32)
OUTPUTS = tuple(f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES)

FIRST_LOOK = 320
SECOND_LOOK = 640
"""Pixels of the longer side that the network sees: at first, and when it looks again."""

LEAST_EYES = 20.0
"""It looks again when it found nobody, or when the largest face's eyes lie closer than so many of the
network's pixels: from there down the landmarks, and with them the recogniser, get worse (measured: FNMR at
FMR 1e-4 is 1.8 % with 21 pixels, 2.6 % with 16 and 6.2 % with 11; docs/decisions/0006)."""

CONFIDENCE = 0.7
OVERLAP = 0.3
MOST = 32
"""No more faces than this are told apart in one frame: a crowd is refused by its second face already."""

Box = tuple[float, float, float, float]


class YuNet:
    """A detector. One thread at a time."""

    def __init__(self, network: OnnxNetwork) -> None:
        """Raises BadModel when the network is not a YuNet."""
        missing = [name for name in OUTPUTS if name not in network.outputs]
        shape = network.input_shape
        if missing or len(shape) != 4 or shape[1] != 3:
            raise BadModel(f"{network.name} is not a YuNet detector: its inputs or outputs have other names.")
        self._cv2 = load_opencv()
        self._network = network
        self._fixed = (shape[3], shape[2]) if shape[2] and shape[3] else None
        self._key: tuple[int, int, int, int] | None = None
        self._canvas: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
        self._blob: NDArray[np.float32] = np.zeros((1, 3, 0, 0), np.float32)
        across, down = self._fixed or (FIRST_LOOK, 256)
        self.infer(np.zeros((1, 3, down, across), np.float32))

    def infer(self, blob: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """The inference alone: float32 1 × 3 × height × width, BGR, 0 to 255, sides multiples of 32."""
        return self._network.run_all(blob, OUTPUTS)

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        """Every face, largest first. One inference, or two where the first look did not suffice."""
        faces, scale = self._look(frame, FIRST_LOOK)
        if scale == 1.0 or self._fixed:
            return faces
        if faces and faces[0].inter_eye_distance * scale >= LEAST_EYES:
            return faces
        return self._look(frame, SECOND_LOOK)[0]

    def _look(self, frame: Frame, longest: int) -> tuple[Sequence[DetectedFace], float]:
        blob, scale = self.prepare(frame, longest)
        return self.decode(self.infer(blob), blob.shape[3], scale), scale

    def prepare(self, frame: Frame, longest: int = FIRST_LOOK) -> tuple[NDArray[np.float32], float]:
        """The network's input, in memory that the next call overwrites, and the factor by which the frame was
        made smaller."""
        cv2, pixels = self._cv2, frame.pixels
        width, height = frame.width, frame.height
        room_x, room_y = self._fixed or (longest, longest)
        scale = min(1.0, room_x / width, room_y / height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        across, down = self._fixed or (_up32(width), _up32(height))
        if scale == 1.0 and (across, down) == (width, height):
            return self._planes(pixels), scale
        # Resized straight into its place: what lies beyond stays black, as OpenCV pads it.
        canvas = self._canvas_of(across, down, width, height)
        how = cv2.INTER_LINEAR if scale >= 0.5 else cv2.INTER_AREA
        cv2.resize(pixels, (width, height), dst=canvas[:height, :width], interpolation=how)
        return self._planes(canvas), scale

    def _planes(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Channels first, as float32; split before converting, which halves the time of `blobFromImage`."""
        shape = (1, 3, *pixels.shape[:2])
        if self._blob.shape != shape:
            self._blob = np.empty(shape, np.float32)
        for plane, channel in zip(self._blob[0], self._cv2.split(pixels), strict=True):
            np.copyto(plane, channel)
        return self._blob

    def _canvas_of(self, across: int, down: int, width: int, height: int) -> NDArray[np.uint8]:
        """Memory that is kept as long as the frames have one size; black where they do not reach."""
        key = (across, down, width, height)
        if self._key != key:
            self._key, self._canvas = key, np.zeros((down, across, 3), np.uint8)
        return self._canvas

    def decode(
        self, outputs: Sequence[NDArray[np.float32]], width: int, scale: float
    ) -> Sequence[DetectedFace]:
        """Faces from the twelve outputs for an input of that width, in the frame's own pixels.

        Only the few anchors that found something are looked at closely, in plain Python: for so few numbers
        that is faster than arrays.
        """
        found: list[tuple[float, int, int]] = []
        for level in range(len(STRIDES)):
            # sqrt(cls · obj) ≥ c is tested as cls · obj ≥ c², so that one root is taken, not thousands.
            product = (outputs[level] * outputs[3 + level]).reshape(-1)
            for anchor in np.flatnonzero(product >= CONFIDENCE * CONFIDENCE).tolist():
                found.append((float(product[anchor]), level, anchor))
        found.sort(reverse=True)
        kept: list[tuple[Box, float, int, int]] = []
        for product_of, level, anchor in found[: MOST * 8]:
            box = _box(outputs[6 + level][0, anchor].tolist(), anchor, STRIDES[level], width)
            if len(kept) < MOST and all(_overlap(box, one[0]) <= OVERLAP for one in kept):
                kept.append((box, product_of, level, anchor))
        back = 1.0 / scale
        faces = []
        for (x, y, w, h), product_of, level, anchor in kept:
            stride = STRIDES[level]
            row, column = divmod(anchor, width // stride)
            marks = outputs[9 + level][0, anchor].reshape(5, 2) + np.array((column, row), np.float32)
            faces.append(
                DetectedFace(
                    (x * back, y * back, w * back, h * back),
                    marks * np.float32(stride * back),
                    min(1.0, math.sqrt(product_of)),
                    Landmarks.EYES_NOSE_MOUTH,
                )
            )
        faces.sort(key=lambda face: face.area, reverse=True)
        return faces


def _up32(pixels: int) -> int:
    return math.ceil(pixels / 32) * 32


def _box(given: Sequence[float], anchor: int, stride: int, width: int) -> Box:
    """x, y, width and height in the network's pixels."""
    row, column = divmod(anchor, width // stride)
    w, h = math.exp(given[2]) * stride, math.exp(given[3]) * stride
    return (column + given[0]) * stride - w / 2, (row + given[1]) * stride - h / 2, w, h


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)

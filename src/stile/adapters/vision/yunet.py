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
        self._grids: dict[tuple[int, int], NDArray[np.float32]] = {}
        self._canvas: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
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
        return self.decode(self.infer(blob), blob.shape[3], blob.shape[2], scale), scale

    def prepare(self, frame: Frame, longest: int = FIRST_LOOK) -> tuple[NDArray[np.float32], float]:
        """The network's input, and the factor by which the frame was made smaller."""
        cv2, pixels = self._cv2, frame.pixels
        width, height = frame.width, frame.height
        room_x, room_y = self._fixed or (longest, longest)
        scale = min(1.0, room_x / width, room_y / height)
        if scale < 1.0:
            width, height = max(1, round(width * scale)), max(1, round(height * scale))
            how = cv2.INTER_LINEAR if scale >= 0.5 else cv2.INTER_AREA
            pixels = cv2.resize(pixels, (width, height), interpolation=how)
        across, down = self._fixed or (_up32(width), _up32(height))
        if (across, down) != (width, height):
            if self._canvas.shape[:2] != (down, across):
                self._canvas = np.zeros((down, across, 3), np.uint8)
            self._canvas[:height, :width] = pixels
            self._canvas[height:] = 0
            self._canvas[:height, width:] = 0
            pixels = self._canvas
        blob: NDArray[np.float32] = cv2.dnn.blobFromImage(pixels)
        return blob, scale

    def decode(
        self, outputs: Sequence[NDArray[np.float32]], width: int, height: int, scale: float
    ) -> Sequence[DetectedFace]:
        """Faces from the twelve outputs, in the frame's own pixels."""
        grid = self._grid(width, height)
        cls, obj, box, points = (
            np.concatenate([outputs[3 * kind + level][0] for level in range(3)]) for kind in range(4)
        )
        # sqrt(cls · obj) ≥ c is tested as cls · obj ≥ c², so that one root is taken, not thousands.
        product = np.clip(cls[:, 0], 0.0, 1.0) * np.clip(obj[:, 0], 0.0, 1.0)
        found = np.flatnonzero(product >= CONFIDENCE * CONFIDENCE)
        if not found.size:
            return ()
        scores = np.sqrt(product[found])
        best = np.argsort(-scores, kind="stable")[: MOST * 8]
        found, scores = found[best], scores[best]
        column, row, stride = grid[found].T
        centre_x = (column + box[found, 0]) * stride
        centre_y = (row + box[found, 1]) * stride
        w, h = np.exp(box[found, 2]) * stride, np.exp(box[found, 3]) * stride
        boxes = np.stack([centre_x - w / 2, centre_y - h / 2, w, h], axis=1)
        marks = points[found].reshape(-1, 5, 2) + np.stack([column, row], axis=1)[:, None, :]
        marks *= stride[:, None, None]
        kept = _apart(boxes)
        back = 1.0 / scale
        faces = [
            DetectedFace(
                (float(x * back), float(y * back), float(w * back), float(h * back)),
                (marks[i] * back).astype(np.float32),
                float(scores[i]),
                Landmarks.EYES_NOSE_MOUTH,
            )
            for i in kept
            for x, y, w, h in (boxes[i],)
        ]
        faces.sort(key=lambda face: face.area, reverse=True)
        return faces

    def _grid(self, width: int, height: int) -> NDArray[np.float32]:
        """column, row and stride of every anchor, in the order of the outputs; kept, it rarely changes."""
        grid = self._grids.get((width, height))
        if grid is None:
            if len(self._grids) > 8:
                self._grids.clear()
            levels = []
            for stride in STRIDES:
                rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
                levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)], axis=1))
            grid = self._grids[width, height] = np.concatenate(levels).astype(np.float32)
        return grid


def _up32(pixels: int) -> int:
    return math.ceil(pixels / 32) * 32


def _apart(boxes: NDArray[np.float32]) -> list[int]:
    """Greedy non-maximum suppression; `boxes` come best first."""
    x1, y1 = boxes[:, 0], boxes[:, 1]
    x2, y2 = x1 + boxes[:, 2], y1 + boxes[:, 3]
    area = boxes[:, 2] * boxes[:, 3]
    left = np.arange(len(boxes))
    kept: list[int] = []
    while left.size and len(kept) < MOST:
        first, rest = int(left[0]), left[1:]
        kept.append(first)
        across = np.minimum(x2[first], x2[rest]) - np.maximum(x1[first], x1[rest])
        down = np.minimum(y2[first], y2[rest]) - np.maximum(y1[first], y1[rest])
        shared = np.clip(across, 0, None) * np.clip(down, 0, None)
        left = rest[shared <= OVERLAP * (area[first] + area[rest] - shared)]
    return kept

"""The embedded default: dlib's HOG detector, its five landmarks and its ResNet descriptor, from PyPI packages.

The 68-point file that lies beside these bars commercial use and is never opened; `face_recognition_models`
is never imported (it needs the retired pkg_resources): its files are found through its installed record.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import BadModel, NotConfigured, WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame, Landmarks
from stile.domain.ids import PackId

CHIP = 150
PADDING = 0.25
"""What the descriptor was trained with (dlib's `get_face_chip` default)."""

LONGEST = 800
"""Pixels of the longer side that the detector sees at most; see docs/decisions/0006."""


MARGIN = 0.25
"""How far above its own threshold the detector must be. The false finds in Eileen Collins's picture lie below
0.2; of 4,117 faces found on Labeled Faces in the Wild 31 lie below 0.25."""


def load_dlib() -> Any:
    """The library. Raises NotConfigured when it is not installed."""
    try:
        import dlib
    except ImportError:
        raise NotConfigured("dlib is missing: install Stile with its `vision` extra.") from None
    return dlib


class DlibDetector:
    """HOG over a pyramid, then a five-point regression. One thread at a time."""

    def __init__(self, landmarks: Path, longest: int = LONGEST) -> None:
        """`landmarks`: the five-point file, whose hash was checked. Raises BadModel, NotConfigured."""
        dlib = load_dlib()
        self._longest = longest
        self._hog = dlib.get_frontal_face_detector()
        try:
            self._shape = dlib.shape_predictor(str(landmarks))
        except RuntimeError as error:
            raise BadModel(f"{landmarks.name} cannot be loaded by dlib: {_first(error)}") from None
        self._rectangle = dlib.rectangle

    def prepare(self, frame: Frame) -> NDArray[np.uint8]:
        """The grey picture that HOG looks at."""
        return _shrunk(_grey(frame.pixels), self._factor(frame))

    def _factor(self, frame: Frame) -> float:
        return max(1.0, max(frame.width, frame.height) / self._longest)

    def infer(self, grey: NDArray[np.uint8]) -> Any:
        """HOG detection alone, on a grey picture. Gives dlib's rectangles and their scores."""
        found, scores, _ = self._hog.run(grey, 0, MARGIN)
        return found, scores

    def landmarks(self, grey: NDArray[np.uint8], rectangle: Any) -> Any:
        """The five-point regression alone."""
        return self._shape(grey, rectangle)

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        """Every face, largest first."""
        grey, factor = _grey(frame.pixels), self._factor(frame)
        found, scores = self.infer(_shrunk(grey, factor))
        faces = []
        for box, score in zip(found, scores, strict=True):
            whole = box if factor == 1.0 else self._enlarged(box, factor)
            points = self.landmarks(grey, whole)
            marks = np.array([(points.part(i).x, points.part(i).y) for i in range(5)], np.float32)
            faces.append(
                DetectedFace(
                    (float(whole.left()), float(whole.top()), float(whole.width()), float(whole.height())),
                    marks,
                    # dlib gives a margin above its own threshold; squeezed to between 0.5 and 1.
                    float(1.0 / (1.0 + np.exp(-score))),
                    Landmarks.EYE_CORNERS_NOSE,
                )
            )
        faces.sort(key=lambda face: face.area, reverse=True)
        return faces

    def _enlarged(self, box: Any, factor: float) -> Any:
        left, top = round(box.left() * factor), round(box.top() * factor)
        return self._rectangle(left, top, round(box.right() * factor), round(box.bottom() * factor))


class DlibRecogniser:
    """The ResNet descriptor of 128 dimensions, scaled to length 1 and compared by cosine."""

    def __init__(self, pack: PackId, model: Path) -> None:
        """`model`: the ResNet's file, whose hash was checked. Raises BadModel, NotConfigured."""
        self._dlib = load_dlib()
        self._pack = pack
        try:
            self._net = self._dlib.face_recognition_model_v1(str(model))
        except RuntimeError as error:
            raise BadModel(f"{model.name} cannot be loaded by dlib: {_first(error)}") from None

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        """Raises WrongValue for landmarks of another scheme."""
        if face.scheme is not Landmarks.EYE_CORNERS_NOSE:
            raise WrongValue(f"this recogniser aligns by eye corners and nose, not {face.scheme}")
        x, y, w, h = (round(value) for value in face.box)
        dlib = self._dlib
        marks = [dlib.point(round(float(px)), round(float(py))) for px, py in face.points]
        whole = dlib.full_object_detection(dlib.rectangle(x, y, x + w - 1, y + h - 1), marks)
        # The colours are not looked at here, so BGR goes in and comes out.
        return AlignedFace(dlib.get_face_chip(frame.pixels, whole, CHIP, PADDING))

    def infer(self, chip: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The inference alone: uint8 150 × 150 × 3, RGB; gives the raw vector."""
        return np.array(self._net.compute_face_descriptor(chip, 0), np.float32)

    def embed(self, aligned: AlignedFace) -> Features:
        """Unit length. Raises WrongValue for a face of another size."""
        if aligned.pixels.shape[0] != CHIP:
            raise WrongValue(f"expected an aligned face of {CHIP} pixels, not {aligned.pixels.shape[0]}")
        vector = self.infer(np.ascontiguousarray(aligned.pixels[:, :, ::-1]))
        return Features(vector / np.float32(np.linalg.norm(vector)), self._pack)


def _grey(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    try:
        import cv2
    except ImportError:
        weighed = bgr @ np.array([0.114, 0.587, 0.299], np.float32)
        return np.rint(weighed).astype(np.uint8)
    grey: NDArray[np.uint8] = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    return grey


def _shrunk(grey: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    if factor == 1.0:
        return grey
    from PIL import Image

    height, width = grey.shape
    small = Image.fromarray(grey).resize(
        (max(1, round(width / factor)), max(1, round(height / factor))), Image.Resampling.BOX
    )
    return np.asarray(small)


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__

"""Turns a face into features with any recogniser that the catalogue describes: one class for all of them,
so that a bigger one is a catalogue entry and not code."""

import numpy as np
from numpy.typing import NDArray

from stile.adapters.vision.alignment import similarity
from stile.adapters.vision.catalogue import Part
from stile.adapters.vision.networks import Network, load_opencv
from stile.domain.errors import BadModel, WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame, Landmarks
from stile.domain.ids import PackId


class OnnxRecogniser:
    """An embedder for landmarks of eyes, nose and mouth corners. One thread at a time."""

    def __init__(self, pack: PackId, part: Part, network: Network) -> None:
        """Raises BadModel when the network's shapes are not those the catalogue states."""
        contract = part.contract
        size = contract.size
        network.expect((1, 3, size, size), (1, part.dimensions))
        self._cv2 = load_opencv()
        self._pack = pack
        self._network = network
        self._size = size
        self._dimensions = part.dimensions
        self._template = np.array(part.template, np.float64)
        self._order = (2, 1, 0) if contract.colours == "RGB" else (0, 1, 2)
        self._gain = tuple(np.float32(1.0 / std) for std in contract.std)
        self._bias = tuple(np.float32(-m / s) for m, s in zip(contract.mean, contract.std, strict=True))
        self._blob = np.zeros((1, 3, size, size), np.float32)
        if self.infer(self._blob).shape != (self._dimensions,):
            raise BadModel(f"{network.name} gives another number of dimensions than {self._dimensions}.")

    def infer(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inference alone: float32 1 × 3 × side × side, normalised; gives the raw vector."""
        return self._network.run(blob).reshape(-1)

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        """Raises WrongValue for landmarks of another scheme."""
        if face.scheme is not Landmarks.EYES_NOSE_MOUTH:
            raise WrongValue(f"this recogniser aligns by eyes, nose and mouth, not {face.scheme}")
        matrix = similarity(face.points, self._template)
        cut = self._cv2.warpAffine(
            frame.pixels, matrix, (self._size, self._size), flags=self._cv2.INTER_LINEAR
        )
        return AlignedFace(cut)

    def prepare(self, aligned: AlignedFace) -> NDArray[np.float32]:
        """The network's input, in memory that the next call overwrites. Raises WrongValue for another size."""
        pixels = aligned.pixels
        if pixels.shape[0] != self._size:
            raise WrongValue(f"expected an aligned face of {self._size} pixels, not {pixels.shape[0]}")
        channels = self._cv2.split(pixels)
        for plane, source, gain, bias in zip(self._blob[0], self._order, self._gain, self._bias, strict=True):
            np.multiply(channels[source], gain, out=plane)
            plane += bias
        return self._blob

    def embed(self, aligned: AlignedFace) -> Features:
        """Unit length. Raises BadModel when the network gives nothing that can be scaled."""
        vector = self.infer(self.prepare(aligned)).astype(np.float32, copy=False)
        length = float(np.linalg.norm(vector))
        if not 1e-6 < length < np.inf:
            raise BadModel(f"{self._network.name} gave a vector without direction.")
        return Features(vector / np.float32(length), self._pack)

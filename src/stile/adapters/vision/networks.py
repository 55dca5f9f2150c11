"""A network from checked bytes, on one thread. Parallel work is parallel sets of networks: two threads inside
one were slower on two busy cores than two networks of one thread each.

Two runtimes, each where it is the faster one on a core (docs/decisions/0006): ONNX Runtime for detectors and
recognisers, OpenCV's own for the MiniFASNets, whose PReLU layers take ONNX Runtime three times as long.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import BadModel, NotConfigured

Shape = tuple[int | None, ...]
"""None stands for a dimension that the model leaves open."""


class Network(Protocol):
    """One input, one thread at a time. `run` is the pure inference; all else in an adapter is overhead."""

    name: str

    def expect(self, input_shape: Sequence[int], output_shape: Sequence[int]) -> None:
        """Raises BadModel unless the network takes and gives these shapes."""
        ...

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output for a float32 input of the expected shape."""
        ...


class OnnxNetwork:
    """A network in ONNX Runtime."""

    def __init__(self, name: str, model: bytes) -> None:
        """`model`: the file's bytes, whose hash was checked. Raises BadModel, NotConfigured."""
        try:
            import onnxruntime as ort
        except ImportError:
            raise NotConfigured("ONNX Runtime is missing: install Stile with its `vision` extra.") from None
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 4
        try:
            self._session: Any = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 the runtime raises what it likes; a bad model is one line
            raise BadModel(f"{name} cannot be loaded by ONNX Runtime: {_first(error)}") from None
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise BadModel(f"{name} has {len(inputs)} inputs; expected one.")
        if inputs[0].type != "tensor(float)":
            raise BadModel(f"{name} takes {inputs[0].type}; expected tensor(float).")
        self.name = name
        self._input = inputs[0].name
        self.input_shape: Shape = _shape(inputs[0].shape)
        self.outputs: dict[str, Shape] = {one.name: _shape(one.shape) for one in self._session.get_outputs()}

    def expect(self, input_shape: Sequence[int], output_shape: Sequence[int]) -> None:
        """Raises BadModel unless the shapes fit; dimensions that the model leaves open fit anything."""
        if not _fits(self.input_shape, input_shape):
            raise BadModel(f"{self.name} takes {_said(self.input_shape)}; expected {_said(input_shape)}.")
        first = next(iter(self.outputs.values()), ())
        if not _fits(first, output_shape):
            raise BadModel(f"{self.name} gives {_said(first)}; expected {_said(output_shape)}.")

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output."""
        return self.run_all(blob, None)[0]

    def run_all(self, blob: NDArray[np.float32], names: Sequence[str] | None) -> list[NDArray[np.float32]]:
        """The outputs named, in that order; all of them for None."""
        results: list[NDArray[np.float32]] = self._session.run(names, {self._input: blob})
        return results


class OpenCvNetwork:
    """A network in OpenCV's own runtime. It states no shapes: they are found out by running it once."""

    def __init__(self, name: str, model: bytes) -> None:
        """`model`: the file's bytes, whose hash was checked. Raises BadModel, NotConfigured."""
        self._cv2 = load_opencv()
        self.name = name
        try:
            self._net: Any = self._cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
        except self._cv2.error as error:
            raise BadModel(f"{name} cannot be loaded by OpenCV: {_first(error)}") from None

    def expect(self, input_shape: Sequence[int], output_shape: Sequence[int]) -> None:
        """Raises BadModel unless an input of the one shape gives an output of the other."""
        try:
            given = self.run(np.zeros(input_shape, np.float32)).shape
        except self._cv2.error:
            raise BadModel(f"{self.name} does not take {_said(input_shape)}.") from None
        if tuple(given) != tuple(output_shape):
            raise BadModel(f"{self.name} gives {_said(given)}; expected {_said(output_shape)}.")

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """The first output."""
        self._net.setInput(blob)
        result: NDArray[np.float32] = self._net.forward()
        return result


def load_opencv() -> Any:
    """OpenCV, set to one thread in the whole process. Raises NotConfigured when it is not installed."""
    try:
        import cv2
    except ImportError:
        raise NotConfigured("OpenCV is missing: install Stile with its `vision` extra.") from None
    cv2.setNumThreads(1)
    return cv2


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__


def _shape(shape: Sequence[Any]) -> Shape:
    return tuple(size if isinstance(size, int) else None for size in shape)


def _fits(shape: Shape, wanted: Sequence[int]) -> bool:
    return len(shape) == len(wanted) and all(
        have is None or have == want for have, want in zip(shape, wanted, strict=True)
    )


def _said(shape: Sequence[int | None]) -> str:
    return " × ".join("any" if size is None else str(size) for size in shape) or "nothing"

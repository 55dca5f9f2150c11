"""One ONNX Runtime session, one thread. Parallel work is parallel sessions: two threads inside one session
were slower on two busy cores than two single-threaded sessions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import BadModel, NotConfigured

Shape = tuple[int | None, ...]
"""None stands for a dimension that the model leaves open."""


class Network:
    """A loaded network with one input. `run` is the pure inference; all else in an adapter is overhead."""

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
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise BadModel(f"{name} cannot be loaded by ONNX Runtime: {first[:160]}") from None
        inputs = self._session.get_inputs()
        if len(inputs) != 1:
            raise BadModel(f"{name} has {len(inputs)} inputs; expected one.")
        self.name = name
        self._input = inputs[0].name
        self.input_shape: Shape = _shape(inputs[0].shape)
        self.outputs: dict[str, Shape] = {one.name: _shape(one.shape) for one in self._session.get_outputs()}
        if inputs[0].type != "tensor(float)":
            raise BadModel(f"{name} takes {inputs[0].type}; expected tensor(float).")

    def expect(self, input_shape: Sequence[int], output_shape: Sequence[int]) -> None:
        """Raises BadModel unless the network takes and gives these shapes (open dimensions fit anything)."""
        if not _fits(self.input_shape, input_shape):
            raise BadModel(f"{self.name} takes {_said(self.input_shape)}; expected {_said(input_shape)}.")
        first = next(iter(self.outputs.values()), ())
        if not _fits(first, output_shape):
            raise BadModel(f"{self.name} gives {_said(first)}; expected {_said(output_shape)}.")

    def run(self, blob: NDArray[np.float32], names: Sequence[str] | None = None) -> list[NDArray[np.float32]]:
        """The inference itself. `blob`: float32 of the input's shape. `names`: outputs wanted, in order."""
        results: list[NDArray[np.float32]] = self._session.run(names, {self._input: blob})
        return results


def _shape(shape: Sequence[Any]) -> Shape:
    return tuple(size if isinstance(size, int) else None for size in shape)


def _fits(shape: Shape, wanted: Sequence[int]) -> bool:
    return len(shape) == len(wanted) and all(
        have is None or have == want for have, want in zip(shape, wanted, strict=True)
    )


def _said(shape: Sequence[int | None]) -> str:
    return " × ".join("any" if size is None else str(size) for size in shape) or "nothing"

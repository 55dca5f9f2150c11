"""Writes the smallest ONNX files by hand, so that the tests need neither the publishers' files nor the onnx
package: a protocol buffer is tags, lengths and bytes (onnx.proto3, IR version 8)."""

import struct
from collections.abc import Sequence


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _tensor_value(name: str, shape: Sequence[int]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size)) for size in shape)
    tensor = _bytes(1, _number(1, 1) + _bytes(2, dims))
    return _bytes(1, name) + _bytes(2, tensor)


def _initializer(name: str, shape: Sequence[int], floats: Sequence[float]) -> bytes:
    dims = b"".join(_number(1, size) for size in shape)
    return dims + _number(2, 1) + _bytes(8, name) + _bytes(9, struct.pack(f"<{len(floats)}f", *floats))


def _node(kind: str, inputs: Sequence[str], output: str) -> bytes:
    return b"".join(_bytes(1, one) for one in inputs) + _bytes(2, output) + _bytes(4, kind)


def _model(graph: bytes) -> bytes:
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 13))


def blind_detector() -> bytes:
    """A network with YuNet's input and its twelve outputs, which finds nobody."""
    widths = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
    graph = _bytes(2, "blind")
    for kind, width in widths.items():
        for stride in (8, 16, 32):
            name, anchors = f"{kind}_{stride}", (320 // stride) * (256 // stride)
            graph += _bytes(1, _node("Identity", [f"zero_{name}"], name))
            graph += _bytes(5, _initializer(f"zero_{name}", (1, anchors, width), [0.0] * anchors * width))
            graph += _bytes(12, _tensor_value(name, (1, anchors, width)))
    return _model(graph + _bytes(11, _tensor_value("input", (1, 3, 256, 320))))


def projection(side: int, dimensions: int, channels: int = 3) -> bytes:
    """A network that flattens 1 × channels × side × side and multiplies it by a fixed matrix."""
    size = channels * side * side
    weights = [((i * 7919) % 1009) / 1009.0 - 0.5 for i in range(size * dimensions)]
    graph = (
        _bytes(1, _node("Flatten", ["input"], "flat"))
        + _bytes(1, _node("MatMul", ["flat", "weights"], "output"))
        + _bytes(2, "projection")
        + _bytes(5, _initializer("weights", (size, dimensions), weights))
        + _bytes(11, _tensor_value("input", (1, channels, side, side)))
        + _bytes(12, _tensor_value("output", (1, dimensions)))
    )
    return _model(graph)

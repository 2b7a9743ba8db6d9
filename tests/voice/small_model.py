"""Voice model of the tests: an ONNX file that turns each number of a phoneme into a tone as long as the number.

Written by hand, because the package `onnx` is 18 MB for these few fields of its format (onnx.proto).
"""

import json
import struct
from pathlib import Path
from typing import Any

PHONEMES = {"_": [0], "^": [1], "$": [2], " ": [3], ",": [4], ".": [5]}
INT64, FLOAT = 7, 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _node(kind: str, inputs: list[str], outputs: list[str], *attributes: bytes) -> bytes:
    parts = [_field(1, name) for name in inputs] + [_field(2, name) for name in outputs] + [_field(4, kind)]
    return _field(1, b"".join([*parts, *(_field(5, attribute) for attribute in attributes)]))


def _tensor(name: str, kind: int, shape: list[int], content: bytes) -> bytes:
    return b"".join([*(_field(1, size) for size in shape), _field(2, kind), _field(8, name), _field(9, content)])


def _value(field: int, name: str, kind: int, shape: list[str | int]) -> bytes:
    sizes = b"".join(_field(1, _field(1, size) if isinstance(size, int) else _field(2, size)) for size in shape)
    kinds = _field(1, _field(1, kind) + _field(2, sizes))
    return _field(field, _field(1, name) + _field(2, kinds))


def write_model(
    file: Path, *, samples: int = 100, names: tuple[str, ...] = ("input", "input_lengths", "scales")
) -> Path:
    """Write a model whose speech is a row of `samples` equal samples for each number, as loud as the number."""
    ids = names[0]
    graph = b"".join(
        [
            _node("Cast", [ids], ["loud"], _field(1, "to") + _field(3, FLOAT) + _field(20, 2)),
            _node("Mul", ["loud", "step"], ["quiet"]),
            _node("Unsqueeze", ["quiet", "last"], ["column"]),
            _node("MatMul", ["column", "row"], ["rows"]),
            _node("Reshape", ["rows", "shape"], ["output"]),
            _field(2, "speech"),
            _field(5, _tensor("step", FLOAT, [1], struct.pack("<f", 0.002))),
            _field(5, _tensor("last", INT64, [1], struct.pack("<q", -1))),
            _field(5, _tensor("row", FLOAT, [1, samples], struct.pack(f"<{samples}f", *[1.0, -1.0] * (samples // 2)))),
            _field(5, _tensor("shape", INT64, [3], struct.pack("<3q", 1, 1, -1))),
            _value(11, ids, INT64, [1, "phonemes"]),
            *(_value(11, name, INT64, [1]) for name in names[1:] if name != "scales"),
            *(_value(11, name, FLOAT, [3]) for name in names[1:] if name == "scales"),
            _value(12, "output", FLOAT, [1, 1, "samples"]),
        ]
    )
    file.write_bytes(_field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 17)))
    return file


def write_settings(file: Path, **changes: Any) -> Path:
    """Write the settings beside a model, whose phonemes are the Vietnamese letters and their marks."""
    letters = "abcdđeghiklmnopqrstuvxy\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
    ids = PHONEMES | {letter: [number] for number, letter in enumerate(letters, start=10)}
    table = {
        "audio": {"sample_rate": 22050},
        "phoneme_type": "text",
        "espeak": {"voice": "vi"},
        "inference": {"noise_scale": 0.5, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": ids,
        "num_speakers": 1,
    }
    file.with_name(f"{file.name}.json").write_text(json.dumps(table | changes), "utf-8")
    return file

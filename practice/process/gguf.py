"""Whether a GGUF file is whole, by its own table of contents: nothing is loaded.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import BinaryIO

_VERSIONS = (2, 3)
_NUMBERS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # type -> bytes
_STRING, _ARRAY = 8, 9
_MOST = 10_000_000  # entries, or bytes of a text: more is no count but damage

# Tensor type -> values in a block, bytes of a block. Of one that is missing here, the beginning
# alone has to lie in the file.
_BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 30: (1, 2)},  # F32, F16, BF16
    **{2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34)},  # Q4_0 … Q8_0
    **{
        10: (256, 84),
        11: (256, 110),
        12: (256, 144),
        13: (256, 176),
        14: (256, 210),
    },  # Q2_K … Q6_K
}


def is_whole(path: Path) -> bool:
    """Tell whether the file's table of contents can be read and all that it lists is there.

    Numbers that were changed in a tensor are not seen. Raises OSError.
    """
    with path.open("rb") as file:
        try:
            return _end(file) <= path.stat().st_size
        except (struct.error, ValueError, OverflowError):
            return False


def _end(file: BinaryIO) -> int:
    """Return where the last tensor ends. Raises ValueError and struct.error for damage."""
    magic, version = struct.unpack("<4sI", file.read(8))
    if magic != b"GGUF" or version not in _VERSIONS:
        raise ValueError
    tensors, entries = _count(file), _count(file)
    alignment = 32
    for _ in range(entries):
        name, value = _text(file), _value(file, _number(file, "<I"))
        if name == b"general.alignment":
            alignment = int(value or 32)
    ends = [0]
    for _ in range(tensors):
        _text(file)
        sizes = [_number(file, "<Q") for _ in range(_count(file, "<I"))]
        kind, begin = _number(file, "<I"), _number(file, "<Q")
        values, size = _BLOCKS.get(kind, (1, 0))
        ends.append(begin + math.prod(sizes) // values * size)
    return -(-file.tell() // alignment) * alignment + max(ends)


def _value(file: BinaryIO, kind: int) -> int | None:
    """Read a value; return it where it is a number. Others are passed over."""
    if kind in _NUMBERS:
        return int.from_bytes(_exactly(file, _NUMBERS[kind]), "little")
    if kind == _STRING:
        _text(file)
    elif kind == _ARRAY:
        of, count = _number(file, "<I"), _count(file)
        if of in _NUMBERS:
            _exactly(file, _NUMBERS[of] * count)
        else:
            for _ in range(count):
                _value(file, of)
    else:
        raise ValueError
    return None


def _text(file: BinaryIO) -> bytes:
    return _exactly(file, _count(file))


def _count(file: BinaryIO, form: str = "<Q") -> int:
    found = _number(file, form)
    if found > _MOST:
        raise ValueError
    return found


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise ValueError
    return found

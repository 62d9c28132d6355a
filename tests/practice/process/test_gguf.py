"""A GGUF file that is whole, and what may have happened to one."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from practice.process import gguf
from practice.process.models import chosen


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words)) + words.encode()


def small(*, data: int = 4096 + 576) -> bytes:
    """A file with an entry of each kind and two tensors."""
    entries = [
        text("general.alignment") + struct.pack("<II", 4, 64),
        text("name") + struct.pack("<I", 8) + text("a model"),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
        text("nested") + struct.pack("<IIQ", 9, 9, 1) + struct.pack("<IQ", 0, 3) + b"abc",
        text("scores") + struct.pack("<IIQ", 9, 6, 3) + struct.pack("<fff", 1, 2, 3),
    ]
    tensors = [
        text("first") + struct.pack("<IQQIQ", 2, 32, 32, 0, 0),  # 4,096 bytes of F32
        text("second") + struct.pack("<IQQIQ", 2, 32, 32, 2, 4096),  # 576 bytes of Q4_0
    ]
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries))
    head += b"".join(entries) + b"".join(tensors)
    return head + bytes(-len(head) % 64) + bytes(data)


def whole(tmp_path: Path, content: bytes) -> bool:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    return gguf.is_whole(file)


def test_a_whole_file(tmp_path: Path) -> None:
    assert whole(tmp_path, small())


def test_the_model_of_this_run_is_whole() -> None:
    assert gguf.is_whole(chosen().path)


@pytest.mark.parametrize("size", [0, 3, 8, 20, 30, 100, 200, len(small()) - 1])
def test_a_file_that_is_cut(size: int, tmp_path: Path) -> None:
    assert not whole(tmp_path, small()[:size])


def test_noise_behind_the_magic(tmp_path: Path) -> None:
    noise = random.Random(1)
    for _ in range(200):
        assert not whole(tmp_path, small()[:24] + noise.randbytes(5000))
        assert not whole(tmp_path, b"GGUF" + struct.pack("<I", 3) + noise.randbytes(5000))


def test_a_kind_of_tensor_that_is_not_known_counts_where_it_begins(tmp_path: Path) -> None:
    newer = small().replace(struct.pack("<IQ", 2, 4096), struct.pack("<IQ", 99, 4096))
    assert whole(tmp_path, newer[:-576])
    assert not whole(tmp_path, newer[:-577])

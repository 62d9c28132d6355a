"""Weights encoded once more: what changes, what stays, and the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFReader, GGUFWriter, quants

from practice.process.encoding import Encoding, encode
from practice.process.models import default_model

ENCODING = Encoding("out.gguf", 0, "", 2, {"ffn_up": "Q4_0", "output": "Q8_0", "ffn_norm": "Q8_0"})


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A GGUF file with one tensor of each kind, more rows than are unpacked at a time."""
    path = tmp_path / "origin.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_file_type(15)
    writer.add_string("tokenizer.chat_template", "{{ messages }} 模板")
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "词"])
    writer.add_float32("rope", 0.5)
    dice = numpy.random.default_rng(7)
    for name, rows in (("blk.0.ffn_up", 2500), ("blk.0.attn_q", 3), ("output", 5)):
        values = dice.normal(size=(rows, 64)).astype(numpy.float32)
        data = quants.quantize(values, Kind.Q5_0)
        writer.add_tensor(f"{name}.weight", data, raw_dtype=Kind.Q5_0)
    writer.add_tensor("blk.0.ffn_norm.weight", numpy.ones(64, numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_named_tensors_change_and_all_else_stays(origin: Path, tmp_path: Path) -> None:
    encode(origin, tmp_path / "out.gguf", ENCODING)
    before, after = GGUFReader(origin), GGUFReader(tmp_path / "out.gguf")
    tensors = {tensor.name: tensor for tensor in after.tensors}
    assert {name: tensor.tensor_type for name, tensor in tensors.items()} == {
        "blk.0.ffn_up.weight": Kind.Q4_0,
        "blk.0.attn_q.weight": Kind.Q5_0,
        "output.weight": Kind.Q8_0,
        "blk.0.ffn_norm.weight": Kind.F32,
    }
    for old in before.tensors:
        new = tensors[old.name]
        assert list(new.shape) == list(old.shape)
        was = quants.dequantize(old.data, old.tensor_type)
        now = quants.dequantize(new.data, new.tensor_type)
        most = {"blk.0.ffn_up.weight": 0.5, "output.weight": 0.05}.get(old.name, 0.0)
        assert float(numpy.abs(was - now).max()) <= most
    for name, field in before.fields.items():
        if name not in ("general.file_type", "GGUF.tensor_count"):
            assert after.fields[name].contents() == field.contents(), name
    assert after.fields["general.file_type"].contents() == 2


def test_same_file_gives_the_same_bytes(origin: Path, tmp_path: Path) -> None:
    for name in ("one.gguf", "two.gguf"):
        encode(origin, tmp_path / name, ENCODING)
    assert (tmp_path / "one.gguf").read_bytes() == (tmp_path / "two.gguf").read_bytes()


def test_file_without_an_architecture(origin: Path, tmp_path: Path) -> None:
    damaged = origin.read_bytes().replace(b"general.architecture", b"general.architextura")
    origin.write_bytes(damaged)
    with pytest.raises(ValueError, match="names no architecture"):
        encode(origin, tmp_path / "out.gguf", ENCODING)


def test_the_default_model_runs_as_the_data_says(default_model_file: Path) -> None:
    """The checksum of the file that was made on this computer, and the encodings in it."""
    import hashlib

    model = default_model()
    assert model.encoding is not None
    with default_model_file.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == model.encoding.sha256
    assert default_model_file.stat().st_size == model.encoding.size
    for tensor in GGUFReader(default_model_file).tensors:
        wanted = model.encoding.tensors.get(tensor.name.split(".")[-2])
        assert wanted is None or tensor.tensor_type in (Kind.F32, Kind[wanted]), tensor.name

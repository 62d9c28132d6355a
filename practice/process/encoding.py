"""The weights of a model, encoded once more on this computer after they were fetched.

A file as it is published may use encodings with which the engine multiplies one row otherwise
than several at once: the words of a reply would then depend on who else asks (`kit.py bench
crowd` compares them). In a simpler encoding they do not, and a crowd is answered sooner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, ReaderTensor

_ROWS = 1024
"""Rows that are unpacked at a time: 20 MB of the largest matrix."""


@dataclass(frozen=True)
class Encoding:
    """How the weights are encoded, and the file that this gives; data/models.toml has them.

    ``tensors`` names the encoding of each kind of tensor (``ffn_up`` in ``blk.7.ffn_up.weight``);
    one that it does not name stays as it is. ``file_type`` is the format's number for the mixture.
    """

    file: str
    size: int
    sha256: str
    file_type: int
    tensors: Mapping[str, str] = field(hash=False)


def encode(origin: Path, target: Path, encoding: Encoding) -> None:
    """Write the weights of one GGUF file to another, in other encodings.

    Everything but the encodings stays: words, template, names. The same file gives the same
    bytes on every computer. Takes about 20 seconds for half a billion parameters.
    Raises OSError, ValueError where the origin cannot be unpacked.
    """
    from gguf import GGUFReader, GGUFWriter

    reader = GGUFReader(origin)
    writer = GGUFWriter(target, _architecture(reader))
    try:
        _copy_fields(reader, writer, encoding.file_type)
        kinds = [_kind(tensor, encoding) for tensor in reader.tensors]
        for tensor, kind in zip(reader.tensors, kinds, strict=True):
            shape = _shape(tensor, kind)
            size = 1
            for length in shape:
                size *= length
            writer.add_tensor_info(
                tensor.name, shape, tensor.data.dtype, size * tensor.data.dtype.itemsize, kind
            )
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor, kind in zip(reader.tensors, kinds, strict=True):
            writer.write_tensor_data(_encoded(tensor, kind))
    finally:
        writer.close()


def _architecture(reader: GGUFReader) -> str:
    field = reader.get_field("general.architecture")
    if field is None:
        raise ValueError("the file names no architecture")
    return str(field.contents())


def _copy_fields(reader: GGUFReader, writer: GGUFWriter, file_type: int) -> None:
    """Copy what the file says of the model; the number of its encoding is the new one."""
    from gguf import GGUFValueType

    for entry in reader.fields.values():
        if entry.name.startswith("GGUF.") or entry.name == "general.architecture":
            continue  # the writer's own
        if entry.name == "general.file_type":
            writer.add_file_type(file_type)
            continue
        kind = entry.types[0]
        of = entry.types[-1] if kind == GGUFValueType.ARRAY else None
        writer.add_key_value(entry.name, entry.contents(), kind, sub_type=of)


def _kind(tensor: ReaderTensor, encoding: Encoding) -> GGMLQuantizationType:
    """Return the encoding of a tensor: what was exact stays exact."""
    from gguf import GGMLQuantizationType as Kind

    wanted = encoding.tensors.get(tensor.name.split(".")[-2])
    if wanted is None or tensor.tensor_type in (Kind.F32, Kind.F16):
        return tensor.tensor_type
    return Kind[wanted]


def _shape(tensor: ReaderTensor, kind: GGMLQuantizationType) -> tuple[int, ...]:
    """Return the shape in which a tensor is stored: rows of bytes where it is encoded."""
    from gguf.quants import quant_shape_from_byte_shape, quant_shape_to_byte_shape

    shape = tuple(tensor.data.shape)
    if tensor.tensor_type == kind:
        return shape
    return quant_shape_to_byte_shape(quant_shape_from_byte_shape(shape, tensor.tensor_type), kind)


def _encoded(tensor: ReaderTensor, kind: GGMLQuantizationType) -> Any:
    """Return the array of a tensor in an encoding."""
    import numpy

    if tensor.tensor_type == kind:
        return tensor.data
    return numpy.concatenate(list(_pieces(tensor, kind)))


def _pieces(tensor: ReaderTensor, kind: GGMLQuantizationType) -> Iterator[Any]:
    from gguf import quants

    for start in range(0, len(tensor.data), _ROWS):
        rows = quants.dequantize(tensor.data[start : start + _ROWS], tensor.tensor_type)
        yield quants.quantize(rows, kind)

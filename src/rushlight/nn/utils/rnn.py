"""Sequences of different lengths: padded to one tensor, or packed without padding, time by time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

import numpy as np

from ..._core import dtypes
from ..._core.dtypes import scalar_type_name
from ..._core.tensor import Tensor
from ..._ops.creation import arange, as_tensor, empty_like, from_numpy
from ..._ops.index_along import index_select_p
from ..._ops.titles import shown_as
from ..._standin.missing import refuse_other_names as _refuse_other_names


def pad_sequence(
    sequences: Any, batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Tensor:
    """Sequences (L_i, ...) as one tensor (longest, N, ...), or (N, longest, ...), the shorter ones filled up.

    padding_side: "right" or "left" of each sequence.

    >>> import rushlight as torch
    >>> torch.nn.utils.rnn.pad_sequence([torch.tensor([1, 2]), torch.tensor([3])], batch_first=True)
    tensor([[1, 2],
            [3, 0]])
    """
    if padding_side not in ("left", "right"):
        raise RuntimeError("Expected padding_side to be one of left or right")
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            f"pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}"
        )
    sequences = list(sequences)
    if not sequences:
        raise RuntimeError("received an empty list of sequences")
    longest = max(s.size(0) for s in sequences)
    first = sequences[0]
    out = first.new_full((len(sequences), longest, *first.shape[1:]), padding_value)
    for i, s in enumerate(sequences):
        n = s.size(0)
        out[i, slice(longest - n, None) if padding_side == "left" else slice(n)] = s
    return out if batch_first else out.transpose(0, 1)


def unpad_sequence(padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False) -> list[Tensor]:
    """The sequences of a padded batch, each with its own length; copies. ValueError where there are not as many lengths."""
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    return [sequence[: int(n)].clone() for sequence, n in zip(padded_sequences, lengths, strict=True)]


# -- packed sequences ---------------------------------------------------------------------------------------------

_packed = shown_as(index_select_p, "PackPaddedSequenceBackward0")


class _Fields(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Fields):
    """Sequences without padding: the first elements of all, the second of those that have one, and so on.

    data: the elements, (total, ...). batch_sizes: how many sequences there are at each time, int64, decreasing.
    sorted_indices: the order, from the longest to the shortest, that the sequences were brought into;
    unsorted_indices: the way back; both None where they came in that order.

    Made by `pack_padded_sequence` and `pack_sequence`; recurrent layers take and give it.

    >>> import rushlight as torch
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2, 3]), torch.tensor([4])])
    >>> packed.data, packed.batch_sizes
    (tensor([1, 4, 2, 3]), tensor([2, 1, 1]))
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Any,
        batch_sizes: Tensor | None = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> Self:
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        if batch_sizes is None:  # both in a pair, as older programs give them
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise AssertionError(
                    "Expected data to be a list or tuple of length 2\n"
                    "Make packed sequences with pack_sequence or pack_padded_sequence."
                )
            data, batch_sizes = data
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> Self:
        """The same with ``data`` converted as `Tensor.to` does it; itself where there is nothing to convert."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else type(self)(data, *self[1:])

    def pin_memory(self) -> Self:
        """RuntimeError: there is no accelerator to pin memory for."""
        return type(self)(self.data.pin_memory(), *self[1:])

    def is_pinned(self) -> bool:
        """Whether ``data`` is in pinned memory: False."""
        return self.data.is_pinned()

    @property
    def is_cuda(self) -> bool:
        """Whether ``data`` is on a GPU: False."""
        return self.data.is_cuda

    def cpu(self, *args: Any, **kwargs: Any) -> Self:
        """Itself, converted as `to` says."""
        return self.to(*args, **kwargs)

    def cuda(self, *args: Any, **kwargs: Any) -> Self:
        """AssertionError: there is no CUDA here."""
        return type(self)(self.data.cuda(*args, **kwargs), *self[1:])

    def double(self) -> Self:
        """Converted to float64."""
        return self.to(dtype=dtypes.float64)

    def float(self) -> Self:
        """Converted to float32."""
        return self.to(dtype=dtypes.float32)

    def half(self) -> Self:
        """Converted to float16."""
        return self.to(dtype=dtypes.float16)

    def long(self) -> Self:
        """Converted to int64."""
        return self.to(dtype=dtypes.int64)

    def int(self) -> Self:
        """Converted to int32."""
        return self.to(dtype=dtypes.int32)

    def short(self) -> Self:
        """Converted to int16."""
        return self.to(dtype=dtypes.int16)

    def char(self) -> Self:
        """Converted to int8."""
        return self.to(dtype=dtypes.int8)

    def byte(self) -> Self:
        """Converted to uint8."""
        return self.to(dtype=dtypes.uint8)


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """Where each number stands in a permutation of 0, 1, ..., n - 1; None of None.

    >>> import rushlight as torch
    >>> torch.nn.utils.rnn.invert_permutation(torch.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    if permutation is None:
        return None
    return empty_like(permutation).scatter_(0, permutation, arange(permutation.numel()))


def pack_padded_sequence(
    input: Tensor, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """A padded batch (longest, N, ...), or (N, longest, ...), without what lies behind each sequence's length.

    lengths: N of them, a list or an integer tensor. enforce_sorted: they must decrease, RuntimeError where they
    do not; with False the sequences are brought into that order, which `pad_packed_sequence` undoes.

    >>> import rushlight as torch
    >>> padded = torch.tensor([[1, 2, 0], [3, 0, 0], [4, 5, 6]])
    >>> rnn = torch.nn.utils.rnn
    >>> packed = rnn.pack_padded_sequence(padded, [2, 1, 3], batch_first=True, enforce_sorted=False)
    >>> packed.data, packed.batch_sizes
    (tensor([4, 1, 3, 5, 2, 6]), tensor([3, 2, 1]))
    """
    lengths = lengths.to(dtypes.int64) if isinstance(lengths, Tensor) else as_tensor(lengths, dtype=dtypes.int64)
    order = None
    if not enforce_sorted:
        lengths, order = lengths.sort(descending=True)
        input = input.index_select(0 if batch_first else 1, order)
    if batch_first:
        input = input.transpose(0, 1)
    n = input.size(1)
    counts = _lengths_that_decrease(input, lengths)
    sizes = (counts[:, None] > np.arange(counts[0])).sum(0)
    rows = np.concatenate([t * n + np.arange(size) for t, size in enumerate(sizes)])
    data = _packed.bind(input.reshape(-1, *input.shape[2:]), from_numpy(rows), dim=0)
    return PackedSequence(data, from_numpy(sizes), order, None)


def _lengths_that_decrease(input: Tensor, lengths: Tensor) -> Any:
    if not input.numel():
        raise RuntimeError("Cannot pack empty tensors.")
    if lengths.dim() != 1:
        raise RuntimeError(
            f"'lengths' argument should be a 1D CPU int64 tensor, but got {lengths.dim()}D cpu "
            f"{scalar_type_name(lengths.dtype)} tensor"
        )
    if len(lengths) != input.size(1):
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(lengths)} (batch_size={input.size(1)})"
        )
    counts = lengths.numpy()
    if counts[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if (counts[1:] > counts[:-1]).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )
    if counts[0] > input.size(0):
        raise RuntimeError(f"a sequence of length {counts[0]} cannot be packed from an input of length {input.size(0)}")
    return counts


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """The inverse of `pack_padded_sequence`: the padded batch, and the lengths, in the order before packing.

    total_length: what to pad to; by default the longest length, ValueError where it is less.

    >>> import rushlight as torch
    >>> rnn = torch.nn.utils.rnn
    >>> packed = rnn.pack_sequence([torch.tensor([1]), torch.tensor([2, 3])], enforce_sorted=False)
    >>> rnn.pad_packed_sequence(packed, batch_first=True)
    (tensor([[1, 0],
            [2, 3]]), tensor([1, 2]))
    """
    data, batch_sizes, _, order_back = sequence
    longest = len(batch_sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but got "
            f"total_length={total_length} and max sequence length being {longest}"
        )
    sizes = batch_sizes.numpy()
    n = int(sizes[0])
    padded = data.new_full((longest if total_length is None else total_length, n, *data.shape[1:]), padding_value)
    rows = np.concatenate([t * n + np.arange(size) for t, size in enumerate(sizes)])
    padded.view(-1, *data.shape[1:])[from_numpy(rows)] = data
    lengths = from_numpy((sizes[:, None] > np.arange(n)).sum(0))
    if batch_first:
        padded = padded.transpose(0, 1)
    if order_back is not None:
        return padded.index_select(0 if batch_first else 1, order_back), lengths[order_back]
    return padded, lengths


def pack_sequence(sequences: Any, enforce_sorted: bool = True) -> PackedSequence:
    """Sequences (L_i, ...) packed; see `pack_padded_sequence`.

    >>> import rushlight as torch
    >>> torch.nn.utils.rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]).data
    tensor([1, 3, 2])
    """
    lengths = [s.size(0) for s in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed, in their order.

    >>> import rushlight as torch
    >>> rnn = torch.nn.utils.rnn
    >>> rnn.unpack_sequence(rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]))
    [tensor([1, 2]), tensor([3])]
    """
    return unpad_sequence(*pad_packed_sequence(packed_sequences, batch_first=True), batch_first=True)


_refuse_other_names(globals())

"""Functions under the names of PyTorch's own kernels, which hand back what others keep to themselves.

``native_layer_norm`` and its like return mean and reciprocal deviation besides; ``_softmax_backward_data`` and its like are
derivatives by themselves. Programs that were traced or exported call them. `torch.ops.aten` has them all.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.dtypes import INTEGER, scalar_type_name
from .._core.operands import exact
from .._core.out_checks import OutCheck, same_kernel_type
from .._core.primitive import Primitive
from .._core.registry import operation
from .._core.tensor import Tensor, wrap
from .dims import check_tensor, normalize_dim
from .indexing import getitem, index_put
from .joining import cat, joined
from .normalization import (
    by_own_statistics,
    check_channels,
    fixed_norm_p,
    group_norm_with_statistics,
    layer_norm_with_statistics,
)
from .padding import pad
from .pooling import _checked_windows, _counted, _to_picked
from .softmax import softmax

ATEN = "torch.ops.aten"  # for what has no name in `torch`
Three = tuple[Tensor, Tensor, Tensor]


# -- normalizations with their statistics ------------------------------------------------------------------------------


@operation(method=False, out=False)
def native_layer_norm(
    input: Tensor, normalized_shape: Any, weight: Tensor | None, bias: Tensor | None, eps: float
) -> Three:
    """`layer_norm`, the items' means and their reciprocal deviations, which have no derivative.

    >>> import rushlight as torch
    >>> torch.native_layer_norm(torch.tensor([[1.0, 3.0]]), (2,), None, None, 0.0)[1]
    tensor([[2.]])
    """
    out, mean, var = layer_norm_with_statistics(input, normalized_shape, weight, bias, eps)
    return out, mean.detach(), (var.detach() + eps).rsqrt()


@operation(method=False, out=False)
def native_group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, N: int, C: int, HxW: int, group: int, eps: float
) -> Three:
    """`group_norm` of ``N`` items with ``C`` channels of ``HxW`` elements; means and reciprocal deviations, (N, group).

    >>> import rushlight as torch
    >>> torch.native_group_norm(torch.tensor([[[1.0, 3.0]]]), None, None, 1, 1, 2, 1, 0.0)[1]
    tensor([[2.]])
    """
    check_tensor(input, "native_group_norm")
    shape = input._data.shape
    if shape[:2] != (N, C) or prod(shape[2:]) != HxW or C % group:
        raise RuntimeError(
            f"native_group_norm: N={N}, C={C}, HxW={HxW} in {group} groups do not fit an input of size {list(shape)}"
        )
    out, mean, var = group_norm_with_statistics(input, group, weight, bias, eps)
    return out, mean.reshape(N, group), (var + eps).rsqrt().reshape(N, group)


def _batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Any,
    running_var: Any,
    training: bool,
    momentum: float,
    eps: float,
) -> Three:
    check_tensor(input, "native_batch_norm")
    check_channels(input, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    if training:
        out, mean, var = by_own_statistics(input, running_mean, running_var, weight, bias, momentum, eps)
        return out, mean.detach().reshape(-1), (var.detach() + eps).rsqrt().reshape(-1)
    if running_mean is None or running_var is None:
        raise RuntimeError("running_mean must be defined in evaluation mode")
    affine = (input._data.shape[1], *[1] * (input._data.ndim - 2))
    out = fixed_norm_p.bind(input, running_mean, running_var, weight, bias, affine=affine, eps=float(eps))
    return out, input.new_empty(0), input.new_empty(0)


@operation(method=False, out=same_kernel_type)
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> Three:
    """`batch_norm`, the batch's means and reciprocal deviations, which have no derivative; empty ones when not training.

    >>> import rushlight as torch
    >>> torch.native_batch_norm(torch.tensor([[1.0], [3.0]]), None, None, None, None, True, 0.1, 0.0)[1]
    tensor([2.])
    """
    return _batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)


@operation(method=False, out=same_kernel_type)
def _native_batch_norm_legit(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, *running_training_momentum_eps: Any
) -> Three:
    """`native_batch_norm`, whose running statistics may be left out: ``(input, weight, bias, training, momentum, eps)``."""
    rest = running_training_momentum_eps
    if len(rest) == 3:
        rest = (None, None, *rest)
    return _batch_norm(input, weight, bias, *rest)


@operation(namespace=ATEN, method=False)
def _batch_norm_with_update(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`native_batch_norm` when training; the last result, where other devices keep notes, is empty."""
    out = _batch_norm(input, weight, bias, running_mean, running_var, True, momentum, eps)
    return (*out, wrap(np.empty(0, np.uint8)))


# -- softmax, dropout and pooling ----------------------------------------------------------------------------------------


@operation(method=False)
def _softmax_backward_data(grad_output: Tensor, output: Tensor, dim: int, input_dtype: Any) -> Tensor:
    """The cotangent of softmax's input, for that of its result and the result itself."""
    check_tensor(grad_output, "_softmax_backward_data", "grad_output")
    check_tensor(output, "_softmax_backward_data", "output", 2)
    have, want = list(grad_output._data.shape), list(output._data.shape)
    if have != want:
        raise RuntimeError(
            "Expected tensor for argument #1 'grad' to have same size as tensor for argument #2 'output'; but "
            f"{have} does not equal {want} (while checking arguments for softmax_backward)"
        )
    if input_dtype != grad_output.dtype and (input_dtype, grad_output.dtype) != (dtypes.float16, dtypes.float32):
        raise RuntimeError(
            f"expected input and grad types to match, or input to be at::Half and grad to be at::Float"
            f"\nThey are {input_dtype} and {grad_output.dtype}."
        )
    dim = normalize_dim(dim, len(want))
    product = grad_output * output
    return (product - output * product.sum(dim, True)).to(input_dtype)


@operation(method=False, out=False)
def _safe_softmax(self: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """`softmax`, which is 0 where all elements along ``dim`` are -inf."""
    # Filled in before as well: a cotangent of 0 times the derivative of nan would be nan.
    nothing = self.eq(-float("inf")).all(dim, True)
    return softmax(self.masked_fill(nothing, 0), dim, dtype).masked_fill(nothing, 0)


@operation(namespace=ATEN, method=False)
def native_dropout_backward(grad_output: Tensor, mask: Tensor, scale: float) -> Tensor:
    """The cotangent of dropout's input: ``grad_output * mask * scale``."""
    kept = mask.to(grad_output.dtype) * scale
    return (grad_output * kept).to(dtypes.promote_types(grad_output.dtype, kept.dtype))


@operation(namespace=ATEN, method=False)
def max_pool2d_with_indices_backward(
    grad_output: Tensor,
    self: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
    indices: Tensor,
) -> Tensor:
    """The cotangent of max_pool2d's input: each window's goes to where its maximum was found."""
    shape = self._data.shape
    windows = _checked_windows("max_pool2d", self, kernel_size, stride, padding, dilation, 2)
    out = _counted("max_pool2d", self, windows, ceil_mode, 2)
    for name, t in (("grad_output", grad_output), ("indices", indices)):
        if t._data.shape[-2:] != out:
            raise RuntimeError(
                f"max_pool2d_with_indices_backward: {name} must have {list(out)} as its last sizes, not "
                f"{list(t._data.shape[-2:])}"
            )
    # Where the maxima are does not vary with the input: as in PyTorch its derivative is zero, and not absent.
    return _to_picked(grad_output, indices, shape, 2).where(wrap(np.ones((), bool)), self)


# -- by index, and in pieces ----------------------------------------------------------------------------------------------


def _clamped(x: Tensor, indices: Any) -> tuple[Tensor, ...]:
    """Indices that may point beyond ``x`` where a mask says that nobody looks."""
    out = []
    for d, index in enumerate(indices):
        check_tensor(index, "_unsafe_masked_index", f"indices[{d}]", 3)
        if scalar_type_name(index.dtype) not in ("Long", "Int"):
            raise RuntimeError(f"_unsafe_masked_index found unexpected index type {scalar_type_name(index.dtype)}")
        n = x._data.shape[d]
        out.append(index.long().clamp(-n, n - 1))
    return tuple(out)


@operation(method=False, out=False)
def _unsafe_masked_index(self: Tensor, mask: Tensor, indices: Any, fill: Any) -> Tensor:
    """``self[indices]`` where ``mask`` is True, else ``fill``; there the indices may be out of range.

    >>> import rushlight as torch
    >>> x, keep = torch.tensor([1, 2, 3]), torch.tensor([True, False])
    >>> torch._unsafe_masked_index(x, keep, (torch.tensor([2, 9]),), -1)
    tensor([ 3, -1])
    """
    if not self._data.size:
        return self.new_full(mask._data.shape, fill)
    value = exact(int(fill) if self.dtype.category == INTEGER else fill, self.dtype).item()
    return getitem(self, _clamped(self, indices)).masked_fill(mask.logical_not(), value)


@operation(method=False, out=False)
def _unsafe_masked_index_put_accumulate(self: Tensor, mask: Tensor, indices: Any, values: Tensor) -> Tensor:
    """A copy of ``self`` with ``values`` added at ``indices`` where ``mask`` is True; elsewhere those may be out of range."""
    if not self._data.size:
        return self.clone()
    return index_put(self, _clamped(self, indices), values.masked_fill(mask.logical_not(), 0), accumulate=True)


@operation(method=False, out=joined)
def _chunk_cat(tensors: Any, dim: int, num_chunks: int) -> Tensor:
    """Each tensor, with zeros to a multiple of ``num_chunks`` along ``dim``, as that many rows; side by side.

    >>> import rushlight as torch
    >>> torch._chunk_cat([torch.tensor([1, 2, 3]), torch.tensor([4, 5])], 0, 2)
    tensor([[1, 2, 4],
            [3, 0, 5]])
    """
    tensors = list(tensors)
    if num_chunks < 1:
        raise RuntimeError("_chunk_cat expects positive num_chunks")
    if not tensors:
        raise RuntimeError("_chunk_cat expects a non-empty input tensor list")
    ndims = {t._data.ndim for t in tensors}
    if any(not t._data.size for t in tensors):
        raise RuntimeError("_chunk_cat expects non-empty tensor")
    if len({t.dtype for t in tensors}) > 1:
        raise RuntimeError("_chunk_cat expects all input tensors with the same dtype")
    if len(ndims) == 1:
        dim = normalize_dim(dim, *ndims)
    elif dim < 0:
        raise RuntimeError("_chunk_cat expects non-negative dim when input tensors have different ndims")
    if dim >= min(ndims):
        raise RuntimeError("_chunk_cat expects dim < ndim for all input tensors")
    lead = tensors[0]._data.shape[:dim]
    if any(t._data.shape[:dim] != lead for t in tensors):
        raise RuntimeError("_chunk_cat expects same sizes of 0,...,dim-1 dimensions for all tensors")
    rows = []
    for t in tensors:
        missing = -t._data.shape[dim] % num_chunks
        if missing:
            t = pad(t, [0, 0] * (t._data.ndim - dim - 1) + [0, missing])
        rows.append(t.reshape(*lead, num_chunks, -1))
    return cat(rows, dim + 1)


# -- fingerprints -----------------------------------------------------------------------------------------------------------


def _hash(x: Any, dim: Any, keepdim: bool) -> Any:
    bits = x.astype(np.int64 if x.dtype.kind in "biu" else np.float64, copy=False).view(np.uint64)
    return np.bitwise_xor.reduce(bits, axis=dim, keepdims=keepdim)


hash_p = Primitive("HashTensor", _hash, family="reduction")


@operation(out=OutCheck("Expected result to be of dtype uint64, but got {Out}"))
def hash_tensor(input: Tensor, dim: Any = (), *, keepdim: bool = False, mode: int = 0) -> Tensor:
    """The exclusive or of the elements' bits as uint64, floats as float64: of all, or along ``dim``.

    The order of elements does not matter. mode: 0, which is this.

    >>> import rushlight as torch
    >>> torch.hash_tensor(torch.tensor([1, 2, 4]))
    tensor(7, dtype=torch.uint64)
    """
    check_tensor(input, "hash_tensor")
    if mode:
        raise RuntimeError(f"Unknown hash_tensor mode: {mode}")
    shape = input._data.shape
    given = (dim,) if isinstance(dim, int) else tuple(dim)
    dims = tuple([normalize_dim(d, len(shape)) for d in given]) if shape else ()
    for d in dims:
        if not shape[d]:
            raise IndexError(f"hash_tensor: Expected reduction dim {d} to have non-zero size.")
    if not dims and not input._data.size:
        raise RuntimeError(
            "hash_tensor: Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
            "the 'dim' argument."
        )
    return hash_p.bind(input, dim=dims or None, keepdim=bool(keepdim))

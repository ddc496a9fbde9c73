"""Rows of a table looked up by number."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.inplace import changed
from .._core.modes import is_grad_enabled, no_grad
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .creation import arange
from .matmul import kind_of
from .selection import where


def _gathered(weight: Any, indices: Any, *, padding_idx: int, scale_grad_by_freq: bool) -> Any:
    try:
        if indices.size and np.minimum.reduce(indices, None) < 0:
            raise IndexError
        return np.take(weight, indices, 0)
    except IndexError:
        raise IndexError(
            f"index out of range in self\nThe table has {len(weight)} rows, so indices must be from 0 to "
            f"{len(weight) - 1}; they range from {indices.min()} to {indices.max()}."
        ) from None


def _added(g: Any, indices: Any, *, rows: int, padding_idx: int, scale_grad_by_freq: bool) -> Any:
    """A table of zeros with each row of ``g`` added where it was looked up; nothing at the padding."""
    indices = indices.reshape(-1)
    g = g.reshape(len(indices), g.shape[-1])
    out = np.zeros((rows, g.shape[1]), g.dtype)
    if len(indices):
        # Sorted, rows that go to the same place lie together: far faster than np.add.at.
        order = np.argsort(indices, kind="stable")
        ordered = indices[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        total = np.add.reduceat(g[order], starts, 0) if len(starts) < len(order) else g[order]
        if scale_grad_by_freq:
            total = total / np.diff(starts, append=len(order))[:, None].astype(g.dtype)
        out[ordered[starts]] = total
    if padding_idx >= 0:
        out[padding_idx] = 0
    return out


# Looking up is linear in the table, and adding up its transpose, but for the padding, which gets no gradient.
embedding_p = Primitive(
    "Embedding",
    _gathered,
    inputs="weight indices",
    vjp=(
        lambda g, weight_shape, indices, padding_idx, scale_grad_by_freq: embedding_added_p.bind(
            g, indices, rows=weight_shape[0], padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq
        ),
        None,
    ),
    jvp=lambda indices, weight_t, padding_idx, scale_grad_by_freq: embedding_p.bind(
        weight_t, indices, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq
    ),
    family="linear",
)


def _regathered(c: Any, indices: Any, padding_idx: int, scale_grad_by_freq: bool) -> Any:
    """The transpose of `_added`."""
    out = embedding_p.bind(c, indices, padding_idx=padding_idx, scale_grad_by_freq=False)
    if padding_idx >= 0:
        out = out.masked_fill((indices == padding_idx).unsqueeze(-1), 0)
    if scale_grad_by_freq:
        counts = indices.reshape(-1).bincount(minlength=c._data.shape[0])
        out = out / counts[indices].unsqueeze(-1)
    return out


embedding_added_p = Primitive(
    "EmbeddingDenseBackward",
    _added,
    inputs="g indices",
    vjp=(
        lambda c, indices, padding_idx, scale_grad_by_freq: _regathered(c, indices, padding_idx, scale_grad_by_freq),
        None,
    ),
    jvp=lambda indices, g_t, rows, padding_idx, scale_grad_by_freq: embedding_added_p.bind(
        g_t, indices, rows=rows, padding_idx=padding_idx, scale_grad_by_freq=scale_grad_by_freq
    ),
    widen=True,
    family="linear",
)


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of ``weight`` (n, d) at the indices in ``input``, of any shape (...): (..., d).

    padding_idx: a row that gets no gradient. max_norm: rows looked up whose ``norm_type``-norm is larger are scaled
    down to it first, in place. scale_grad_by_freq: the gradient of a row is divided by how often it was looked up.
    sparse: NotImplementedError where the table requires a gradient. IndexError for an index that is no row.

    >>> import rushlight as torch
    >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.nn.functional.embedding(torch.tensor([1, 0, 1]), table)
    tensor([[3., 4.],
            [1., 2.],
            [3., 4.]])
    """
    check_dense(weight, sparse)
    table, indices = weight._data, input._data
    if table.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    if indices.dtype.kind != "i" or indices.dtype.itemsize < 4:
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"torch.{kind_of(input)}Tensor instead (while checking arguments for embedding)"
        )
    if padding_idx is None:
        padding_idx = -1
    elif not -table.shape[0] <= padding_idx < table.shape[0]:
        raise AssertionError("Padding_idx must be within num_embeddings")
    else:
        padding_idx %= table.shape[0]
    if max_norm is not None:
        renormalize(weight, input, max_norm, norm_type)
    return embedding_p.bind(weight, input, padding_idx=padding_idx, scale_grad_by_freq=bool(scale_grad_by_freq))


def check_dense(weight: Tensor, sparse: bool) -> None:
    """NotImplementedError where a sparse gradient would be needed: to look rows up makes no difference."""
    if sparse and weight.requires_grad and is_grad_enabled():
        raise NotImplementedError("sparse gradients are not supported: leave sparse=False")


def renormalize(weight: Tensor, input: Tensor, max_norm: float, norm_type: float) -> None:
    """Scale the rows that are looked up down to ``max_norm``; a write, but none that history would tell of."""
    table, indices = weight._data, input._data
    if type(table) is not np.ndarray or type(indices) is not np.ndarray:
        # Within vmap nobody can say which rows these are: all are looked at.
        with no_grad():
            used = (input.reshape(-1, 1) == arange(table.shape[0])).any(0)
            norms = weight.norm(norm_type, 1)
            weight.mul_(where(used & (norms > max_norm), max_norm / (norms + 1e-7), 1).unsqueeze(-1))
        return
    rows = np.unique(_checked(indices, len(table)))
    norms = np.linalg.norm(table[rows], norm_type, axis=1)
    large = norms > max_norm
    if large.any():
        factors = max_norm / (norms[large] + 1e-7)
        table[rows[large]] = (table[rows[large]] * factors[:, None]).astype(table.dtype)
        changed(weight)


def _checked(indices: Any, rows: int) -> Any:
    if indices.size and (indices.min() < 0 or indices.max() >= rows):
        raise IndexError("index out of range in self")
    return indices


def _embedding(
    weight: Tensor, indices: Tensor, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Tensor:
    """`torch.nn.functional.embedding`, the table first; a ``padding_idx`` of -1 means none."""
    padding = None if padding_idx == -1 else padding_idx
    return embedding(indices, weight, padding, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)


register(embedding, namespace="torch.nn.functional", method=False, out=False)
register(_embedding, "embedding", method=False, out=False)

"""Scaled dot-product attention (Vaswani et al. 2017, arXiv:1706.03762)."""

from __future__ import annotations

import math

import numpy as np

from .._core import dtypes, errors
from .._core.modes import state
from .._core.registry import register
from .._core.settings import attention_ways
from .._core.tensor import Tensor
from .creation import ones
from .dropout import dropout
from .matmul import check_bmm, cpp_name, matmul, matmul_p
from .selection import where
from .softmax import softmax
from .titles import shown_as

# What PyTorch's fused kernel takes shows as one node.
_fused = shown_as(matmul_p, "ScaledDotProductFlashAttentionForCpuBackward0")


def _check(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None, is_causal: bool) -> None:
    q, k, v = query._data, key._data, value._data
    if attn_mask is not None and is_causal:
        raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if min(q.ndim, k.ndim, v.ndim) < 2:
        raise RuntimeError(
            f"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: {q.ndim} key.dim: "
            f"{k.ndim} and value.dim: {v.ndim} instead."
        )
    if not q.dtype == k.dtype == v.dtype:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got query.dtype: "
            f"{cpp_name(query)} key.dtype: {cpp_name(key)} and value.dtype: {cpp_name(value)} instead."
        )
    if attn_mask is not None and attn_mask._data.dtype != q.dtype and attn_mask._data.dtype not in (bool, np.float32):
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{cpp_name(attn_mask)} and  query.dtype: {cpp_name(query)} instead."
        )


def _scores(query: Tensor, key: Tensor, scale: float) -> Tensor:
    # Half of the scale to each, as PyTorch does: 16-bit products do not overflow.
    root = math.sqrt(abs(scale))
    return matmul(query * (math.copysign(root, scale)), (key * root).transpose(-2, -1))


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """``softmax(query @ key.T * scale + mask) @ value``.

    query (..., L, E), key (..., S, E), value (..., S, V) give (..., L, V); leading dimensions are broadcast.
    attn_mask, broadcast to (..., L, S): bools, False where nothing is to be attended to, or numbers to add.
    is_causal: positions attend to no later ones. dropout_p: attention weights are dropped, in training or not.
    scale: ``1 / sqrt(E)`` by default. enable_gqa: heads of key and value are repeated to match those of query. A
    position that may attend to nothing gets zeros.

    >>> import rushlight as torch
    >>> x = torch.ones(1, 2, 4)
    >>> torch.nn.functional.scaled_dot_product_attention(x, x, x).shape
    torch.Size([1, 2, 4])
    """
    _check(query, key, value, attn_mask, is_causal)
    narrow = query.dtype if query._data.dtype.itemsize == 2 else None
    if narrow is not None:
        query, key, value = query.float(), key.float(), value.float()
    if enable_gqa:
        heads, few = query._data.shape[-3], key._data.shape[-3]
        if heads % few or heads % value._data.shape[-3]:
            raise RuntimeError("Number of heads in key and value must divide the number of heads in ")
        key = key.repeat_interleave(heads // few, -3)
        value = value.repeat_interleave(heads // value._data.shape[-3], -3)
    n, s = query._data.shape[-2], key._data.shape[-2]
    scores = _scores(query, key, 1 / math.sqrt(query._data.shape[-1] or 1) if scale is None else scale)
    mask = ones(n, s, dtype=dtypes.bool_).tril() if is_causal else attn_mask
    dead = None
    if mask is not None:
        try:
            np.broadcast_shapes(scores._data.shape, mask._data.shape)
        except ValueError as error:
            errors.raise_broadcast([scores._data.shape, mask._data.shape], error)
        if mask._data.dtype.kind == "b":
            scores = where(mask, scores, -math.inf)
            dead = None if is_causal else ~mask.any(-1, keepdim=True)
        else:
            scores = scores + mask
            dead = (mask == -math.inf).all(-1, keepdim=True)
        if dead is not None and state.interpreter is None and not dead._data.any():
            dead = None
    if dead is not None:
        # Where nothing is left the softmax would be nan, and so would gradients that pass by it.
        scores = scores.masked_fill(dead, 0)
    weights = softmax(scores, -1)
    if dead is not None:
        weights = weights.masked_fill(dead, 0)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    batch = math.prod(weights._data.shape[:-2])
    check_bmm(weights, value, (batch, *weights._data.shape[-2:]), (batch, *value._data.shape[-2:]))
    fused = (
        query._data.ndim == 4 == value._data.ndim
        and query._data.shape[:2] == key._data.shape[:2] == value._data.shape[:2]
        and query._data.shape[-1] == key._data.shape[-1] == value._data.shape[-1]
        and dropout_p == 0
        and (attn_mask is None or (attn_mask._data.ndim in (2, 4) and not attn_mask.requires_grad))
        and s > 0
        and attention_ways["flash"]
    )
    if not (fused or attention_ways["math"]):
        raise RuntimeError(
            "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both the math "
            "kernel and the fused kernels."
        )
    out = _fused.bind(weights, value) if fused else matmul(weights, value)
    return out if narrow is None else out.to(narrow)


register(scaled_dot_product_attention, namespace="torch.nn.functional", method=False, out=False)

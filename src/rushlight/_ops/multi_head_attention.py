"""Attention with several heads (Vaswani et al., 2017), its weights given."""

from __future__ import annotations

import math
from typing import Any

from .._core import dtypes
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .addmm import baddbmm
from .attention import scaled_dot_product_attention
from .creation import zeros, zeros_like
from .dropout import dropout
from .joining import cat
from .linear import linear
from .matmul import bmm
from .padding import pad
from .softmax import softmax


def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: int, num_heads: int,
    in_proj_weight: Tensor | None, in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None,
    add_zero_attn: bool, dropout_p: float, out_proj_weight: Tensor, out_proj_bias: Tensor | None,
    training: bool = True, key_padding_mask: Tensor | None = None, need_weights: bool = True,
    attn_mask: Tensor | None = None, use_separate_proj_weight: bool = False, q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None, v_proj_weight: Tensor | None = None, static_k: Tensor | None = None,
    static_v: Tensor | None = None, average_attn_weights: bool = True, is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]:  # fmt: skip
    """What `torch.nn.MultiheadAttention` computes, with its weights as arguments.

    query (L, N, E), key and value (S, N, ...), or all without N. in_proj_weight (3E, E): the maps of query, key and
    value in one; with use_separate_proj_weight three of their own. bias_k, bias_v (1, 1, E): a key and value more;
    add_zero_attn: one of zeros more. static_k, static_v (N·heads, S, E / heads) stand for the mapped keys and values.
    Returns the output (L, N, E) and, if need_weights, the weights (N, L, S), by head unless average_attn_weights. Masks
    as there. AssertionError or RuntimeError for shapes that do not fit.

    >>> import rushlight as torch
    >>> x, w = torch.ones(2, 1, 4), torch.eye(4)
    >>> out, weights = torch.nn.functional.multi_head_attention_forward(
    ...     x, x, x, 4, 2, w.repeat(3, 1), None, None, None, False, 0.0, w, None)
    >>> out.shape, weights.shape
    (torch.Size([2, 1, 4]), torch.Size([1, 2, 2]))
    """
    batched = _is_batched(query, key, value, key_padding_mask, attn_mask, num_heads)
    # The projections look for tensors that are one and the same.
    grow = once(lambda t: t if batched else t.unsqueeze(1))
    query, key, value = grow(query), grow(key), grow(value)
    padding = additive(key_padding_mask, "key_padding_mask", query.dtype, attn_mask, "attn_mask")
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    mask = additive(attn_mask, "attn_mask", query.dtype)
    if is_causal and padding is None and not need_weights:
        mask = None  # `scaled_dot_product_attention` knows it
    else:
        is_causal = False
    if padding is not None and not batched:
        padding = padding.unsqueeze(0)
    length, n, width = query.shape
    if width != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {width}")
    size = width // num_heads
    if size * num_heads != width:
        raise AssertionError(f"embed_dim {width} not divisible by num_heads {num_heads}")
    separate = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else None
    q, k, v = _projected(query, key, value, in_proj_weight, in_proj_bias, separate)
    heads = n * num_heads
    mask = _of_heads(mask, (length, key.shape[0]), heads)
    more = 0  # keys added to those that were given
    for there, here, name, other in ((bias_k, bias_v, "bias_k", "bias_v"), (bias_v, bias_k, "bias_v", "bias_k")):
        if there is not None and here is None:
            raise AssertionError(f"{name} is set but {other} is None")
    if bias_k is not None and bias_v is not None:
        for static, what in ((static_k, "key"), (static_v, "value")):
            if static is not None:
                raise AssertionError(f"bias cannot be added to static {what}.")
        k, v = cat([k, bias_k.repeat(1, n, 1)]), cat([v, bias_v.repeat(1, n, 1)])
        more += 1
    q, k, v = (t.reshape(t.shape[0], heads, size).transpose(0, 1) for t in (q, k, v))
    k, v = _static(static_k, k, "static_k", heads, size), _static(static_v, v, "static_v", heads, size)
    if add_zero_attn:
        nothing = zeros((heads, 1, size), dtype=k.dtype)
        k, v = cat([k, nothing], 1), cat([v, nothing], 1)
        more += 1
    keys = k.shape[1]
    mask = None if mask is None else pad(mask, (0, more))
    if padding is not None:
        padding = pad(padding, (0, more))
        for d, expected in enumerate((n, keys)):
            if padding.shape[d] != expected:
                raise AssertionError(
                    f"Expected key_padded_mask.shape[{d}] to be {expected}, but got {padding.shape[d]}"
                )
        padding = padding.view(n, 1, 1, keys).expand(-1, num_heads, -1, -1).reshape(heads, 1, keys)
        mask = padding if mask is None else mask + padding
    p = dropout_p if training else 0.0
    weights = None
    if need_weights:
        q = q * math.sqrt(1.0 / float(size))
        scores = bmm(q, k.transpose(-2, -1)) if mask is None else baddbmm(mask, q, k.transpose(-2, -1))
        weights = softmax(scores, dim=-1)
        weights = dropout(weights, p) if p > 0.0 else weights
        output = bmm(weights, v).transpose(0, 1).reshape(length * n, width)
        weights = weights.view(n, num_heads, length, keys)
        if average_attn_weights:
            weights = weights.mean(dim=1)
        weights = weights if batched else weights.squeeze(0)
    else:
        if mask is not None:
            mask = mask.unsqueeze(0) if mask.shape[0] == 1 else mask.view(n, num_heads, -1, keys)
        q, k, v = (t.reshape(n, num_heads, -1, size) for t in (q, k, v))
        output = scaled_dot_product_attention(q, k, v, mask, p, is_causal)
        output = output.permute(2, 0, 1, 3).reshape(n * length, width)
    output = linear(output, out_proj_weight, out_proj_bias)
    output = output.view(length, n, output.shape[1])
    return (output if batched else output.squeeze(1)), weights


def _projected(
    query: Tensor, key: Tensor, value: Tensor, weight: Tensor | None, bias: Tensor | None, separate: Any
) -> tuple[Tensor, ...]:
    """The three linear maps; those of one and the same tensor as one product."""
    if separate is not None:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
        for name, each in zip("qkv", separate):
            if each is None:
                raise AssertionError(f"use_separate_proj_weight is True but {name}_proj_weight is None")
        weights: Any = separate
    elif key.shape != value.shape:
        raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
    elif weight is None:
        raise AssertionError("use_separate_proj_weight is False but in_proj_weight is None")
    elif query is key is value:
        return linear(query, weight, bias).chunk(3, -1)
    elif key is value:
        size = [query.shape[-1], 2 * query.shape[-1]]
        w_q, w_kv = weight.split(size)
        b_q, b_kv = (None, None) if bias is None else bias.split(size)
        return (linear(query, w_q, b_q), *linear(key, w_kv, b_kv).chunk(2, -1))
    else:
        weights = weight.chunk(3)
    biases = (None, None, None) if bias is None else bias.chunk(3)
    q, k, v = (linear(t, w, b) for t, w, b in zip((query, key, value), weights, biases))
    return q, k, v


def _static(given: Tensor | None, mapped: Tensor, name: str, heads: int, size: int) -> Tensor:
    """The mapped keys or values, or what was given in their place."""
    if given is None:
        return mapped
    for d, expected in ((0, heads), (2, size)):
        if given.size(d) != expected:
            raise AssertionError(f"expecting {name}.size({d}) of {expected}, but got {given.size(d)}")
    return given


def additive(mask: Any, name: str, dtype: Any, other: Any = None, other_name: str = "") -> Any:
    """A mask of bools as one of numbers to add: -inf where it is True. Masks of numbers stay."""
    if mask is None:
        return None
    if mask.dtype is not dtypes.bool_ and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {name} are supported")
    if other is not None and other.dtype is not mask.dtype:
        warn_user(f"Support for mismatched {name} and {other_name} is deprecated. Use same type for both instead.")
    if mask.is_floating_point():
        return mask
    return zeros_like(mask, dtype=dtype).masked_fill_(mask, -math.inf)


def _of_heads(mask: Any, size: tuple[int, int], heads: int) -> Any:
    """An attention mask with a dimension for the heads, its shape checked."""
    if mask is None:
        return None
    wanted = size if mask.dim() == 2 else (heads, *size)
    if tuple(mask.shape) != wanted:
        raise RuntimeError(f"The shape of the {mask.dim()}D attn_mask is {mask.shape}, but should be {wanted}.")
    return mask.unsqueeze(0) if mask.dim() == 2 else mask


def once(change: Any) -> Any:
    """``change`` as a function that gives the same result for the same object."""
    known: dict[int, Any] = {}

    def changed(t: Any) -> Any:
        if id(t) not in known:
            known[id(t)] = change(t)
        return known[id(t)]

    return changed


def _is_batched(query: Any, key: Any, value: Any, padding: Any, mask: Any, heads: int) -> bool:
    """Whether the inputs have a batch dimension; AssertionError where they do not agree on that."""
    dims = query.dim()
    if dims not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {dims}-D query tensor")
    kind = "batched (3-D)" if dims == 3 else "unbatched (2-D)"
    if key.dim() != dims or value.dim() != dims:
        raise AssertionError(
            f"For {kind} `query`, expected `key` and `value` to be {dims}-D but found {key.dim()}-D and "
            f"{value.dim()}-D tensors respectively"
        )
    if padding is not None and padding.dim() != dims - 1:
        raise AssertionError(
            f"For {kind} `query`, expected `key_padding_mask` to be `None` or {dims - 1}-D but found {padding.dim()}-D "
            "tensor instead"
        )
    if mask is not None and mask.dim() not in (2, 3):
        raise AssertionError(
            f"For {kind} `query`, expected `attn_mask` to be `None`, 2-D or 3-D but found {mask.dim()}-D tensor instead"
        )
    if mask is not None and dims == 2 and mask.dim() == 3:
        wanted = (heads, query.shape[0], key.shape[0])
        if tuple(mask.shape) != wanted:
            raise AssertionError(f"Expected `attn_mask` shape to be {wanted} but got {mask.shape}")
    return dims == 3


register(multi_head_attention_forward, namespace="torch.nn.functional", method=False, out=False)

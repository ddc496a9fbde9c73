"""Attention with several heads (Vaswani et al., 2017)."""

from __future__ import annotations

import math
from typing import Any

from ..._core import dtypes
from ..._core.where import warn_user
from ..._ops.addmm import baddbmm
from ..._ops.creation import empty, zeros, zeros_like
from ..._ops.joining import cat
from ..._ops.matmul import bmm
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .linear import Linear
from .module import Module


class _Projection(Linear):
    """The last map; PyTorch's text calls it by the reason why it is a class of its own there."""

    def _get_name(self) -> str:
        return "NonDynamicallyQuantizableLinear"


class MultiheadAttention(Module):
    """Queries (L, N, embed_dim) attend to keys (S, N, kdim) and get sums of values (S, N, vdim), in several heads.

    batch_first: (N, L, ...) and (N, S, ...); without a batch (L, ...). dropout: on the attention weights.
    add_bias_kv: a trained key and value more; add_zero_attn: one of zeros more. Returns (L, N, embed_dim) and the
    attention weights (N, L, S), averaged over the heads, or (N, heads, L, S) with ``average_attn_weights=False``, or
    None with ``need_weights=False``. attn_mask: (L, S) or (N·heads, L, S), True or -inf where a query may not look;
    key_padding_mask: (N, S), True or -inf for keys that are not there; is_causal: that attn_mask is the causal one.

    >>> import rushlight as torch
    >>> x = torch.ones(5, 2, 8)
    >>> output, weights = torch.nn.MultiheadAttention(8, 4)(x, x, x)
    >>> output.shape, weights.shape
    (torch.Size([5, 2, 8]), torch.Size([2, 5, 5]))
    """

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
        add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None,
        vdim: int | None = None, batch_first: bool = False, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                f"embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and num_heads={num_heads} "
                "instead"
            )
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")

        def weight(*shape: int) -> Parameter:
            return Parameter(empty(shape, device=device, dtype=dtype))

        one = self._qkv_same_embed_dim
        separate = {"q": embed_dim, "k": self.kdim, "v": self.vdim}
        if one:
            self.register_parameter("in_proj_weight", weight(3 * embed_dim, embed_dim))
        for name, width in separate.items():
            self.register_parameter(f"{name}_proj_weight", None if one else weight(embed_dim, width))
        if not one:
            self.register_parameter("in_proj_weight", None)
        self.register_parameter("in_proj_bias", weight(3 * embed_dim) if bias else None)
        self.out_proj = _Projection(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)
        if add_bias_kv:
            self.bias_k: Any = weight(1, 1, embed_dim)
            self.bias_v: Any = weight(1, 1, embed_dim)
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for each in (self.in_proj_weight, self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
            if each is not None:
                init.xavier_uniform_(each)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        for each in (self.bias_k, self.bias_v):
            if each is not None:
                init.xavier_normal_(each)

    def forward(
        self, query: Any, key: Any, value: Any, key_padding_mask: Any = None, need_weights: bool = True,
        attn_mask: Any = None, average_attn_weights: bool = True, is_causal: bool = False,
    ) -> tuple[Any, Any]:  # fmt: skip
        batched = _is_batched(query, key, value, key_padding_mask, attn_mask, self.num_heads)
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
        # Time first within; the projections look for tensors that are one and the same.
        change = _once(lambda t: t.unsqueeze(1) if not batched else t.transpose(1, 0) if self.batch_first else t)
        query, key, value = change(query), change(key), change(value)
        if padding is not None and not batched:
            padding = padding.unsqueeze(0)
        output, weights = self._attend(query, key, value, padding, mask, need_weights, is_causal)
        if weights is not None:
            if average_attn_weights:
                weights = weights.mean(dim=1)
            weights = weights if batched else weights.squeeze(0)
        if not batched:
            return output.squeeze(1), weights
        return (output.transpose(1, 0) if self.batch_first else output), weights

    def _attend(
        self, query: Any, key: Any, value: Any, padding: Any, mask: Any, need_weights: bool, is_causal: bool
    ) -> tuple[Any, Any]:
        """The output (L, N, E), and the weights (N, heads, L, S) where they are wanted."""
        length, n, width = query.shape
        if width != self.embed_dim:
            raise AssertionError(f"was expecting embedding dimension of {self.embed_dim}, but got {width}")
        heads = n * self.num_heads
        q, k, v = self._projected(query, key, value)
        mask = _of_heads(mask, (length, key.shape[0]), heads)
        more = 0  # keys added to those that were given
        if self.bias_k is not None:
            k, v = cat([k, self.bias_k.repeat(1, n, 1)]), cat([v, self.bias_v.repeat(1, n, 1)])
            more += 1
        q, k, v = (t.reshape(t.shape[0], heads, self.head_dim).transpose(0, 1) for t in (q, k, v))
        if self.add_zero_attn:
            nothing = zeros((heads, 1, self.head_dim), dtype=k.dtype)
            k, v = cat([k, nothing], 1), cat([v, nothing], 1)
            more += 1
        size = k.shape[1]
        mask = None if mask is None else F.pad(mask, (0, more))
        if padding is not None:
            if padding.shape[0] != n or padding.shape[1] + more != size:
                raise AssertionError(f"Expected key_padded_mask.shape[0] to be {n}, but got {padding.shape[0]}")
            padding = F.pad(padding, (0, more)).view(n, 1, 1, size).expand(-1, self.num_heads, -1, -1)
            padding = padding.reshape(heads, 1, size)
            mask = padding if mask is None else mask + padding
        p = self.dropout if self.training else 0.0
        if need_weights:
            q = q * math.sqrt(1.0 / float(self.head_dim))
            scores = bmm(q, k.transpose(-2, -1)) if mask is None else baddbmm(mask, q, k.transpose(-2, -1))
            weights = F.softmax(scores, dim=-1)
            weights = F.dropout(weights, p) if p > 0.0 else weights
            output = bmm(weights, v).transpose(0, 1).reshape(length * n, width)
            weights = weights.view(n, self.num_heads, length, size)
        else:
            if mask is not None:
                mask = mask.unsqueeze(0) if mask.shape[0] == 1 else mask.view(n, self.num_heads, -1, size)
            q, k, v = (t.reshape(n, self.num_heads, -1, self.head_dim) for t in (q, k, v))
            output = F.scaled_dot_product_attention(q, k, v, mask, p, is_causal)
            output, weights = output.permute(2, 0, 1, 3).reshape(n * length, width), None
        output = F.linear(output, self.out_proj.weight, self.out_proj.bias)
        return output.view(length, n, width), weights

    def _projected(self, query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
        """The three linear maps; those of one and the same tensor as one product."""
        w, b = self.in_proj_weight, self.in_proj_bias
        if w is None:
            if key.shape[:2] != value.shape[:2]:
                raise AssertionError(
                    f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
                )
            weights: Any = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        elif key.shape != value.shape:
            raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
        elif query is key is value:
            return F.linear(query, w, b).chunk(3, -1)
        elif key is value:
            size = [self.embed_dim, 2 * self.embed_dim]
            w_q, w_kv = w.split(size)
            b_q, b_kv = (None, None) if b is None else b.split(size)
            return (F.linear(query, w_q, b_q), *F.linear(key, w_kv, b_kv).chunk(2, -1))
        else:
            weights = w.chunk(3)
        biases = (None, None, None) if b is None else b.chunk(3)
        q, k, v = (F.linear(t, w, b) for t, w, b in zip((query, key, value), weights, biases))
        return q, k, v


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


def _once(change: Any) -> Any:
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

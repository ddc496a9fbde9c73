"""Attention with several heads (Vaswani et al., 2017)."""

from __future__ import annotations

from typing import Any

from ..._ops.creation import empty
from ..._ops.multi_head_attention import once
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
        batched = query.dim() == 3
        if self.batch_first and batched:
            # Time first within; the projections look for tensors that are one and the same.
            change = once(lambda t: t.transpose(1, 0))
            query, key, value = change(query), change(key), change(value)
        separate = self.in_proj_weight is None
        output, weights = F.multi_head_attention_forward(
            query, key, value, self.embed_dim, self.num_heads, self.in_proj_weight, self.in_proj_bias,
            self.bias_k, self.bias_v, self.add_zero_attn, self.dropout, self.out_proj.weight, self.out_proj.bias,
            training=self.training, key_padding_mask=key_padding_mask, need_weights=need_weights,
            attn_mask=attn_mask, use_separate_proj_weight=separate, q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight, v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights, is_causal=is_causal,
        )  # fmt: skip
        return (output.transpose(1, 0) if self.batch_first and batched else output), weights

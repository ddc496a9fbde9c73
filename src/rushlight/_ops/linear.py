"""Affine maps, as layers apply them: ``linear`` and ``bilinear``."""

from __future__ import annotations

import math
from typing import Any

from .._core import blas
from .._core.families import NO_PARAMS, WIDE
from .._core.modes import CUT, RECORD, state
from .._core.out_checks import exact_dtype
from .._core.primitive import Complaints, Primitive, mark_cut
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .addmm import addmm
from .dims import check_tensor
from .matmul import check_mm, conj, kind_of, matmul, mm_p, rows
from .quick import on_arrays, remember
from .reduction import add_reduce, sum_dims
from .titles import shown_as


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    if x.ndim > 2:
        out = blas.dot(x.reshape(math.prod(x.shape[:-1]), x.shape[-1]), weight.T).reshape(
            *x.shape[:-1], weight.shape[0]
        )
    else:
        out = blas.dot(x, weight.T)
    if bias is not None:
        out += bias
    return out


def _weight_cotangent(g: Any, x: Any) -> Any:
    """``g.T @ x``: written in the weight's own layout, so that the engine can keep it without a copy."""
    if g._data.ndim == 1:
        return g.unsqueeze(-1) * conj(x)
    return mm_p(rows(g).mT, conj(rows(x)))


def _bias_cotangent(g: Any) -> Any:
    if g._data.ndim == 1:
        return g
    g = rows(g)
    # An example alone inside vmap is often made a batch of one.
    return g.squeeze(0) if g._data.shape[0] == 1 else sum_dims.bind(g, dim=(0,), keepdim=False)


def _linear_tangent(x: Any, weight: Any, x_t: Any, weight_t: Any, bias_t: Any, result: Any) -> Any:
    total = None
    if x_t is not None or weight_t is not None:
        if x_t is not None:
            total = linear_p.bind(x_t, weight, bias_t)
            bias_t = None
        if weight_t is not None:
            of_weight = linear_p.bind(x, weight_t, bias_t)
            total = of_weight if total is None else total + of_weight
        return total
    return bias_t.expand(result.shape)


# One record where PyTorch has the transpose of the weight and addmm or mm, folded for more than two dimensions.
linear_p = Primitive(
    "Linear",
    _linear,
    inputs="x weight bias",
    vjp=(
        lambda g, weight: matmul(g, conj(weight)),
        lambda g, x: _weight_cotangent(g, x),
        lambda g: _bias_cotangent(g),
    ),
    jvp=_linear_tangent,
    widen=True,
    family="bilinear",
)
# What PyTorch shows, by whether there is a bias and by dimensions.
_SHOWN = {
    (True, 1): shown_as(linear_p, "ViewBackward0"),
    (True, 2): shown_as(linear_p, "AddmmBackward0"),
    (True, 3): shown_as(linear_p, "ViewBackward0"),
    (False, 1): shown_as(linear_p, "SqueezeBackward4"),
    (False, 2): shown_as(linear_p, "MmBackward0"),
    (False, 3): shown_as(linear_p, "UnsafeViewBackward0"),
}
_of_layer = _SHOWN[True, 2]


@on_arrays(linear_p)
def _cotangents(node: Any, g: Any, weight: Any, x: Any) -> Any:
    for_x, for_weight, for_bias = node.edges
    grads = [None, None, None]
    if for_x is not None:
        grads[0] = _linear(g, weight.T, None)
    g = g.reshape(math.prod(g.shape[:-1]), g.shape[-1])
    if for_weight is not None:
        grads[1] = blas.dot(g.T, x.reshape(len(g), x.shape[-1]))
    if for_bias is not None:
        grads[2] = add_reduce(g, (0,), False)
    return grads


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``: (..., in_features) to (..., out_features).

    weight is (out_features, in_features), or (in_features,) for a single feature without its dimension; all have
    one dtype.

    >>> import rushlight as torch
    >>> torch.nn.functional.linear(torch.ones(2), torch.tensor([[1.0, 2.0]]), torch.tensor([10.0]))
    tensor([13.])
    """
    mode = state.mode
    try:
        x, w = input._data, weight._data
        if mode and bias is not None and x.ndim == 2:
            # A layer on a batch of rows: the product is written, and the bias added to it in place.
            b, d = bias._data, w.dtype
            if d in WIDE and x.dtype is d and b.dtype is d and b.shape == w.shape[:1]:
                result = blas.dot(x, w.T)
                result += b
                out = wrap(result)
                if input._requires_grad or weight._requires_grad or bias._requires_grad:
                    if mode == RECORD:
                        inputs = (input, weight, bias)
                        remember(_of_layer, inputs, NO_PARAMS, lambda edges: _kept(input, weight, edges), out)
                    elif mode == CUT:
                        mark_cut((input, weight, bias), out)
                return out
    except (AttributeError, ValueError, *Complaints):
        check_tensor(input, "linear")
        check_tensor(weight, "linear", "weight", 2)
        if bias is not None:
            check_tensor(bias, "linear", "bias", 3)
    return _linear_checked(input, weight, bias)


def _kept(input: Tensor, weight: Tensor, edges: Any) -> tuple[Any, Any]:
    """What the rules of the wanted cotangents name."""
    return (None if edges[0] is None else weight, None if edges[1] is None else input)


def _linear_checked(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    x, w = input._data, weight._data
    if w.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {w.ndim}D")
    if w.ndim < 2:
        if bias is not None:
            raise RuntimeError(f"mat2 must be a matrix, got {w.ndim}-D tensor")
        return matmul(input, weight)
    if x.ndim == 0:
        raise RuntimeError(f"both arguments to linear need to be at least 1D, but they are {x.ndim}D and {w.ndim}D")
    n = math.prod(x.shape[:-1])
    if bias is not None and x.shape[-1] == w.shape[1]:
        if bias._data.dtype != w.dtype:
            raise RuntimeError(f"self and mat2 must have the same dtype, but got {kind_of(bias)} and {kind_of(weight)}")
        if x.dtype != w.dtype:
            raise RuntimeError(
                f"mat1 and mat2 must have the same dtype, but got {kind_of(input)} and {kind_of(weight)}\n"
                f"Convert the input: x.to(weight.dtype)."
            )
    check_mm(input, weight, (n, x.shape[-1]), w.shape[::-1])
    if bias is not None and bias._data.shape != w.shape[:1]:
        # Not a layer's bias: whatever can be broadcast is added.
        if x.ndim == 2:
            return addmm(bias, input, weight.t())
        return _SHOWN[False, min(x.ndim, 3)].bind(input, weight, None) + bias
    return _SHOWN[bias is not None, min(x.ndim, 3)].bind(input, weight, bias)


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias[k]`` for each output feature k.

    input1 (..., in1), input2 (..., in2) with equal leading dimensions, weight (out, in1, in2), bias (out,);
    the result is (..., out).

    >>> import rushlight as torch
    >>> torch.nn.functional.bilinear(torch.ones(2), torch.ones(3), torch.ones(1, 2, 3))
    tensor([6.])
    """
    a, b, w = input1._data.shape, input2._data.shape, weight._data.shape
    if len(a) != len(b):
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {len(a)} and {len(b)}")
    for d, (n, m) in enumerate(zip(a[:-1], b[:-1])):
        if n != m:
            raise RuntimeError(f"bilinear(): input batch dimensions do not match at dim {d}: got {n} and {m}")
    if len(w) != 3:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-len(w)}, {len(w) - 1}], but got 2)")
    for i, shape in ((1, a), (2, b)):
        if shape[-1] != w[i]:
            raise RuntimeError(
                f"bilinear(): input{i} size does not match weight size: got {shape[-1]} but expected {w[i]}"
            )
    if bias is not None and bias._data.shape[0] != w[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias._data.shape[0]} but expected {w[0]}"
        )
    n = math.prod(a[:-1])
    # (n, in1) by (in1, out * in2), then each row's (out, in2) times its input2.
    half = matmul(input1.reshape(n, w[1]), weight.transpose(0, 1).reshape(w[1], w[0] * w[2])).reshape(n, w[0], w[2])
    result = (half * input2.reshape(n, 1, w[2])).sum(-1, dtype=half.dtype).view(*a[:-1], w[0])
    return result if bias is None else result + bias


register(linear, namespace="torch.nn.functional", method=False, out=exact_dtype)
register(bilinear, namespace="torch.nn.functional", method=False, out=False)
register(bilinear, method=False, out=False)

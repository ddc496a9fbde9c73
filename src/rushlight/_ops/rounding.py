"""Rounding: constant almost everywhere, so the derivative is zero; `frac`, what rounding leaves, has one of 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.families import unary
from .._core.operands import Refusal, no_kernel
from .._core.out_checks import same_dtype
from .._core.primitive import Primitive
from .._core.registry import operation, register
from .._core.tensor import Tensor
from .publish import zero_cotangent

_constant: dict[str, Any] = {
    "vjp": lambda g: zero_cotangent(g),
    "jvp": lambda x_t: zero_cotangent(x_t),
}


def _of_floats(ufunc: Any) -> Callable[[Any], Any]:
    """Integers are whole already."""

    def forward(x: Any) -> Any:
        return x.copy() if x.dtype.kind in "iu" else ufunc(x)

    return forward


def _refused(name: str) -> tuple[Refusal, ...]:
    return (*no_kernel(f"{name}_vml_cpu", "b"), Refusal("c", f"{name} is not supported for complex inputs"))


floor = unary(
    "Floor",
    _of_floats(np.floor),
    refuses=_refused("floor"),
    doc="""The largest whole number that is not above each element.

    >>> import rushlight as torch
    >>> torch.floor(torch.tensor([1.5, -1.5]))
    tensor([ 1., -2.])
    """,
    **_constant,
)
ceil = unary(
    "Ceil",
    _of_floats(np.ceil),
    refuses=_refused("ceil"),
    doc="""The smallest whole number that is not below each element.

    >>> import rushlight as torch
    >>> torch.ceil(torch.tensor([1.5, -1.5]))
    tensor([ 2., -1.])
    """,
    **_constant,
)
trunc = unary(
    "Trunc",
    _of_floats(np.trunc),
    refuses=_refused("trunc"),
    doc="""Each element without its fraction, rounded towards zero.

    >>> import rushlight as torch
    >>> torch.trunc(torch.tensor([1.5, -1.5]))
    tensor([ 1., -1.])
    """,
    **_constant,
)
frac = unary(
    "Frac",
    lambda x: x - np.trunc(x),
    1,
    refuses=no_kernel("frac_cpu", "biuc"),
    doc="""The fraction of each element, with its sign.

    >>> import rushlight as torch
    >>> torch.frac(torch.tensor([1.5, -2.25]))
    tensor([ 0.5000, -0.2500])
    """,
)
_round = unary("Round", _of_floats(np.rint), operation="round", refuses=no_kernel("round_vml_cpu", "bc"), **_constant)


def _round_to(x: Any, decimals: int) -> Any:
    scale = x.dtype.type(10.0 ** abs(decimals))
    return np.rint(x * scale) / scale if decimals > 0 else np.rint(x / scale) * scale


round_to = Primitive("RoundBackward1", _round_to, widen=True, family="unary", **_constant)


@operation(inplace=True, out=same_dtype)
def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest whole number to each element, the even one where two are equally near.

    decimals: to so many places after the point; negative: to tens, hundreds ... Raises NotImplementedError for
    bool and complex tensors, and for decimals of integers.

    >>> import rushlight as torch
    >>> torch.round(torch.tensor([0.5, 1.5, -1.7]))
    tensor([ 0.,  2., -2.])
    >>> torch.round(torch.tensor([3.14159]), decimals=2)
    tensor([3.1400])
    """
    if decimals == 0:
        return _round(input)
    for refusal in no_kernel("round_cpu", "biuc"):
        refusal.check(input._data.dtype)
    return round_to.bind(input, decimals=decimals)


register(floor, inplace=True, out=same_dtype)
register(ceil, inplace=True, out=same_dtype)
register(trunc, aliases=("fix",), inplace=True, out=same_dtype)
register(frac, inplace=True, out=same_dtype)
register(round, namespace="torch.special", method=False, out=same_dtype)

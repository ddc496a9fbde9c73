"""Modified Bessel functions of the first kind, plain and times ``exp(-|x|)``. SciPy does the numbers.

The derivatives are those of M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), 9.6.26 to 9.6.28.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._core.families import unary
from .._core.operands import no_kernel
from .._core.registry import register
from .._core.tensor import Tensor
from .selection import where
from .special import in_double, scipy_special


def _around_zero(x: Tensor, slope: Callable[[Tensor], Tensor]) -> Tensor:
    """``slope(x)``, which divides by ``x``, and its limit 1/2 at 0."""
    eps = float(np.finfo(np.float64 if x._data.dtype == np.float64 else np.float32).eps)
    small = x.abs() <= eps
    return where(small, 0.5, slope(where(small, eps, x)))


i0 = unary(
    "I0",
    in_double(np.i0),
    lambda x: i1(x),
    to_float=True,
    refuses=no_kernel("i0_vml_cpu", "c"),
    doc="""The modified Bessel function of the first kind of order 0, of each element.

    >>> import rushlight as torch
    >>> torch.i0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """,
)
i0e = unary(
    "SpecialI0E",
    in_double(lambda x: scipy_special("special.i0e").i0e(x)),
    lambda x, result: i1e(x) - x.sgn() * result,
    operation="special_i0e",
    to_float=True,
    refuses=no_kernel("i0e_cpu", "c"),
    doc="""``exp(-|x|) * i0(x)`` of each element, without overflow for large ones. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.special.i0e(torch.tensor([0.0, 1000.0]))
    tensor([1.0000, 0.0126])
    """,
)
i1 = unary(
    "SpecialI1",
    in_double(lambda x: scipy_special("special.i1").i1(x)),
    lambda x: _around_zero(x, lambda x: i0(x) - i1(x) / x),
    operation="special_i1",
    to_float=True,
    refuses=no_kernel("i1_cpu", "c"),
    doc="""The modified Bessel function of the first kind of order 1, of each element. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.special.i1(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """,
)
i1e = unary(
    "SpecialI1E",
    in_double(lambda x: scipy_special("special.i1e").i1e(x)),
    lambda x: _around_zero(x, lambda x: i0e(x) - i1e(x) * (x.sgn() + 1 / x)),
    operation="special_i1e",
    to_float=True,
    refuses=no_kernel("i1e_cpu", "c"),
    doc="""``exp(-|x|) * i1(x)`` of each element, without overflow for large ones. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.special.i1e(torch.tensor([0.0, -1000.0]))
    tensor([ 0.0000, -0.0126])
    """,
)

register(i0, inplace=True)
for _name, _function in {"i0": i0, "i0e": i0e, "i1": i1, "i1e": i1e}.items():
    register(_function, _name, namespace="torch.special", method=False)

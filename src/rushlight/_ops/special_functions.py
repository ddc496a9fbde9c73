"""What `torch.special` alone has, and differentiates: entropies, the normal distribution's quantiles, zeta.

This module loads with `rushlight.special`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.families import binary, promote, unary
from .._core.operands import no_kernel, raise_combination, wrapped
from .._core.registry import register
from .._core.tensor import Tensor
from .gamma import in_double_both, not_derived
from .selection import where
from .special import in_double, scipy_special


def _entr(x: Any) -> Any:
    positive = x > 0
    size = np.where(positive, x, x.dtype.type(1))
    edge = np.where(x == 0, x.dtype.type(0), np.where(np.isnan(x), x, x.dtype.type(-np.inf)))
    return np.where(positive, -size * np.log(size), edge)


entr = unary(
    "SpecialEntr",
    _entr,
    lambda x: -x.log() - 1,
    operation="special_entr",
    to_float=True,
    refuses=no_kernel("entr_cpu", "c"),
    doc="""``-x * log(x)`` of each element: 0 at 0, minus infinity below.

    >>> import rushlight as torch
    >>> torch.special.entr(torch.tensor([0.5, 0.0, -1.0]))
    tensor([0.3466, 0.0000,   -inf])
    """,
)
ndtri = unary(
    "SpecialNdtri",
    in_double(lambda x: scipy_special("special.ndtri").ndtri(x)),
    lambda result: (result * result / 2).exp() * math.sqrt(2 * math.pi),
    operation="special_ndtri",
    to_float=True,
    refuses=no_kernel("ndtri_cpu", "c"),
    doc="""The inverse of `ndtr`: what a standard normal number is smaller than, with this chance. Needs SciPy.

    >>> import rushlight as torch
    >>> torch.special.ndtri(torch.tensor([0.5, 0.975, 0.0]))
    tensor([0.0000, 1.9600,   -inf])
    """,
)


# -- of two numbers ------------------------------------------------------------------------------------------------


def _of_two(operator: Callable[[Any, Any], Any], name: str, doc: str) -> Callable[[Any, Any], Tensor]:
    """The function made from an operator, one of whose operands may be a number: as a tensor, so that rules need know
    no numbers."""

    def function(input: Any, other: Any) -> Tensor:
        if not (isinstance(input, Tensor) and isinstance(other, Tensor)):
            if not (isinstance(input, Tensor) or isinstance(other, Tensor)):
                raise_combination(f"special_{name}", (input, other), ("TT", "NT", "TN"))
            operands, common = promote((input, other), to_float=True)
            input, other = [t if isinstance(t, Tensor) else wrapped(t, common) for t in operands]
        return operator(input, other)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def _xlog1py(x: Any, y: Any) -> Any:
    zero = (x == 0) & ~np.isnan(y)
    return np.where(zero, x.dtype.type(0), x * np.log1p(y))


xlog1py = _of_two(
    binary(
        "SpecialXlog1Py",
        _xlog1py,
        (lambda a, b: where((a == 0) & (b <= -1), 0, b.log1p()), lambda a, b: a / (b + 1)),
        operation="special_xlog1py",
        to_float=True,
        refuses=no_kernel("xlog1py_cpu", "c"),
    ),
    "xlog1py",
    """``input * log1p(other)``, and 0 where ``input`` is 0, even for a logarithm of 0. One may be a number.

    >>> import rushlight as torch
    >>> torch.special.xlog1py(torch.tensor([0.0, 2.0]), torch.tensor([-1.0, 1.0]))
    tensor([0.0000, 1.3863])
    """,
)
zeta = _of_two(
    binary(
        "SpecialZeta",
        in_double_both("zeta", "special.zeta"),
        (not_derived("zeta"), lambda a, b: -a * zeta(a + 1, b)),
        operation="special_zeta",
        to_float=True,
        refuses=no_kernel("zeta_cpu", "c"),
    ),
    "zeta",
    """Hurwitz's zeta function: the sum of ``(k + other)**-input`` over k = 0, 1, 2 ... One may be a number.

    Needs SciPy. There is a derivative by ``other`` only.

    >>> import rushlight as torch
    >>> torch.special.zeta(torch.tensor([2.0, 4.0]), 1)
    tensor([1.6449, 1.0823])
    """,
)

_special: dict[str, Callable[..., Any]] = {"entr": entr, "ndtri": ndtri, "xlog1py": xlog1py, "zeta": zeta}
for _name, _each in _special.items():
    register(_each, _name, namespace="torch.special", method=False)

"""Orthogonal polynomials: SciPy does the numbers. PyTorch differentiates none of them, and so nor does Rushlight.

This module loads with `rushlight.special`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.families import binary
from .._core.operands import no_kernel, raise_combination
from .._core.registry import register
from .._core.tensor import Tensor
from .special import scipy_special

Polynomial = Callable[[Any, Any, Any], Any]


def _function(name: str, polynomial: Polynomial, doc: str) -> Callable[[Any, Any], Tensor]:
    """A family of polynomials, made public: ``polynomial(scipy.special, n, x)`` of integers and double precision.

    Degrees that are not whole are cut off; what has a negative one is 0, as in PyTorch.
    """

    def forward(x: Any, n: Any) -> Any:
        degree = np.maximum(np.nan_to_num(n), 0).astype(np.int64)
        values = polynomial(scipy_special(f"special.{name}"), degree, x.astype(np.float64))
        return np.where(n > -1, values, 0).astype(x.dtype)

    operator = binary(
        "".join([word.capitalize() for word in f"special_{name}".split("_")]),
        forward,
        operation=name,
        to_float=True,
        refuses=no_kernel(f"{name}_cpu", "c"),
    )

    def function(x: Any, n: Any) -> Tensor:
        given = isinstance(x, Tensor) or isinstance(n, Tensor)
        result = operator(x, n) if given else NotImplemented
        if result is NotImplemented:
            raise_combination(f"special_{name}", (x, n), ("TT", "NT", "TN"))
        return result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    register(function, namespace="torch.special", method=False, differentiable=False)
    return function


chebyshev_polynomial_t = _function(
    "chebyshev_polynomial_t",
    lambda special, n, x: special.eval_chebyt(n, x),
    """Chebyshev's polynomial of the first kind: ``cos(n * acos(x))`` between -1 and 1.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.chebyshev_polynomial_t(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-0.5000, 26.0000])
    """,
)
chebyshev_polynomial_u = _function(
    "chebyshev_polynomial_u",
    lambda special, n, x: special.eval_chebyu(n, x),
    """Chebyshev's polynomial of the second kind: ``sin((n + 1) * t) / sin(t)`` for ``x = cos(t)``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.chebyshev_polynomial_u(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ 0., 56.])
    """,
)
chebyshev_polynomial_v = _function(
    "chebyshev_polynomial_v",
    lambda special, n, x: special.eval_chebyu(n, x) - special.eval_chebyu(n - 1, x),
    """Chebyshev's polynomial of the third kind: ``cos((n + 1/2) * t) / cos(t/2)`` for ``x = cos(t)``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.chebyshev_polynomial_v(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-1., 41.])
    """,
)
chebyshev_polynomial_w = _function(
    "chebyshev_polynomial_w",
    lambda special, n, x: special.eval_chebyu(n, x) + special.eval_chebyu(n - 1, x),
    """Chebyshev's polynomial of the fourth kind: ``sin((n + 1/2) * t) / sin(t/2)`` for ``x = cos(t)``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.chebyshev_polynomial_w(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ 1., 71.])
    """,
)
shifted_chebyshev_polynomial_t = _function(
    "shifted_chebyshev_polynomial_t",
    lambda special, n, x: special.eval_sh_chebyt(n, x),
    """Chebyshev's polynomial of the first kind at ``2 * x - 1``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.shifted_chebyshev_polynomial_t(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-1., 99.])
    """,
)
shifted_chebyshev_polynomial_u = _function(
    "shifted_chebyshev_polynomial_u",
    lambda special, n, x: special.eval_sh_chebyu(n, x),
    """Chebyshev's polynomial of the second kind at ``2 * x - 1``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.shifted_chebyshev_polynomial_u(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ -1., 204.])
    """,
)
shifted_chebyshev_polynomial_v = _function(
    "shifted_chebyshev_polynomial_v",
    lambda special, n, x: special.eval_sh_chebyu(n, x) - special.eval_sh_chebyu(n - 1, x),
    """Chebyshev's polynomial of the third kind at ``2 * x - 1``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.shifted_chebyshev_polynomial_v(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ -1., 169.])
    """,
)
shifted_chebyshev_polynomial_w = _function(
    "shifted_chebyshev_polynomial_w",
    lambda special, n, x: special.eval_sh_chebyu(n, x) + special.eval_sh_chebyu(n - 1, x),
    """Chebyshev's polynomial of the fourth kind at ``2 * x - 1``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.shifted_chebyshev_polynomial_w(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ -1., 239.])
    """,
)
hermite_polynomial_h = _function(
    "hermite_polynomial_h",
    lambda special, n, x: special.eval_hermite(n, x),
    """Hermite's polynomial as physicists have it, with the leading coefficient ``2**n``.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.hermite_polynomial_h(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-1., 40.])
    """,
)
hermite_polynomial_he = _function(
    "hermite_polynomial_he",
    lambda special, n, x: special.eval_hermitenorm(n, x),
    """Hermite's polynomial as statisticians have it, with the leading coefficient 1.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.hermite_polynomial_he(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-0.7500,  2.0000])
    """,
)
laguerre_polynomial_l = _function(
    "laguerre_polynomial_l",
    lambda special, n, x: special.eval_laguerre(n, x),
    """Laguerre's polynomial.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.laguerre_polynomial_l(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([ 0.1250, -0.3333])
    """,
)
legendre_polynomial_p = _function(
    "legendre_polynomial_p",
    lambda special, n, x: special.eval_legendre(n, x),
    """Legendre's polynomial.

    ``n`` is the degree; one of the two may be a number. Needs SciPy; has no derivative.

    >>> import rushlight as torch
    >>> torch.special.legendre_polynomial_p(torch.tensor([0.5, 2.0]), torch.tensor([2, 3]))
    tensor([-0.1250, 17.0000])
    """,
)

"""Bessel functions and Airy's: SciPy does the numbers. PyTorch differentiates none of them, and so nor does Rushlight.

This module loads with `rushlight.special`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.families import unary
from .._core.operands import no_kernel
from .._core.registry import register
from .special import in_double, scipy_special


def _function(name: str, values: Callable[[Any, Any], Any], doc: str) -> Callable[[Any], Any]:
    """An elementwise function that has no derivative, made public: ``values(scipy.special, x)``."""
    title = "".join([word.capitalize() for word in f"special_{name}".split("_")])
    function = unary(
        title,
        in_double(lambda x: values(scipy_special(f"special.{name}"), x)),
        operation=f"special_{name}",
        to_float=True,
        refuses=no_kernel(f"{name}_cpu", "c"),
        doc=doc,
    )
    register(function, name, namespace="torch.special", method=False, differentiable=False)
    return function


bessel_j0 = _function(
    "bessel_j0",
    lambda special, x: special.j0(x),
    """The Bessel function of the first kind of order 0, of each element.

    >>> import rushlight as torch
    >>> torch.special.bessel_j0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.7652])
    """,
)
bessel_j1 = _function(
    "bessel_j1",
    lambda special, x: special.j1(x),
    """The Bessel function of the first kind of order 1, of each element.

    >>> import rushlight as torch
    >>> torch.special.bessel_j1(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.4401])
    """,
)
bessel_y0 = _function(
    "bessel_y0",
    lambda special, x: special.y0(x),
    """The Bessel function of the second kind of order 0, of each element: minus infinity at 0, nan below.

    >>> import rushlight as torch
    >>> torch.special.bessel_y0(torch.tensor([0.0, 1.0]))
    tensor([  -inf, 0.0883])
    """,
)
bessel_y1 = _function(
    "bessel_y1",
    lambda special, x: special.y1(x),
    """The Bessel function of the second kind of order 1, of each element: minus infinity at 0, nan below.

    >>> import rushlight as torch
    >>> torch.special.bessel_y1(torch.tensor([0.0, 1.0]))
    tensor([   -inf, -0.7812])
    """,
)
modified_bessel_i0 = _function(
    "modified_bessel_i0",
    lambda special, x: special.i0(x),
    """The modified Bessel function of the first kind of order 0, of each element; `i0`, which has a derivative too.

    >>> import rushlight as torch
    >>> torch.special.modified_bessel_i0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """,
)
modified_bessel_i1 = _function(
    "modified_bessel_i1",
    lambda special, x: special.i1(x),
    """The modified Bessel function of the first kind of order 1, of each element; `i1`, which has a derivative too.

    >>> import rushlight as torch
    >>> torch.special.modified_bessel_i1(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """,
)
modified_bessel_k0 = _function(
    "modified_bessel_k0",
    lambda special, x: special.k0(x),
    """The modified Bessel function of the second kind of order 0, of each element: infinite at 0, nan below.

    >>> import rushlight as torch
    >>> torch.special.modified_bessel_k0(torch.tensor([0.0, 1.0]))
    tensor([   inf, 0.4210])
    """,
)
modified_bessel_k1 = _function(
    "modified_bessel_k1",
    lambda special, x: special.k1(x),
    """The modified Bessel function of the second kind of order 1, of each element: infinite at 0, nan below.

    >>> import rushlight as torch
    >>> torch.special.modified_bessel_k1(torch.tensor([0.0, 1.0]))
    tensor([   inf, 0.6019])
    """,
)
scaled_modified_bessel_k0 = _function(
    "scaled_modified_bessel_k0",
    lambda special, x: special.k0e(x),
    """``exp(x) * modified_bessel_k0(x)`` of each element.

    >>> import rushlight as torch
    >>> torch.special.scaled_modified_bessel_k0(torch.tensor([0.0, 1000.0]))
    tensor([   inf, 0.0396])
    """,
)
scaled_modified_bessel_k1 = _function(
    "scaled_modified_bessel_k1",
    lambda special, x: special.k1e(x),
    """``exp(x) * modified_bessel_k1(x)`` of each element.

    >>> import rushlight as torch
    >>> torch.special.scaled_modified_bessel_k1(torch.tensor([0.0, 1000.0]))
    tensor([   inf, 0.0396])
    """,
)
spherical_bessel_j0 = _function(
    "spherical_bessel_j0",
    lambda special, x: special.spherical_jn(0, x),
    """``sin(x) / x`` of each element, 1 at 0: the spherical Bessel function of the first kind of order 0.

    >>> import rushlight as torch
    >>> torch.special.spherical_bessel_j0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.8415])
    """,
)
airy_ai = _function(
    "airy_ai",
    lambda special, x: special.airy(x)[0],
    """Airy's function Ai of each element: the solution of ``y'' = x y`` that goes to 0.

    >>> import rushlight as torch
    >>> torch.special.airy_ai(torch.tensor([0.0, 1.0]))
    tensor([0.3550, 0.1353])
    """,
)

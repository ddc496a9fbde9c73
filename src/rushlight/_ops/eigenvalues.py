"""Eigenvalues and eigenvectors, of Hermitian matrices and of any.

The derivatives are those collected by M. Giles, An extended collection of matrix derivative results (Oxford, 2008), and
for complex eigenvectors, whose length and phase are fixed by nothing but convention, by C. Boeddeker et al., On the
computation of complex-valued gradients with application to statistically optimum beamforming, arXiv:1701.00392.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.operands import raise_must_be_tensor
from .._core.out_checks import exact_dtype, safely_castable
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.return_types import return_type
from .._core.tensor import Tensor
from .lapack import check_kernel, check_matrices, check_square
from .matmul import conj, kind_of, matmul
from .solve import solve
from .spectra import converging, diagonal_of, eigh_of, eigvalsh_of, is_differentiated, over_gaps, refuse_phase

# -- Hermitian matrices ---------------------------------------------------------------------------------------


def _eigh_cotangent(gs: Any, result: Any) -> Any:
    g_L, g_V = gs
    L, V = result
    if g_V is None:
        return None if g_L is None else matmul(V * g_L.unsqueeze(-2), V.mH)
    moved = matmul(V.mH, g_V)
    if V._data.dtype.kind == "c":
        refuse_phase(diagonal_of(moved).imag, "linalg_eigh_backward", "eigenvectors", "quantity, so it is ill-defined.")
    inner = over_gaps(moved, L)
    if g_L is not None:
        inner = inner + g_L.diag_embed()
    g = matmul(V, matmul(inner, V.mH))
    return (g + g.mH) * 0.5


def _eigh_tangent(x_t: Any, result: Any) -> tuple[Any, Any]:
    L, V = result
    inner = matmul(V.mH, matmul(x_t, V))
    values = diagonal_of(inner)
    return values.real if V._data.dtype.kind == "c" else values, matmul(V, over_gaps(inner, L))


eigh_p = Primitive(
    "LinalgEigh",
    eigh_of,
    vjp=(lambda g, result: _eigh_cotangent(g, result),),
    jvp=_eigh_tangent,
    outputs=2,
    family="matrices",
)
eigvalsh_p = Primitive("LinalgEigvalsh", eigvalsh_of, family="matrices")
eigh_result = return_type("linalg_eigh", "eigenvalues", "eigenvectors")


def _triangle_named(A: Any, UPLO: Any) -> str:
    check_matrices(A, "linalg.eigh", kernel="linalg_eigh_cpu")
    if not isinstance(UPLO, str):
        raise TypeError(f"linalg_eigh(): argument 'UPLO' (position 2) must be str, not {type(UPLO).__name__}")
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    return UPLO.upper()


def eigh(A: Tensor, UPLO: str = "L") -> Any:
    """The eigenvalues, in ascending order, and eigenvectors (as columns) of each Hermitian matrix of a batch (..., n, n).

    UPLO: which triangle of A is looked at, "L" or "U". The derivative takes A for Hermitian; that of the eigenvectors is
    nan or inf where eigenvalues are equal, and a loss may not depend on the phase of complex ones (RuntimeError).

    >>> import rushlight as torch
    >>> torch.linalg.eigh(torch.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    return eigh_result(eigh_p.bind(A, UPLO=_triangle_named(A, UPLO)))


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues that `eigh` gives. They have a derivative where some are equal, too.

    >>> import rushlight as torch
    >>> torch.linalg.eigvalsh(torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    tensor([-1.,  1.])
    """
    triangle = _triangle_named(A, UPLO)
    return eigh_p.bind(A, UPLO=triangle)[0] if is_differentiated(A) else eigvalsh_p.bind(A, UPLO=triangle)


register(eigh, namespace="torch.linalg", method=False, out=exact_dtype)
register(eigvalsh, namespace="torch.linalg", method=False, out=exact_dtype)

# -- any matrices ---------------------------------------------------------------------------------------------


def _complex(x: Any) -> Any:
    return x if x.dtype.kind == "c" else x.astype(np.result_type(x, np.complex64))


def _eig(x: Any) -> tuple[Any, Any]:
    _check_finite(x)
    values, vectors = converging("linalg.eig", np.linalg.eig, np.linalg.eigvals, x)
    return _complex(values), _complex(vectors)


def _check_finite(x: Any) -> None:
    if not np.isfinite(x).all():
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")


def _eigvals(x: Any) -> Any:
    _check_finite(x)
    return _complex(converging("linalg.eig", np.linalg.eigvals, np.linalg.eigvals, x))


def _eig_cotangent(gs: Any, x_dtype: Any, result: Any) -> Any:
    """In the basis of the eigenvectors; what would make them longer, or turn their phase, is taken out."""
    g_L, g_V = gs
    L, V = result
    inner = None if g_L is None else g_L.diag_embed()
    if g_V is not None:
        moved = matmul(V.mH, g_V)
        along = diagonal_of(moved)
        refuse_phase(along.imag, "linalg_eig_backward", "eigenvectors", "quantity, so it is ill-defined.")
        across = over_gaps(moved - matmul(V.mH, V) * along.real.unsqueeze(-2), conj(L))
        inner = across if inner is None else across + inner
    if inner is None:
        return None
    g = solve(V.mH, matmul(inner, V.mH))
    return g if x_dtype.kind == "c" else g.real


def _eig_tangent(x_t: Any, result: Any) -> tuple[Any, Any]:
    L, V = result
    inner = solve(V, matmul(x_t.to(V.dtype), V))
    moved = matmul(V, over_gaps(inner, L))
    longer = (conj(V) * moved).real.sum(-2, keepdim=True)
    return diagonal_of(inner), moved - V * longer


eig_p = Primitive(
    "LinalgEig",
    _eig,
    vjp=(lambda g, x_dtype, result: _eig_cotangent(g, x_dtype, result),),
    jvp=_eig_tangent,
    outputs=2,
    family="matrices",
)
eigvals_p = Primitive("LinalgEigvals", _eigvals, family="matrices")
eig_result = return_type("linalg_eig", "eigenvalues", "eigenvectors")


def _check_any(A: Any, title: str) -> None:
    if not isinstance(A, Tensor):
        raise_must_be_tensor(title.replace(".", "_"), "A", 1, A)
    if A._data.ndim < 2:
        raise RuntimeError(f"{title}: The input tensor A must have at least 2 dimensions.")
    check_square(A._data, f"{title}: ")
    if A._data.dtype.kind not in "fVc":
        raise RuntimeError(f"Unknown Complex ScalarType for {kind_of(A)}")
    check_kernel(A, "linalg_eig_out")


def eig(A: Tensor) -> Any:
    """The eigenvalues and eigenvectors (as columns, of length 1) of each matrix of a batch (..., n, n): complex numbers.

    RuntimeError for inf and nan. The derivative is inf or nan where eigenvalues are equal, and a loss may not depend on
    the phase of the eigenvectors (RuntimeError).

    >>> import rushlight as torch
    >>> torch.linalg.eig(torch.tensor([[0.0, -1.0], [1.0, 0.0]])).eigenvalues
    tensor([0.+1.j, 0.-1.j])
    """
    _check_any(A, "linalg.eig")
    return eig_result(eig_p.bind(A))


def eigvals(A: Tensor) -> Tensor:
    """The eigenvalues that `eig` gives.

    >>> import rushlight as torch
    >>> torch.linalg.eigvals(torch.tensor([[2.0, 1.0], [0.0, 3.0]]))
    tensor([2.+0.j, 3.+0.j])
    """
    if is_differentiated(A):
        return eig(A)[0]
    _check_any(A, "linalg.eigvals")
    return eigvals_p.bind(A)


_parts = (safely_castable("torch.linalg.eig", "eigenvalues"), safely_castable("torch.linalg.eig", "eigenvectors"))
register(eig, namespace="torch.linalg", method=False, out=_parts)
register(eigvals, namespace="torch.linalg", method=False, out=safely_castable("torch.linalg.eigvals", "eigenvalues"))

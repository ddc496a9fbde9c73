"""What decompositions into values and vectors share: NumPy's, with PyTorch's errors, and parts of their derivatives."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .._core.modes import state
from .._core.tensor import Tensor, wrap
from .lapack import one_by_one, raise_failed

# -- of arrays ------------------------------------------------------------------------------------------------


def converging(title: str, decompose: Callable[..., Any], values: Callable[[Any], Any], x: Any) -> Any:
    """``decompose(x)``; where it does not converge PyTorch's error. values: of one matrix, to find out which it was."""
    try:
        return decompose(x)
    except np.linalg.LinAlgError:
        _, info = one_by_one(values, lambda a: 1, x)
        why = "contained non-finite values." if not np.isfinite(x).all() else "is ill-conditioned."
        raise_failed(info, f"{title}: {{element}}The algorithm failed to converge because the input matrix {why}")


def eigh_of(x: Any, UPLO: str = "L") -> Any:
    values = functools.partial(np.linalg.eigvalsh, UPLO=UPLO)
    return converging("linalg.eigh", lambda a: tuple(np.linalg.eigh(a, UPLO)), values, x)


def eigvalsh_of(x: Any, UPLO: str) -> Any:
    values = functools.partial(np.linalg.eigvalsh, UPLO=UPLO)
    return converging("linalg.eigh", values, values, x)


def svd_of(x: Any, full_matrices: bool) -> Any:
    return converging("linalg.svd", lambda a: tuple(np.linalg.svd(a, full_matrices)), _singular_values, x)


def svdvals_of(x: Any) -> Any:
    return converging("linalg.svd", _singular_values, _singular_values, x)


def _singular_values(x: Any) -> Any:
    return np.linalg.svd(x, compute_uv=False)


# -- of tensors -----------------------------------------------------------------------------------------------


def over_gaps(m: Any, values: Any) -> Any:
    """m_ij / (values_j - values_i), with a diagonal of zeros: equal values make it inf or nan, as in PyTorch."""
    diagonal = wrap(np.eye(values._data.shape[-1], dtype=bool))
    gaps = values.unsqueeze(-2) - values.unsqueeze(-1)
    return (m / gaps.masked_fill(diagonal, 1)).masked_fill(diagonal, 0)


def diagonal_of(m: Any) -> Any:
    return m.diagonal(0, -2, -1)


def is_differentiated(A: Tensor) -> bool:
    """Whether a derivative, or a transform that may take one, is under way: values alone would not do for it."""
    return state.interpreter is not None or (state.grad and A.requires_grad)


def refuse_phase(angle: Any, name: str, what: str, words: str) -> None:
    """RuntimeError where a loss depends on the phase of complex vectors, which is arbitrary.

    angle: of each vector the loss's derivative by its phase. The bound is wide: it is for losses, not for rounding.
    """
    if state.interpreter is None and not (np.abs(angle._data) <= 1e-2).all():
        raise RuntimeError(
            f"{name}: The {what} in the complex case are specified up to multiplication by e^{{i phi}}. The specified loss "
            f"function depends on this {words}"
        )

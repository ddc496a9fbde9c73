"""The Jacobian of a function three times over: by central differences, backward, and forward.

All are arrays of one shape: an input's elements by a result's elements. A real result ``f`` of a complex input
``z = a + ib`` has the derivative ``df/da + i df/db``, as PyTorch has it; a complex result is two real ones, its real
and its imaginary part, each with a matrix of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .._core.tensor import Tensor, wrap
from ._differentiate import grad

Tensors = tuple[Any, ...]
PARTS = ("real", "imaginary")


def as_results(value: Any) -> Tensors:
    """What a function returned, as a tuple."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def is_complex(t: Tensor) -> bool:
    return t._data.dtype.kind == "c"


def parts_of(out: Tensor) -> tuple[str, ...]:
    """Which of the real functions that ``out`` consists of are to be checked, in PyTorch's order."""
    return ("imaginary", "real") if is_complex(out) else ("real",)


def wide(array: np.ndarray) -> np.ndarray:
    """As float64 or complex128, a copy."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def values(func: Callable[..., Any], inputs: Tensors, which: tuple[int, ...]) -> list[np.ndarray]:
    """The results numbered ``which`` as wide arrays, flat."""
    results = as_results(func(*inputs))
    return [wide(results[i]._data).reshape(-1) for i in which]


def shifted(
    func: Callable[..., Any], inputs: Tensors, which: tuple[int, ...], t: Tensor, index: Any, step: complex
) -> list[np.ndarray]:
    """`values` with one element of the input ``t`` moved by ``step``, for as long as this takes."""
    data = t._data
    before = data[index]
    data[index] = before + (step if is_complex(t) else step.real)
    try:
        return values(func, inputs, which)
    finally:
        data[index] = before


def slopes(
    func: Callable[..., Any], inputs: Tensors, which: tuple[int, ...], t: Tensor, index: Any, step: complex
) -> list[np.ndarray]:
    """Central differences of the results along one element of one input."""
    up = shifted(func, inputs, which, t, index, step)
    down = shifted(func, inputs, which, t, index, -step)
    return [(a - b) / (2 * abs(step)) for a, b in zip(up, down)]


def numerical(
    func: Callable[..., Any], inputs: Tensors, t: Tensor, outputs: Tensors, which: tuple[int, ...], eps: float
) -> list[dict[str, np.ndarray]]:
    """For each of ``outputs`` its Jacobian with respect to the input ``t``, by part."""
    found = [
        {part: np.zeros((t._data.size, out._data.size), wide_dtype(t)) for part in parts_of(out)} for out in outputs
    ]
    for k, index in enumerate(np.ndindex(t._data.shape)):
        for unit in (1, 1j) if is_complex(t) else (1,):
            for matrices, slope in zip(found, slopes(func, inputs, which, t, index, complex(eps * unit))):
                for part, matrix in matrices.items():
                    matrix[k] += unit * (slope.real if part == "real" else slope.imag)
    return found


def wide_dtype(t: Tensor) -> Any:
    return np.complex128 if is_complex(t) else np.float64


def one_hot(out: Tensor, j: int, value: complex = 1) -> Tensor:
    g = np.zeros(out._data.size, out._data.dtype)
    g[j] = value
    return wrap(g.reshape(out._data.shape))


def analytical(out: Tensor, inputs: Tensors, part: str) -> list[np.ndarray]:
    """For each of ``inputs`` the Jacobian of one part of ``out``: a backward pass for each element."""
    found = [np.zeros((t._data.size, out._data.size), wide_dtype(t)) for t in inputs]
    for j in range(out._data.size):
        grads = grad(out, inputs, one_hot(out, j, 1 if part == "real" else 1j), retain_graph=True, allow_unused=True)
        for matrix, g in zip(found, grads):
            if g is not None:
                matrix[:, j] = wide(g._data).reshape(-1)
    return found


def forward_columns(
    func: Callable[..., Any], inputs: Tensors, t_index: int, outputs: Tensors, which: tuple[int, ...]
) -> list[dict[str, np.ndarray]]:
    """`numerical`, by forward mode instead of differences."""
    t = inputs[t_index]
    found = [
        {part: np.zeros((t._data.size, out._data.size), wide_dtype(t)) for part in parts_of(out)} for out in outputs
    ]
    for k in range(t._data.size):
        for unit in (1, 1j) if is_complex(t) else (1,):
            for matrices, slope in zip(found, pushed(func, inputs, t_index, one_hot(t, k, unit), which)):
                for part, matrix in matrices.items():
                    matrix[k] += unit * (slope.real if part == "real" else slope.imag)
    return found


def pushed(
    func: Callable[..., Any], inputs: Tensors, t_index: int, tangent: Tensor, which: tuple[int, ...]
) -> list[np.ndarray]:
    """The tangents of the results, flat, for one of an input."""
    from . import forward_ad

    with forward_ad.dual_level():
        dual = forward_ad.make_dual(inputs[t_index], tangent)
        results = as_results(func(*inputs[:t_index], dual, *inputs[t_index + 1 :]))
        duals = [forward_ad.unpack_dual(results[i]) for i in which]
    return [np.zeros(d.primal._data.size) if d.tangent is None else wide(d.tangent._data).reshape(-1) for d in duals]


def directions(t: Tensor, rng: np.random.Generator) -> np.ndarray:
    """A random direction of length one in the space of ``t``."""
    u = rng.standard_normal(t._data.shape)
    if is_complex(t):
        u = u + 1j * rng.standard_normal(t._data.shape)
    norm = np.linalg.norm(u.reshape(-1))
    return u / norm if norm else u


def along(
    func: Callable[..., Any], inputs: Tensors, t: Tensor, u: np.ndarray, which: tuple[int, ...], eps: float
) -> list[np.ndarray]:
    """The directional derivatives of the results, the whole input ``t`` moved along ``u``."""
    before = t._data.copy()
    ends = []
    try:
        for step in (eps, -eps):
            t._data[...] = before + (step * u).astype(before.dtype)
            ends.append(values(func, inputs, which))
    finally:
        t._data[...] = before
    return [(a - b) / (2 * eps) for a, b in zip(*ends)]


def differentiable(inputs: Tensors) -> Iterator[tuple[int, Tensor]]:
    """The inputs that gradients are wanted for, with their positions."""
    for i, t in enumerate(inputs):
        if isinstance(t, Tensor) and t.requires_grad:
            yield i, t

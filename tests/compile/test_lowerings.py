"""Rules of single operations at their edges: where they do otherwise than the samples of every primitive ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="the code generator needs llvmlite")

import rushlight as torch
from tests.compile.running import assert_close, program_of


def calls_of(compiled: Any) -> list[str]:
    """The operations that a compiled function leaves to NumPy."""
    return [call.operation.primitive.name for p in program_of(compiled) for call in p.plan.lowered.calls]


def check(function: Any, *inputs: Any, tolerance: float = 1e-13) -> None:
    """``function`` compiled gives what it gives, without NumPy."""
    compiled = torch.compile(function, fullgraph=True)
    for _ in range(3):
        found = compiled(*inputs)
    assert not calls_of(compiled)
    assert_close(found, function(*inputs), tolerance)


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((3, 4), (2, 4, 5)), ((7, 1, 3, 4), (2, 4, 5)), ((4,), (2, 4, 5)),
        ((1, 3, 4), (6, 4, 5)), ((6, 3, 4), (1, 4, 5)), ((4,), (4, 5)), ((2, 3, 4), (4,)), ((3, 1, 9), (3, 9, 20)),
        ((20, 30, 40), (40, 50)), ((3, 17, 1), (3, 1, 19)), ((2, 40, 50), (2, 50, 60)), ((3, 1, 30, 41), (4, 41, 37)),
        ((2, 5, 20, 30), (1, 5, 30, 40)), ((3, 20, 30), (2, 1, 30, 40)),
    ],
)  # fmt: skip
def test_batches_of_products(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    check(lambda a, b: a @ b, numbers(*a), numbers(*b))
    if len(a) > 1:
        check(lambda a, b: a.mT @ b, numbers(*a[:-2], a[-1], a[-2]), numbers(*b))
    if len(b) > 1:
        check(lambda a, b: a @ b.mT, numbers(*a), numbers(*b[:-2], b[-1], b[-2]))


@pytest.mark.parametrize("dims", [(0, 1), (1, 0), (1, 2), (2, 0), (-1, -2)])
@pytest.mark.parametrize("offset", [-3, -1, 0, 1, 3])
def test_diagonals(offset: int, dims: tuple[int, int]) -> None:
    x = numbers(4, 5, 6).requires_grad_()

    def gradient(x: Any) -> Any:
        return torch.autograd.grad((x.diagonal(offset, *dims) ** 2).sum(), x)[0]

    def replaced(x: Any) -> Any:
        return torch.diagonal_scatter(x, x.diagonal(offset, *dims) + 1, offset, *dims)

    check(gradient, x)
    check(replaced, x.detach())
    check(lambda x: torch.diag_embed(x, offset, *dims), x.detach()[0, :2])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "base", [0.96, 0.999, 2.0, 10.0, 1e-300, 1e30, 1.0000001, 0.0, 1.0, -2.0, -1.0, np.inf, np.nan]
)
def test_powers_of_a_number(base: float, dtype: Any) -> None:
    tiny = np.finfo(dtype).tiny
    special = [0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, np.inf, -np.inf, np.nan, tiny, -tiny, tiny / 8, 1e30, -1e30]
    logarithm = np.log2(base) if 0 < base < np.inf and base != 1 else 1.0
    # Over the whole range of results, infinite and denormal ones too.
    spread = np.linspace(-1.1, 1.1, 2001) * np.finfo(dtype).maxexp / logarithm
    x = np.concatenate([special, np.random.default_rng(0).uniform(-5, 5, 2001), spread]).astype(dtype)
    compiled = torch.compile(lambda x: base**x, fullgraph=True)
    for _ in range(3):
        found = compiled(torch.tensor(x)).numpy()
    assert not calls_of(compiled)
    with np.errstate(all="ignore"):
        reference = np.power(np.longdouble(dtype(base)), x.astype(np.longdouble)).astype(dtype)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(reference))
    there = np.isfinite(reference) & np.isfinite(found)
    # What is infinite for one may be the largest number for the other.
    np.testing.assert_array_equal(np.sign(found[~there]), np.sign(reference[~there]))
    with np.errstate(all="ignore"):
        error = np.abs(found[there].astype(np.longdouble) - reference[there]) / np.spacing(np.abs(reference[there]))
    assert error.max() < 4

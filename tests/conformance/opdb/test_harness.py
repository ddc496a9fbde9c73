"""The harness finds PyTorch to be PyTorch, and each of its checks finds the mistake that it is there for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

import rushlight
from tests.conformance.translate import fresh

from . import expected
from .entries import ENTRIES
from .left_out import left_out
from .library import TORCH, Library
from .running import CHECKS, run

# One in so many, and those whose wrappers and results are of an unusual kind.
SPREAD = sorted(
    {
        *[n for n in ENTRIES if left_out(n) is None][::40],
        *("T", "__radd__", "item", "add", "sort", "masked.amax", "linalg.eigh", "nn.functional.dropout", "uniform"),
        *("signal.windows.hann", "empty_like", "where", "svd_lowrank", "resize_", "polygamma.polygamma_n_1", "split"),
    }
)


@pytest.mark.parametrize("name", SPREAD)
def test_pytorch_passes(name: str) -> None:
    outcomes = run(name, library=TORCH)
    assert outcomes
    assert {check: outcome.failures for check, outcome in outcomes.items() if not outcome.passed} == {}


class Planted:
    """PyTorch with other functions under some paths."""

    def __init__(self, root: Any, replaced: dict[str, Any]):
        self._root, self._replaced = root, replaced

    def __getattr__(self, name: str) -> Any:
        if name in self._replaced:
            return self._replaced[name]
        inner = {k.partition(".")[2]: v for k, v in self._replaced.items() if k.partition(".")[0] == name}
        value = getattr(self._root, name)
        return Planted(value, inner) if inner else value


def failing(name: str, replaced: dict[str, Any]) -> set[str]:
    library = Library(Planted(torch, replaced), fresh, torch.Tensor)
    return {check for check, outcome in run(name, library=library).items() if not outcome.passed}


def checks(prefix: str, name: str) -> set[str]:
    return {check for check in run(name, library=TORCH) if check.startswith(prefix)}


class WrongTangent(torch.autograd.Function):
    """`sin` that is wrong in forward mode alone."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)
        return x.sin()

    @staticmethod
    def backward(ctx: Any, g: torch.Tensor) -> torch.Tensor:
        return g * ctx.saved_tensors[0].cos().conj()

    @staticmethod
    def jvp(ctx: Any, t: torch.Tensor) -> torch.Tensor:
        return 1.001 * t * ctx.saved_tensors[0].cos()


def writing(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[..., torch.Tensor]:
    """`function` with an `out=` that works."""
    return lambda x, out=None: function(x) if out is None else torch.sin(x, out=out)


def dual(x: torch.Tensor) -> bool:
    return torch.autograd.forward_ad._current_level >= 0


def wrong_curvature(x: torch.Tensor) -> torch.Tensor | float:
    """Zero, and of derivative zero."""
    return 0.01 * (x - x.detach()) ** 2 if x.requires_grad else 0


def overwritten(x: torch.Tensor) -> torch.Tensor:
    result = x.sin()
    with torch.no_grad():
        x.zero_()
    return result


def batched(x: torch.Tensor) -> bool:
    return torch._C._functorch.is_batchedtensor(x)


FORWARD = checks("forward float", "sin") | checks("forward complex", "sin") | checks("forward bfloat", "sin")
FIRST, SECOND, TANGENTS = (checks(prefix, "sin") for prefix in ("gradient", "second order", "forward mode"))

PLANTED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a value": ({"sin": writing(lambda x: x.sin() * 1.1)}, FORWARD),
    "a value of one dtype": (
        {"sin": writing(lambda x: x.sin() + (x.dtype == torch.float64) * 1e-8)},
        {"forward float64", "vmap"},
    ),
    "a dtype": ({"sin": writing(lambda x: x.sin().to(torch.complex128))}, {"forward float32", "forward int64"}),
    "a shape": ({"sin": writing(lambda x: x.sin()[None])}, FORWARD),
    "an overwritten argument": ({"sin": writing(overwritten)}, FORWARD),
    "a gradient": ({"sin": writing(lambda x: x.sin() + 0.01 * (x - x.detach()))}, FIRST | SECOND),
    "no gradient": ({"sin": writing(lambda x: x.detach().sin())}, FIRST | SECOND),
    "the second order": ({"sin": writing(lambda x: x.sin() + wrong_curvature(x))}, SECOND),
    "a tangent": ({"sin": writing(lambda x: WrongTangent.apply(x) if dual(x) else x.sin())}, TANGENTS),
    "a batch": ({"sin": writing(lambda x: x.cos() if batched(x) else x.sin())}, {"vmap"}),
    "a method": ({"Tensor.sin": lambda x: x.cos()}, {"forms"}),
    "an in-place form that does not write": ({"Tensor.sin_": lambda x: x}, {"in-place"}),
    "an in-place form that returns a copy": ({"Tensor.sin_": lambda x: x.sin_().clone()}, {"in-place"}),
    "an in-place form without a derivative": ({"Tensor.sin_": lambda x: x.copy_(x.detach().sin())}, {"in-place"}),
    "an out= that is ignored": ({"sin": lambda x, out=None: x.sin()}, {"out="}),
    "an out= that is written to but not returned": (
        {"sin": lambda x, out=None: x.sin() if out is None else torch.sin(x, out=out).clone()},
        {"out="},
    ),
    "an out= of any dtype": (
        {"sin": lambda x, out=None: x.sin() if out is None else out.resize_(x.shape).copy_(x.sin())},
        {"out="},
    ),
    "a missing function": ({"sin": None}, FORWARD | FIRST | SECOND | TANGENTS | {"vmap", "out="}),
}

# What fails besides, because a wrong function is wrong in every respect.
ALONE = {"a value of one dtype", "the second order", "a tangent", "a batch", "a method"} | {
    mistake for mistake in PLANTED if mistake.startswith("an ")
} - {"an overwritten argument"}


@pytest.mark.parametrize("mistake", PLANTED)
def test_planted_mistake_is_found(mistake: str) -> None:
    replaced, found_by = PLANTED[mistake]
    found = failing("sin", replaced)
    assert found_by <= found
    if mistake in ALONE:
        assert found == found_by


def forgiving(type_raised: type[Exception] | None) -> Callable[..., Any]:
    def diag(*args: Any, **kwargs: Any) -> Any:
        try:
            return torch.tril(*args, **kwargs)
        except RuntimeError:
            if type_raised is None:
                return args[0]
            raise type_raised("no") from None

    return diag


@pytest.mark.parametrize("instead", [None, ValueError, NotImplementedError])
def test_missing_error_is_found(instead: type[Exception] | None) -> None:
    assert "error inputs" in CHECKS
    found = failing("tril", {"tril": forgiving(instead)})
    assert "error inputs" in found
    assert not any(check.startswith(("forward", "gradient")) for check in found)


def test_a_dtype_that_should_be_refused() -> None:
    """`x.sin_()` of integers."""

    def sin_(x: torch.Tensor) -> torch.Tensor:
        return x.sin_() if x.dtype.is_floating_point or x.dtype.is_complex else x

    assert failing("sin", {"Tensor.sin_": sin_}) == {"in-place"}


def test_a_tensor_of_another_library() -> None:
    """Wrappers that would go to PyTorch itself are found."""
    library = Library(torch, fresh, rushlight.Tensor)
    outcomes = run("arange", library=library)
    assert outcomes
    assert not any(outcome.passed for check, outcome in outcomes.items() if check != "error inputs")


def test_known_failures() -> None:
    known = {("sin", "out="), ("cos", "vmap")}
    assert expected.complaint("sin", {"vmap": None, "out=": "wrong"}, known) == ""
    assert "vmap: wrong" in expected.complaint("sin", {"vmap": "wrong", "out=": "wrong"}, known)
    assert "out=: no longer fails" in expected.complaint("sin", {"vmap": None, "out=": None}, known)
    assert "out=: no longer fails" in expected.complaint("sin", {"vmap": None}, known)

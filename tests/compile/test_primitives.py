"""Every primitive, compiled: the result, its gradient and second derivatives are those of the eager call."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from tests.compile.running import BACKENDS, assert_close, first_samples, program_of
from tests.ops.test_derivatives import Case, cases

# Samples that no trace can follow: shapes from values; those that draw set the generator's state themselves.
NOT_TRACED = ("the state of a random generator", "a shape that comes from values")
VALUES_STEER = ("torch.cov",)  # it warns where its weights leave nothing to estimate from


def whole(case: Case, given: list[list[Any]]) -> Any:
    """Result, gradient and second derivatives as one function of the inputs."""

    def function(*inputs: Any) -> Any:
        outs = case.function(*inputs)
        wanted = [x for x in inputs if x.requires_grad]
        found = [[o.detach().clone() for o in outs]]
        for order in range(min(case.sample.order, 2)):
            outs = [o for o in outs if o is not None and o.requires_grad]
            if not outs or not wanted:
                break
            if len(given) == order:
                given.append([cotangent(o) for o in outs])
            outs = torch.autograd.grad(outs, wanted, given[order], create_graph=True, allow_unused=True)
            found.append([None if o is None else o.detach().clone() for o in outs])
        return found

    return function


def cotangent(out: Any) -> Any:
    values = np.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
    return torch.tensor(values, dtype=out.dtype)


def varied(x: Any, times: int) -> Any:
    """Almost the same input: a value that was baked into a program shows."""
    if not x.requires_grad:
        return x.clone()
    return (x.detach() * (1 + 1e-6 * times)).requires_grad_()


EVERY = [pytest.param(case.values[0], "eager", id=f"{case.id}-eager") for case in cases()]
if "inductor" in BACKENDS:
    EVERY += [pytest.param(case.values[0], "inductor", id=f"{case.id}-inductor") for case in first_samples(2)]


@pytest.mark.parametrize(("case", "backend"), EVERY)
def test_compiled_primitive_equals_eager(case: Case, backend: str) -> None:
    inputs = case.inputs()
    given: list[list[Any]] = []
    function = whole(case, given)
    function(*inputs)
    compiled = torch.compile(function, backend=backend)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for times in range(4):
            now = [varied(x, times) for x in inputs]
            torch.manual_seed(0)
            expected = function(*now)
            torch.manual_seed(0)
            assert_close(compiled(*now), expected, 1e-12)
    refused = [str(w.message) for w in told if "is not compiled" in str(w.message)]
    if not (refused and any(reason in refused[0] for reason in NOT_TRACED)) and case.name not in VALUES_STEER:
        assert not refused, refused[0]
        assert len(program_of(compiled)) == 1

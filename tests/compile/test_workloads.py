"""What is measured of compiled functions, made small: in double precision they compute what eager calls compute."""

from __future__ import annotations

from typing import Any

import pytest

import rushlight as torch
from benchmarks import derivatives, workloads
from benchmarks.registry import WORKLOADS
from tests.compile.running import BACKENDS, assert_close, program_of

# How small.
SIZES: dict[str, dict[str, Any]] = {
    "multiply": {},
    "multiply_backward": {},
    "regression_sgd": {},
    "regression_adam": {},
    "regression_nadam": {},
    "puzzle": {},
    "mlp": {"batch": 5, "widths": (7, 6, 3)},
    "mlp_adam": {"batch": 5, "widths": (7, 6, 3)},
    "elementwise": {"n": 1001},
    "elementwise_backward": {"n": 1001},
    "matmul": {"n": 9},
    **{f"chain_1e{k}": {"n": 10 * k} for k in (3, 4, 5, 6)},
    "per_sample": {"batch": 5, "widths": (4, 6, 3)},
    **{name: {"n": 7} for name in derivatives.NESTINGS},
    "hessian_functional": {"n": 7},
    "hvp": {"n": 7},
    "hessian_200": {"n": 7},
    "hessian_200_rows": {"n": 7},
    **{name: {"widths": (4, 6, 3)} for name in derivatives.JACOBIANS},
    "jacobian_functional": {"widths": (4, 6, 3)},
    "pinn": {"points": 6, "width": 5},
    "pinn_func": {"points": 6, "width": 5},
    "gradient_penalty": {"batch": 5, "width": 6},
    "maml": {"tasks": 2, "shots": 3, "width": 4, "inner_steps": 2},
    "maml_func": {"tasks": 2, "shots": 3, "width": 4},
    "forces": {"particles": 4, "width": 5},
    "neural_ode": {"batch": 5, "width": 6, "steps": 2},
}
REPEATED = {"puzzle_1000"}  # 1000 calls of another of them


def test_all_workloads_are_here() -> None:
    here = (derivatives.__name__, workloads.__name__)
    names = {name for name, (_, make) in WORKLOADS.items() if make.__module__ in here}
    assert names == {*SIZES, *REPEATED}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", SIZES)
def test_compiled_workload_equals_eager(name: str, backend: str) -> None:
    _, make = WORKLOADS[name]
    torch.manual_seed(3)
    eager = make(torch, dtype="float64", **SIZES[name])
    expected = [eager() for _ in range(5)]
    torch.manual_seed(3)
    compiled = torch.compile(make(torch, dtype="float64", **SIZES[name]), backend=backend, fullgraph=True)
    # Each result is looked at when all are there: none lies in memory that a later call has used.
    found = [compiled() for _ in range(5)]
    assert len(program_of(compiled)) == 1
    assert_close(found, expected, 1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_repeated_workload_equals_eager(backend: str) -> None:
    eager = workloads.puzzle_1000(torch, dtype="float64", times=20)
    compiled = workloads.puzzle_1000(torch, dtype="float64", times=20)
    compiled.step = torch.compile(compiled.step, backend=backend, fullgraph=True)
    compiled.repeat = compiled.step.repeat
    # NAdam keeps a product in float32: a last bit of a power in float64 may decide how that is rounded.
    tolerance = 1e-7 if backend == "inductor" else 1e-12
    assert_close([compiled() for _ in range(3)], [eager() for _ in range(3)], tolerance)

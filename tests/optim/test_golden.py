"""Optimizers and schedules lead where PyTorch's do (golden/optim.json)."""

import json
import pathlib

import numpy as np
import pytest

import rushlight as torch
from tests.optim import cases

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "optim.json").read_text())


TOLERANCES = {"float32": {"rtol": 2e-6, "atol": 2e-7}, "float64": {"rtol": 1e-11, "atol": 1e-13}}


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("name", "options"), cases.FLAT, ids=[cases.label(*case) for case in cases.FLAT])
def test_parameters_after_many_steps(name, options, dtype):
    golden = GOLDEN["optimizers"][cases.label(name, options)]

    seen, optimizer = cases.train(torch, name, options, dtype)

    assert seen.keys() == golden["params"][dtype].keys()
    for step, params in golden["params"][dtype].items():
        for ours, theirs in zip(seen[step], params, strict=True):
            np.testing.assert_allclose(ours, theirs, **TOLERANCES[dtype], err_msg=f"after {step} steps")
    assert repr(optimizer) == golden["text"]


@pytest.mark.parametrize(("name", "options"), cases.FLAT, ids=[cases.label(*case) for case in cases.FLAT])
def test_the_state_has_pytorchs_names_and_dtypes(name, options):
    _, optimizer = cases.train(torch, name, options, steps=1)

    state = optimizer.state_dict()["state"].get(0, {})

    assert {k: str(v.dtype) if torch.is_tensor(v) else v for k, v in state.items()} == (
        GOLDEN["optimizers"][cases.label(name, options)]["state"]
    )


@pytest.mark.parametrize("options", cases.LBFGS_CASES, ids=str)
def test_lbfgs(options):
    golden = GOLDEN["lbfgs"][str(options)]

    seen = cases.minimise(torch, options)

    assert (seen["evaluations"], seen["n"]) == (golden["evaluations"], golden["n"])
    for key in ("losses", "x", "y"):
        np.testing.assert_allclose(seen[key], golden[key], rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "options"), cases.FLAT_SCHEDULES, ids=[cases.label(*case) for case in cases.FLAT_SCHEDULES]
)
def test_schedules(name, options):
    assert cases.schedule(torch, name, options) == GOLDEN["schedules"][cases.label(name, options)]


def test_composite_schedules():
    assert cases.composites(torch) == GOLDEN["composites"]


@pytest.mark.parametrize("options", cases.PLATEAUS, ids=str)
def test_plateaus(options):
    assert cases.plateau(torch, options) == GOLDEN["plateaus"][str(options)]

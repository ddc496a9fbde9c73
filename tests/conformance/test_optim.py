"""Optimizers against PyTorch: its own samples (`optim_db`), the project's cases, and a network trained by both."""

import numpy as np
import pytest
import torch
from torch.testing._internal.common_optimizers import optim_db

import rushlight
from tests import behaviour
from tests.conformance.translate import assert_close, translated
from tests.optim import cases

pytestmark = pytest.mark.filterwarnings("ignore")

OPTIMIZERS = [info for info in optim_db if info.optim_cls.__name__ != "SparseAdam"]  # has no sparse gradients


@pytest.mark.parametrize("info", OPTIMIZERS, ids=lambda info: info.optim_cls.__name__)
def test_pytorchs_own_samples(info):
    for sample in info.optim_inputs_func(device="cpu"):
        if info.optim_cls.__name__ == "LBFGS":
            continue
        theirs, their_optimizer = cases.train(torch, info.optim_cls.__name__, sample.kwargs, "float64", steps=20)
        ours, our_optimizer = cases.train(
            rushlight, info.optim_cls.__name__, translated(sample.kwargs), "float64", steps=20
        )
        for step in theirs:
            for a, b in zip(ours[step], theirs[step], strict=True):
                # A learning rate that is a tensor is one of single precision.
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8, err_msg=f"{sample.desc} after {step}")
        assert repr(our_optimizer) == repr(their_optimizer)


@pytest.mark.parametrize(("name", "options"), cases.FLAT, ids=[cases.label(*case) for case in cases.FLAT])
def test_the_projects_cases(name, options):
    ours, theirs = (cases.train(package, name, options, "float64")[0] for package in (rushlight, torch))
    for step in theirs:
        for a, b in zip(ours[step], theirs[step], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12, err_msg=f"after {step} steps")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", cases.LBFGS_CASES, ids=str)
def test_lbfgs(options, dtype):
    ours, theirs = (cases.minimise(package, options, dtype=dtype) for package in (rushlight, torch))
    rtol, atol = (1e-7, 1e-12) if dtype == "float64" else (2e-3, 2e-4)
    for key in ("losses", "x", "y"):
        np.testing.assert_allclose(ours[key], theirs[key], rtol=rtol, atol=atol)


@pytest.mark.parametrize("code", behaviour.snippets("optim"))
def test_snippet(code):
    assert behaviour.outcome(rushlight, code) == behaviour.outcome(torch, code)


@pytest.mark.parametrize("name", cases.CASES)
def test_states_go_from_one_library_to_the_other(name):
    _, theirs = cases.train(torch, name, {}, steps=5)
    ours = getattr(rushlight.optim, name)(cases.start(rushlight, name))
    ours.load_state_dict(translated(theirs.state_dict()))
    for mine, other in zip(ours.state.values(), theirs.state.values(), strict=True):
        assert mine.keys() == other.keys()
        for key, value in other.items():
            if isinstance(value, torch.Tensor):
                assert_close(mine[key], value, key)


def train_network(package, name, options, steps=60):
    package.manual_seed(3)
    nn, F = package.nn, package.nn.functional
    net = nn.Sequential(nn.Linear(5, 16), nn.Tanh(), nn.LayerNorm(16), nn.Dropout(0.1), nn.Linear(16, 3))
    trained = [p for p in net.parameters() if name != "Muon" or p.ndim == 2]
    optimizer = getattr(package.optim, name)(trained, **options)
    scheduler = package.optim.lr_scheduler.StepLR(optimizer, 20, 0.5)
    x, y = package.randn(32, 5), package.randint(0, 3, (32,))
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("name", cases.CASES)
def test_a_network_learns_the_same(name):
    options = {"lr": 0.01}
    np.testing.assert_allclose(
        train_network(rushlight, name, options), train_network(torch, name, options), rtol=2e-4, atol=1e-5
    )

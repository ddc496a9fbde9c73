"""The short ways of `_ops.quick` come to the same results as the records' own."""

from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.modes import state
from rushlight._ops import quick
from tests.ops import samples
from tests.ops.samples import Sample

SAMPLES = samples.collect()
CASES = [
    pytest.param(sample, id=f"{primitive.name}-{i}-{sample}")
    for primitive in quick.ON_ARRAYS
    for i, sample in enumerate(SAMPLES[primitive.name])
]


def gradients(sample: Sample, dtype: Any, *, create_graph: bool, general: bool = False) -> list[np.ndarray]:
    """By the rules where a graph is wanted, by their form on arrays where none is."""
    inputs = [torch.from_numpy(np.array(a)) for a in sample.inputs]
    inputs = [t.to(dtype).requires_grad_() if t.is_floating_point() else t for t in inputs]
    leaves = [t for t in inputs if t.requires_grad]
    mode = state.mode
    if general:
        state.mode = 0
    try:
        out = sample.function(*inputs)
    finally:
        state.mode = mode
    rng = np.random.default_rng(3)
    outs = [o for o in (out if isinstance(out, tuple) else (out,)) if o.requires_grad]
    cotangents = [torch.from_numpy(np.asarray(rng.uniform(-1, 1, o.shape))).to(dtype) for o in outs]
    grads = torch.autograd.grad(outs, leaves, cotangents, create_graph=create_graph)
    return [o.detach().numpy() for o in outs] + [g.detach().numpy() for g in grads]


@pytest.mark.parametrize("sample", CASES)
@pytest.mark.parametrize("name", ["float32", "float64"])
def test_cotangents_on_arrays_are_those_of_the_rules(sample: Sample, name: str) -> None:
    dtype = getattr(torch, name)
    short = gradients(sample, dtype, create_graph=False)
    by_rules = gradients(sample, dtype, create_graph=True)
    tolerance = 2e-5 if name == "float32" else 1e-12
    for a, b in zip(short, by_rules):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * max(1, np.abs(b).max(initial=0)))


@pytest.mark.parametrize("sample", CASES)
def test_what_is_remembered_is_what_a_record_keeps(sample: Sample) -> None:
    short = gradients(sample, torch.float64, create_graph=False)
    general = gradients(sample, torch.float64, create_graph=False, general=True)
    for a, b in zip(short, general):
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("written", ["x", "w", "t"])
def test_writing_over_what_was_saved_is_noticed(written: str) -> None:
    """Whichever way it was recorded: what a rule needs may not change before it runs."""
    x, w = (torch.ones(2, 2, requires_grad=True) * 1 for _ in range(2))
    t = torch.tensor([0, 1])
    F = torch.nn.functional
    if written == "t":
        out = F.cross_entropy(x, t)
    else:
        out = F.linear(x, w, torch.ones(2)).sum() + F.mse_loss(x, w)
    {"x": x, "w": w, "t": t}[written].detach().add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        out.backward()


def test_writing_over_what_was_not_saved_is_allowed() -> None:
    x, w, b = torch.ones(2, 2), torch.ones(2, 2, requires_grad=True) * 1, torch.ones(2, requires_grad=True) * 1
    out = torch.nn.functional.linear(x, w, b).sum()
    w.detach().add_(1)  # only for the gradient of x, which nobody wants
    b.detach().add_(1)
    out.backward()


def test_a_mask_of_bits() -> None:
    for dtype in (np.float32, np.float64):
        g = np.array([np.inf, np.nan, -1.0, 2.0, -np.inf], dtype)
        np.testing.assert_array_equal(
            quick.kept(g, np.array([False, False, True, True, True])), np.array([0, 0, -1, 2, -np.inf], dtype)
        )
        strided = np.arange(6, dtype=dtype)[::2]
        np.testing.assert_array_equal(quick.kept(strided, np.array([True, False, True])), [0, 0, 4])

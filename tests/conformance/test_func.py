"""The transforms beside PyTorch: programs, scenarios, and forward mode of every operation on PyTorch's own samples."""

import warnings

import numpy as np
import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

import rushlight
from rushlight.utils._pytree import tree_flatten, tree_leaves, tree_unflatten
from tests.autograd.scenarios import play
from tests.func.programs import PROGRAMS
from tests.func.scenarios import SCENARIOS

from .translate import translated

DIFFERENTIABLE = ("float64", "complex128")


@pytest.fixture(autouse=True)
def _quiet():
    """PyTorch's first use of forward mode warns of its own doings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.func.jvp(torch.sin, (torch.ones(1),), (torch.ones(1),))
        yield


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs(program):
    for ours, theirs in zip(program(rushlight), program(torch), strict=True):
        np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_scenarios(scenario):
    assert play(scenario, rushlight) == play(scenario, torch)


# -- forward mode of every operation ----------------------------------------------------------------------------------------

# Where the two differ, and why.
DIFFERENT = {
    "as_strided.partial_views": "the sample is a view of other memory, of which only the values are handed over",
    "logcumsumexp": "exponents of 1e4, which cost PyTorch's formula five digits",
    "nn.functional.hardsigmoid": "PyTorch's slope is 1/6 in single precision",
    "var.unbiased": "of nothing: nan here, zero there",
    "var_mean.unbiased": "of nothing: nan here, zero there",
}


# PyTorch's samples hand the arguments over in another order than the function takes them.
REARRANGED = {
    "einsum": lambda tensors, equation: rushlight.einsum(equation, tensors),
    "nn.functional.embedding": lambda weight, index, **more: rushlight.nn.functional.embedding(index, weight, **more),
    "polygamma": lambda x, n: rushlight.polygamma(n, x),
    "special.polygamma": lambda x, n: rushlight.special.polygamma(n, x),
    "where": lambda x, condition, other: rushlight.where(condition, x, other),
}


def counterpart(op):
    """Rushlight's function of the same name, or None."""
    if op.name in REARRANGED:
        return REARRANGED[op.name]
    for name in (op.name, *[alias.name for alias in op.aliases]):
        found = rushlight
        try:
            for part in name.split("."):
                found = getattr(found, part)
        except (AttributeError, NotImplementedError):
            continue
        if callable(found):
            return found
    return None


def named(op):
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


def dtype_of(t):
    return str(t.dtype).rpartition(".")[2]


def of_leaves(function, leaves, spec, places):
    """``function`` of the leaves at ``places``; the results that can be differentiated."""

    def call(*values):
        given = list(leaves)
        for i, value in zip(places, values):
            given[i] = value
        input, args, kwargs = tree_unflatten(given, spec)
        out = function(input, *args, **kwargs)
        results = tree_leaves(tuple(out) if isinstance(out, tuple) else out)  # also what has names for its results
        return tuple(t for t in results if dtype_of(t) in DIFFERENTIABLE)

    return call


def forward_cases():
    """Each operation that PyTorch can differentiate forward, with real and with complex numbers."""
    for op in op_db:
        if op.supports_forward_ad and counterpart(op) is not None:
            for dtype in (torch.float64, torch.complex128):
                if dtype in op.supported_dtypes("cpu") and dtype in op.supported_backward_dtypes("cpu"):
                    yield pytest.param(op, dtype, id=f"{named(op)}-{dtype_of(torch.empty(0, dtype=dtype))}")


def resolved(leaf):
    """A leaf as NumPy can look at it."""
    return translated(leaf.resolve_conj().resolve_neg() if isinstance(leaf, torch.Tensor) else leaf)


@pytest.mark.parametrize(("op", "dtype"), list(forward_cases()))
def test_forward_mode(op, dtype):
    if named(op) in DIFFERENT:
        pytest.skip(DIFFERENT[named(op)])
    ours, compared = counterpart(op), 0
    for sample in list(op.sample_inputs("cpu", dtype))[:8]:
        leaves, spec = tree_flatten((sample.input, sample.args, sample.kwargs))
        places = [i for i, t in enumerate(leaves) if isinstance(t, torch.Tensor) and dtype_of(t) in DIFFERENTIABLE]
        primals = tuple(leaves[i] for i in places)
        rng = np.random.default_rng(1)
        tangents = tuple(
            torch.from_numpy(
                np.asarray(rng.standard_normal(t.shape) + 1j * t.is_complex() * rng.standard_normal(t.shape))
            )
            for t in primals
        )
        tangents = tuple(t if p.is_complex() else t.real for t, p in zip(tangents, primals))
        try:
            translated_leaves = [resolved(leaf) for leaf in leaves]
            mine = of_leaves(ours, translated_leaves, spec, places)
            mine(*[translated_leaves[i] for i in places])
            theirs = torch.func.jvp(of_leaves(op.op, leaves, spec, places), primals, tangents)
        except Exception:  # noqa: BLE001 - what one of the two has not got, or PyTorch not in forward mode
            continue
        values = tuple(translated_leaves[i] for i in places)
        rushlight.manual_seed(42)  # the seed that PyTorch's samples of random operations begin with
        found = rushlight.func.jvp(mine, values, tuple(resolved(t.contiguous()) for t in tangents))
        compared += 1
        for which, a, b in zip(("value", "tangent"), found, theirs):
            for x, y in zip(a, b, strict=True):
                np.testing.assert_allclose(
                    x.detach().numpy(),
                    y.detach().resolve_conj().resolve_neg().numpy(force=True),
                    rtol=1e-8,
                    atol=1e-9,
                    err_msg=which,
                )
    if not compared:
        pytest.skip("no sample that both can differentiate")

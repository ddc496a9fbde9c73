"""Functions of single elements: their precision, their edges, and the examples in their descriptions."""

import doctest
import math
import sys
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.registry import METHODS, NAMESPACES

FAMILIES = (
    "arithmetic", "power", "elementwise", "special", "comparison", "bitwise", "selection", "complex", "rounding",
    "pairwise", "blending",
)  # fmt: skip


def ulps(ours: np.ndarray, exact: np.ndarray) -> float:
    """How many units in the last place the worst element lies off."""
    return float(np.max(np.abs(ours - exact) / np.spacing(np.abs(exact))))


# -- descriptions -------------------------------------------------------------------------------------------------


def _public() -> dict[str, Any]:
    """The public functions made in this family's modules, by name; each once."""
    found: dict[str, Any] = {}
    for space, functions in NAMESPACES.items():
        for name, function in functions.items():
            code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
            if code is not None and any(code.co_filename.endswith(f"_ops/{f}.py") for f in (*FAMILIES, "publish")):
                found[f"{space}.{name}"] = function
    for name in METHODS:
        primitive = getattr(METHODS[name], "primitive", None)
        if primitive is not None and primitive.family in ("unary", "binary"):
            found.setdefault(f"Tensor.{name}", METHODS[name])
    return found


@pytest.mark.parametrize("name", [n for n in _public() if not n.split(".")[-1].startswith("__")])
def test_the_example_in_the_description_runs(name: str) -> None:
    function = _public()[name]
    doc = function.__doc__
    assert doc, f"{name} has no description"
    parsed = doctest.DocTestParser().get_doctest(doc, {}, name, None, 0)
    assert parsed.examples or "itself" in doc or "put off" in doc, f"{name} has no example"
    out: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(parsed, out=out.append).failed == 0, "".join(out)


# -- precision ------------------------------------------------------------------------------------------------------

GRID = np.concatenate([np.linspace(-7, 7, 1401), np.linspace(-0.01, 0.01, 21), [1e-300, -1e-20, 5e-324]])


def test_error_functions_are_precise() -> None:
    x = torch.tensor(GRID)
    exact = np.array([math.erf(v) for v in GRID])
    assert ulps(torch.erf(x).numpy(), exact) <= 2
    assert ulps(torch.erfc(x).numpy(), np.array([math.erfc(v) for v in GRID])) <= 5
    single = GRID.astype(np.float32)
    ours = torch.erf(torch.tensor(single)).numpy()
    assert ulps(ours, np.array([math.erf(v) for v in single]).astype(np.float32)) <= 1


def test_the_scaled_error_function_neither_overflows_nor_loses_digits() -> None:
    x = np.linspace(-5, 25, 601)
    exact = np.array([math.erfc(v) * math.exp(v * v) for v in x])  # good to x**2 units
    ours = torch.special.erfcx(torch.tensor(x)).numpy()
    assert np.all(np.abs(ours / exact - 1) <= 4e-16 * (4 + x * x))
    large = torch.special.erfcx(torch.tensor([1e10, float("inf"), -30.0], dtype=torch.float64)).tolist()
    assert large == [pytest.approx(1e-10 / math.sqrt(math.pi)), 0.0, float("inf")]


def test_erfinv_is_the_inverse_to_the_last_digits() -> None:
    y = np.concatenate([np.linspace(-0.999, 0.999, 999), [1e-20, -1e-300, 1 - 1e-15, -1 + 2**-52]])
    x = torch.erfinv(torch.tensor(y)).numpy()
    back = np.array([math.erf(v) for v in x])
    slope = 2 / math.sqrt(math.pi) * np.exp(-x * x)
    assert np.all(np.abs(back - y) <= 4 * (np.spacing(np.abs(x)) * slope + np.spacing(np.abs(y))))
    assert torch.erfinv(torch.tensor([1.0, -1.0, 0.0])).tolist() == [math.inf, -math.inf, 0.0]
    assert torch.erfinv(torch.tensor([1.5])).isnan().all()


def test_log_ndtr_is_precise_in_both_tails() -> None:
    ours = torch.special.log_ndtr(torch.tensor([-40.0, -5.0, 0.0, 0.9, 1.1, 8.0], dtype=torch.float64)).tolist()
    exact = [math.log(math.erfc(-v / math.sqrt(2)) / 2) for v in (-5.0, 0.0, 0.9, 1.1)]
    assert ours[1:5] == pytest.approx(exact, rel=1e-14)
    assert ours[0] == pytest.approx(-804.608442013754, rel=1e-14)
    assert ours[5] == pytest.approx(-6.220960574271819e-16, rel=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_functions_are_as_precise_as_the_c_library(dtype: Any) -> None:
    rng = np.random.default_rng(0)
    domains = {
        "asin acos atanh": (-0.99, 0.99), "acosh": (1.01, 9), "sqrt rsqrt log log2 log10": (0.01, 50),
        "log1p": (-0.9, 9), "exp expm1 sin cos atan sinh cosh tanh asinh exp2": (-5, 5), "sigmoid": (-9, 9),
    }  # fmt: skip
    reference: dict[str, Any] = {
        "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "asinh": np.arcsinh, "acosh": np.arccosh,
        "atanh": np.arctanh, "rsqrt": lambda v: 1 / np.sqrt(v), "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
    }  # fmt: skip
    for names, (low, high) in domains.items():
        x = rng.uniform(low, high, 999).astype(dtype)
        for name in names.split():
            exact = reference.get(name, getattr(np, name, None))(x.astype(np.longdouble))
            error = np.abs(getattr(torch, name)(torch.tensor(x)).numpy() - exact) / np.spacing(
                np.abs(exact).astype(dtype)
            )
            assert error.max() < 4, (name, error.max())


def test_the_gamma_function_s_relatives_need_scipy_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    for call in (torch.lgamma, torch.digamma, lambda x: torch.polygamma(1, x)):
        with pytest.raises(ModuleNotFoundError, match=r"needs SciPy.*pip install 'rushlight\[scipy\]'"):
            call(torch.tensor([1.5]))
    torch.erf(torch.tensor([0.5]))


def test_trigamma_is_precise() -> None:
    x = torch.tensor([1.0, 0.5, 2.0], dtype=torch.float64, requires_grad=True)
    torch.digamma(x).sum().backward()
    assert x.grad.tolist() == pytest.approx([math.pi**2 / 6, math.pi**2 / 2, math.pi**2 / 6 - 1], rel=1e-14)


# -- edges ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0, 3), (3, 1)])
def test_every_shape_comes_back(shape: tuple[int, ...]) -> None:
    x = torch.rand(shape, dtype=torch.float64)
    for function in (torch.exp, torch.relu, torch.erf, torch.sinc, torch.sign, torch.floor, torch.square, torch.abs):
        y = function(x)
        assert y.shape == torch.Size(shape)
        assert y.dtype is torch.float64
    assert torch.where(x > 0.5, x, 0).shape == torch.Size(shape)
    assert torch.clamp(x, 0, 0.5).shape == torch.Size(shape)


def test_transposed_inputs_give_the_same_elements() -> None:
    x = torch.rand(4, 3)
    for function in (torch.exp, torch.relu, torch.erf, torch.logit, lambda t: t**3, lambda t: t % 0.3):
        assert torch.equal(function(x.t()), function(x).t())


def test_results_do_not_share_memory_with_the_input() -> None:
    x = torch.tensor([1, 2])
    for function in (torch.floor, torch.round, torch.trunc, torch.sign, torch.relu, torch.nan_to_num, torch.clone):
        y = function(x)
        y += 5
        assert x.tolist() == [1, 2]
    y = x**1
    y += 1
    assert x.tolist() == [1, 2]


def test_powers_with_equal_numbers_of_different_types() -> None:
    x = torch.tensor([2.0, 3.0], requires_grad=True)
    for exponent in (2, 2.0, True, 1, 1.0, 0, 0.0, -0.0, False, 2 + 0j):
        y = x**exponent
        assert y.tolist() == [2.0**exponent, 3.0**exponent]
        (g,) = torch.autograd.grad(y.real.sum(), x)
        assert g.tolist() == [pytest.approx((exponent * v ** (exponent - 1)).real) for v in (2.0, 3.0)]


def test_in_place_forms_return_the_tensor() -> None:
    x = torch.rand(3) / 2 + 0.25
    for name in [
        "exp",
        "log",
        "sigmoid",
        "tanh",
        "sqrt",
        "neg",
        "abs",
        "floor",
        "erf",
        "logit",
        "relu",
        "square",
        "reciprocal",
        "nan_to_num",
        "frac",
    ]:
        assert getattr(x, f"{name}_")() is x
    assert torch.relu_(x) is x
    assert torch.exp_(x) is x

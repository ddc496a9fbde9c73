"""Expressions that mean the same to Rushlight and to PyTorch, and everything compared that a user can see of
them.

What PyTorch makes of them is kept in a golden file (tests/golden/make_corpora.py), so that the tests here need no
PyTorch; those in tests/conformance ask it anew.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
import warnings
from typing import Any, NamedTuple

import numpy as np

# How far values may lie apart, relative to the largest of them.
TOLERANCE = {
    "torch.float64": 1e-10, "torch.complex128": 1e-10, "torch.float32": 1e-6, "torch.float16": 1e-3,
    "torch.bfloat16": 8e-3, "torch.complex64": 1e-6,
}  # fmt: skip

Inputs = dict[str, tuple[Any, str]]  # name -> an array or nested lists, dtype


class Corpus(NamedTuple):
    """inputs: what the expressions may name. values: expressions whose results are compared. gradients: those
    whose derivatives are. other_nodes: parts of expressions that end in another node than PyTorch's. unrecorded: parts
    of those that are compared only with inputs that want no gradient."""

    inputs: Inputs
    values: list[str]
    gradients: list[str]
    other_nodes: tuple[str, ...]
    unrecorded: tuple[str, ...] = ()

    def used(self, expression: str) -> Inputs:
        """The inputs that an expression names."""
        names = compile(expression, "", "eval").co_names
        return {name: self.inputs[name] for name in self.inputs if name in names}

    def recorded(self) -> list[str]:
        """The expressions that may be evaluated with inputs that want a gradient."""
        words = ("out=", "_(", *self.unrecorded)
        return [e for e in self.values if not any(word in e for word in words)]

    def same_node(self, expression: str) -> bool:
        return not any(part in expression for part in self.other_nodes)


def corpora() -> dict[str, Corpus]:
    """All of them, by the names of the modules here."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").CORPUS for name in names}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def distinct(*shape: int, seed: int) -> np.ndarray:
    """Distinct numbers of both signs, none of them zero."""
    n = math.prod(shape)
    return (np.random.default_rng(seed).permutation(n).reshape(shape) - n / 2.3) / 3.1


# -- results ------------------------------------------------------------------------------------------------


def namespace(library: Any, inputs: Inputs, requires_grad: bool) -> dict[str, Any]:
    """What an expression may name: the library as ``t``, its tensors, ``inf`` and ``nan``."""
    names: dict[str, Any] = {"t": library, "inf": math.inf, "nan": math.nan}
    for name, (data, dtype) in inputs.items():
        array = np.asarray(data, dtype if dtype != "bfloat16" else "float32")
        made = library.tensor(array.tolist(), dtype=getattr(library, dtype)).reshape(array.shape)
        if requires_grad and made.dtype in (library.float64, library.complex128):
            made.requires_grad_()
        names[name] = made
    return names


def numbers(x: Any) -> list[Any]:
    """A tensor's elements in a row; complex ones as pairs, so that JSON can hold them."""
    flat = x.detach().clone().reshape(-1).tolist() if x.numel() else []
    return [[z.real, z.imag] for z in flat] if x.is_complex() else flat


def described(value: Any) -> Any:
    if hasattr(value, "grad_fn"):
        return {
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "grad_fn": value.grad_fn and value.grad_fn.name(),
            "values": numbers(value),
        }
    if isinstance(value, tuple):
        return [type(value).__name__, *map(described, value)]
    return repr(value)


def outcome(library: Any, expression: str, inputs: Inputs, *, requires_grad: bool) -> list[Any]:
    """The result of an expression, or its exception's type and first line; and what it warned of."""
    names = namespace(library, inputs, requires_grad)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, which the package keeps from its users
        warnings.filterwarnings("ignore", ".* is in beta")  # PyTorch's word for what is not going to change any more
        try:
            result = described(eval(expression, names))
        except Exception as error:  # noqa: BLE001 - whatever PyTorch raises is to be raised
            first = str(error).split("\n")[0]
            # The first line of PyTorch's TypeErrors lists the types of all arguments.
            result = [
                "raises",
                type(error).__name__,
                first.split("(")[0] if type(error) is TypeError else first,
            ]
    return [result, [[w.category.__name__, str(w.message).split(" (Triggered")[0]] for w in caught]]


def assert_alike(ours: Any, theirs: Any, same_node: bool) -> None:
    if isinstance(theirs, list):
        assert isinstance(ours, list) and len(ours) == len(theirs), (ours, theirs)
        for a, b in zip(ours, theirs):
            assert_alike(a, b, same_node)
    elif isinstance(theirs, dict):
        assert isinstance(ours, dict), (ours, theirs)
        assert (ours["dtype"], ours["shape"]) == (theirs["dtype"], theirs["shape"])
        if same_node:
            assert ours["grad_fn"] == theirs["grad_fn"]
        else:
            assert (ours["grad_fn"] is None) == (theirs["grad_fn"] is None)
        assert_close(ours["values"], theirs["values"], TOLERANCE.get(theirs["dtype"], 0))
    else:
        assert ours == theirs


def assert_close(ours: Any, theirs: Any, tolerance: float) -> None:
    a, b = np.array(ours), np.array(theirs)
    finite = np.abs(b[np.isfinite(b)])
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * max(finite.max(initial=0), 1e-3))


# -- derivatives --------------------------------------------------------------------------------------------


def gradients(library: Any, expression: str, inputs: Inputs) -> list[list[Any]]:
    """First and second derivatives along fixed random cotangents, None where there is none."""
    names = namespace(library, inputs, requires_grad=True)
    leaves = [v for v in names.values() if isinstance(v, library.Tensor) and v.requires_grad]

    def cotangents(tensors: list[Any], seed: int) -> list[Any]:
        rng = np.random.default_rng(seed)
        made = []
        for each in tensors:
            w = rng.uniform(0.5, 1.5, tuple(each.shape))
            if each.is_complex():
                w = w + 1j * rng.uniform(0.5, 1.5, tuple(each.shape))
            made.append(library.tensor(w.tolist(), dtype=each.dtype).reshape(each.shape))
        return made

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warnings are compared with the results
        result = eval(expression, names)
        outputs = [r for r in (result if isinstance(result, tuple) else (result,)) if r.requires_grad]
        first = library.autograd.grad(outputs, leaves, cotangents(outputs, 1), create_graph=True, allow_unused=True)
        again = [g for g in first if g is not None and g.requires_grad]
        second: Any = []
        if again:
            second = library.autograd.grad(again, leaves, cotangents(again, 2), allow_unused=True)
    return [[None if g is None else numbers(g) for g in order] for order in (first, second)]


def assert_same_gradients(ours: list[list[Any]], theirs: list[list[Any]], tolerance: float = 1e-10) -> None:
    """No gradient and one of zeros are the same answer."""
    for order, (a, b) in enumerate(zip(ours, theirs), 1):
        count = max(len(a), len(b))
        for ga, gb in zip(a or [None] * count, b or [None] * count):
            present = gb if gb is not None else ga
            if present is not None:
                zeros = np.zeros_like(present)
                try:
                    assert_close(zeros if ga is None else ga, zeros if gb is None else gb, tolerance)
                except AssertionError as error:
                    raise AssertionError(f"derivative of order {order}: {error}") from None

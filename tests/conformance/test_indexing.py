"""Written nodes and random indices against PyTorch."""

import math
import random
import warnings
from typing import Any

import numpy as np
import pytest
import torch

import rushlight


@pytest.mark.parametrize(
    "index", ["0", "...", "slice(None)", "i", "x > 1", "(0, i)", "(0, 0)", "True", "(slice(0, 2), 0)", "None"]
)
@pytest.mark.parametrize("value", ["5", "t.tensor(5.0)", "s", "s.view(1)"])
def test_nodes_of_written_tensors(index: str, value: str) -> None:
    def node(library: object) -> str:
        s = library.tensor(2.0, requires_grad=True)
        names = {"t": library, "x": library.arange(6.0).reshape(3, 2), "i": library.tensor([1, 0]), "s": s}
        z = library.zeros(3, 2, requires_grad=True) * 1
        z[eval(index, names)] = eval(value, names)
        return z.grad_fn.name()

    assert node(rushlight) == node(torch)


# -- random indices ---------------------------------------------------------------------------------------------------


def random_index(rng: random.Random, shape: tuple[int, ...]) -> str:
    """An index of a tensor of this shape, as text; now and then one that does not fit."""
    items: list[str] = []
    dims = list(shape)
    while dims and rng.random() < 0.85:
        n = dims[0]
        kind = rng.choice(["int", "slice", "slice", "none", "list", "tensor", "mask", "mask2", "bool", "array", ":"])
        taken = 1
        if kind == "int" and n:
            items.append(str(rng.randrange(-n, n + (rng.random() < 0.05))))
        elif kind == "slice":
            parts = [rng.choice(["", str(rng.randint(-n - 1, n + 1))]) for _ in range(2)]
            items.append(":".join([*parts, rng.choice(["", "1", "2", "3"])]))
        elif kind == "none":
            items.append("None")
            taken = 0
        elif kind == "bool" and rng.random() < 0.3:
            items.append(rng.choice(["True", "False"]))
            taken = 0
        elif kind in ("list", "tensor", "array") and n:
            size = rng.choice([2, 2, 2, 1, 3])
            numbers = [rng.randrange(-n, n) for _ in range(size)]
            if rng.random() < 0.2:
                numbers = [numbers]  # type: ignore[list-item]
            items.append(
                {"list": f"{numbers}", "tensor": f"t.tensor({numbers})", "array": f"np.array({numbers})"}[kind]
            )
        elif kind == "mask":
            items.append(f"t.tensor({[rng.random() < 0.6 for _ in range(n)]}, dtype=t.bool)")
        elif kind == "mask2" and len(dims) > 1:
            mask = [[rng.random() < 0.5 for _ in range(dims[1])] for _ in range(n)]
            items.append(f"t.tensor({mask}, dtype=t.bool).reshape({n}, {dims[1]})")
            taken = 2
        else:
            items.append(":")
        dims = dims[taken:]
    if rng.random() < 0.25:
        items.append("...")
    return ", ".join(items) + ("," if len(items) == 1 and rng.random() < 0.5 else "") if items else "..."


def result_of(library: Any, statement: str, names: dict[str, Any]) -> Any:
    """What is in ``out`` after the statement, and its gradients; or the error."""
    names = {"t": library, "np": np, **names}
    x = library.tensor(names.pop("data"), dtype=library.float64).reshape(names.pop("shape")).requires_grad_()
    value = library.tensor(1.5, dtype=library.float64, requires_grad=True)
    names.update(x=x, z=x * 1, value=value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(statement, names)
    except (IndexError, RuntimeError, TypeError, ValueError) as error:
        return type(error).__name__, str(error).split("\n")[0]
    out = names["out"]
    weights = library.arange(1.0, 1.0 + out.numel(), dtype=library.float64).reshape(out.shape)
    grads = library.autograd.grad((out * out * weights).sum(), (x, value), allow_unused=True)
    node = out.grad_fn.name()
    return [node, tuple(out.shape), out.tolist(), [None if g is None else g.tolist() for g in grads]]


@pytest.mark.parametrize("seed", range(400))
def test_random_indices(seed: int) -> None:
    rng = random.Random(seed)
    shape = tuple(rng.choice([3, 2, 4, 1, 0] if rng.random() < 0.2 else [3, 2, 4]) for _ in range(rng.randint(1, 4)))
    names = {"data": [rng.uniform(-1, 1) for _ in range(math.prod(shape))], "shape": shape}
    index = random_index(rng, shape)
    value = rng.choice(["0.5", "value", "value.expand(1)", "value * z[:1].sum()"])
    for statement in (f"out = z[{index}]", f"z[{index}] = {value}; out = z", f"z[{index}] *= 2; out = z"):
        ours, theirs = (result_of(library, statement, names) for library in (rushlight, torch))
        assert (ours if isinstance(theirs, tuple) else ours[:2]) == theirs[:2], statement
        if isinstance(theirs, list):
            np.testing.assert_allclose(np.array(ours[2]), np.array(theirs[2]), rtol=1e-12, err_msg=statement)
            for mine, yours in zip(ours[3], theirs[3]):
                assert (mine is None) == (yours is None), statement
                if yours is not None:
                    np.testing.assert_allclose(mine, yours, rtol=1e-10, atol=1e-12, err_msg=statement)

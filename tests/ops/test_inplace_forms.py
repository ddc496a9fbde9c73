"""Every derived in-place form does what its operation does, to values and to gradients, whole and through a view."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight.func import jvp
from tests.ops.catalogue import Operation, by_identity, identity, operations
from tests.ops.test_derivatives import Case, cases
from tests.ops.test_transforms import drawn_like, inner


def forms() -> dict[str, Operation]:
    """The in-place methods whose operation is a method too."""
    return {
        name.removeprefix("Tensor."): op
        for op in operations()
        for name in op.names
        if name.startswith("Tensor.") and name.endswith("_") and not name.endswith("__") and name[:-1] in op.names
    }


def plain_cases() -> dict[str, list[Case]]:
    """By in-place method: the cases that are a call of its operation with tensors alone, whose result it can hold."""
    found: dict[Operation, list[Case]] = {}
    for parameters in cases():
        case = parameters.values[0]
        function = case.sample.function
        op = by_identity().get(identity(function)) if isinstance(function, FunctionType) else None
        if op is not None:
            inputs = case.inputs()
            out = function(*inputs)
            if isinstance(out, torch.Tensor) and (out.shape, out.dtype) == (inputs[0].shape, inputs[0].dtype):
                found.setdefault(op, []).append(case)
    return {name: found[op] for name, op in forms().items() if op in found}


PLAIN = plain_cases()


def outcome(function: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Value, gradients and directional derivative."""
    places = [i for i, t in enumerate(inputs) if t.requires_grad]
    out = function(*inputs)
    grads = torch.autograd.grad(inner((drawn_like(out, 1),), (out,)), [inputs[i] for i in places])

    def of_places(*primals: Any) -> Any:
        given = [t.detach() for t in inputs]
        for i, t in zip(places, primals):
            given[i] = t
        return function(*given)

    primals = tuple(inputs[i].detach() for i in places)
    return out.detach(), *grads, jvp(of_places, primals, tuple(drawn_like(t, 2) for t in primals))[1]


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_in_place_is_the_operation(name):
    def whole(x: Any, *rest: Any) -> Any:
        return getattr(x * 1, name)(*rest)

    def through_a_view(x: Any, *rest: Any) -> Any:
        c = torch.stack([x, x * 2])
        getattr(c[0], name)(*rest)
        return c[0]

    for case in PLAIN[name]:
        inputs = case.inputs()
        wanted = outcome(case.sample.function, inputs)
        for function in (whole, through_a_view):
            for a, b in zip(outcome(function, inputs), wanted, strict=True):
                np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12, atol=1e-12)


def test_most_forms_are_reached():
    assert len(PLAIN) > 70

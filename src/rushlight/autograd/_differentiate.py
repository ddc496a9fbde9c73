"""`torch.autograd.backward` and `torch.autograd.grad`."""

from __future__ import annotations

from typing import Any

from .._core import errors
from .._core.autograd_methods import backward_to, capture_key, check_roots, cotangents_for, run_backward
from .._core.graph import GradientEdge
from .._core.tensor import Tensor
from .._core.where import warn_user


def as_tuple(tensors: Any) -> tuple[Any, ...]:
    """Tensors or edges as a tuple: one alone, or a sequence."""
    return (tensors,) if isinstance(tensors, (Tensor, GradientEdge)) else tuple(tensors)


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of ``tensors`` to the ``grad`` of every leaf that they were computed from.

    grad_tensors: the cotangents to start from, one for each tensor; None (the default) for those of one element.
    retain_graph: keep what was saved for another backward pass (default: ``create_graph``). create_graph: record
    the backward pass itself. inputs: fill only these tensors. Raises RuntimeError where nothing was recorded, where
    shapes do not fit, where the graph was freed or a saved tensor overwritten.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> torch.autograd.backward([x * 2, x.sum()], [torch.tensor([1.0, 10.0]), None])
    >>> x.grad
    tensor([ 3., 21.])
    """
    if grad_variables is not None:
        warn_user("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning)
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only "
                "use `grad_tensors`."
            )
        grad_tensors = grad_variables
    outputs = as_tuple(tensors)
    grads = cotangents_for(outputs, grad_tensors)
    if inputs is None:
        run_backward(outputs, grads, retain_graph, create_graph)
    else:
        backward_to(inputs, outputs, grads, retain_graph, create_graph)


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of the sum of ``outputs`` with respect to ``inputs``, as a tuple; no ``grad`` is touched.

    grad_outputs: cotangents, one for each output (None for single elements). retain_graph: keep the graph
    (default: ``create_graph``). create_graph: record, so that the gradients can be differentiated. allow_unused:
    None for an input that the outputs do not depend on, instead of RuntimeError; materialize_grads: zeros for it.
    is_grads_batched: each cotangent has one more dimension in front, and so has each gradient (a loop over it).

    >>> import rushlight as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> (g,) = torch.autograd.grad(x**2, x, create_graph=True)
    >>> torch.autograd.grad(g, x)
    (tensor(2.),)
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    allow_unused = materialize_grads if allow_unused is None else allow_unused
    if not only_inputs:
        warn_user(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for "
            "other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
        )
    outputs, inputs = as_tuple(outputs), as_tuple(inputs)
    if not inputs:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    for t in inputs:
        if not isinstance(t, (Tensor, GradientEdge)):
            raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(t).__name__}")
    grads = cotangents_for(outputs, grad_outputs)
    find = _batched if is_grads_batched else _gradients
    results = find(outputs, inputs, grads, retain_graph, create_graph)
    for i, g in enumerate(results):
        if g is None and not allow_unused:
            errors.raise_unused(inputs[i], i, outputs)
    if materialize_grads:
        return tuple(
            t.new_zeros(t.shape) if g is None and isinstance(t, Tensor) else g for t, g in zip(inputs, results)
        )
    return results


def _gradients(
    outputs: tuple[Any, ...], inputs: tuple[Any, ...], grads: Any, retain_graph: bool | None, create_graph: bool
) -> tuple[Any, ...]:
    keys = [capture_key(t) for t in inputs]
    for t, key in zip(inputs, keys):
        if key is None:
            check_roots(outputs)  # of which PyTorch complains first
            errors.raise_no_grad_input(t)
    captured: dict[Any, Any] = dict.fromkeys(keys)
    run_backward(outputs, grads, retain_graph, create_graph, captured, {key[0] for key in keys})  # type: ignore[index]
    return tuple(captured[key] for key in keys)


def _batched(
    outputs: tuple[Any, ...], inputs: tuple[Any, ...], grads: Any, retain_graph: bool | None, create_graph: bool
) -> tuple[Any, ...]:
    """The gradients for each element of the cotangents' first dimension, stacked."""
    from .. import stack

    given = [g for g in grads if g is not None]
    for i, (t, g) in enumerate(zip(outputs, grads)):
        if g is not None and tuple(g.shape[1:]) != tuple(t.shape):
            errors.raise_batched_shape(i, g, t)
    if not given:
        return _gradients(outputs, inputs, grads, retain_graph, create_graph)
    n = given[0].shape[0]
    if not n:
        return tuple(t.new_zeros((0, *t.shape)) for t in inputs)
    rows = []
    for i in range(n):
        keep = retain_graph or create_graph or i + 1 < n
        rows.append(_gradients(outputs, inputs, [None if g is None else g[i] for g in grads], keep, create_graph))
    return tuple(None if column[0] is None else stack(list(column)) for column in zip(*rows))

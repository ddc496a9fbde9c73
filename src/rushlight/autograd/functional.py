"""Whole derivatives of functions: Jacobians, Hessians, and their products with vectors.

A function takes tensors and returns a tensor or a tuple of them. ``strict=True`` raises where a result does not
depend on an input, which otherwise gives zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._core import errors
from .._core.modes import enable_grad
from .._core.tensor import Tensor, wrap
from ._differentiate import grad

Function = Callable[..., Any]
Tensors = tuple[Tensor, ...]


# -- arguments ------------------------------------------------------------------------------------------------


def _as_tuple(value: Any, what: str, caller: str) -> tuple[Tensors, bool]:
    """``value`` as a tuple, and whether it was one."""
    is_tuple = isinstance(value, tuple)
    values = value if is_tuple else (value,)
    for i, t in enumerate(values):
        if not isinstance(t, Tensor):
            got = f"the value at index {i}" if is_tuple else f"the given {what}"
            raise TypeError(
                f"The {what} given to {caller} must be either a Tensor or a tuple of Tensors but {got} has type "
                f"{type(t)}."
            )
    return values, is_tuple


def _leaves(inputs: Tensors, create_graph: bool, needs_graph: bool = True) -> Tensors:
    """The inputs as tensors that gradients can be asked for without touching the user's own."""
    if create_graph:
        # Still part of what they were computed from; views, so that an input that is itself an output is seen.
        return tuple([t.view_as(t) if t.requires_grad else t.detach().requires_grad_(needs_graph) for t in inputs])
    return tuple([t.detach().requires_grad_(needs_graph) for t in inputs])


def _outputs(func: Function, inputs: Tensors, caller: str, strict: bool) -> tuple[Tensors, bool]:
    outputs, is_tuple = _as_tuple(func(*inputs), "outputs of the user-provided function", caller)
    if strict:
        for i, out in enumerate(outputs):
            if not out.requires_grad:
                raise RuntimeError(
                    f"Output {i} of the user-provided function does not require gradients. The outputs must be "
                    "computed in a differentiable manner from the input when running in strict mode."
                )
    return outputs, is_tuple


def _vector(v: Any, like: Tensors, is_tuple: bool, caller: str) -> Tensors:
    """The vector of a product, which must have the shapes of ``like``."""
    values, _ = _as_tuple(v, "v", caller)
    if len(values) != len(like):
        if is_tuple:
            raise RuntimeError(f"v is a tuple of invalid length: should be {len(like)} but got {len(values)}.")
        raise RuntimeError("The given v should contain a single Tensor.")
    for i, (t, to) in enumerate(zip(values, like)):
        if t.shape != to.shape:
            entry = f"Entry {i} in " if is_tuple else ""
            raise RuntimeError(f"{entry}v has invalid size: should be {to.shape} but got {t.shape}.")
    return values


def _ones_for(like: Tensors, what: str) -> Tensors:
    if len(like) != 1 or like[0]._data.size != 1:
        raise RuntimeError(f"The vector v can only be None if {what} a single Tensor with a single element.")
    return (like[0].detach().new_ones(like[0].shape),)


def _delivered(values: Any, is_tuple: bool, create_graph: bool) -> Any:
    """Results as the user gets them: with their history where asked for, as a tuple where one was given."""
    values = tuple([v if create_graph else v.detach() for v in values])
    return values if is_tuple else values[0]


# -- gradients ------------------------------------------------------------------------------------------------


def _grad(outputs: Tensors, inputs: Tensors, vs: Any, create_graph: bool) -> tuple[Any, ...]:
    """Gradients of those outputs that have a history; None where there is none."""
    pairs = [(out, v) for out, v in zip(outputs, vs) if out is not None and out.requires_grad]
    if not pairs:
        return (None,) * len(inputs)
    outs, given = zip(*pairs)
    return grad(outs, inputs, given, create_graph=create_graph, retain_graph=True, allow_unused=True)


INDEPENDENT = "The output of the user-provided function is independent of input {}. This is not allowed in strict mode."
CONSTANT = (
    "The jacobian of the user-provided function is independent of input {}. This is not allowed in strict mode when "
    "create_graph=True."
)
CONSTANT_HESSIAN = CONSTANT.replace("jacobian", "hessian")
LINEAR = (
    "While computing the hessian, found that the jacobian of the user-provided function with respect to input {} is "
    "independent of the input. This is not allowed in strict mode. You should ensure that your function is twice "
    "differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for "
    "example)."
)


def _filled(
    grads: tuple[Any, ...], inputs: Tensors, *, strict: bool, recorded: bool, absent: str, constant: str = CONSTANT
) -> Tensors:
    """Zeros for gradients that are not there; in strict mode an error, also for constant ones where recorded."""
    out = []
    for i, (g, t) in enumerate(zip(grads, inputs)):
        if strict and g is None:
            raise RuntimeError(absent.format(i))
        if strict and recorded and not g.requires_grad:
            raise RuntimeError(constant.format(i))
        out.append(wrap(np.zeros_like(t._data)) if g is None else g)
    return tuple(out)


# -- products -------------------------------------------------------------------------------------------------


def vjp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func(*inputs)`` and the product of ``v`` with its Jacobian.

    v: of the shape of the results; may be left out for a single element. Returns (results, product); the product
    has the shapes of the inputs. create_graph: so that both can be differentiated.

    >>> import rushlight as torch
    >>> torch.autograd.functional.vjp(torch.exp, torch.zeros(2), torch.tensor([1.0, 3.0]))
    (tensor([1., 1.]), tensor([1., 3.]))
    """
    with enable_grad():
        inputs, is_tuple = _as_tuple(inputs, "inputs", "vjp")
        inputs = _leaves(inputs, create_graph)
        outputs, several = _outputs(func, inputs, "vjp", strict)
        if v is None:
            vs = _ones_for(outputs, "the user-provided function returns")
        else:
            vs = _vector(v, outputs, several, "vjp")
        product = _filled(
            _grad(outputs, inputs, vs, create_graph),
            inputs,
            strict=strict,
            recorded=create_graph,
            absent=INDEPENDENT,
        )
    return _delivered(outputs, several, create_graph), _delivered(product, is_tuple, create_graph)


def jvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func(*inputs)`` and the product of its Jacobian with ``v``, by differentiating backward twice.

    v: of the shapes of the inputs; may be left out for a single element. Returns (results, product); the product
    has the shapes of the results. (The product with the transpose is linear in its vector: its own derivative,
    transposed, is the Jacobian.)

    >>> import rushlight as torch
    >>> torch.autograd.functional.jvp(torch.exp, torch.zeros(2), torch.tensor([1.0, 3.0]))
    (tensor([1., 1.]), tensor([1., 3.]))
    """
    with enable_grad():
        inputs, is_tuple = _as_tuple(inputs, "inputs", "jvp")
        inputs = _leaves(inputs, create_graph)
        if v is None:
            vs = _ones_for(inputs, "the input to the user-provided function is")
        else:
            vs = _vector(v, inputs, is_tuple, "jvp")
        outputs, several = _outputs(func, inputs, "jvp", strict)
        probes = tuple([wrap(np.zeros_like(out._data)).requires_grad_() for out in outputs])
        grads = _filled(
            _grad(outputs, inputs, probes, create_graph=True),
            inputs,
            strict=strict,
            recorded=strict and create_graph,
            absent=INDEPENDENT,
            constant=INDEPENDENT,
        )
        product = _filled(
            _grad(grads, probes, vs, create_graph),
            outputs,
            strict=strict,
            recorded=create_graph,
            absent=CONSTANT,
        )
    return _delivered(outputs, several, create_graph), _delivered(product, several, create_graph)


def _scalar(outputs: Tensors, several: bool, caller: str) -> None:
    if several:
        raise RuntimeError(f"The function given to {caller} should return a single Tensor")
    if outputs[0]._data.size != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {caller} should contain a single element")


def vhp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func(*inputs)``, a single element, and the product of ``v`` with its Hessian.

    v: of the shapes of the inputs, as is the product; may be left out for a single element.

    >>> import rushlight as torch
    >>> torch.autograd.functional.vhp(lambda x: (x * x).sum(), torch.ones(2), torch.tensor([1.0, 3.0]))
    (tensor(2.), tensor([2., 6.]))
    """
    with enable_grad():
        inputs, is_tuple = _as_tuple(inputs, "inputs", "vhp")
        inputs = _leaves(inputs, create_graph)
        if v is None:
            vs = _ones_for(inputs, "the input to the user-provided function is")
        else:
            vs = _vector(v, inputs, is_tuple, "vhp")
        outputs, several = _outputs(func, inputs, "vhp", strict)
        _scalar(outputs, several, "vhp")
        gradient = _filled(
            _grad(outputs, inputs, (None,), create_graph=True),
            inputs,
            strict=strict,
            recorded=True,
            absent=INDEPENDENT,
            constant=LINEAR,
        )
        product = _filled(
            _grad(gradient, inputs, vs, create_graph),
            inputs,
            strict=strict,
            recorded=create_graph,
            absent=LINEAR,
            constant=CONSTANT_HESSIAN,
        )
    return _delivered(outputs, False, create_graph), _delivered(product, is_tuple, create_graph)


def hvp(func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False) -> Any:
    """``func(*inputs)``, a single element, and the product of its Hessian with ``v``.

    v: of the shapes of the inputs, as is the product; may be left out for a single element. The Hessian is symmetric,
    so this is `vhp`, save where a function is not twice differentiable.

    >>> import rushlight as torch
    >>> torch.autograd.functional.hvp(lambda x: (x * x).sum(), torch.ones(2), torch.tensor([1.0, 3.0]))
    (tensor(2.), tensor([2., 6.]))
    """
    with enable_grad():
        inputs, is_tuple = _as_tuple(inputs, "inputs", "hvp")
        inputs = _leaves(inputs, create_graph)
        if v is None:
            vs = _ones_for(inputs, "the input to the user-provided function is")
        else:
            vs = _vector(v, inputs, is_tuple, "hvp")
        outputs, several = _outputs(func, inputs, "hvp", strict)
        _scalar(outputs, several, "hvp")
        gradient = _filled(
            _grad(outputs, inputs, (None,), create_graph=True),
            inputs,
            strict=strict,
            recorded=strict,
            absent=INDEPENDENT,
            constant=LINEAR,
        )
        probes = tuple([wrap(np.zeros_like(t._data)).requires_grad_() for t in inputs])
        twice = _filled(
            _grad(gradient, inputs, probes, create_graph=True),
            inputs,
            strict=strict,
            recorded=strict,
            absent=LINEAR,
            constant=LINEAR,
        )
        product = _filled(
            _grad(twice, probes, vs, create_graph),
            inputs,
            strict=strict,
            recorded=create_graph,
            absent=LINEAR,
            constant=CONSTANT_HESSIAN,
        )
    return _delivered(outputs, False, create_graph), _delivered(product, is_tuple, create_graph)


# -- whole derivatives ----------------------------------------------------------------------------------------


def jacobian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian of ``func`` at ``inputs``: of the shape of the result followed by that of the input.

    For a tuple of inputs or of results a tuple, for both a tuple (results) of tuples (inputs). strategy: backward
    passes, one for each element of the results, or "forward-mode": forward passes, one for each element of the
    inputs, which wants vectorize=True. Otherwise vectorize changes nothing, the loop and the numbers are the same; but without it complex
    results are refused: RuntimeError.

    >>> import rushlight as torch
    >>> torch.autograd.functional.jacobian(lambda x: x * x.sum(), torch.tensor([1.0, 2.0]))
    tensor([[4., 1.],
            [2., 5.]])
    """
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function has more outputs '
            'than inputs, "forward-mode" tends to be more performant. Otherwise, prefer to use "reverse-mode".'
        )
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError(
                'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not '
                'supported together (yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.'
            )
        if not vectorize:
            raise NotImplementedError(
                "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for "
                "`vectorize=True`."
            )
    if strict and vectorize:
        raise RuntimeError(
            "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. "
            "Please either set `strict=False` or `vectorize=False`."
        )
    with enable_grad():
        inputs, is_tuple = _as_tuple(inputs, "inputs", "jacobian")
        if strategy == "forward-mode":
            rows, several = _forward(func, tuple([t.detach() for t in inputs]))
        else:
            inputs = _leaves(inputs, create_graph)
            outputs, several = _outputs(func, inputs, "jacobian", strict)
            rows = [_rows(out, i, inputs, create_graph, strict, vectorize) for i, out in enumerate(outputs)]
    rows = [tuple([j if create_graph else j.detach() for j in row]) for row in rows]
    result = tuple([row if is_tuple else row[0] for row in rows])
    return result if several else result[0]


def _rows(
    out: Tensor, index: int, inputs: Tensors, create_graph: bool, strict: bool, vectorize: bool
) -> Tensors:  # fmt: skip
    """The Jacobian of one result with respect to each input; of a complex one, only where vectorized, by its real part
    (as PyTorch has it)."""
    from .. import stack

    if out._data.dtype.kind == "c" and out.requires_grad and not vectorize:
        errors.raise_complex_root(out)
    shape, size = out._data.shape, out._data.size
    absent = INDEPENDENT.replace("The output", f"Output {index}")
    found: list[Tensors] = []
    for j in range(size):
        one_hot = np.zeros(size, out._data.dtype)
        one_hot[j] = 1
        grads = _grad((out,), inputs, (wrap(one_hot.reshape(shape)),), create_graph)
        found.append(_filled(grads, inputs, strict=strict, recorded=create_graph, absent=absent))
    if not found:
        return tuple([wrap(np.zeros((*shape, *t._data.shape), t._data.dtype)) for t in inputs])
    return tuple([stack(list(column)).reshape((*shape, *t._data.shape)) for column, t in zip(zip(*found), inputs)])


def _forward(func: Function, inputs: Tensors) -> tuple[list[Tensors], bool]:
    """For each result its Jacobians with respect to the inputs, by forward mode."""
    from ..func._jacobian import pushed

    several = False

    def results(*points: Tensor) -> Tensors:
        nonlocal several
        outputs, several = _as_tuple(func(*points), "outputs of the user-provided function", "jacobian")
        return outputs

    rows = pushed(results, inputs, tuple(range(len(inputs))), False, "error", lambda output: None)
    return list(rows), several


def hessian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The Hessian of ``func``, which returns a single element, at ``inputs``: of the input's shape twice over.

    For a tuple of inputs a tuple of tuples. vectorize and outer_jacobian_strategy: as in `jacobian`, which is taken
    of the gradient.

    >>> import rushlight as torch
    >>> torch.autograd.functional.hessian(lambda x: (x * x * x).sum(), torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')
    inputs, is_tuple = _as_tuple(inputs, "inputs", "hessian")

    def value(*points: Tensor) -> Tensor:
        outputs, several = _outputs(func, points, "hessian", strict)
        _scalar(outputs, several, "hessian")
        return outputs[0]

    def gradient(*points: Tensor) -> Any:
        points = tuple([t.view_as(t) for t in points])
        grads = _grad((value(*points),), points, (None,), create_graph=True)
        return _filled(grads, points, strict=strict, recorded=True, absent=LINEAR, constant=LINEAR)

    def gradient_inside(*points: Tensor) -> Any:
        from ..func import grad as transform

        # Inside forward mode a gradient belongs to a level of its own.
        return transform(lambda *p: value(*p).reshape(()), argnums=tuple(range(len(points))))(*points)

    result = jacobian(
        gradient if outer_jacobian_strategy == "reverse-mode" else gradient_inside,
        inputs,
        create_graph=create_graph,
        strict=strict,
        vectorize=vectorize,
        strategy=outer_jacobian_strategy,
    )
    return result if is_tuple else result[0][0]

"""What a tensor can do about its gradient: backward, leaves, hooks, cutting it from the history."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from . import errors
from .engine import Backward
from .graph import RETAINS, AccumulateGrad, GradientEdge, Hooks, Output, RemovableHandle, hooks_of_leaf
from .levels import Shadow, belongs, detached, transforming
from .modes import state
from .recording import is_anomaly_check_nan_enabled, is_anomaly_enabled, set_anomaly_enabled
from .registry import METHODS, register
from .tensor import DEPENDS, Tensor, alias, edge_of, ndarray, wrap
from .where import caller, warn_user

_ONES: dict[np.dtype, np.ndarray] = {}


def root_cotangent(t: Tensor, g: Any) -> Tensor:
    """The cotangent that the backward pass starts from at ``t``: what was given, or one for a scalar."""
    data = t._data
    if g is None:
        if data.size != 1:
            errors.raise_not_scalar(t)
        if data.dtype.kind == "c":
            errors.raise_complex_root(t)
        if data.ndim:
            return wrap(np.ones(data.shape, data.dtype))
        one = _ONES.get(data.dtype)
        if one is None:
            one = _ONES[data.dtype] = np.ones((), data.dtype)
            one.flags.writeable = False
        return wrap(one)
    if g._data.shape != data.shape:
        errors.raise_cotangent_shape(t, g)
    if (g._data.dtype.kind == "c") != (data.dtype.kind == "c"):
        errors.raise_cotangent_dtype(t, g)
    return g if g._data.dtype == data.dtype else g.to(t.dtype)


def cotangents_for(outputs: tuple[Any, ...], given: Any) -> tuple[Any, ...]:
    """One cotangent (or None) for each output, as the user gave them."""
    if given is None:
        return (None,) * len(outputs)
    grads = (given,) if isinstance(given, Tensor) else tuple(given)
    for g in grads:
        if g is not None and not isinstance(g, Tensor):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
    if len(grads) != len(outputs):
        raise RuntimeError(
            f"got {len(outputs)} tensors and {len(grads)} gradients\nGive one gradient for each tensor; None will do "
            "for one of a single element."
        )
    return grads


def check_roots(tensors: Any) -> None:
    """RuntimeError where a backward pass cannot start, since nothing was recorded."""
    for i, t in enumerate(tensors):
        if isinstance(t, Tensor) and edge_of(t) is None:
            errors.raise_no_grad_root(t, i)


def run_backward(
    tensors: Any,
    grads: Any,
    retain_graph: bool | None,
    create_graph: bool,
    captured: dict[Any, Any] | None = None,
    wanted: set[Any] | None = None,
) -> None:
    """Start a backward pass at ``tensors`` with cotangents ``grads``; see `torch.autograd.backward`."""
    if captured is None and transforming():
        errors.raise_backward_inside_transform()
    keep = create_graph if retain_graph is None else retain_graph
    if create_graph and captured is None:
        warn_user(
            "Using backward() with create_graph=True will create a reference cycle between the parameter and its "
            "gradient which can cause a memory leak. We recommend using autograd.grad when creating the graph to "
            "avoid this. If you have to use this function, make sure to reset the .grad fields of your parameters to "
            "None after use to break the cycle and avoid the leak."
        )
    roots = []
    for i, (t, g) in enumerate(zip(tensors, grads, strict=True)):
        if isinstance(t, GradientEdge):
            if t.like is None and g is None:
                raise RuntimeError(
                    "grad can be implicitly created only for scalar outputs\n"
                    "Of a GradientEdge that get_gradient_edge did not make, the shape is not known: give grad_outputs."
                )
            roots.append((edge_at(t), g if t.like is None else root_cotangent(t.like, g)))
            continue
        edge = edge_of(t)
        if edge is None:
            errors.raise_no_grad_root(t, i)
        roots.append((edge, root_cotangent(t, g)))
    Backward(keep, create_graph, captured, wanted).run(roots)


def backward(
    self: Tensor, gradient: Any = None, retain_graph: bool | None = None, create_graph: bool = False, inputs: Any = None
) -> None:
    """Add the gradient of this tensor to the ``grad`` of every leaf that it was computed from.

    gradient: the cotangent to start from, of this tensor's shape; may be left out for a single element.
    retain_graph: keep what was saved, so that another backward pass can follow (default: ``create_graph``).
    create_graph: record the backward pass, so that it can be differentiated. inputs: fill only these leaves.
    Raises RuntimeError where nothing was recorded, the graph is gone, or a saved tensor was overwritten.

    >>> import rushlight as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> (x**2).backward()
    >>> x.grad
    tensor(6.)
    """
    grads = (gradient,) if gradient is None or isinstance(gradient, Tensor) else cotangents_for((self,), gradient)
    if inputs is None:
        run_backward((self,), grads, retain_graph, create_graph)
    else:
        backward_to(inputs, (self,), grads, retain_graph, create_graph)


def backward_to(inputs: Any, tensors: Any, grads: Any, retain_graph: bool | None, create_graph: bool) -> None:
    """A backward pass that fills the ``grad`` of ``inputs`` alone."""
    inputs = (inputs,) if isinstance(inputs, (Tensor, GradientEdge)) else tuple(inputs)
    if not inputs:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    wanted = set()
    for t in inputs:
        if isinstance(t, Tensor) and not (t.is_leaf and t.requires_grad):
            t.retain_grad()
        wanted.add(capture_key(t)[0])  # type: ignore[index]
    run_backward(tensors, grads, retain_graph, create_graph, wanted=wanted)


def edge_at(place: GradientEdge) -> Any:
    """The engine's edge for what the user holds."""
    node, index = place.node, place.output_nr
    if isinstance(node, AccumulateGrad):
        return node.variable
    return node if node.outputs == 1 else Output(node, index)


def capture_key(t: Any) -> tuple[Any, int] | None:
    """By what `Backward` knows the cotangent of a tensor or of an edge; None where none is recorded."""
    edge = edge_at(t) if isinstance(t, GradientEdge) else edge_of(t)
    if edge is None:
        return None
    return (edge.node, edge.index) if type(edge) is Output else (edge, 0)


# -- leaves -------------------------------------------------------------------------------------------------


def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Record operations on this tensor from now on (or no longer). Returns the tensor itself.

    Raises RuntimeError for integer and bool tensors, and for turning it off on a computed tensor.

    >>> import rushlight as torch
    >>> torch.zeros(2).requires_grad_()
    tensor([0., 0.], requires_grad=True)
    """
    if transforming():
        errors.raise_inside_transform("requires_grad_", " (or perhaps using torch.autograd.functional.* APIs)")
    return marked(self, requires_grad)


def marked(self: Tensor, requires_grad: bool = True) -> Tensor:
    """`requires_grad_`, also inside a transform: for tensors that no other program has seen yet."""
    if self.is_leaf:
        _mark_leaf(self, bool(requires_grad), "floating point")
    elif not requires_grad:
        errors.raise_computed_flag(self, off=True)
    return self


def _get_requires_grad(self: Tensor) -> bool:
    """Whether gradients with respect to this tensor, or to what it was computed from, are recorded."""
    flag = self._requires_grad
    if flag is True or flag is False:
        return flag
    return self._fn is not None or bool(self._view.base._requires_grad)


def _set_requires_grad(self: Tensor, value: Any) -> None:
    if value is not True and value is not False:
        raise RuntimeError("requires_grad must be a bool")
    if self.is_leaf:
        _mark_leaf(self, value, "floating point and complex")
    else:
        errors.raise_computed_flag(self, off=not value)


def _mark_leaf(self: Tensor, value: bool, kinds: str) -> None:
    if value and self._data.dtype.kind not in "fcV":
        errors.raise_not_differentiable(self, kinds)
    if value and self.is_inference() and not state.inference:
        raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
    # A view does not lose what it has from its base.
    self._requires_grad = value or (DEPENDS if self._view is not None and self._requires_grad else False)


Tensor.requires_grad = property(_get_requires_grad, _set_requires_grad)  # type: ignore[assignment]


def _get_grad(self: Tensor) -> Tensor | None:
    """The gradient that backward passes have added up, or None."""
    if self._grad is None and self._fn is not None and not self.retains_grad:
        errors.warn_non_leaf_grad(self)
    return self._grad


def _set_grad(self: Tensor, g: Any) -> None:
    if g is not None:
        if not isinstance(g, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type {type(g).__name__}")
        if g is self:
            raise RuntimeError("can't assign Variable as its own grad")
        if g._data.dtype != self._data.dtype:
            errors.raise_grad_dtype(self, g)
        if g._data.shape != self._data.shape:
            errors.raise_grad_shape(self, g)
    self._grad = g


def _del_grad(self: Tensor) -> None:
    self._grad = None


Tensor.grad = property(_get_grad, _set_grad, _del_grad)  # type: ignore[assignment]


def retain_grad(self: Tensor) -> None:
    """Keep the gradient of this computed tensor in its ``grad`` too; on a leaf it changes nothing.

    >>> import rushlight as torch
    >>> y = torch.ones(2, requires_grad=True) * 3
    >>> y.retain_grad()
    >>> y.sum().backward()
    >>> y.grad
    tensor([1., 1.])
    """
    if not self.requires_grad:
        errors.raise_no_grad_retained(self)
    if transforming():
        errors.raise_inside_transform("retain_grad")
    if not self.is_leaf:
        self._hooks = RETAINS
        keep_gradient(self)


def keep_gradient(t: Tensor) -> None:
    """Have the node of ``t`` deliver the gradient to ``t``; done again when ``t`` gets another node."""
    hooks, index = hooks_of(t)
    hooks.retain[index] = weakref.ref(t)  # to hold the tensor would keep its own node alive for ever


def _retains_grad(self: Tensor) -> bool:
    return self._hooks is RETAINS


Tensor.retains_grad = property(_retains_grad)  # type: ignore[assignment]


# -- hooks --------------------------------------------------------------------------------------------------


def hooks_of(t: Tensor) -> tuple[Hooks, int]:
    """Where hooks on a tensor's gradient hang: a computed tensor's at its node, a leaf's at itself."""
    edge = edge_of(t)
    if edge is t:
        return hooks_of_leaf(t), 0
    node, index = (edge.node, edge.index) if type(edge) is Output else (edge, 0)
    return node._hooks(), index


def register_hook(self: Tensor, hook: Any) -> RemovableHandle:
    """Call ``hook(grad)`` when this tensor's gradient is computed; a tensor it returns takes its place.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> handle = x.register_hook(lambda g: g * 2)
    >>> x.sum().backward()
    >>> x.grad
    tensor([2., 2.])
    """
    if not self.requires_grad:
        errors.raise_no_grad_hook(self)
    hooks, index = hooks_of(self)
    return RemovableHandle(hooks.on_gradient(index), hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Any) -> RemovableHandle:
    """Call ``hook(tensor)`` after a backward pass has added to this leaf's ``grad``."""
    if not self.requires_grad:
        errors.raise_no_grad_hook(self)
    if not self.is_leaf:
        errors.raise_hook_after_accumulation(self)
    return RemovableHandle(hooks_of_leaf(self).accumulated, hook)


# -- cutting ------------------------------------------------------------------------------------------------


def detach(input: Tensor) -> Tensor:
    """This tensor's content, shared, without its history: nothing flows back through the result.

    >>> import rushlight as torch
    >>> torch.ones(2, requires_grad=True).detach()
    tensor([1., 1.])
    """
    try:
        data = input._data
    except AttributeError:
        raise TypeError(f"detach(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}") from None
    out = alias(input) if type(data) is ndarray else detached(input)
    if input._requires_grad:
        out._origin = caller(".detach()")
    return out


def detach_(self: Tensor) -> Tensor:
    """Cut this tensor from its history in place."""
    if self._view is not None and not self._view.is_argument:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
            "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
            "detach_() cannot be called on these gradients. To fix this error, please refer to the "
            "Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."
        )
    self._view = self._fn = None
    self._requires_grad = False
    if belongs(self):
        self._data.level.detach_(self)
    self._origin = caller(".detach_()")
    return self


def _get_data(self: Tensor) -> Tensor:
    """The content as a tensor without history; changes through it are not noticed by autograd.

    Inside `vmap` it is refused: RuntimeError.
    """
    if isinstance(self._data, Shadow) and self._data.level.active:
        raise RuntimeError(
            "accessing `data` under vmap transform is not allowed\nWhat stands for one example has no memory of its own: "
            "use .detach()."
        )
    return detached(self) if belongs(self) else wrap(self._data)


def _set_data(self: Tensor, other: Any) -> None:
    if not isinstance(other, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(other).__name__}")
    if self._requires_grad is True and other._data.dtype.kind not in "fcV":
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    self._data = other._data  # the count of writes goes on, as in PyTorch: it belongs to the tensor


Tensor.data = property(_get_data, _set_data)  # type: ignore[assignment]


def is_inference(self: Tensor) -> bool:
    """Whether this tensor was made inside ``inference_mode``."""
    return self.__dict__.get("_inference", False)


for _function in (is_anomaly_enabled, is_anomaly_check_nan_enabled, set_anomaly_enabled):
    register(_function, method=False, out=False)

METHODS.update(
    backward=backward,
    requires_grad_=requires_grad_,
    retain_grad=retain_grad,
    register_hook=register_hook,
    register_post_accumulate_grad_hook=register_post_accumulate_grad_hook,
)
register(detach, out=False, inplace=detach_)

"""What a tensor can do about its gradient: backward, leaves, hooks, cutting it from the history."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from typing import Any

import numpy as np

from . import errors
from .engine import Backward
from .graph import Hooks, Output, RemovableHandle
from .modes import state
from .registry import METHODS
from .tensor import Tensor, alias, edge_of, wrap
from .where import caller

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
    if not isinstance(g, Tensor):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
    if g._data.shape != data.shape:
        errors.raise_cotangent_shape(t, g)
    if (g._data.dtype.kind == "c") != (data.dtype.kind == "c"):
        errors.raise_cotangent_dtype(t, g)
    return g


def run_backward(
    tensors: Any,
    grads: Any,
    retain_graph: bool | None,
    create_graph: bool,
    captured: dict[Any, Any] | None = None,
) -> None:
    """Start a backward pass at ``tensors`` with cotangents ``grads``; see `torch.autograd.backward`."""
    keep = create_graph if retain_graph is None else retain_graph
    roots = []
    for i, (t, g) in enumerate(zip(tensors, grads, strict=True)):
        edge = edge_of(t)
        if edge is None:
            errors.raise_no_grad_root(t, i)
        roots.append((edge, root_cotangent(t, g)))
    Backward(keep, create_graph, captured).run(roots)


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
    if inputs is None:
        run_backward((self,), (gradient,), retain_graph, create_graph)
    else:
        backward_to(inputs, (self,), (gradient,), retain_graph, create_graph)


def backward_to(inputs: Any, tensors: Any, grads: Any, retain_graph: bool | None, create_graph: bool) -> None:
    """A backward pass that fills the ``grad`` of ``inputs`` alone."""
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if not inputs:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    keys = []
    for i, t in enumerate(inputs):
        key = capture_key(t)
        if key is None:
            raise RuntimeError(f"One of the differentiated Tensors does not require grad (inputs[{i}])")
        keys.append(key)
    captured: dict[Any, Any] = dict.fromkeys(keys)
    run_backward(tensors, grads, retain_graph, create_graph, captured)
    for t, key in zip(inputs, keys, strict=True):
        g = captured[key]
        if g is not None:
            t._grad = g if t._grad is None else t._grad + g


def capture_key(t: Tensor) -> tuple[Any, int] | None:
    edge = edge_of(t)
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
    _set_requires_grad(self, requires_grad)
    return self


def _set_requires_grad(self: Tensor, value: bool) -> None:
    if value and self._data.dtype.kind not in "fcV":
        raise RuntimeError("only Tensors of floating point and complex dtype can require gradients")
    if edge_of(self) is not None and edge_of(self) is not self:
        if not value:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in "
                "a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        return
    if value and self.is_inference() and not state.inference:
        raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
    self._requires_grad = bool(value)


Tensor.requires_grad = Tensor.requires_grad.setter(_set_requires_grad)  # type: ignore[method-assign]


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
        if g._data.shape != self._data.shape:
            raise RuntimeError(
                f"assigned grad has data of a different size: expected {list(self._data.shape)}, "
                f"got {list(g._data.shape)}"
            )
        if g._data.dtype != self._data.dtype:
            raise RuntimeError(
                "assigned grad has data of a different type: expected "
                f"{errors.describe(self).split(' ')[0]}, got {errors.describe(g).split(' ')[0]}"
            )
    self._grad = g


def _del_grad(self: Tensor) -> None:
    self._grad = None


Tensor.grad = property(_get_grad, _set_grad, _del_grad)  # type: ignore[attr-defined]


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
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self.is_leaf or self.retains_grad:
        return
    tensor = weakref.ref(self)  # a hook that held the tensor would keep its own node alive for ever

    def keep(g: Tensor) -> None:
        t = tensor()
        if t is not None:
            t._grad = wrap(g._data) if g._fn is None else g

    self.__dict__["_retained"] = True
    _tensor_hooks(self)[-1] = keep


def _retains_grad(self: Tensor) -> bool:
    return "_retained" in self.__dict__ and not self.is_leaf


Tensor.retains_grad = property(_retains_grad)  # type: ignore[attr-defined]


# -- hooks --------------------------------------------------------------------------------------------------


def _tensor_hooks(self: Tensor) -> OrderedDict[int, Any]:
    """The hooks on this tensor's gradient: a computed tensor's are its node's, a leaf's are its own."""
    edge = edge_of(self)
    if edge is self or edge is None:
        return _leaf_hooks(self)["tensor"]
    node, index = (edge.node, edge.index) if type(edge) is Output else (edge, 0)
    if node.hooks is None:
        node.hooks = Hooks()
    return node.hooks.tensor.setdefault(index, OrderedDict())


def _leaf_hooks(self: Tensor) -> dict[str, OrderedDict[int, Any]]:
    if self._hooks is None:
        self._hooks = {"tensor": OrderedDict(), "post": OrderedDict()}
    return self._hooks


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
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    return RemovableHandle(_tensor_hooks(self), hook)


def register_post_accumulate_grad_hook(self: Tensor, hook: Any) -> RemovableHandle:
    """Call ``hook(tensor)`` after a backward pass has added to this leaf's ``grad``."""
    if not self.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if not self.is_leaf:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    return RemovableHandle(_leaf_hooks(self)["post"], hook)


# -- cutting ------------------------------------------------------------------------------------------------


def detach(self: Tensor) -> Tensor:
    """This tensor's content, shared, without its history: nothing flows back through the result.

    >>> import rushlight as torch
    >>> torch.ones(2, requires_grad=True).detach()
    tensor([1., 1.])
    """
    out = alias(self)
    if self._requires_grad:
        out._origin = caller(".detach()")
    return out


def detach_(self: Tensor) -> Tensor:
    """Cut this tensor from its history in place."""
    if self._view is not None:
        raise RuntimeError(
            "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
            "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
            "detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() "
            "function in torch/optim/optimizer.py as a solution."
        )
    self._fn = None
    self._requires_grad = False
    self._origin = caller(".detach_()")
    return self


def _get_data(self: Tensor) -> Tensor:
    """The content as a tensor without history; changes through it are not noticed by autograd."""
    return wrap(self._data)


def _set_data(self: Tensor, other: Any) -> None:
    if not isinstance(other, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(other).__name__}")
    if self._requires_grad is True and other._data.dtype.kind not in "fcV":
        raise RuntimeError(
            "data set to a tensor that requires gradients must be floating point or complex dtype"
        )
    self._data = other._data
    self._counter = None


Tensor.data = property(_get_data, _set_data)  # type: ignore[attr-defined]


def is_inference(self: Tensor) -> bool:
    """Whether this tensor was made inside ``inference_mode``."""
    return self.__dict__.get("_inference", False)


METHODS.update(
    backward=backward,
    requires_grad_=requires_grad_,
    retain_grad=retain_grad,
    register_hook=register_hook,
    register_post_accumulate_grad_hook=register_post_accumulate_grad_hook,
    detach=detach,
    detach_=detach_,
    is_inference=is_inference,
)

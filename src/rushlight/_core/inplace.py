"""Writing into a tensor's memory, and what that does to its history.

An in-place operation is its functional form with the result written over the first operand. Where nothing is
recorded it computes straight into the memory; where something is, the functional form is recorded on the old
content and the written tensor takes over the new history.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import errors
from .dtypes import from_numpy_dtype, scalar_type_name
from .families import WIDE, array
from .graph import RETAINS, Version
from .modes import state
from .operands import LARGEST_INT, SMALLEST_INT
from .out_checks import OutCheck, castable, converted
from .overlap import check_apart, check_overlap, check_unlocked, is_expanded, unlock
from .primitive import Complaints
from .tensor import Tensor, edge_of, wrap
from .views import check_view, move_retained, rebase
from .where import caller


def changed(t: Tensor, *sources: Tensor) -> None:
    """Count a write to the memory of ``t``, and remember where it came from. sources: what was written, if known."""
    counter = t._counter
    if counter is None:
        counter = t._counter = Version()
    counter.value += 1
    counter.place = state.place or caller("in-place operation")
    if state.watch is not None:
        state.watch.written(t, sources)


def check_writable(t: Tensor, *others: Any) -> None:
    """Refuse what autograd could not follow: writing over a leaf, or over some kinds of views."""
    if not state.grad:
        return
    wanted = t.requires_grad
    if not wanted and not any(isinstance(o, Tensor) and o.requires_grad for o in others):
        return
    if t.is_inference():
        errors.raise_inference_write(t)
    if t._view is not None:
        check_view(t)
    if wanted and t._fn is None:
        errors.raise_leaf_write(t, view=False)


def before(t: Tensor) -> Tensor:
    """``t`` as it is before a write: its history, over a copy of its content where rules may need it."""
    old = wrap(t._data.copy() if t._data.dtype.kind in "fcV" else t._data)
    edge = edge_of(t)
    if edge is not None and edge is not t:
        old._fn, old._requires_grad = edge, True
    return old


def write(t: Tensor, result: Tensor) -> Tensor:
    """Write ``result`` into the memory of ``t``, which takes over its history."""
    if result is t:
        return t
    to, array = t._data, result._data
    if array.shape != to.shape and (
        len(array.shape) > len(to.shape) or np.broadcast_shapes(array.shape, to.shape) != to.shape
    ):
        raise RuntimeError(
            f"output with shape {list(to.shape)} doesn't match the broadcast shape {list(array.shape)}\n"
            "An in-place operation cannot make its first operand larger: use the form without underscore."
        )
    if not castable(from_numpy_dtype(array.dtype), from_numpy_dtype(to.dtype)):
        raise RuntimeError(
            f"result type {scalar_type_name(from_numpy_dtype(array.dtype))} can't be cast to the desired "
            f"output type {scalar_type_name(from_numpy_dtype(to.dtype))}"
        )
    if state.interpreter is not None:
        state.interpreter.write(t, fitted(result, to))
        return t
    if not unlock(to):
        errors.raise_overlapping_write(t)
    with np.errstate(all="ignore"):
        np.copyto(to, array, casting="unsafe")
    changed(t, result)
    if result._fn is not None:
        take_history(t, result)
    return t


def fitted(result: Tensor, to: Any) -> Tensor:
    """``result`` with the shape and dtype of what it is to be written over, recorded."""
    if result._data.dtype != to.dtype:
        result = result.to(from_numpy_dtype(to.dtype))
    return result if result._data.shape == to.shape else result.expand(to.shape)


def take_history(t: Tensor, result: Tensor) -> None:
    """``t`` was overwritten with ``result``: its history, and its base's, say so from now on."""
    if result._data.dtype != t._data.dtype:
        result = result.to(from_numpy_dtype(t._data.dtype))
    if result._data.shape != t._data.shape:
        result = result.expand(t._data.shape)
    if t._view is not None:
        rebase(t, result)
    else:
        if t._hooks is RETAINS:
            move_retained(t._fn, result._fn)
        t._fn = result._fn
        t._requires_grad = True


def inplace(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """The in-place form of a functional operation: ``x.sin_()`` from ``sin``."""

    def apply_(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        others = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
        check_writable(self, *others)
        if state.interpreter is None:
            for other in others:
                check_overlap(self._data, other._data)
        recorded = state.grad and any(t._requires_grad for t in (self, *others))
        old = self.clone() if state.interpreter is not None else before(self) if recorded else self
        result = function(old, *args, **kwargs)
        return result if result is NotImplemented else write(self, result)

    apply_.__name__ = apply_.__qualname__ = f"{function.__name__}_"
    apply_.__doc__ = f"In-place form of `{function.__name__}`: the result replaces this tensor's content."
    return apply_


def inplace_binary(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """`inplace` for a binary operation whose forward is a ufunc, with a fast path that records nothing."""
    ufunc = function.primitive.forward  # type: ignore[attr-defined]
    general = inplace(function)

    def apply_(self: Tensor, other: Any) -> Tensor:
        x = self._data
        if not state.mode or x.dtype not in WIDE or (self._requires_grad and state.grad):
            return general(self, other)
        kind = type(other)
        try:
            if kind is float or (kind is int and SMALLEST_INT <= other <= LARGEST_INT):
                y = array(other, x.dtype)
            elif isinstance(other, Tensor) and not (other._requires_grad and state.grad):
                y = other._data
                if y.dtype is not x.dtype:
                    return general(self, other)
                if x is not y and (x.base is not None or y.base is not None) and np.may_share_memory(x, y):
                    return general(self, other)  # NumPy would compute in a copy, and on a complaint throw it away
            else:
                return general(self, other)
        except Complaints:
            return general(self, other)
        try:
            ufunc(x, y, x)
        except Complaints:
            pass  # told after the loop: the result is there, and to compute it again would apply it twice
        except (ValueError, TypeError):  # raised before the loop: nothing is written yet
            return general(self, other)
        counter = self._counter
        if counter is None:
            counter = self._counter = Version()
        counter.value += 1
        place = state.place
        if place is None:
            frame = sys._getframe(1)
            place = (frame.f_code, frame.f_lasti)  # type: ignore[assignment]  # a `Place` would cost more than all else here
        counter.place = place
        return self

    apply_.__name__ = apply_.__qualname__ = general.__name__
    apply_.__doc__ = general.__doc__
    return apply_


def write_out(
    result: Any,
    out: Any,
    name: str = "",
    *,
    differentiable: bool = True,
    check: OutCheck | tuple[OutCheck, ...] = converted,
    operands: Any = (),
    apart: Any = (),
    warns: bool = True,
) -> Any:
    """Deliver a result into the tensor(s) that the caller gave as ``out=``, resized where needed.

    check: which dtypes are refused, for all results or for each. operands: what ``out``, if it is
    as large, must not lie partly over: PyTorch would read there what it has written. apart: what it must share no
    memory with at all. Nothing is written before all is looked at.
    """
    several = isinstance(result, tuple)
    if not several:
        _check_is_tensor(out, name)
        results, outs = (result,), (out,)
    else:
        if not isinstance(out, (tuple, list)):
            raise TypeError(f"{_called(name)}argument 'out' must be tuple of Tensors, not {type(out).__name__}")
        if len(out) != len(result):
            raise TypeError(f"expected tuple of {len(result)} elements but got {len(out)}")
        for o in out:
            _check_is_tensor(o, name)
        results, outs = result, tuple(out)
    if not isinstance(check, tuple):
        checks = (check,) * len(results)
    else:  # of what may give one result or several, the one is converted: max(x) beside max(x, 0)
        checks = check if several else (converted,)
    for r, o, each in zip(results, outs, checks, strict=True):
        if differentiable and state.grad and (o.requires_grad or r.requires_grad):
            raise RuntimeError(
                f"{_called(name)}functions with out=... arguments don't support automatic differentiation, but one of "
                "the arguments requires grad."
            )
        each(from_numpy_dtype(r._data.dtype), from_numpy_dtype(o._data.dtype))
        for t in _tensors(apart):
            check_apart(o._data, t._data)
        if (apart or o._data.shape == r._data.shape) and o._data.size and is_expanded(o._data):
            errors.raise_overlapping_write(o._data)  # `as_strided` makes such too, without a lock
        if o._data.shape == r._data.shape:
            for t in _tensors(operands):
                if t._data.size == o._data.size:
                    check_overlap(o._data, t._data)
    for r, o in zip(results, outs):
        _deliver(r, o, warns)
    if not several:
        return out
    return type(result)(outs)


def _called(name: str) -> str:
    return f"{name}(): " if name else ""


def _check_is_tensor(out: Any, name: str) -> None:
    if not isinstance(out, Tensor):
        raise TypeError(f"{_called(name)}argument 'out' must be Tensor, not {type(out).__name__}")


def _tensors(operands: Any) -> Iterator[Tensor]:
    for operand in operands:
        if isinstance(operand, Tensor):
            yield operand
        elif isinstance(operand, (tuple, list)):
            yield from _tensors(operand)


def _deliver(result: Tensor, out: Tensor, warns: bool) -> None:
    shape = result._data.shape
    if out._data.shape != shape:
        if warns and out._data.size:
            import warnings

            warnings.warn(
                f"An output with one or more elements was resized since it had shape {list(out._data.shape)}, which "
                f"does not match the required output shape {list(shape)}. Pass an empty tensor "
                "(torch.empty(0)) to have it take the result's shape without this warning.",
                UserWarning,
                stacklevel=4,
            )
        out._data = np.empty(shape, dtype=out._data.dtype)
    check_unlocked(out._data)
    with np.errstate(all="ignore"):
        np.copyto(out._data, result._data, casting="unsafe")
    changed(out, result)

"""Batching: a function of one example applied to many at once.

`Batching` is a level (see `levels`) whose tensors look like one example. Their content is a tensor of the level below
that holds all examples along its first dimension, or one that is the same for all. A primitive is applied to the
contents by its batching rule (`batching_rules`); where there is none, to one example after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import Any, NoReturn

import numpy as np

from .batching_rules import rule_of
from .batching_rules.naming import aten_name, raise_dynamic
from .batching_rules.operands import Operand
from .inplace import changed, take_history
from .levels import Level, Shadow, has_history, same_memory, spread
from .primitive import Primitive
from .tensor import Tensor, ndarray, new, version_of, wrap
from .where import warn_user

make = tuple.__new__  # a named tuple's own way goes through a Python function


class Batching(Level):
    """One level of batching over ``size`` examples. randomness: "error", "same" or "different"."""

    def __init__(self, size: int, randomness: str):
        self.size = size
        self.randomness = randomness

    def batch(self, value: Tensor) -> Tensor:
        """A tensor of the level below as a batched one: its first dimension is the examples."""
        data = value._data
        shape = data.shape
        shadow: Any = new(Shadow)  # `Shadow` and `made` in one: this is done for each result
        shadow.shape = shape[1:]
        # Of what is empty NumPy's strides are all 0; an example need not be.
        shadow.strides = data.strides[1:] if self.size else np.empty(shape[1:], data.dtype).strides
        shadow.dtype = data.dtype
        shadow.level = self
        shadow.content = make(Operand, (value, True, len(shape) - 1))
        shadow.version = 0
        return wrap(shadow)

    def contents(self, inputs: tuple[Any, ...]) -> list[Any]:
        # `content`, without a call for each.
        return [
            t._data.content
            if isinstance(t, Tensor) and type(t._data) is not ndarray and getattr(t._data, "level", None) is self
            else None
            for t in inputs
        ]

    def lift(self, t: Tensor) -> Tensor:
        return self.made(same_memory(t._data), Operand(t, False, t._data.ndim))

    def unbatch(self, t: Any) -> Operand:
        """The content of any tensor; numbers and None are the same for all examples."""
        if not isinstance(t, Tensor):
            return Operand(t, False, 0)
        return self.content(t) or Operand(t, False, t._data.ndim)

    def apply(
        self, primitive: Primitive, inputs: tuple[Any, ...], contents: list[Any], params: dict[str, Any], recorded: bool
    ) -> Any:
        operands = contents
        if None in contents:
            operands = [
                make(Operand, (t, False, t._data.ndim if isinstance(t, Tensor) else 0)) if c is None else c
                for t, c in zip(inputs, contents)
            ]
        for operand in operands:
            if operand.mapped:
                break
        else:
            out = primitive.bind(*[o.value for o in operands], **params)
            if not recorded:
                return out
            return tuple([self.lift(o) for o in out]) if isinstance(out, tuple) else self.lift(out)
        if primitive.family == "function":  # whose rules are the user's
            return primitive.batched(self, operands)  # type: ignore[attr-defined]
        out = rule_of(primitive)(primitive, operands, params, self.size)
        if out is NotImplemented:
            out = self.loop(primitive, operands, params)
        return tuple([self.batch(o) for o in out]) if isinstance(out, tuple) else self.batch(out)

    def loop(self, primitive: Primitive, operands: list[Operand], params: dict[str, Any]) -> Any:
        """One example after the other."""
        from .. import stack

        if not self.size:
            # No example to learn the shape from: one of zeros.
            zeros = [o.value.new_zeros(o.shape) if o.mapped else o.value for o in operands]
            out = primitive.bind(*zeros, **params)
            outs = out if isinstance(out, tuple) else (out,)
            empty = tuple([o.new_zeros((0, *o._data.shape)) for o in outs])
            return empty if isinstance(out, tuple) else empty[0]
        warn_slow(primitive)
        rows = []
        for i in range(self.size):
            rows.append(primitive.bind(*[o.value.select(0, i) if o.mapped else o.value for o in operands], **params))
        columns = list(zip(*rows)) if isinstance(rows[0], tuple) else [rows]
        if any(len({r._data.shape for r in column}) > 1 for column in columns):
            raise_dynamic(aten_name(primitive))
        stacked = tuple([stack(list(column)) for column in columns])
        return stacked if isinstance(rows[0], tuple) else stacked[0]

    def write(self, t: Tensor, result: Tensor) -> None:
        to, source = self.unbatch(t), self.unbatch(result)
        if source.mapped and not to.mapped:
            raise RuntimeError(
                "vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor `other` in "
                "extra_args that has more elements than `self`. This happened due to `other` being vmapped over but "
                "`self` not being vmapped over in a vmap. Please try to use out-of-place operators instead of inplace "
                "arithmetic. If said operator is being called inside the PyTorch framework, please file a bug report "
                "instead.\n"
                "The tensor that is written to is the same for all examples, what is written to it is not: stack the "
                "parts instead, or make the tensor of one that differs between examples (x.new_zeros(n) + 0 * x.sum())."
            )
        known, node = self.content(t) is not None, result._fn if self.content(result) is not None else None
        if not known and node is not None:
            raise NotImplementedError(
                "writing what has a gradient inside vmap into a tensor from outside is not supported\n"
                "Use operations without underscore."
            )
        value = source.value
        if to.mapped and not source.mapped:
            value = self.below(value.expand, to.value._data.shape)
        self.write_below(to.value, value)
        if known:
            changed(t)
        if node is not None:
            take_history(t, result)

    def detached(self, t: Tensor) -> Tensor:
        value, mapped, _ = self.content(t)
        if not mapped:
            return value.detach()
        out = self.batch(value.detach())
        out._counter = version_of(t)  # a write to one of them is one to the other
        return out

    def detach_(self, t: Tensor) -> None:
        data: Any = t._data
        data.content = data.content._replace(value=data.content.value.detach())

    def spread(self, t: Tensor, made: Tensor) -> Tensor:
        value, mapped, _ = self.content(t)
        if not mapped:
            return spread(value, made)
        every = wrap(np.array(np.broadcast_to(made._data, (self.size, *made._data.shape))))
        return self.batch(spread(value, every))

    # -- random numbers -----------------------------------------------------------------------------------------

    def bind(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        if primitive.family == "random":
            self.check_randomness(any(isinstance(t, Tensor) and self.unbatch(t).mapped for t in inputs))
            if self.randomness == "different":
                # What is the same for all examples is drawn for each.
                inputs = tuple([self.each(t) for t in inputs])
        return Level.bind(self, primitive, inputs, params)

    def each(self, t: Any) -> Any:
        """``t`` with an example of its own for each, even where all are the same."""
        if not isinstance(t, Tensor) or self.unbatch(t).mapped:
            return t
        value = self.unbatch(t).value
        return self.batch(self.below(value.expand, (self.size, *value._data.shape)))

    def check_randomness(self, mapped: bool) -> None:
        if self.randomness == "error":
            raise RuntimeError(
                "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
                "'different' randomness flags on vmap or perform the randomness operation out of vmap"
            )
        if mapped and self.randomness == "same":
            raise RuntimeError(
                "Vmap does not currently support same randomness with a batched tensor input. Please file an issue with "
                "functorch\nThe numbers would be drawn by values that differ between examples."
            )

    def draw(self, shape: tuple[int, ...], draw: Callable[..., np.ndarray], separately: bool) -> Tensor:
        self.check_randomness(False)
        if self.randomness == "same":
            return super().draw(shape, draw, separately)
        if separately:
            from .. import stack

            parts = [super(Batching, self).draw(shape, draw, True) for _ in range(self.size)]
            return self.batch(self.below(stack, parts))
        return self.batch(super().draw((self.size, *shape), draw, False))

    def check_draw_over(self, t: Tensor) -> None:
        if self.randomness == "different" and not self.unbatch(t).mapped:
            raise RuntimeError(
                "vmap: Cannot ask for different inplace randomness on an unbatched tensor. This will appear like same "
                "randomness. If this is necessary for your usage, please file an issue with functorch.\n"
                "Use the form that makes a new tensor: torch.randn(...) in the place of x.normal_()."
            )
        super().check_draw_over(t)

    def contents_history(self, content: Any) -> bool:
        return has_history(content.value)

    def describe(self, t: Tensor) -> str:
        value, mapped, _ = self.content(t)
        if not self.active or not mapped:
            return repr(value)
        return f"BatchedTensor(lvl={self.depth}, bdim=0, value=\n{indent(repr(value), '    ')}\n)"

    # -- what one example cannot tell -----------------------------------------------------------------------

    def raise_revealed(self, what: str) -> NoReturn:
        if not self.active:
            raise RuntimeError(
                "Either your tensor may have escaped from inside a function being vmapped and this is a user error (see "
                "https://pytorch.org/functorch/stable/ux_limitations.html), or there is an internal functorch error in "
                "`gen_vmap_plumbing` Please file an issue if it looks like the latter\n"
                "Return the tensor from the function instead: outside, it has one value for each example."
            )
        if what == ".item":
            raise RuntimeError(
                "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap over calling .item() on a "
                "Tensor, please try to rewrite what you're doing with other operations. If error is occurring somewhere "
                "inside PyTorch internals, please file a bug report."
            )
        if what in ("nonzero", "unique"):
            raise_dynamic(f"aten::{what}")
        raise RuntimeError(
            "Cannot access data pointer of Tensor that doesn't have storage\nInside vmap a tensor stands for one "
            "example of many, and has no values of its own: what is computed may not depend on them."
        )

    def raise_branch(self) -> NoReturn:
        if not self.active:
            self.raise_revealed("")
        raise RuntimeError(
            "vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow. We don't "
            "support that yet, please file an issue at https://github.com/pytorch/pytorch/issues .\n"
            "Choose between values with torch.where(condition, a, b)."
        )


_warned: set[str] = set()


def warn_slow(primitive: Primitive) -> None:
    """Say, once, that a primitive is applied to one example after the other."""
    if primitive.name in _warned:
        return
    _warned.add(primitive.name)
    warn_user(
        "There is a performance drop because we have not yet implemented the batching rule for "
        f"{aten_name(primitive)}. Please file us an issue on GitHub so that we can prioritize its implementation.",
        UserWarning,
    )

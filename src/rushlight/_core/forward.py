"""Forward mode: tangents carried along with values, by the records' own rules.

A `Pushforward` is a level (see `levels`): while it is active every primitive is evaluated one level lower, and its
tangent follows there from those of its inputs. Since rules are written in Rushlight's operations, tangents have a
history too and can be differentiated, forward or backward.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import Any, NamedTuple, NoReturn

from .inplace import changed, take_history
from .levels import Level, belongs, has_history, same_memory, spread
from .primitive import Primitive, Rule
from .tensor import Tensor, edge_of
from .views import ViewPrimitive, arranged, beyond, elementwise_strides, extent, replay, scatter

# A copy of ``x`` that lies in memory as ``layout`` (strides in elements) says, with ``room`` around it.
arrange = Primitive(
    "Arrange",
    lambda x, layout, room=(0, 0): arranged(x, layout, room),
    vjp=lambda g: g,
    jvp=lambda x_t: x_t,
    family="linear",
)


def pushforward(
    primitive: Primitive, inputs: tuple[Any, ...], tangents: Sequence[Any], params: dict[str, Any], out: Any
) -> Any:
    """The tangent of ``out = primitive(*inputs, **params)``; of several results: a tuple, None for constants.

    tangents: aligned with ``inputs``, None where absent; at least one is there. Raises NotImplementedError where the
    operation has a derivative but its record no rule for forward mode.
    """
    if not primitive.differentiable:
        return (None,) * len(out) if isinstance(out, tuple) else None
    if primitive.jvp is not None:
        result = _by_rule(primitive, inputs, tangents, params, out)
    elif primitive.elementwise:
        result = _elementwise(primitive, inputs, tangents, params, out)
    elif primitive.family == "view":
        result = primitive.bind(viewable(primitive, inputs[0], tangents[0], params), **params)
    elif primitive.family == "linear":
        result = primitive.bind(*[zeros_like(x) if t is None else t for x, t in zip(inputs, tangents)], **params)
    else:
        from .batching_rules.naming import aten_name

        raise NotImplementedError(
            f"Trying to use forward AD with {aten_name(primitive).removeprefix('aten::')} that does not support it because it has not been "
            "implemented yet.\nIts record has no rule for forward mode; reverse mode (torch.func.vjp, jacrev) works."
        )
    if isinstance(result, Tensor) and result._data.shape != out._data.shape:
        result = result.expand(out._data.shape)  # the input that varies was broadcast
    return result


def zeros_like(x: Any) -> Any:
    """The tangent of an input that has none, as the operation takes it."""
    if isinstance(x, Tensor):
        return x.new_zeros(x._data.shape)
    return None if x is None else x * 0  # a number, as NumPy has it or Python


def _by_rule(primitive: Primitive, inputs: Any, tangents: Any, params: Any, out: Any) -> Any:
    values = {**params, "result": out, "inputs": inputs, "tangents": tuple(tangents)}
    if type(out) is tuple:
        values.update({f"result_{i}": o for i, o in enumerate(out)})
    if not primitive.variadic:
        for name, value, tangent in zip(primitive.inputs, inputs, tangents, strict=True):
            values[name] = value
            values[f"{name}_t"] = tangent
            if isinstance(value, Tensor):
                values[f"{name}_shape"] = value._data.shape
                values[f"{name}_dtype"] = value._data.dtype
    rule: Any = primitive.jvp
    code = rule.__code__
    return rule(*[values[name] for name in code.co_varnames[: code.co_argcount]])


def _elementwise(primitive: Primitive, inputs: Any, tangents: Any, params: Any, out: Any) -> Any:
    total = None
    for rule, tangent in zip(primitive.rules, tangents, strict=True):
        if tangent is None or rule is None:
            continue
        if isinstance(rule, Rule):
            values = {**params, "result": out, **dict(zip(primitive.inputs, inputs))}
            term = tangent * rule.function(*[values[name] for name in rule.names])
        else:
            term = tangent if rule == 1 else tangent * rule
        total = term if total is None else total + term
    return total


def viewable(primitive: Any, x: Tensor, tangent: Tensor, params: dict[str, Any]) -> Tensor:
    """The tangent of ``x`` such that it can be viewed as ``x`` is: for some views memory must lie alike."""
    if isinstance(primitive, ViewPrimitive) and primitive.by_layout:
        layout, room = elementwise_strides(x._data), beyond(params)
        if elementwise_strides(tangent._data) != layout or not _has_around(tangent, room):
            return arrange.bind(tangent, layout=layout, room=room)
    return tangent


def _has_around(tangent: Tensor, room: tuple[int, int]) -> bool:
    """Whether the tangent's base, a tangent too, has that much memory before and after this part of it."""
    if not any(room) or tangent._view is None:
        return not any(room)
    base, before = tangent._view.base._data, tangent.storage_offset()
    of_base, of_part = [extent(t.shape, elementwise_strides(t)) for t in (base, tangent._data)]
    after = of_base - before - of_part
    return before >= room[0] and after >= room[1]


class Dual(NamedTuple):
    """A value and its tangent; None where it is constant."""

    primal: Tensor
    tangent: Tensor | None


class Pushforward(Level):
    """One level of forward mode."""

    def __init__(self) -> None:
        self.members: dict[int, weakref.ref[Tensor]] = {}
        # Foreign tensors whose memory was written to with what this level knows more of, as tensors of this level.
        self.written: dict[Tensor, Tensor] = {}

    def __exit__(self, *exc: Any) -> None:
        super().__exit__(*exc)
        for ref in list(self.members.values()):
            t = ref()
            if t is not None and belongs(t):
                settle(t)

    def lift(self, t: Tensor, tangent: Tensor | None = None) -> Tensor:
        out = self.made(same_memory(t._data), Dual(t, tangent))
        key, members = id(out), self.members
        members[key] = weakref.ref(out, lambda _: members.pop(key, None))
        return out

    def unpack(self, t: Tensor) -> Dual:
        """Value and tangent of any tensor, as tensors of the level below."""
        t = self.known(t)
        return self.content(t) or Dual(t, None)

    def bind(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        if self.written:
            inputs = tuple([self.known(t) if isinstance(t, Tensor) else t for t in inputs])
        return super().bind(primitive, inputs, params)

    def content(self, t: Tensor) -> Any:
        dual = super().content(t)
        if dual is not None and t._view is not None and t._counter.value != t._data.version:
            # Its memory was written to since, through its base or another view of that.
            base = super().content(t._view.base)
            tangent = None if base.tangent is None else self.looked(base, t._view.path(t))
            dual = self.set(t, dual.primal, tangent)
        return dual

    def looked(self, base: Dual, path: dict[str, Any]) -> Any:
        """The tangent of the view that looks at ``base`` along ``path``."""
        return self.below(replay.bind, base.tangent, **path)

    def overwritten(self, base: Dual, part: Dual, path: dict[str, Any]) -> Any:
        """The tangent of ``base`` with ``part`` written where the ``path`` looks."""
        return self.below(scatter.bind, materialized(base), materialized(part), **path)

    def set(self, t: Tensor, primal: Tensor, tangent: Tensor | None) -> Dual:
        """Give a tensor of this level another content, and so all that share its ``_data``."""
        data: Any = t._data
        data.content = Dual(primal, tangent)
        data.version = 0 if t._counter is None else t._counter.value
        return data.content

    # -- writing in place -------------------------------------------------------------------------------------

    def known(self, t: Tensor) -> Tensor:
        """``t``, or where its memory was written to with a tangent or a history, what it is at this level."""
        view = t._view
        root = self.written.get(t if view is None else view.base)
        if root is None or super().content(t) is not None:
            return t
        for primitive, params in () if view is None else view.chain:
            root = primitive.bind(root, **params)
        return root

    def write(self, t: Tensor, result: Tensor) -> None:
        primal, tangent = self.unpack(result)
        node = None if self.content(result) is None else result._fn
        t = self.known(t)
        if self.content(t) is None:
            if tangent is None and node is None:
                self.write_below(t, primal)
                return
            root = t if t._view is None else t._view.base
            self.written[root] = self.lift(root)
            t = self.known(t)
        to = self.content(t).primal
        view = t._view
        self.write_below(to, primal)
        changed(t)
        if view is not None:
            base = super().content(view.base)
            if base.tangent is not None or tangent is not None:
                whole = self.overwritten(base, Dual(primal, tangent), view.path(t))
                self.set(view.base, base.primal, whole)
        self.set(t, to, tangent)
        if node is not None:
            take_history(t, result)

    def apply(
        self, primitive: Primitive, inputs: tuple[Any, ...], contents: list[Any], params: dict[str, Any], recorded: bool
    ) -> Any:
        primals = tuple([t if c is None else c.primal for t, c in zip(inputs, contents)])
        tangents = [None if c is None else c.tangent for c in contents]
        out = primitive.bind(*primals, **params)
        several = isinstance(out, tuple)
        results: Any = (None,) * len(out) if several else None
        if any(t is not None for t in tangents):
            results = pushforward(primitive, primals, tangents, params, out)
        if not several:
            return self.carry(out, results, recorded)
        return tuple([self.carry(o, t, recorded) for o, t in zip(out, results, strict=True)])

    def carry(self, out: Tensor, tangent: Tensor | None, recorded: bool) -> Tensor:
        """A result with its tangent; as it is where it has none and nothing at this level may ask for it."""
        if out._data.dtype.kind not in "fcV" or (tangent is None and not recorded):
            return out
        return self.lift(out, tangent)

    def detached(self, t: Tensor) -> Tensor:
        return self.content(t).primal.detach()

    def detach_(self, t: Tensor) -> None:
        # As in PyTorch, and unlike `detach`, what levels below know of it stays; but where backward passes are this
        # level's own too, that history goes.
        primal = self.content(t).primal
        self.set(t, primal if self.closed else primal.detach(), None)

    def check_handed_out(self) -> None:
        if self.closed:
            raise RuntimeError(
                "Cannot access data pointer of Tensor that doesn't have storage\nThe array would have no tangent: what "
                "is computed with NumPy has no derivative. Of x.detach() there is an array."
            )

    def spread(self, t: Tensor, made: Tensor) -> Tensor:
        return spread(self.content(t).primal, made)

    def contents_history(self, content: Any) -> bool:
        return has_history(content.primal) or (content.tangent is not None and has_history(content.tangent))

    def describe(self, t: Tensor) -> str:
        return f"GradTrackingTensor(lvl={self.depth}, value=\n{indent(repr(self.content(t).primal), '    ')}\n)"

    # A `Pushforward` makes shadows only of shadows: the refusal is the lower level's to word.

    def raise_revealed(self, what: str) -> NoReturn:
        assert self.outer is not None
        self.outer.raise_revealed(what)

    def raise_branch(self) -> NoReturn:
        assert self.outer is not None
        self.outer.raise_branch()


def settle(t: Tensor) -> None:
    """Make what escaped from a level that has ended what its value is one level lower."""
    primal = t._data.content.primal
    if edge_of(primal) is not None:
        primal = primal.view_as(primal)
    t._data, t._counter, t._view = primal._data, primal._counter, primal._view
    t._fn, t._requires_grad = primal._fn, primal._requires_grad


def jvp(function: Callable[..., Any], primals: Sequence[Tensor], tangents: Sequence[Tensor]) -> tuple[Any, Any]:
    """``function(*primals)`` and its directional derivative along ``tangents``, in one pass.

    Both are a tensor, or tuples where the function returns several; a result that does not depend on the inputs
    has a tangent of zeros.
    """
    for p, t in zip(primals, tangents, strict=True):
        if p._data.shape != t._data.shape:
            raise RuntimeError(f"jvp: primal and tangent must have the same shape, but got {p.shape} and {t.shape}")
    with Pushforward() as level:
        # New tensors: the same one given twice may have two tangents.
        out = function(*[level.lift(p, t) for p, t in zip(primals, tangents)])
        found = [level.unpack(o) for o in (out if isinstance(out, tuple) else (out,))]
    values = tuple([dual.primal for dual in found])
    derivatives = tuple([materialized(dual) for dual in found])
    return (values, derivatives) if isinstance(out, tuple) else (values[0], derivatives[0])


def materialized(dual: Dual) -> Tensor:
    """The tangent, zeros where there is none."""
    primal, tangent = dual
    return primal.new_zeros(primal._data.shape) if tangent is None else tangent

"""Forward mode: tangents carried along with values, by the records' own rules.

`Pushforward` is an interpreter (see `modes.State.interpreter`): while it is active every primitive comes to it,
is evaluated one level lower, and its tangent follows from those of its inputs. Since rules are written in
Rushlight's operations, the tangents have a history too and can be differentiated, forward or backward.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .modes import state
from .primitive import Primitive, Rule
from .tensor import Tensor


def pushforward(
    primitive: Primitive, inputs: tuple[Any, ...], tangents: Sequence[Any], params: dict[str, Any], out: Any
) -> Any:
    """The tangent of ``out = primitive(*inputs, **params)``; of several results: a tuple, None for constants.

    tangents: aligned with ``inputs``, None where absent; at least one is there.
    """
    if primitive.jvp is not None:
        values = {**params, "result": out, "inputs": inputs, "tangents": tuple(tangents)}
        if not primitive.variadic:
            for name, value, tangent in zip(primitive.inputs, inputs, tangents, strict=True):
                values[name] = value
                values[f"{name}_t"] = tangent
                if isinstance(value, Tensor):
                    values[f"{name}_shape"] = value._data.shape
        code = primitive.jvp.__code__
        result = primitive.jvp(*[values[name] for name in code.co_varnames[: code.co_argcount]])
    elif primitive.elementwise:
        result = _elementwise(primitive, inputs, tangents, params, out)
    elif primitive.family == "view":
        result = primitive.bind(tangents[0], **params)
    elif primitive.family == "linear":
        filled = [t if t is not None or not isinstance(x, Tensor) else x.new_zeros(x._data.shape) for x, t in zip(inputs, tangents)]
        result = primitive.bind(*filled, **params)
    else:
        raise NotImplementedError(f"forward mode through {primitive.name} is not supported: its record has no jvp")
    if isinstance(result, Tensor) and isinstance(out, Tensor) and result._data.shape != out._data.shape:
        result = result.expand(out._data.shape)  # the input that varies was broadcast
    return result


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


class Pushforward:
    """One level of forward mode: the tangents of this level's tensors."""

    def __init__(self) -> None:
        self.outer = state.interpreter
        # By identity: tensors hash by it. The level keeps its tensors alive, so no identity is used twice.
        self.tangents: dict[Tensor, Tensor] = {}

    def __enter__(self) -> Pushforward:
        self.outer = state.interpreter
        state.interpreter = self
        state.update()
        return self

    def __exit__(self, *exc: Any) -> None:
        state.interpreter = self.outer
        state.update()

    def bind(self, primitive: Primitive, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
        state.interpreter = self.outer
        state.update()
        try:
            out = primitive.bind(*inputs, **params)
            known = self.tangents
            tangents = [known.get(t) if isinstance(t, Tensor) else None for t in inputs]
            if any(t is not None for t in tangents):
                result = pushforward(primitive, inputs, tangents, params, out)
                outs, results = (out, result) if isinstance(out, tuple) else ((out,), (result,))
                for o, t in zip(outs, results):
                    if t is not None and o._data.dtype.kind in "fcV":
                        known[o] = t
            return out
        finally:
            state.interpreter = self
            state.update()


def jvp(function: Callable[..., Any], primals: Sequence[Tensor], tangents: Sequence[Tensor]) -> tuple[Any, Any]:
    """``function(*primals)`` and its directional derivative along ``tangents``, in one pass.

    Both are a tensor, or tuples where the function returns several; a result that does not depend on the inputs
    has a tangent of zeros.
    """
    for p, t in zip(primals, tangents, strict=True):
        if p._data.shape != t._data.shape:
            raise RuntimeError(
                f"jvp: primal and tangent must have the same shape, but got {p.shape} and {t.shape}"
            )
    with Pushforward() as level:
        # Aliases: the same tensor given twice may have two tangents.
        aliases = [p.view_as(p) for p in primals]
        level.tangents.update(zip(aliases, tangents, strict=True))
        out = function(*aliases)
    outs = out if isinstance(out, tuple) else (out,)
    found = tuple(
        level.tangents[o] if o in level.tangents else o.new_zeros(o._data.shape) for o in outs
    )
    return out, found if isinstance(out, tuple) else found[0]


"""What a program is told of nan and inf: the first operation to blame, what it read, and what to do.

The finding is done in `anomaly`; here are the words. Nothing of this runs where all numbers are finite.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from . import anomaly, errors, naming
from .primitive import INPUT, RESULT, Rule
from .tensor import Tensor, ndarray

# What to do, by the operation that made nan or inf of finite numbers in the forward pass.
_LOG = (
    "A logarithm wants numbers above 0, as in x.clamp(min=eps).log(). For probabilities take log_softmax, or a loss that "
    "takes logits."
)
_DIVISOR = "Keep the divisor away from 0: add eps to it, or choose it with torch.where before dividing."
_DOMAIN = "Keep what goes in inside the domain, as in x.clamp(-1 + eps, 1 - eps)."
_SPREAD = "A single number has no spread to estimate from: pass correction=0, or more numbers."
_DIFFERENCE = "inf - inf is nan: keep the operands finite."
_FORWARD = {
    **dict.fromkeys(("log", "log2", "log10", "log1p", "xlogy"), _LOG),
    **dict.fromkeys(("div", "reciprocal", "remainder", "fmod", "addcdiv"), _DIVISOR),
    **dict.fromkeys(("sqrt", "rsqrt"), "A root wants numbers above 0, as in x.clamp(min=eps).sqrt()."),
    **dict.fromkeys(("acos", "asin", "atanh", "erfinv"), _DOMAIN),
    **dict.fromkeys(("var", "std", "var_mean", "std_mean"), _SPREAD),
    **dict.fromkeys(("add", "sub", "sum", "cumsum"), _DIFFERENCE),
    "pow": "A number below 0 has no such power, and 0 none below 0: x.clamp(min=eps) ** p, or x.abs() ** p.",
    "acosh": "acosh wants numbers above 1, as in x.clamp(min=1 + eps).acosh().",
    "mean": "There is nothing to take the mean of: look for an empty batch, or a mask that selects nothing.",
    "mul": "0 * inf is nan: keep the operands finite. A mask of 0 and 1 does not remove inf; torch.where does.",
}
_GROWING = {"add", "sub", "mul", "sum", "cumsum", "mean", "pow"}  # what these make inf of is large

# What to do where the forward pass was finite, and a derivative was not.
_SLOPE = "{} has an infinite slope at {}, and 0 times that is nan: keep what goes in away from there, as in {}."
_ARC = _SLOPE.format("The function", "-1 and 1", "x.clamp(-1 + eps, 1 - eps)")
_BACKWARD = {
    **dict.fromkeys(("log", "log2", "log10", "log1p", "xlogy"), _LOG),
    **dict.fromkeys(("div", "reciprocal", "rsqrt", "addcdiv"), _DIVISOR),
    **dict.fromkeys(("acos", "asin", "atanh", "acosh", "erfinv"), _ARC),
    **dict.fromkeys(("var", "std", "var_mean", "std_mean"), _SPREAD),
    "sqrt": _SLOPE.format("A root", "0", "(x + eps).sqrt()"),
    "pow": _SLOPE.format("A power below 1", "0", "(x + eps) ** p"),
}

# What made the gradient 0 that met an infinite derivative.
_MASKS = {
    "where": "torch.where computes both branches, and 0 times an infinite derivative is nan. Choose what goes in, too: "
    "torch.where(condition, f(torch.where(condition, x, 1.0)), 0.0).",
    "masked_fill": "What is filled over was computed all the same, and 0 times an infinite derivative is nan. Fill what "
    "goes in, too, with a number at which the derivative is finite.",
}

_ROWS = {"softmax", "log_softmax", "logsumexp"}
_ROW = (
    "Where all of a row is -inf there is nothing to choose from: leave one entry of each row unmasked, or mask with "
    "torch.finfo(x.dtype).min."
)
_EXP = (
    "From {limit} on, exp is larger than any {dtype}: subtract the largest number first, as softmax and logsumexp do, or "
    "stay with the logarithm."
)
_GROWN = (
    "The numbers have grown too large for {dtype}: normalise what goes in, lower the learning rate, clip the gradients, "
    "or compute in float64."
)
_DATA = "Look at the data before it goes in: torch.isfinite(x).all()."
_STEP = "Lower the learning rate, or clip the gradients before the step: torch.nn.utils.clip_grad_norm_."


class Cause(NamedTuple):
    """Why a gradient is not finite, and what to do."""

    lines: tuple[str, ...]
    advice: str
    told: bool = False  # whether the lines say where it began


# -- what operations read ---------------------------------------------------------------------------------------------


def found_in(t: Tensor, value: str) -> str:
    """```x` (float32 [3]) at [1]``: a tensor that holds nan or inf, and where."""
    return naming.described(t) + at(first(_is(value, t._data)))


def operands_read(primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any], result: ndarray, value: str) -> str:
    """The operands of an operation, with the numbers from which it made ``value``."""
    index = first(_is(value, result))
    pointwise = primitive.elementwise or primitive.family in ("unary", "binary", "elementwise")
    parts = []
    for t in inputs:
        if not isinstance(t, Tensor):
            if t is not None:
                parts.append(f"the other operand {t}")
            continue
        array = t._data
        if array.dtype.kind not in "fcV":
            continue
        if not array.size:
            parts.append(f"{naming.described(t)} is empty")
            continue
        bad, what = ~np.isfinite(array), ""
        if pointwise and array.ndim <= len(index):
            here = aligned(index, array.shape)
        elif bad.any():
            here = index if array.shape == result.shape and bad[index] else first(bad)
        elif array.size == 1:
            here = (0,) * array.ndim
        else:
            here, what = first(np.abs(array) == np.abs(array).max()), "the largest of "
        parts.append(f"{what}{naming.described(t)} is {array[here]!s}{at(here)}")
    parts += [f"{name} {number}" for name, number in params.items() if _is_number(number)]
    return ", ".join(parts)


def _is_number(value: Any) -> bool:
    """Whether a parameter is a number that the operation computes with, and not a dimension or a switch."""
    return isinstance(value, (float, np.floating)) or (isinstance(value, ndarray) and not value.ndim)


def at(index: tuple[int, ...]) -> str:
    return f" at {list(index)}" if index else ""


def first(mask: Any) -> tuple[int, ...]:
    """The index of the first true element."""
    flat = int(np.argmax(np.asarray(mask).reshape(-1)))
    return tuple(int(i) for i in np.unravel_index(flat, mask.shape))


def _is(value: str, array: Any) -> Any:
    return np.isnan(array) if value == "nan" else np.isinf(array)


def aligned(index: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Which element of an operand is broadcast to ``index`` of the result."""
    last = index[len(index) - len(shape) :]
    return tuple(0 if extent == 1 else i for i, extent in zip(last, shape))


# -- where it began ---------------------------------------------------------------------------------------------------


def recorded(node: Any) -> str:
    """Where an operation was recorded, and what it read."""
    read = []
    saved = dict(_saved(node)) if node.primitive is not None and not node.primitive.variadic else {}
    inputs = node.primitive.inputs if saved else ()
    for i, (edge, like) in enumerate(zip(node.edges, node.metadata.get("operands_", ()))):
        operand = edge if isinstance(edge, Tensor) else saved.get(inputs[i]) if inputs else None
        name = naming.name_of(operand) if operand is not None else None
        read.append(f"`{name}` ({like})" if name else like if "[" not in like else f"a tensor ({like})")
    where = errors.made_at(node)
    return f"{where[:-1]}, and read {' and '.join(read)}." if where and read else where


def told(origin: Any, dtype: Any, reader: str) -> Cause:
    """An `Origin` in words. reader: the operation that the nan or inf has come to."""
    root = origin.cause or origin
    lines = (_sentence(origin),) if origin.cause is None else (_sentence(origin), f"Before, {_sentence(root)}")
    if root.value == "-inf" and _ROWS & {reader, origin.operation}:
        advice = _ROW
    elif root.how == anomaly.FOUND:
        advice = _DATA
    elif root.how == anomaly.WRITTEN:
        advice = _STEP if root.operation == "optimizer.step()" else _DATA
    elif root.during == "optimizer.step()":
        advice = _STEP
    else:
        advice = _advice(root, dtype)
    return Cause(lines, advice, True)


def _advice(origin: Any, dtype: Any) -> str:
    if origin.operation in ("exp", "exp2", "expm1", "sinh", "cosh") and np.dtype(dtype).kind == "f":
        limit = np.log(np.finfo(dtype).max.astype(np.float64))
        return _EXP.format(limit=f"{limit:.1f}", dtype=dtype)
    if origin.operation in _FORWARD and (origin.value == "nan" or origin.operation not in _GROWING):
        return _FORWARD[origin.operation]
    return "" if origin.value == "nan" or "inf" in origin.operands else _GROWN.format(dtype=dtype)


def _sentence(origin: Any) -> str:
    value, place = origin.value, origin.place
    where = f" at {naming.quoted(place)}" if place is not None else ""
    if origin.how == anomaly.FOUND:
        return (
            f"{value} was in {origin.operands} already when {origin.operation} read it{where}: no operation made "
            "it while anomaly detection was on."
        )
    if origin.how == anomaly.WRITTEN:
        return f"{value} was written into {origin.operands} by {origin.operation}{where}."
    return f"{value} first arose in {origin.during or 'the forward pass'}, in {origin.operation}{where}: {origin.operands}."


# -- in the backward pass ---------------------------------------------------------------------------------------------


def cause_given(g: Any, value: str) -> Cause:
    """The gradient that came to a node holds nan or inf, and no node made it."""
    where = at(first(_is(value, g)))
    line = f"The gradient that arrived there holds {value}{where} already: backward was given it, a hook returned it, "
    return Cause((f"{line}or it is the sum of several.",), "")


def infinity(node: Any, value: str, cause: Cause) -> Cause:
    """``cause``, told from another node, to which the inf came."""
    if cause.told:
        return cause
    place = recorded(node).removeprefix("The operation was recorded")
    return Cause(
        (f"{value} first arose in the backward pass, in {node.name()}{place or '.'}", *cause.lines), cause.advice
    )


def met(cause: Cause, g: Any, value: str) -> Cause:
    """``cause`` of an inf in the gradient that came to a node, which made nan of it."""
    return Cause(
        (f"The gradient that arrived there holds {value}{at(first(_is(value, g)))}.", *cause.lines), cause.advice
    )


def cause_in_node(inspection: Any, node: Any, i: int, array: Any, arrived: list[Any]) -> Cause:
    """Why the gradients that a node returns are not finite, though all that arrived was."""
    index = first(~np.isfinite(array))
    name = anomaly.operation_name(node.name())
    saved = _saved(node)
    cause = _from_forward(inspection, node, index, array, saved, name)
    if cause is None:
        cause = Cause(tuple(_facts(node, i, array, arrived, saved, index)), _BACKWARD.get(name, ""))
    trap = _trap(inspection, node, array, arrived, index)
    return Cause((*cause.lines, trap.lines[0]), trap.advice, cause.told) if trap is not None else cause


def _from_forward(inspection: Any, node: Any, index: Any, array: Any, saved: Any, name: str) -> Cause | None:
    """Where the forward pass made what now makes nan or inf of a gradient."""
    if node.primitive is None:
        origin = inspection.origins.of(array)
        if origin is not None:
            return told(origin, array.dtype, name)
    for value in ("nan", "inf"):
        for _, t in saved:
            if _is(value, t._data).any():
                origin = inspection.origins.of(t._data)
                if origin is None:
                    return Cause((f"What it had saved holds {value}: {found_in(t, value)}.",), "")
                return told(origin, t._data.dtype, name)
    origin, elements = node.metadata.get("origin_", (None, ()))
    if origin is None:
        return None
    # The result was not finite; where it is an element's own, it must be this one.
    own = node.primitive.elementwise and len(elements) < anomaly.MOST and array.ndim
    if own and int(np.ravel_multi_index(index, array.shape)) not in elements:
        return None
    return told(origin, array.dtype, name)


def _saved(node: Any) -> list[tuple[str, Tensor]]:
    """The tensors that a node keeps, and which of its inputs or results they are."""
    primitive, saved = node.primitive, node.saved
    if type(saved) is not tuple:
        return []
    if primitive is None:
        return [("a saved tensor", t) for t in saved if isinstance(t, Tensor)]
    found = []
    for (kind, key), value in zip(primitive.needs, saved):
        for t in value if type(value) is tuple else (value,):
            if isinstance(t, Tensor) and isinstance(t._data, ndarray) and t._data.dtype.kind in "fcV":
                label = primitive.inputs[key] if kind == INPUT else "the result" if kind == RESULT else "an input"
                found.append((label, t))
    return found


def _facts(node: Any, i: int, array: Any, arrived: list[Any], saved: Any, index: tuple[int, ...]) -> list[str]:
    """What the numbers were at the element whose gradient is not finite."""
    shape, parts = array.shape, []
    primitive = node.primitive
    shown = set()
    for label, t in saved:
        if t._data.shape == shape or t._data.size == 1:
            here = index if t._data.shape == shape else (0,) * t._data.ndim
            if label != "the result":
                shown.add(label)
                label = naming.described(t)
            parts.append(f"{label} is {t._data[here]!s}")
    mine = primitive.inputs[i] if primitive is not None and not primitive.variadic else ""
    leaf = node.edges[i]
    if mine not in shown and isinstance(leaf, Tensor) and leaf._data.shape == shape:
        parts.insert(0, f"{naming.described(leaf)} is {leaf._data[index]!s}")
    slope = _slope(node, i, index, shape)
    if slope is not None:
        parts.append(f"the derivative {slope!s}")
    for g in arrived[:1]:
        if g.shape == shape or g.size == 1:
            parts.append(f"and the gradient that arrived {g[index if g.shape == shape else (0,) * g.ndim]!s}")
    if not parts:
        return []
    made = f"{array[index]!s}" if not np.isnan(array[index]) else "nan"
    where = f"At {list(index)}, where the gradient becomes {made}" if index else f"Where the gradient becomes {made}"
    return [f"{where}, {', '.join(parts)}."]


def _slope(node: Any, i: int, index: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The derivative at one element, of an operation that has a factor for one."""
    primitive = node.primitive
    if primitive is None or not primitive.elementwise or primitive.joint is not None:
        return None
    rule = primitive.rules[i]
    if not isinstance(rule, Rule):
        return None
    d = rule.function(*rule.arguments(node, node.saved))
    return d._data[index] if isinstance(d, Tensor) and d._data.shape == shape else None


def _trap(inspection: Any, node: Any, array: Any, arrived: list[Any], index: tuple[int, ...]) -> Cause | None:
    """Where the gradient of 0 came from that met an infinite derivative, if from a branch that was not chosen."""
    if not arrived or arrived[0].shape != array.shape or arrived[0][index] != 0:
        return None
    for maker, i in reversed(inspection.zeroed.get(node, ())):
        name = anomaly.operation_name(maker.name())
        if name not in _MASKS:
            continue
        place = errors.made_at(maker).removeprefix("The operation was recorded").removesuffix(".")
        if name == "where":
            line = f"The {('', 'first', 'second')[i]} branch of torch.where{place} was not chosen there."
        else:
            line = f"masked_fill{place} filled over what was computed there."
        return Cause((line,), _MASKS[name])
    return None

"""Families of operations: each constructor supplies what its operations have in common.

`unary` and `binary` elementwise operations are what programs on small tensors spend their time in, so these two
also build a fast path: a closure that handles tensors of one dtype with as few steps as can be, and hands
everything else (promotion, transforms, views, Python numbers of another category) to the general way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import dtypes, large
from .dtypes import FLOAT, from_numpy_dtype
from .graph import next_sequence
from .large import SPLIT_BYTES
from .memory_order import as_operands
from .modes import CUT, RECORD, state
from .operands import LARGEST_INT, NUMBERS, SMALLEST_INT, Refusal, as_number, wrapped
from .primitive import INPUT, RESULT, Complaints, Primitive, errors, mark_cut, quietly
from .tensor import Tensor, alias, edge_of, ndarray, new
from .traced_number import TracedNumber

array = np.array
# Types on which NumPy computes as PyTorch does, also with a Python number as the other operand.
WIDE = frozenset(np.dtype(t) for t in (np.float32, np.float64, np.complex64, np.complex128))
INTEGERS = frozenset(np.dtype(t) for t in "bhilqBHILQ")
NO_PARAMS: dict[str, Any] = {}


# -- promotion ---------------------------------------------------------------------------------------------


def cast(t: Tensor, d: dtypes.dtype) -> Tensor:
    """``t`` with elements of type ``d``, recorded; ``t`` itself where it has them already."""
    return t if t._data.dtype is d.np or t._data.dtype == d.np else t.to(d)


def operand_rank(t: Any) -> tuple[dtypes.dtype, int]:
    """An operand's dtype and its rank in promotion: with dimensions, 0-d, number."""
    if isinstance(t, Tensor):
        return from_numpy_dtype(t._data.dtype), 2 if t._data.ndim else 1
    return dtypes.of_number(t.value if isinstance(t, TracedNumber) else t), 0


def shared_dtype(operands: tuple[Any, ...]) -> dtypes.dtype | None:
    """The dtype of operands that need no promotion: tensors of one dtype, numbers of its category. None for others."""
    found = None
    for t in operands:
        if isinstance(t, Tensor):
            d = t._data.dtype
            if found is None:
                found = d
            elif d is not found:
                return None
    if found not in WIDE:
        return None
    for t in operands:
        if type(t) is complex and found.kind != "c":
            return None
    return from_numpy_dtype(found)


def promote(operands: tuple[Any, ...], *, to_float: bool = False) -> tuple[list[Any], dtypes.dtype]:
    """Bring the tensors among ``operands`` to their common dtype; Python numbers stay numbers.

    ``to_float``: integers and bools become the default float type (division, ``exp``, ``mean``, ...).
    """
    common = shared_dtype(operands) or dtypes.result_type_of([operand_rank(t) for t in operands if t is not None])
    if to_float and common.category < FLOAT:
        common = dtypes.get_default_dtype()
    out = [cast(t, common) if isinstance(t, Tensor) else t for t in operands]
    return out, common


# -- elementwise --------------------------------------------------------------------------------------------


def unary(
    name: str,
    forward: Callable[..., Any],
    derivative: Callable[..., Any] | float | None = None,
    *,
    operation: str | None = None,
    to_float: bool = False,
    refuses: tuple[Refusal, ...] = (),
    doc: str | None = None,
    **rules: Any,
) -> Callable[[Tensor], Tensor]:
    """An operation on each element, with ``derivative(x)``, ``(result)``, ``(x, result)`` or a constant.

    to_float: integers become the default float type first. refuses: dtypes that it is not defined for. An operation
    whose derivative is not a factor (``abs`` of complex numbers, ``real``) brings ``vjp`` and ``jvp`` instead; one
    without any is not differentiable. The function returned has the record as ``.primitive``.
    """
    primitive = Primitive(
        name,
        forward,
        derivative=None if derivative is None else (derivative,),
        widen=True,
        family="unary",
        **rules,
    )
    primitive.function = unary_function(
        primitive, forward, operation or name.lower(), to_float=to_float, refuses=refuses, doc=doc
    )
    return primitive.function


def unary_function(
    primitive: Primitive,
    forward: Callable[[Any], Any],
    title: str,
    params: dict[str, Any] = NO_PARAMS,
    *,
    to_float: bool = False,
    refuses: tuple[Refusal, ...] = (),
    doc: str | None = None,
) -> Callable[[Tensor], Tensor]:
    """The function of a tensor that applies a unary record with these ``params``; ``forward`` has them built in."""
    node_type = primitive.node_type
    quick = len(primitive.needs) == 1 and primitive.needs[0][0] in (INPUT, RESULT) and primitive.joint is None
    keeps_x = quick and primitive.needs[0][0] == INPUT
    fast = WIDE.difference([d for d in WIDE for r in refuses if d.kind in r.kinds])

    def general(x: Any) -> Any:
        if not isinstance(x, Tensor):
            raise TypeError(f"{title}(): argument 'input' (position 1) must be Tensor, not {type(x).__name__}")
        for refusal in refuses:
            refusal.check(x._data.dtype)
        if to_float and x._data.dtype.kind in "biu":
            x = cast(x, dtypes.get_default_dtype())
        return primitive.bind(x, **params)

    def apply(input: Tensor) -> Tensor:
        mode = state.mode
        if not mode or not isinstance(input, Tensor) or input._data.dtype not in fast:
            return general(input)
        data = input._data
        try:
            result = forward(data) if data.nbytes < SPLIT_BYTES else large.evaluate(forward, data)
        except Complaints:
            result = quietly(forward, data)
        out = new(Tensor)
        out._data = result if type(result) is ndarray else np.asarray(result)
        out._fn = None
        out._requires_grad = False
        out._counter = None
        out._view = None
        out._grad = None
        out._hooks = None
        if input._requires_grad:
            if mode == RECORD:
                if not quick or input._view is not None:
                    if primitive.differentiable:
                        primitive.record((input,), params, out)
                    return out
                node = node_type()
                node.edges = (input._fn or input,)
                node.hooks = None
                node._sequence = next_sequence()
                node.params = params
                kept = input if keeps_x else alias(out)
                node.saved = (kept,)
                node.versions = None if kept._counter is None else (kept._counter.value,)
                out._fn = node
                out._requires_grad = True
            elif mode == CUT:
                mark_cut((input,), out)
        return out

    if quick:
        node_type.pullback = _unary_pullback(primitive, keeps_x)  # type: ignore[assignment]
    apply.primitive = primitive  # type: ignore[attr-defined]
    apply.__name__ = apply.__qualname__ = title
    apply.__doc__ = doc
    return apply


def _unary_pullback(primitive: Primitive, keeps_x: bool) -> Callable[[Any, Any], tuple[Any]]:
    """`Primitive.pullback` in fewer steps, for real numbers and a rule that names one tensor."""
    record: Any = primitive.rules[0]
    rule, only, is_factor = record.function, len(record.sources) == 1, primitive.elementwise

    def pullback(node: Any, g: Any) -> tuple[Any]:
        saved = node.saved
        if type(saved) is not tuple or (not keeps_x and state.grad) or g._data.dtype.kind == "c":
            return primitive.pullback(node, g)
        kept = saved[0]
        counter = kept._counter
        if counter is not None and counter.value != (node.versions[0] if node.versions else 0):
            return primitive.pullback(node, g)
        if is_factor:
            return (g * (rule(kept) if only else rule(*record.arguments(node, saved))),)
        return (rule(g, kept) if only else rule(g, *record.arguments(node, saved)),)

    return pullback


def _on_arrays(forward: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """``forward`` with Python numbers made arrays of the other operand's type, as NumPy's ufuncs do by themselves."""

    def converted(x: Any, y: Any) -> Any:
        if type(x) in NUMBERS:
            x = array(x, y.dtype)
        elif type(y) in NUMBERS:
            y = array(y, x.dtype)
        return forward(x, y)

    return converted


def binary(
    name: str,
    forward: Callable[..., Any],
    derivative: tuple[Any, Any] | None = None,
    *,
    operation: str | None = None,
    to_float: bool = False,
    broadcasts: bool = True,
    keeps_numbers: bool = False,
    refuses: tuple[Refusal, ...] = (),
    check: Callable[[Any, Any], None] | None = None,
    doc: str | None = None,
    **rules: Any,
) -> Callable[[Any, Any], Any]:
    """An operation on pairs of elements, broadcast; ``derivative`` by ``a`` and by ``b``, or ``vjp`` and ``jvp``.

    Either operand may be a Python number. What comes back is an operator: for an operand of an unknown kind it
    answers NotImplemented (see `operands.function_form`).

    broadcasts: False for products of whole operands (matrices). keeps_numbers: whether a number keeps its precision
    beside 16-bit floats, as in PyTorch's products and quotients. refuses: common dtypes that the operation is not
    defined for. check: looks at the operands before they are converted to the common dtype.
    """
    primitive = Primitive(
        name,
        forward if isinstance(forward, np.ufunc) else _on_arrays(forward),
        inputs="a b",
        derivative=derivative,
        broadcasts=broadcasts,
        widen=True,
        family="binary" if broadcasts else "bilinear",
        **rules,
    )
    node_type = primitive.node_type
    needs = primitive.needs
    quick = primitive.differentiable and all(kind == INPUT for kind, _ in needs)
    if quick:
        # Which operand each cotangent's rule names.
        names_a, names_b = [{needs[i][1] for i in getattr(r, "sources", ())} for r in primitive.rules]
        a_for_a, b_for_a, a_for_b, b_for_b = 0 in names_a, 1 in names_a, 0 in names_b, 1 in names_b
        keeps = bool(needs)
        a_first = not needs or needs[0][1] == 0
        cotangent_a: Any
        cotangent_b: Any
        cotangent_a, cotangent_b = primitive.cotangents
        # A derivative that names one operand is multiplied in here, without going through its adapter.
        factor_a, factor_b = [
            r.function if primitive.elementwise and len(getattr(r, "sources", ())) == 1 else None
            for r in primitive.rules
        ]
        of_a, of_b = [r.sources[0] if f else 0 for r, f in zip(primitive.rules, (factor_a, factor_b))]
    title = operation or name.lower()
    refused = "".join([r.kinds for r in refuses])
    fast = frozenset([d for d in (WIDE if to_float else WIDE | INTEGERS) if d.kind not in refused])
    # Whether NumPy's ufunc does the right thing for two arrays of any one dtype.
    any_dtype = isinstance(forward, np.ufunc) and not to_float and not refuses

    def general(a: Any, b: Any) -> Any:
        if type(a) is type(b) is Tensor and a._data.dtype is b._data.dtype and a._data.dtype in fast and check is None:
            return primitive.bind(a, b)  # inside a transform most operands are ready
        if not isinstance(a, Tensor):
            a = as_number(a)
        if not isinstance(b, Tensor):
            b = as_number(b)
        if a is NotImplemented or b is NotImplemented:
            return NotImplemented
        if check is not None:
            check(a, b)
        (a, b), common = promote((a, b), to_float=to_float)
        for refusal in refuses:
            refusal.check(common.np)
        if common.category < FLOAT or not keeps_numbers or not (isinstance(a, Tensor) or isinstance(b, Tensor)):
            # NumPy refuses integers that do not fit; PyTorch wraps them around.
            a, b = [t if isinstance(t, Tensor) else wrapped(t, common) for t in (a, b)]
        return primitive.bind(a, b)

    def apply(input: Any, other: Any) -> Tensor:
        mode = state.mode
        if not mode:
            return general(input, other)
        kind = type(other)
        number = kind is not Tensor and (kind is float or (kind is int and SMALLEST_INT <= other <= LARGEST_INT))
        result = None  # what the general way is for
        try:
            x = input._data
            if number:
                d = x.dtype
                if d in fast and (kind is int or d in WIDE):
                    wanted_b = False
                    # NumPy's ufuncs take twice as long to convert the number themselves.
                    y = array(other, d)
                    result = forward(x, y) if x.nbytes < SPLIT_BYTES else large.evaluate(forward, x, y)
            else:
                y = other._data
                if x.dtype is y.dtype and (any_dtype or x.dtype in fast):
                    wanted_b = other._requires_grad
                    result = forward(x, y) if x.nbytes < SPLIT_BYTES else large.evaluate(forward, x, y)
                    # Of the first operand alone is it asked: to ask of both would cost each operation another 45 ns.
                    if broadcasts and not x.flags.c_contiguous:
                        result = as_operands(result, (x, y))
        except Exception:  # noqa: BLE001 - complaints, shapes, types, operands that are no tensors: the general way tells
            result = None
        if result is None:
            return general(input, other)
        wanted_a = input._requires_grad
        out = new(Tensor)
        out._data = result if type(result) is ndarray else np.asarray(result)
        out._fn = None
        out._requires_grad = False
        out._counter = None
        out._view = None
        out._grad = None
        out._hooks = None
        if wanted_a or wanted_b:
            if mode == RECORD:
                if not quick:
                    if primitive.differentiable:
                        primitive.record((input, other), NO_PARAMS, out)
                    return out
                edge_a = edge_b = None
                if wanted_a:
                    edge_a = (input._fn or input) if input._view is None else edge_of(input)
                if wanted_b:
                    edge_b = (other._fn or other) if other._view is None else edge_of(other)
                # A view that might have wanted a gradient may turn out not to: then nothing is kept for it.
                wanted_a, wanted_b = edge_a is not None, edge_b is not None
                if not (wanted_a or wanted_b):
                    return out
                node = node_type()
                node.edges = (edge_a, edge_b)
                node.hooks = None
                node._sequence = next_sequence()
                node.versions = None
                if keeps:
                    kept_a = input if (a_for_b and wanted_b) or (a_for_a and wanted_a) else None
                    kept_b = other if (b_for_a and wanted_a) or (b_for_b and wanted_b) else None
                    node.saved = (kept_a, kept_b) if a_first else (kept_b, kept_a)
                    counter_a = None if kept_a is None else kept_a._counter
                    counter_b = None if kept_b is None or number else kept_b._counter
                    if counter_a is not None or counter_b is not None:
                        version_a = 0 if counter_a is None else counter_a.value
                        version_b = 0 if counter_b is None else counter_b.value
                        node.versions = (version_a, version_b) if a_first else (version_b, version_a)
                else:
                    node.saved = ()
                if broadcasts:
                    node._shapes = None
                    if not number and x.shape != y.shape:
                        node._shapes = (x.shape, y.shape)
                out._fn = node
                out._requires_grad = True
            elif mode == CUT:
                mark_cut((input, other), out)
        return out

    def pullback(node: Any, g: Any) -> tuple[Any, Any]:
        saved = node.saved
        if keeps:
            if type(saved) is not tuple:
                return primitive.pullback(node, g)  # freed, or packed by hooks
            first, second = saved
            versions = node.versions
            if first is not None and type(first) not in NUMBERS:
                counter = first._counter
                if counter is not None and counter.value != (versions[0] if versions else 0):
                    errors.raise_changed(node, first, versions[0] if versions else 0)
            if second is not None and type(second) not in NUMBERS:
                counter = second._counter
                if counter is not None and counter.value != (versions[1] if versions else 0):
                    errors.raise_changed(node, second, versions[1] if versions else 0)
        edge_a, edge_b = node.edges
        if factor_a is None or factor_b is None or g._data.dtype.kind == "c":
            ga = None if edge_a is None else cotangent_a(g, node, saved)
            gb = None if edge_b is None else cotangent_b(g, node, saved)
        else:
            ga = None if edge_a is None else g * factor_a(saved[of_a])
            gb = None if edge_b is None else g * factor_b(saved[of_b])
        if broadcasts:
            shapes = node._shapes
            if shapes is not None:
                if ga is not None and ga._data.shape != shapes[0]:
                    ga = ga.sum_to_size(shapes[0])
                if gb is not None and gb._data.shape != shapes[1]:
                    gb = gb.sum_to_size(shapes[1])
        return ga, gb

    if quick:
        node_type.pullback = pullback  # type: ignore[assignment]
    primitive.function = apply
    apply.primitive = primitive  # type: ignore[attr-defined]
    apply.__name__ = apply.__qualname__ = title
    apply.__doc__ = doc
    return apply

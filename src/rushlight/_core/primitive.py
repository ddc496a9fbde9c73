"""Primitives: the operations that are not composed of others, each with all its rules in one record.

A rule *names what it needs* by the names of its parameters, and only that is kept alive for the backward pass:

- ``g``        the cotangent of the result (of several results: a tuple, None where nothing arrived)
- an input's name, say ``x``      that input
- ``x_shape``, ``x_dtype``        that input's shape, dtype; nothing else of it is kept
- ``result``   the result (of several: a tuple)
- ``result_1``   one of several results, counted from 0; the others are not kept, and may be overwritten
- a parameter's name             its value
- ``x_t``      in a jvp: the tangent of input ``x``, None where it has none
- ``inputs``, ``shapes``, ``wanted``   for operations on a list of tensors: all of them, their shapes, and which
  of them want a cotangent

Rules are written in Rushlight's own operations, so one rule serves the first backward pass (run with recording
off), ``create_graph=True``, forward mode, batching and compilation.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from operator import itemgetter
from typing import Any

import numpy as np

from .graph import Node, Output, as_function, next_sequence
from .memory_order import as_operands
from .modes import PLAIN, state
from .recording import unpacked
from .tensor import Tensor, alias, edge_of, ndarray, wrap

# A NumPy ufunc complains about infinities and nans, PyTorch's operations do not. Changing NumPy's error state
# would silence the user's own NumPy code too, and entering `np.errstate` costs more than a small operation
# does; so the complaint is filtered by the module that it comes from, and where a user has turned warnings or
# floating-point events into errors, the operation is done again with them off (`quietly`).
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"rushlight\._")
Complaints = (RuntimeWarning, FloatingPointError)

INPUT, RESULT, SHAPE, DTYPE, ALL_INPUTS, ALL_SHAPES, WANTED = range(7)
ALL = -1  # in the place of one result's number

REGISTRY: dict[str, Primitive] = {}
MADE: list[Primitive] = []  # all, in order: several may share the name that PyTorch prints


def quietly(forward: Callable[..., Any], *args: Any, **params: Any) -> Any:
    """``forward`` once more, without NumPy's complaints about floating-point events."""
    with np.errstate(all="ignore"):
        return forward(*args, **params)


class Rule:
    """A function of the rules' vocabulary, with where each of its arguments comes from.

    ``sources`` has for each argument a position in the node's ``saved``, or the name of a parameter.
    """

    __slots__ = ("function", "names", "sources")

    def __init__(self, function: Callable[..., Any], *, skip: int):
        code = function.__code__
        self.function = function
        self.names = code.co_varnames[skip : code.co_argcount]
        self.sources: tuple[int | str, ...] = ()

    def arguments(self, node: Node, saved: Any) -> list[Any]:
        return [saved[s] if isinstance(s, int) else node.params[s] for s in self.sources]

    def cotangent(self, elementwise: bool) -> Callable[[Any, Any, Any], Any]:
        """The rule as a function of the cotangent, the node and its saved values."""
        f, sources = self.function, self.sources
        if len(sources) == 1 and type(sources[0]) is int:
            (i,) = sources
            if elementwise:
                return lambda g, node, saved: times(g, f(saved[i]))
            return lambda g, node, saved: f(g, saved[i])
        if elementwise:
            return lambda g, node, saved: times(g, f(*self.arguments(node, saved)))
        names = tuple(s for s in sources if type(s) is str)
        if len(names) > 1 and sources == (0, *names):
            parameters = itemgetter(*names)
            return lambda g, node, saved: f(g, saved[0], *parameters(node.params))
        return lambda g, node, saved: f(g, *self.arguments(node, saved))


def times(g: Any, d: Any) -> Any:
    """The cotangent for a factor ``d``: by the conjugate, where numbers are complex (holomorphic functions)."""
    if g._data.dtype.kind == "c":
        d = d.conj() if isinstance(d, Tensor) else np.conj(d).item()
    return g * d


def _constant_cotangent(factor: int) -> Callable[[Any, Any, Any], Any]:
    if factor == 1:
        return lambda g, node, saved: g
    if factor == -1:
        return lambda g, node, saved: -g
    return lambda g, node, saved: g * factor


class Primitive:
    """The record of one operation. Families (`rushlight._core.families`) build it from less.

    name           PyTorch's name of the node, less ``Backward0``: ``Mul``; whole where it ends otherwise:
                   ``PowBackward1``
    forward        the operation on NumPy arrays: ``forward(*arrays, **params)``
    inputs         the inputs' names; one name with a star (``*tensors``) for a list
    vjp            for each input a rule ``(g, ...) -> cotangent``, or None where it has no derivative;
                   or one rule ``(g, ...) -> tuple`` for all inputs
    derivative     instead of vjp, for elementwise operations: for each input d result / d input, a rule or a
                   constant
    jvp            a rule ``(...) -> tangent of the result``; the families give it where they can
    widen          whether 16-bit floats are computed in float32 and rounded once at the end, as PyTorch does
    broadcasts     whether inputs are broadcast against each other, so that cotangents are summed back
    order          in which order the results' elements lie in memory where an operand's do not lie in C order: a function
                   of `memory_order`; by default as the first operand's, if inputs are broadcast, else as ``forward``
                   leaves them
    outputs        how many results (0: a list whose length depends on the call)
    sized_by_values  whether the results' shapes follow from values, and not from shapes alone: True, or a function of
                   the arrays that says so
    constant       indices of results that have no derivative (the indices of ``max``)
    numbers        indices of inputs that are always Python numbers
    """

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *,
        inputs: str = "x",
        vjp: Any = None,
        derivative: Any = None,
        jvp: Callable[..., Any] | None = None,
        broadcasts: bool = False,
        order: Callable[[Any, Any, Any], Any] | None = None,
        widen: bool = False,
        outputs: int = 1,
        sized_by_values: bool | Callable[[list[Any]], bool] = False,
        constant: tuple[int, ...] = (),
        numbers: tuple[int, ...] = (),
        family: str = "primitive",
    ):
        self.name = name
        self.forward = forward
        self.inputs = tuple(inputs.split())
        self.variadic = self.inputs[0].startswith("*")
        self.family = family
        self.broadcasts = broadcasts
        self.order = order or (as_operands if broadcasts else None)
        self.widen = widen
        self.outputs = outputs
        self.sized_by_values = sized_by_values
        self.constant = constant
        self.jvp = jvp
        self.elementwise = derivative is not None
        self.function: Any = None  # of tensors; where a family has built one that is faster than `bind`
        self.node_type = node_type(name, self, several=outputs != 1 and outputs - len(constant) != 1)

        rules = derivative if self.elementwise else vjp
        if callable(rules) and (len(self.inputs) == 1 and not self.variadic):
            rules = (rules,)
        self.joint = Rule(rules, skip=1) if callable(rules) else None
        self.rules: tuple[Rule | int | None, ...] = (
            ()
            if rules is None or self.joint is not None
            else tuple(Rule(r, skip=0 if self.elementwise else 1) if callable(r) else r for r in rules)
        )
        self.hidden = {*numbers, *(i for i, rule in enumerate(self.rules) if rule is None)}
        self.differentiable = rules is not None
        self._plan_saving()
        REGISTRY[name] = self
        MADE.append(self)

    def __repr__(self) -> str:
        return f"<primitive {self.name} ({self.family})>"

    # -- what is kept for the backward pass -----------------------------------------------------------------

    def _plan_saving(self) -> None:
        """Number the values that the rules name: ``needs`` says what they are."""
        needs: list[tuple[int, int]] = []
        for rule in (*self.rules, self.joint):
            if not isinstance(rule, Rule):
                continue
            sources: list[int | str] = []
            for name in rule.names:
                need = self._need(name)
                if need is None:
                    sources.append(name)
                    continue
                if need not in needs:
                    needs.append(need)
                sources.append(needs.index(need))
            rule.sources = tuple(sources)
        self.needs = tuple(needs)
        # For each of the needs: which inputs' cotangents take it.
        self.users = tuple(
            tuple(k for k, r in enumerate(self.rules) if isinstance(r, Rule) and i in r.sources)
            for i in range(len(needs))
        )
        self.cotangents = tuple(
            r.cotangent(self.elementwise) if isinstance(r, Rule) else None if r is None else _constant_cotangent(r)
            for r in self.rules
        )
        if len(self.inputs) == 1 and not self.variadic and self.cotangents and not self.broadcasts:
            self.node_type.pullback = self._pullback_one()  # type: ignore[assignment]
        self.saves_tensors = any(kind in (INPUT, RESULT, ALL_INPUTS) for kind, _ in needs)
        self.node_type.frees = self.saves_tensors
        self.saves_result = tuple(i for i, (kind, _) in enumerate(needs) if kind == RESULT)

    def _need(self, name: str) -> tuple[int, int] | None:
        """What a rule's argument names; None for a parameter."""
        inputs = self.inputs
        if name in inputs:
            return (INPUT, inputs.index(name))
        whole = {"result": RESULT, "inputs": ALL_INPUTS, "shapes": ALL_SHAPES, "wanted": WANTED}.get(name)
        if whole is not None:
            return (whole, ALL) if whole == RESULT else (whole, 0)
        stem, _, suffix = name.rpartition("_")
        if stem == "result":
            return (RESULT, int(suffix))
        if stem in inputs and suffix in ("shape", "dtype"):
            return (SHAPE if suffix == "shape" else DTYPE, inputs.index(stem))
        return None

    # -- evaluation -------------------------------------------------------------------------------------------

    def bind(self, *inputs: Any, **params: Any) -> Any:
        """Apply the operation to tensors (or numbers, or None), and record it where gradients are wanted."""
        mode = state.mode
        if not mode and state.interpreter is not None:
            return state.interpreter.bind(self, inputs, params)
        wanted: Any = False
        arrays = []
        for t in inputs:
            if isinstance(t, Tensor):
                arrays.append(t._data)
                wanted = wanted or t._requires_grad
            else:
                arrays.append(t)
        result = self.evaluate(arrays, params)
        if self.outputs == 1:
            out = wrap(result if type(result) is ndarray else np.asarray(result))
        else:
            out = tuple([wrap(r if type(r) is ndarray else np.asarray(r)) for r in result])  # type: ignore[assignment]
        if wanted:
            if state.grad:
                if self.differentiable:
                    self.record(inputs, params, out)
            elif mode != PLAIN:
                mark_cut(inputs, out)
        if not mode:
            if state.inference:
                for o in out if type(out) is tuple else (out,):  # type: ignore[comparison-overlap]
                    o.__dict__["_inference"] = True
            if state.watch is not None:
                state.watch.computed(self, inputs, params, out)
        return out

    def evaluate(self, arrays: list[Any], params: dict[str, Any]) -> Any:
        """The forward on arrays: 16-bit floats widened, NumPy's complaints kept quiet, its errors explained."""
        try:
            if self.widen and is_narrow(arrays):
                result = quietly(self._evaluate_wide, arrays, params)
            else:
                result = self.forward(*arrays, **params)
        except Complaints:
            result = quietly(self.forward, *arrays, **params)
        except (ValueError, TypeError) as error:
            errors.raise_forward(self, arrays, error)
        order = self.order
        if order is not None:
            for x in arrays:
                if type(x) is ndarray and not x.flags.c_contiguous:
                    if self.outputs == 1:
                        return order(result, arrays, params)
                    return tuple([order(r, arrays, params) for r in result])
        return result

    def _evaluate_wide(self, arrays: list[Any], params: dict[str, Any]) -> Any:
        narrow = next(a.dtype for a in arrays if type(a) is ndarray and a.dtype.itemsize == 2)
        wide = [a.astype(np.float32) if type(a) is ndarray and a.dtype == narrow else a for a in arrays]
        result = self.forward(*wide, **params)
        return _narrowed(result, narrow) if self.outputs == 1 else tuple([_narrowed(r, narrow) for r in result])

    def record(
        self, inputs: tuple[Any, ...], params: dict[str, Any], out: Any, edges: tuple[Any, ...] | None = None
    ) -> None:
        """Give ``out`` its history, if any input has one. ``out`` is a tensor or a tuple of them.

        edges: where the inputs' cotangents are to be sent, if not all to where the inputs came from.
        """
        if edges is None:
            edges = tuple([edge_of(t) for t in inputs])
        for edge in edges:
            if edge is not None:
                break
        else:
            return
        if state.inference or (self.outputs == 1 and out._data.dtype.kind not in "fcV"):
            return
        node = self.node_type()
        node.edges = edges
        node.hooks = None
        node._sequence = next_sequence()
        node.params = params
        self.save(node, inputs, out)
        if self.broadcasts:
            node._shapes = tuple([t._data.shape if isinstance(t, Tensor) else () for t in inputs])
        if self.outputs == 1:
            out._fn = node
            out._requires_grad = True
        else:
            self.attach(node, out)
        if state.watch is not None:
            state.watch.recorded(node, inputs)

    def attach(self, node: Node, results: tuple[Any, ...]) -> None:
        """Make ``results`` the results of ``node``."""
        varying = [r for i, r in enumerate(results) if i not in self.constant]
        for i, r in enumerate(varying):
            r._fn = node if self.outputs and len(varying) == 1 else Output(node, i)
            r._requires_grad = True
        if not self.outputs or len(varying) > 1:
            node.outputs = len(varying)  # type: ignore[misc]

    def save(self, node: Node, inputs: tuple[Any, ...], out: Any) -> None:
        """Keep in ``node`` what the rules of the wanted cotangents name, and no more."""
        node.versions = None
        needs = self.needs
        if not needs:
            node.saved = ()
            return
        saved: list[Any] = []
        for i, (kind, key) in enumerate(needs):
            if kind == SHAPE:
                saved.append(inputs[key]._data.shape)
            elif self.joint is None and not any([node.edges[k] is not None for k in self.users[i]]):
                saved.append(None)
            elif kind == INPUT:
                saved.append(inputs[key])
            elif kind == RESULT:
                if self.outputs == 1:
                    saved.append(alias(out))
                else:
                    saved.append(tuple([alias(o) for o in out]) if key == ALL else alias(out[key]))
            elif kind == DTYPE:
                saved.append(inputs[key]._data.dtype)
            elif kind == ALL_INPUTS:
                saved.append(inputs)
            elif kind == ALL_SHAPES:
                saved.append(tuple([t._data.shape for t in inputs]))
            else:
                saved.append(tuple([edge is not None for edge in node.edges]))
        node.saved = tuple(saved)
        if self.saves_tensors:
            node.versions = tuple([_version(v) for v in saved])

    def unpack(self, node: Node) -> Any:
        """What `save` kept, after making sure that nothing was overwritten since."""
        saved = node.saved
        if type(saved) is not tuple:
            return unpacked(node)
        if self.saves_tensors:
            versions = node.versions
            for i, value in enumerate(saved):
                version = _version(value)
                if version is not None and version != (versions[i] if versions else _unwritten(version)):
                    errors.raise_changed(node, value, versions[i] if versions else 0)
            if self.saves_result and state.grad:
                saved = self.attached(node)
        return saved

    def attached(self, node: Node) -> list[Any]:
        """What `save` kept, with the results as parts of the history again."""
        saved = list(node.saved)
        for i in self.saves_result:
            if saved[i] is not None:
                saved[i] = reattach(saved[i], node, self.needs[i][1])
        return saved

    def shown(self, node: Node) -> tuple[Any, ...]:
        """The edges of ``node`` as PyTorch lists them: without those of inputs that no gradient can go to."""
        return tuple([edge for i, edge in enumerate(node.edges) if i not in self.hidden])

    # -- derivatives --------------------------------------------------------------------------------------------

    def pullback(self, node: Any, g: Any, edges: Any = None, saved: Any = None) -> tuple[Any, ...]:
        """The cotangents of the inputs of ``node`` for the cotangent ``g`` of its result.

        edges: those of the node, None in the place of any whose cotangent nobody waits for. saved: what `unpack` gave;
        hooks may have made it, and are not to be asked twice.
        """
        if saved is None:
            saved = self.unpack(node)
        if self.joint is not None:
            return self.joint.function(g, *self.joint.arguments(node, saved))
        grads = [
            None if edge is None or rule is None else rule(g, node, saved)
            for edge, rule in zip(node.edges if edges is None else edges, self.cotangents, strict=True)
        ]
        if self.broadcasts and node._shapes is not None:
            for i, (grad, shape) in enumerate(zip(grads, node._shapes, strict=True)):
                if grad is not None and grad._data.shape != shape:
                    grads[i] = grad.sum_to_size(shape)
        return tuple(grads)

    def _pullback_one(self) -> Callable[[Node, Any], tuple[Any]]:
        """`pullback` for an operation with one input, as the method of its nodes."""
        (cotangent,) = self.cotangents
        assert cotangent is not None

        def pullback(node: Node, g: Any) -> tuple[Any]:
            saved = node.saved
            if self.saves_tensors or type(saved) is not tuple:
                saved = self.unpack(node)
            return (cotangent(g, node, saved),)

        return pullback


def is_narrow(arrays: list[Any]) -> bool:
    """Whether an operand is a 16-bit float."""
    for a in arrays:
        if type(a) is ndarray and a.dtype.itemsize == 2 and a.dtype.kind in "fV":
            return True
    return False


def _narrowed(result: Any, narrow: np.dtype) -> Any:
    result = np.asarray(result)
    return result.astype(narrow) if result.dtype == np.float32 else result


def reattach(saved: Any, node: Node, which: int = ALL) -> Any:
    """A saved result as part of the history again: it was saved without, or it would keep itself alive.

    which: the number of the one that was saved, of several.
    """
    if type(saved) is not tuple:
        t = alias(saved)
        constant = node.primitive.constant
        if which not in constant:
            number = which - len([i for i in constant if i < which])
            t._fn, t._requires_grad = node if node.outputs == 1 else Output(node, number), True
        return t
    results = tuple([alias(s) for s in saved])
    node.primitive.attach(node, results)
    return results


def _version(value: Any) -> int | tuple[Any, ...] | None:
    if isinstance(value, Tensor):
        counter = value._counter
        return 0 if counter is None else counter.value
    if type(value) is tuple and value and isinstance(value[0], Tensor):
        return tuple([_version(v) for v in value])
    return None


def _unwritten(version: Any) -> Any:
    return 0 if type(version) is int else (0,) * len(version)


def mark_cut(inputs: tuple[Any, ...], out: Any) -> None:
    """Remember, for error messages, that recording was off when this was computed from recorded tensors."""
    for t in inputs:
        if isinstance(t, Tensor) and t._requires_grad:
            for o in out if type(out) is tuple else (out,):
                o._origin = state.cut
            return


class PrimitiveNode(Node):
    """A node made by a primitive."""

    __slots__ = ("_shapes",)
    _shapes: tuple[tuple[int, ...], ...] | None  # of the inputs, where they were broadcast

    def pullback(self, g: Any) -> tuple[Any, ...]:
        return self.primitive.pullback(self, g)

    def _pullback_within(self, g: Any, within: set[Any]) -> tuple[Any, ...]:
        if self.primitive.joint is not None:
            return self.pullback(g)
        # The gradient by the input of a network, say, needs none of those by its weights.
        edges = [e if (e.node if type(e) is Output else e) in within else None for e in self.edges]
        return self.primitive.pullback(self, g, edges)

    def attached(self) -> list[Any]:
        return self.primitive.attached(self)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        return tuple([as_function(edge) for edge in self.primitive.shown(self)])

    def __getattr__(self, name: str) -> Any:
        # grad_fn._saved_self, _saved_other ...: what the node keeps, by the names of the rules.
        if name.startswith("_saved_"):
            stem = {"self": self.primitive.inputs[0], "other": self.primitive.inputs[-1]}.get(name[7:], name[7:])
            saved = self.primitive.unpack(self)
            for (kind, key), value in zip(self.primitive.needs, saved, strict=True):
                label = self.primitive.inputs[key] if kind == INPUT else "result" if kind == RESULT else None
                if label == stem:
                    return value
            if stem in self.params:
                return self.params[stem]
        raise AttributeError(f"'{self.title}' object has no attribute '{name}'")


class SeveralOutputs(PrimitiveNode):
    """A node with more than one differentiable result."""

    __slots__ = ("outputs",)


def node_type(name: str, primitive: Primitive, several: bool) -> type[PrimitiveNode]:
    """The class of a primitive's nodes; its name is what PyTorch prints for ``grad_fn``."""
    title = name if name == "CopySlices" or "Backward" in name else name + "Backward0"
    base = SeveralOutputs if several else PrimitiveNode
    return type(title, (base,), {"__slots__": (), "primitive": primitive, "title": title})


from . import errors  # noqa: E402 - errors explain nodes and tensors, and are needed only when raised

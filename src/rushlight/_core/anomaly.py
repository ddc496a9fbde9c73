"""Where nan and inf come from: what anomaly detection notes while operations and backward passes run.

Notes belong to memory: an array that holds nan or inf is known with the `Origin` of that, which goes on from operation
to operation with the nan itself. Notes hold words and numbers alone, and are forgotten with the array. So nothing is
kept alive, however often a nan arises that is masked later and does no harm. What a program is told of it is written
in `nonfinite`, when a backward pass fails.
"""

from __future__ import annotations

import re
import weakref
from typing import Any, NamedTuple

import numpy as np

from . import errors, naming, nonfinite
from .engine import target_of
from .levels import all_values
from .modes import state
from .operands import NUMBERS
from .tensor import Tensor, ndarray, version_of
from .where import Place, caller

MADE = "made"  # by an operation, from operands without
FOUND = "found"  # in an operand, though nothing that was watched made it
WRITTEN = "written"  # into a tensor's memory
MOST = 100  # elements that a node remembers


class Origin(NamedTuple):
    """Where a nan or an inf first was."""

    value: str  # nan, inf or -inf
    how: str
    operation: str
    place: Place | None
    operands: str  # what the operation read: names, shapes, the values to blame
    during: str = ""  # what the operation was part of, if not of the forward pass
    cause: Origin | None = None  # of the inf that a nan was made from


class Origins:
    """What is known of the arrays that hold nan or inf."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Origin]] = {}  # by the address of the owner of the memory, held weakly
        self._most = 1000

    def of(self, array: Any) -> Origin | None:
        memory = owner(array)
        found = self._known.get(id(memory))
        return found[1] if found is not None and found[0]() is memory else None

    def note(self, array: Any, origin: Origin) -> None:
        memory, known = owner(array), self._known
        known[id(memory)] = (weakref.ref(memory), origin)
        if len(known) > self._most:
            # Instead of callbacks, which would have to hold what they change.
            self._known = {key: entry for key, entry in known.items() if entry[0]() is not None}
            self._most = 1000 + 2 * len(self._known)

    def computed(self, primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any], out: Any) -> None:
        """An operation was evaluated: note nan and inf among its results."""
        running = None if state.backward is None else state.backward.running
        if running is not None and running.primitive is not None and not state.grad:
            return  # a rule of ours: what it returns is looked at as a whole
        for t in out if type(out) is tuple else (out,):
            value = trouble(t._data)
            if value:
                self._trace(primitive, inputs, params, t, value)

    @naming.harmless(None)
    def _trace(self, primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any], t: Tensor, value: str) -> None:
        array, operation = t._data, operation_name(primitive.name)
        before = None
        for operand in inputs:
            had = trouble(operand._data) if isinstance(operand, Tensor) else ""
            if not had:
                continue
            origin = self.of(operand._data)
            if origin is None:
                origin = Origin(had, FOUND, operation, caller(operation), nonfinite.found_in(operand, had))
                self.note(operand._data, origin)
            if had == "nan" or value != "nan":
                self.note(array, origin)
                return
            before = before or origin
        running = None if state.backward is None else state.backward.running
        read = nonfinite.operands_read(primitive, inputs, params, array, value)
        during = f"the backward pass of {running.name()}" if running is not None else ""
        if state.place is not None:
            during = state.place.what
        origin = Origin(value, MADE, operation, caller(operation), read, during, before)
        self.note(array, origin)
        if t._fn is not None:
            node = target_of(t._fn)
            node.metadata["origin_"] = origin, np.flatnonzero(~np.isfinite(array))[:MOST]

    @naming.harmless(None)
    def written(self, t: Tensor, sources: tuple[Any, ...]) -> None:
        """Memory was written to, with the content of the ``sources`` where they are known."""
        value = trouble(t._data)
        if not value:
            return
        found = [self.of(source._data) for source in sources if isinstance(source, Tensor)]
        origin = next((o for o in found if o is not None), None)
        if origin is None:
            if self.of(t._data) is not None:
                return
            whole = t if t._view is None else t._view.base
            what = "an in-place operation" if state.place is None else state.place.what
            origin = Origin(value, WRITTEN, what, version_of(t).place, nonfinite.found_in(whole, value))
        self.note(t._data, origin)


class Inspection:
    """Looks at every gradient of one backward pass."""

    def __init__(self, origins: Origins):
        self.origins = origins
        # By the node or leaf that a gradient goes to: why it holds inf, and which nodes made zeros in it.
        self.infinite: dict[Any, nonfinite.Cause] = {}
        self.zeroed: dict[Any, tuple[tuple[Any, int], ...]] = {}

    def check(self, node: Any, grads: Any, g: Any) -> None:
        """Refuse nan among the cotangents that ``node`` made of ``g``; remember where inf and 0 come from."""
        arrived = [all_values(t) for t in (g if type(g) is tuple else (g,)) if isinstance(t, Tensor)]
        for i, (edge, grad) in enumerate(zip(node.edges, grads)):
            if not isinstance(grad, Tensor):
                continue
            array = all_values(grad)
            value = trouble(array)
            if value == "nan":
                raise RuntimeError(
                    errors.message(
                        f"Function '{node.name()}' returned nan values in its {i}th output.",
                        *(self.explained(node, i, array, arrived) or (errors.made_at(node),)),
                    )
                )
            if edge is None:
                continue
            if value:
                cause = self.infinity(node, i, array, value, arrived)
                if cause is not None:
                    self.infinite[target_of(edge)] = cause
            self.note_zeros(node, i, target_of(edge), array, arrived)

    @naming.harmless(None)
    def note_zeros(self, node: Any, i: int, target: Any, array: ndarray, arrived: list[ndarray]) -> None:
        zeros = array == 0
        if not zeros.any():
            return
        before = self.zeroed.get(node, ())
        if len(arrived) == 1 and arrived[0].shape == array.shape:
            new = (zeros & (arrived[0] != 0)).any()
        else:
            new = all((a != 0).all() for a in arrived)
        after = (*before, (node, i)) if new else before
        if after:
            self.zeroed.setdefault(target, after)

    @naming.harmless(None)
    def infinity(self, node: Any, i: int, array: ndarray, value: str, arrived: list[ndarray]) -> Any:
        """Why a cotangent holds inf: what is known already, or what ``node`` itself shows."""
        if any(trouble(a) for a in arrived):
            return self.infinite.get(node)
        return nonfinite.infinity(node, value, nonfinite.cause_in_node(self, node, i, array, arrived))

    @naming.harmless(())
    def explained(self, node: Any, i: int, array: ndarray, arrived: list[ndarray]) -> tuple[str, ...]:
        """What there is to say of the first nan."""
        given = next(((a, value) for a in arrived if (value := trouble(a))), None)
        if given is None:
            cause = nonfinite.cause_in_node(self, node, i, array, arrived)
        elif node in self.infinite and given[1] != "nan":
            cause = nonfinite.met(self.infinite[node], *given)
        else:
            cause = nonfinite.cause_given(*given)
        return (nonfinite.recorded(node), *cause.lines, errors.here(), cause.advice)


def owner(array: Any) -> Any:
    """The array that owns the memory that ``array`` looks at."""
    while isinstance(array.base, ndarray):
        array = array.base
    return array


def trouble(value: Any) -> str:
    """What an array, or a number, holds that is not finite: nan before inf; nothing where all is finite."""
    if type(value) is not ndarray:
        if type(value) not in NUMBERS and not isinstance(value, ndarray):
            return ""
        value = np.asarray(value)
    if value.dtype.kind not in "fcV" or np.isfinite(value).all():
        return ""
    if np.isnan(value).any():
        return "nan"
    return "-inf" if value.dtype.kind != "c" and not (value > 0)[np.isinf(value)].any() else "inf"


def operation_name(title: str) -> str:
    """``log_softmax`` for ``LogSoftmax`` and ``LogSoftmaxBackward0``."""
    name = re.sub(r"Backward\d*$", "", title)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

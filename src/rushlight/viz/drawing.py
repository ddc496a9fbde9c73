"""From a history to a diagram: which operations are shown, and what is said of those that are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from .._core.tensor import Tensor, edge_of
from . import describe
from .diagram import CONSTANT, LEAF, MORE, OPERATION, RESULT, Arrow, Box, Diagram, plural, shape_text
from .history import History, Names, Source, source_of
from .picture import Picture
from .shapes import Key, dtype_name, key_of

MAX_NODES = 200
# So many parameters that no gradient reaches are shown one by one.
MANY_UNREACHED = 24


def graph(
    loss: Tensor | Iterable[Tensor] | Mapping[str, Tensor],
    params: Mapping[str, Tensor] | Iterable[tuple[str, Tensor]] | None = None,
    model: Any = None,
    *,
    max_nodes: int = MAX_NODES,
) -> Picture:
    """Draw how ``loss`` was computed: operations, leaves, where gradients flow and where they were cut.

    loss: a tensor of any shape and dtype, or a list, tuple or dict of them. params: names for tensors, leaves or
    computed ones; model: a module, whose parameters and buffers are named as it names them. Parameters that no
    gradient reaches are drawn too. Shapes stand where the history tells them. Of a history with more boxes than
    about ``max_nodes`` the middle is left out, and the picture says what that was.

    The picture shows itself in a notebook, has ``svg()``, ``dot()``, ``mermaid()`` and ``save(path)``, and prints as a
    listing. It holds no tensors. Raises TypeError for what is not a tensor, ValueError for nothing to draw.

    >>> import rushlight as torch
    >>> from rushlight import viz
    >>> w = torch.ones(3, requires_grad=True)
    >>> print(viz.graph({"loss": (w * w).sum()}, params={"w": w}))
    w = leaf           [3] float32
    %0 = Mul(w, w)     [3]
    %1 = Sum(%0)       scalar
    loss = result(%1)  scalar float32
    """
    if max_nodes < 1:
        raise ValueError(f"max_nodes must be at least 1, but is {max_nodes}")
    results = _results(loss)
    return Picture(Drawing(History(results, Names(model, params, results)), max_nodes).diagram)


def _results(loss: Any) -> dict[str, Tensor]:
    """The tensors to draw, by the names of the boxes where they end."""
    if isinstance(loss, Tensor):
        return {"result": loss}
    if isinstance(loss, Mapping):
        found = {str(name): t for name, t in loss.items()}
    elif isinstance(loss, (list, tuple)):
        found = {f"result {i}": t for i, t in enumerate(loss)}
    else:
        raise TypeError(f"graph() draws a tensor, or a list, tuple or dict of tensors, not {type(loss).__name__}")
    for name, t in found.items():
        if not isinstance(t, Tensor):
            raise TypeError(f"graph() draws tensors, but {name!r} is of type {type(t).__name__}")
    if not found:
        raise ValueError("graph() was given no tensor to draw")
    return found


class Drawing:
    """A diagram in the making."""

    def __init__(self, history: History, max_nodes: int):
        self.history = history
        self.max_nodes = max_nodes
        self.diagram = Diagram([], [])
        self.box_of: dict[Key, int] = {}  # of each value: where it comes from in the picture
        n = len(history.nodes)
        first, last = self._room()
        middle = range(first, n - last)
        for i in range(first):
            self._operation(i)
        if middle:
            self._left_out(middle, {s.key for i in range(n) if i not in middle for s in history.sources[i]})
        for i in range(middle.stop, n):
            self._operation(i)
        self._results()
        self._unreached()

    def _room(self) -> tuple[int, int]:
        """How many of the first and of the last operations are shown: all, or as many as there is room for."""
        n = len(self.history.nodes)
        room = self.max_nodes - min(len(self.history.results), self.max_nodes // 2)
        shown: set[Key] = set()
        first = last = 0
        while first + last < n:
            at_end = last <= first
            sources = self.history.sources[n - 1 - last if at_end else first]
            new = {s.key for s in sources if s.kind != OPERATION} - shown
            room -= 1 + len(new)
            if room < 0 and last:
                break
            shown |= new
            first, last = (first, last + 1) if at_end else (first + 1, last)
        return first, last

    def _box(self, box: Box, sources: Iterable[tuple[int, bool]] = ()) -> int:
        """Add a box, with arrows from others."""
        here = len(self.diagram.boxes)
        self.diagram.boxes.append(box)
        self.diagram.arrows += [Arrow(source, here, flows) for source, flows in sources]
        return here

    # -- what is shown ----------------------------------------------------------------------------------------

    def _place(self, source: Source, consumer: int) -> int:
        """The box that a source has; leaves and constants get theirs here, just before they are needed."""
        here = self.box_of[source.key] if source.kind == OPERATION else self.box_of.get(source.key)
        if here is None:
            t, origin = source.tensor, None
            if source.kind == LEAF:
                box = describe.leaf(t, self.history)  # type: ignore[arg-type]
            else:
                box = describe.constant(t, self.history)
                origin = self._origin(t, consumer)
            here = self.box_of[source.key] = self._box(box, origin or ())
        return here

    def _origin(self, t: Tensor | None, consumer: int) -> list[tuple[int, bool]]:
        """What a detached tensor was cut off from, as the source of its box."""
        if t is None or getattr(t, "_origin", None) is None:
            return []
        source = self.history.origin(t, consumer)
        if source is None or (source.kind == OPERATION and source.key not in self.box_of):
            return []  # not known, or among the operations that are being left out, as is what was made of it
        return [(self._place(source, consumer), False)]

    def _operation(self, i: int) -> None:
        history = self.history
        node = history.nodes[i]
        sources = history.sources[i]
        room = max(1, self.max_nodes - len(self.diagram.boxes))
        new = [s for s in sources if s.key not in self.box_of]
        if len(new) > room:
            # Only an operation on a great many tensors; `_room` has seen to the others.
            rest = {s.key for s in new[room:]} - {s.key for s in new[:room]}
            folded = self._box(Box(MORE, f"… and {plural(len(rest), 'more tensor')}"))
            self.box_of.update(dict.fromkeys(rest, folded))
        arrows = [(self._place(s, i), s.kind != CONSTANT) for s in sources]
        folded_boxes = {b for b, _ in arrows if self.diagram.boxes[b].kind == MORE}
        arrows = [a for k, a in enumerate(arrows) if a[0] not in folded_boxes or a not in arrows[:k]]
        here = self._box(describe.operation(node, history), arrows)
        self.box_of.update({(id(node), k): here for k in range(node.outputs)})

    def _results(self) -> None:
        history = self.history
        results = list(history.results.items())
        room = max(1, self.max_nodes // 2)
        for name, t in results[:room]:
            source = source_of(edge_of(t))
            if source is None and (id(t), 0) in self.box_of:
                continue  # a result without history, which is an input of another one: its box has the name
            if source is None:
                self._box(describe.without_gradient(t, name), self._origin(t, len(history.nodes)))
            else:
                box = Box(RESULT, name, shape=shape_text(t._data.shape, dtype_name(t)))
                self._box(box, [(self._place(source, len(history.nodes)), True)])
        if len(results) > room:
            keys = [key_of(edge_of(t)) for _, t in results[room:]]
            boxes = {self.box_of[key] for key in keys if key in self.box_of}
            rest = Box(MORE, f"… and {plural(len(results) - room, 'more result')}")
            self._box(rest, [(b, True) for b in sorted(boxes)])

    def _unreached(self) -> None:
        """Parameters that the history does not lead to."""
        history = self.history
        met = history.leaves.keys() | {s.key for sources in history.sources for s in sources}
        met |= {(id(t), 0) for t in history.results.values()}
        missing = [(history.names.of[key], t) for key, t in history.names.expected.items() if key not in met]
        for name, t in missing[:MANY_UNREACHED]:
            self._box(describe.unreached(t, name))
        if len(missing) > MANY_UNREACHED:
            rest = missing[MANY_UNREACHED:]
            details = [name for name, _ in rest]
            self._box(Box(MORE, f"… and {plural(len(rest), 'more parameter')}", details=details))

    # -- what is left out -------------------------------------------------------------------------------------

    def _left_out(self, middle: range, shown: set[Key]) -> None:
        """One box for the operations of ``middle``, and for what nothing else uses."""
        history = self.history
        into: dict[int, bool] = {}
        leaves: set[Key] = set()
        for i in middle:
            for source in history.sources[i]:
                if source.key in self.box_of or (source.key in shown and source.kind != OPERATION):
                    here = self._place(source, i)
                    into[here] = into.get(here, False) or source.kind != CONSTANT
                elif source.kind == LEAF:
                    leaves.add(source.key)
        kinds = Counter(describe.short_title(history.nodes[i]) for i in middle)
        box = Box(MORE, f"… {plural(len(middle), 'operation')} left out")
        box.remarks = [", ".join(f"{n:,} {title}" for title, n in kinds.most_common(3))]
        if leaves:
            box.remarks.append(f"and {plural(len(leaves), 'leaf')} that only they use")
        box.details = [f"{n:,} {title}" for title, n in kinds.most_common()]
        box.details += sorted(history.names.of[key] for key in leaves if key in history.names.of)
        box.details.append("graph(..., max_nodes=...) shows more")
        here = self._box(box, into.items())
        for i in middle:
            node = history.nodes[i]
            self.box_of.update({(id(node), k): here for k in range(node.outputs)})

"""The recorded history as something to look at: what can be reached from some tensors, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from .._core.graph import Node, Output
from .._core.tensor import Tensor, edge_of
from .diagram import CONSTANT, LEAF, OPERATION
from .shapes import Key, Shapes, kept_inputs, kept_results, key_of

# These have all their inputs always; of other operations, an input that is None may have been left out.
COMPLETE = ("binary", "bilinear")


class Names:
    """What tensors are called, and which of them are expected to get gradients."""

    def __init__(self, model: Any, params: Any, results: Mapping[str, Tensor]) -> None:
        self.of: dict[Key, str] = {}
        self.expected: dict[Key, Tensor] = {}
        self.tensors: list[Tensor] = []  # held, so that no other object gets their ids
        if model is not None:
            for name, buffer in model.named_buffers():
                self._add(name, buffer, expected=False)
            for name, parameter in model.named_parameters():
                self._add(name, parameter, expected=True)
        for name, t in dict(params or {}).items():
            self._add(str(name), t, expected=True)
        for name, t in results.items():
            if edge_of(t) is None:
                self.of.setdefault((id(t), 0), name)

    def _add(self, name: str, t: Any, *, expected: bool) -> None:
        if not isinstance(t, Tensor):
            raise TypeError(f"graph() names tensors, but {name!r} is of type {type(t).__name__}")
        key = key_of(edge_of(t)) or (id(t), 0)
        self.tensors.append(t)
        self.of[key] = name
        if expected and t.is_leaf:
            self.expected[key] = t


class Source(NamedTuple):
    """Where an input of an operation comes from: another operation, a leaf, or something without a gradient.

    ``tensor`` is the leaf, or the constant if it was kept.
    """

    key: Key
    kind: str
    tensor: Tensor | None = None


class History:
    """All that can be reached from some results.

    nodes    in the order in which they were recorded: the inputs of each stand before it
    leaves   the tensors where gradients end
    sources  for each node those of its inputs that are known
    """

    def __init__(self, results: Mapping[str, Tensor], names: Names):
        self.results = results
        self.names = names
        self.leaves: dict[Key, Tensor] = {}
        self.nodes = self._walk([edge_of(t) for t in results.values()])
        self.sources = [list(_sources(node)) for node in self.nodes]
        self.at = {id(node): i for i, node in enumerate(self.nodes)}
        self.shapes = self._shapes()

    def _walk(self, edges: list[Any]) -> list[Node]:
        found: dict[int, Node] = {}
        while edges:
            edge = edges.pop()
            if edge is None:
                continue
            if isinstance(edge, Tensor):
                self.leaves[id(edge), 0] = edge
                continue
            node = edge.node if type(edge) is Output else edge
            if id(node) not in found:
                found[id(node)] = node
                edges.extend(node.edges)
        return sorted(found.values(), key=lambda node: -node._sequence)

    def _shapes(self) -> Shapes:
        shapes = Shapes()
        for t in (*self.results.values(), *self.names.tensors):
            shapes.note(edge_of(t), t)
        for node in self.nodes:
            shapes.look(node)
        shapes.follow(self.nodes)
        return shapes

    def origin(self, t: Tensor, consumer: int) -> Source | None:
        """What ``t``, an input of node ``consumer``, was detached from, if the history holds that too."""
        if t._counter is not None and t._counter.value:
            return None  # its memory was written to since: then it may have been another value
        source = self._by_array.get(id(t._data))
        if source is None or (source.kind == OPERATION and self.at[source.key[0]] >= consumer):
            return None
        return source

    @cached_property
    def _by_array(self) -> dict[int, Source]:
        """The values of which it is known in what array they live, by its id."""
        found: list[tuple[Tensor, Any]] = [(t, edge_of(t)) for t in (*self.results.values(), *self.names.tensors)]
        found += [(t, t) for t in self.leaves.values()]
        for node in self.nodes:
            found += [(t, node.edges[i]) for i, t in kept_inputs(node) if isinstance(t, Tensor)]
            found += [(t, Output(node, k)) for k, t in kept_results(node)]
        sources = [(id(t._data), source_of(edge)) for t, edge in found]
        return {
            array: source
            for array, source in sources
            if source is not None and (source.key in self.leaves or source.key[0] in self.at)
        }


def source_of(edge: Any) -> Source | None:
    """What an edge leads to; None where no gradient is wanted."""
    key = key_of(edge)
    if key is None:
        return None
    return Source(key, LEAF, edge) if isinstance(edge, Tensor) else Source(key, OPERATION)


def _sources(node: Node) -> Iterator[Source]:
    """Where the inputs of a node come from, in their order."""
    known = dict(kept_inputs(node))
    complete = getattr(node.primitive, "family", None) in COMPLETE
    for position, edge in enumerate(node.edges):
        source = source_of(edge)
        t = known.get(position)
        if source is not None:
            yield source
        elif isinstance(t, Tensor):
            yield Source((id(t), 0), CONSTANT, t)
        elif t is None and complete:
            yield Source((id(node), -1 - position), CONSTANT)

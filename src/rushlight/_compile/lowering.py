"""A graph as nodes: each operation by its rule (see `lowerings`), or as a call of NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.views import ViewPrimitive, replay
from .graph import Check, Constant, Graph, Input, Operation, Value, fresh_strides
from .loops import Buffer, Call, Called, Node, Number, View, counters, element_of
from .lowerings import LOWERINGS, Guarded, Unsupported
from .lowerings.places import lower_view


class Lowered:
    """A graph as nodes."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.nodes: dict[Value, Node] = {}
        self.calls: list[Call] = []
        self.called: list[Operation] = []
        self.constants: list[np.ndarray] = []
        self.made: list[Node] = []  # what stands for checks that NumPy makes
        self.checks: list[tuple[Node, str]] = []  # 0-d, true where a value is one that the operation refuses
        for i, value in enumerate(graph.inputs):
            # What another program computed lies as memory was made for it, not as the trace saw it.
            strides = value.strides if isinstance(value.origin, Input) else fresh_strides(value)
            self.nodes[value] = self.memory(("input", i), value, strides)
        for value in graph.constants:
            self.nodes[value] = self.constant(value)
        for operation in graph.operations:
            self.lower(operation)
        # What is read and put elsewhere as it is counts as computed: it must be read before it is written over.
        self.results = [
            View(node, counters(len(node.shape)), node.shape) if isinstance(node, Buffer) else node
            for node in [self.nodes[v] for v in graph.results]
        ]

    def memory(self, slot: Any, value: Value, strides: tuple[int, ...]) -> Node:
        if element_of(value.dtype) is None:
            node = Called(None, value.shape, value.dtype)
            node.home = slot  # not a `Buffer`: no code reads it
            return node
        itemsize = value.dtype.itemsize
        if any(s % itemsize for s in strides):
            raise Unsupported("an input between whole elements")
        return Buffer(slot, value.shape, value.dtype, tuple([s // itemsize for s in strides]))

    def constant(self, value: Value) -> Node:
        assert isinstance(value.origin, Constant)
        array = value.origin.array
        if array.size and element_of(array.dtype) is not None and (array == array.flat[0]).all():
            number = array.flat[0].item()
            if number != 0 or not np.signbit(array.astype(np.float64)).any():
                return Number(number, array.shape, array.dtype)
        self.constants.append(np.ascontiguousarray(array).reshape(array.shape))
        array = self.constants[-1]
        return self.memory(("constant", len(self.constants) - 1), Value(0, array, None), array.strides)

    def lower(self, operation: Operation) -> None:
        rule = LOWERINGS.get(operation.primitive.name)
        if isinstance(operation.primitive, ViewPrimitive) or operation.primitive is replay:
            rule = rule or lower_view
        given = [self.nodes[x] if isinstance(x, Value) else x for x in operation.inputs]
        params = {k: self.nodes[x] if isinstance(x, Value) else x for k, x in operation.params.items()}
        values = (*operation.needed, *operation.outputs)
        if rule is not None and all(v.size and element_of(v.dtype) is not None for v in values):
            try:
                found = rule(operation, *given, **params)
                if isinstance(found, Guarded):
                    found, checks = found
                    self.checks += checks
                found = found if isinstance(found, tuple) else (found,)
            except Unsupported:
                pass
            else:
                for value, node in zip(operation.outputs, found, strict=True):
                    assert node.shape == value.shape, (operation, node.shape)
                    assert node.dtype == value.dtype, (operation, node.dtype)
                    self.nodes[value] = node
                return
        if (
            operation.outputs
            and not any(v.size for v in operation.outputs)
            and all(element_of(v.dtype) for v in operation.outputs)
        ):
            for value in operation.outputs:
                self.nodes[value] = Number(0, value.shape, value.dtype)
            return
        call = Call(operation, given, params)
        for value in operation.outputs:
            result = Called(call, value.shape, value.dtype)
            call.results.append(result)
            self.nodes[value] = result
        if operation.primitive.family == Check.family:
            # A check has no result; this stands for its having been made.
            call.results.append(Called(call, (), np.dtype(bool)))
            self.made.append(call.results[0])
        self.calls.append(call)
        self.called.append(operation)

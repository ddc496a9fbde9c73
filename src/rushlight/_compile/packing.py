"""Scalars side by side in vectors.

Programs of a few scalars (a fit of four parameters, an optimizer's corrections for each of them) do the same to each of
several numbers, one after the other. Operations that are the same, and of which none waits for another, are written once
for a vector that holds all their operands. Where the operations before were written so, in the same order, their vector
is there already; elsewhere it must be put together from scalars, which only costly operations are worth.

The idea is that of superword parallelism (Larsen and Amarasinghe, 2000), on nodes instead of instructions: what is costly
here is one node and some fifty instructions, and LLVM's own pass, which costs more time than all else, found few of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType
from typing import Any

from .loops import Node, Number, Point
from .values import I1, Element, Vec, literal

WORTH = 4  # the cost, in additions, of an operation whose operands are put together for it


def pack(e: Any, stores: Iterable[Node], roots: set[int], known: dict[Any, Vec], axes: Any, element: Any) -> None:
    """Write what can go side by side of a nest of one place, and note each element, as a scalar, in ``known``.

    element: a function of a node that gives what is not packed as a scalar.
    """
    depths = depths_of(stores, roots)
    groups: dict[Any, list[Point]] = {}
    for node, depth in depths.values():
        kinds = (node.element, *[x.element for x in node.args])
        groups.setdefault((depth, kinds, same(node.write)), []).append(node)
    packed: dict[tuple[int, ...], Vec] = {}
    for (_, kinds, _), whole in sorted(groups.items(), key=lambda item: item[0][0]):
        lanes = e.host.lanes(max([k.bits for k in kinds if k is not I1], default=32))
        for start in range(0, len(whole), lanes):
            group = whole[start : start + lanes]
            columns = list(zip(*[node.args for node in group], strict=True))
            there = all(tuple(map(id, column)) in packed or is_one(column) for column in columns)
            if len(group) < 2 or not (there or group[0].cost >= WORTH):
                continue
            scalars = {id(x): element(x).names[0] for column in columns for x in column if not isinstance(x, Number)}
            with e.shaped(len(group), 1):
                operands = [packed.get(tuple(map(id, column))) or together(e, column, scalars) for column in columns]
                made = group[0].write(e, *operands)
                names = [e.extract(made, 0, lane) for lane in range(len(group))]
            packed[tuple(map(id, group))] = made
            for node, name in zip(group, names, strict=True):
                known[id(node), axes] = Vec(e, (name,), node.element)


def depths_of(stores: Iterable[Node], roots: set[int]) -> dict[int, tuple[Point, int]]:
    """The points that a nest computes, by id, with how many others each waits for at the longest."""
    mine = {id(node) for node in stores}
    out: dict[int, tuple[Point, int]] = {}
    stack: list[tuple[Node, bool]] = [(node, False) for node in stores]
    while stack:
        node, ready = stack.pop()
        if id(node) in out or not isinstance(node, Point) or (id(node) in roots and id(node) not in mine):
            continue
        if ready:
            out[id(node)] = node, 1 + max([out[id(x)][1] for x in node.args if id(x) in out], default=0)
        else:
            stack.append((node, True))
            stack += [(x, False) for x in node.args]
    return out


def same(write: Any) -> Any:
    """What is equal for functions that write the same."""
    if not isinstance(write, FunctionType):
        return id(write)
    cells = [cell.cell_contents for cell in write.__closure__ or ()]
    return (write.__code__, *[constant(x) for x in (*cells, *(write.__defaults__ or ()))])


def constant(x: Any) -> Any:
    if isinstance(x, FunctionType):
        return same(x)
    if isinstance(x, Element):
        return x
    # By its digits, since 0.0 == -0.0 and 1 == True.
    return (type(x), repr(x)) if isinstance(x, (bool, int, float, str, type(None))) else id(x)


def is_one(column: tuple[Node, ...]) -> bool:
    """Whether it is the same number, or the same element, for all."""
    first = column[0]
    if isinstance(first, Number):
        return all(isinstance(x, Number) for x in column)
    return all(x is first for x in column)


def together(e: Any, column: tuple[Node, ...], scalars: dict[int, str]) -> Vec:
    """Scalars as a vector."""
    element = column[0].element
    texts = [literal(x.value, element) if isinstance(x, Number) else scalars[id(x)] for x in column]
    if all(text == texts[0] for text in texts):
        return e.broadcast(texts[0], element)
    vector = "poison"
    for lane, text in enumerate(texts):
        vector = e.value(f"insertelement {e.type(element)} {vector}, {element.llvm} {text}, i64 {lane}")
    return Vec(e, (vector,), element)

"""Nested containers as trees: tuples, lists, dicts and their like are the nodes, all else (None too) is a leaf.

Function transforms take and return such trees. A tree is flattened into its leaves, from left to right, and a
`TreeSpec` that can put leaves into the same shape again.

>>> leaves, spec = tree_flatten({"a": 1, "b": (2, [3])})
>>> leaves
[1, 2, 3]
>>> tree_unflatten([10, 20, 30], spec)
{'a': 10, 'b': (20, [30])}
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .._core.return_types import ReturnType


class Container(NamedTuple):
    """How one type of container is taken apart and put together again.

    The context is what is needed to do so beside the children: a dict's keys, a namedtuple's class.
    """

    children: Callable[[Any], tuple[list[Any], Any]]  # container -> children, context
    build: Callable[[list[Any], Any], Any]  # children, context -> container


def _of_dict(d: Any) -> tuple[list[Any], Any]:
    return list(d.values()), list(d)


def _of_defaultdict(d: Any) -> tuple[list[Any], Any]:
    return list(d.values()), [d.default_factory, list(d)]


CONTAINERS: dict[Any, Container] = {
    tuple: Container(lambda t: (list(t), None), lambda children, _: tuple(children)),
    list: Container(lambda x: (list(x), None), lambda children, _: list(children)),
    dict: Container(_of_dict, lambda children, keys: dict(zip(keys, children))),
    OrderedDict: Container(_of_dict, lambda children, keys: OrderedDict(zip(keys, children))),
    defaultdict: Container(_of_defaultdict, lambda children, c: defaultdict(c[0], zip(c[1], children))),
    deque: Container(lambda d: (list(d), d.maxlen), lambda children, maxlen: deque(children, maxlen=maxlen)),
    # What `namedtuple` makes are classes of their own; the factory stands for all of them.
    namedtuple: Container(lambda t: (list(t), type(t)), lambda children, cls: cls(*children)),
    ReturnType: Container(lambda t: (list(t), type(t)), lambda children, cls: cls(children)),
}


def register_pytree_node(
    cls: type, flatten_fn: Callable[[Any], tuple[Iterable[Any], Any]], unflatten_fn: Callable[[Any, Any], Any]
) -> None:
    """Make instances of ``cls`` nodes: ``flatten_fn(x)`` gives children and context, ``unflatten_fn(children,
    context)`` puts them together again."""

    def children(x: Any) -> tuple[list[Any], Any]:
        parts, context = flatten_fn(x)
        return list(parts), context

    CONTAINERS[cls] = Container(children, unflatten_fn)


def _kind(x: Any) -> Any:
    """The key of `CONTAINERS` for ``x``; None for a leaf."""
    cls = type(x)
    if cls in CONTAINERS:
        return cls
    if issubclass(cls, ReturnType):
        return ReturnType
    return namedtuple if issubclass(cls, tuple) and hasattr(cls, "_fields") else None


class TreeSpec:
    """The shape of a tree. Two are equal where the containers, their contexts and their children are.

    >>> tree_structure((1, [2])) == tree_structure((3, [4]))
    True
    """

    __slots__ = ("children", "context", "num_leaves", "type")

    def __init__(self, type: Any, context: Any, children: list[TreeSpec]):
        self.type = type
        self.context = context
        self.children = children
        self.num_leaves = sum([c.num_leaves for c in children]) if type is not None else 1

    def is_leaf(self) -> bool:
        return self.type is None

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, TreeSpec):
            return NotImplemented
        return (self.type, self.context, self.children) == (other.type, other.context, other.children)

    def __hash__(self) -> int:
        return hash((self.type, self.num_leaves))

    def __repr__(self, indent: int = 0) -> str:
        if self.type is None:
            return "*"
        name = self.context.__name__ if self.type is ReturnType else self.type.__name__
        context = None if self.type is ReturnType else self.context
        indent += 2
        children = (",\n" + " " * indent).join([c.__repr__(indent) for c in self.children])
        return f"TreeSpec({name}, {context}, [{children}])"


LEAF = TreeSpec(None, None, [])


def tree_flatten(tree: Any) -> tuple[list[Any], TreeSpec]:
    """The leaves of ``tree`` from left to right, and its shape."""
    leaves: list[Any] = []
    return leaves, _flatten(tree, leaves)


def _flatten(tree: Any, leaves: list[Any]) -> TreeSpec:
    kind = _kind(tree)
    if kind is None:
        leaves.append(tree)
        return LEAF
    children, context = CONTAINERS[kind].children(tree)
    return TreeSpec(kind, context, [_flatten(child, leaves) for child in children])


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> Any:
    """The tree of shape ``treespec`` with these leaves; ValueError where their number does not fit."""
    leaves = list(leaves)
    if len(leaves) != treespec.num_leaves:
        raise ValueError(
            f"treespec.unflatten(leaves): `leaves` has length {len(leaves)} but the spec refers to a pytree that holds "
            f"{treespec.num_leaves} items ({treespec})."
        )
    return _unflatten(iter(leaves), treespec)


def _unflatten(leaves: Any, spec: TreeSpec) -> Any:
    if spec.type is None:
        return next(leaves)
    return CONTAINERS[spec.type].build([_unflatten(leaves, child) for child in spec.children], spec.context)


def tree_leaves(tree: Any) -> list[Any]:
    """The leaves of ``tree`` from left to right."""
    return tree_flatten(tree)[0]


def tree_structure(tree: Any) -> TreeSpec:
    """The shape of ``tree``."""
    return tree_flatten(tree)[1]


def tree_map(func: Callable[..., Any], tree: Any, *rests: Any) -> Any:
    """``func`` of each leaf of ``tree``, and of what stands in its place in ``rests``, as a tree of that shape.

    Raises ValueError where one of ``rests`` has another shape.

    >>> tree_map(lambda x, y: x + y, (1, [2]), (10, [20]))
    (11, [22])
    """
    leaves, spec = tree_flatten(tree)
    columns = [leaves, *[_leaves_like(spec, rest) for rest in rests]]
    return tree_unflatten([func(*row) for row in zip(*columns)], spec)


def tree_map_only(kinds: Any, func: Callable[[Any], Any], tree: Any) -> Any:
    """`tree_map` that leaves alone what is no instance of ``kinds`` (a type, or a tuple of them)."""
    return tree_map(lambda x: func(x) if isinstance(x, kinds) else x, tree)


def _leaves_like(spec: TreeSpec, tree: Any) -> list[Any]:
    """What stands in ``tree`` where a tree of shape ``spec`` has leaves: leaves, or trees in their place."""
    if spec.type is None:
        return [tree]
    kind = _kind(tree)
    if kind is not spec.type:
        raise ValueError(f"Node type mismatch; expected {spec.type}, but got {type(tree)}.")
    children, context = CONTAINERS[kind].children(tree)
    if len(children) != len(spec.children):
        raise ValueError(f"Node arity mismatch; expected {len(spec.children)}, but got {len(children)}.")
    if context != spec.context:
        raise ValueError(f"Node context mismatch for {kind}; expected {spec.context}, but got {context}.")
    return [leaf for child, subspec in zip(children, spec.children) for leaf in _leaves_like(subspec, child)]


def broadcast_prefix(prefix: Any, spec: TreeSpec) -> list[Any] | None:
    """For each leaf of a tree of shape ``spec`` the leaf of ``prefix`` that stands in its place or above it.

    None where the two do not fit.

    >>> broadcast_prefix((0, None), tree_structure((1, [2, 3])))
    [0, None, None]
    """
    kind = _kind(prefix)
    if kind is None:
        return [prefix] * spec.num_leaves
    if kind is not spec.type:
        return None
    children, context = CONTAINERS[kind].children(prefix)
    if context != spec.context or len(children) != len(spec.children):
        return None
    found: list[Any] = []
    for child, subspec in zip(children, spec.children):
        part = broadcast_prefix(child, subspec)
        if part is None:
            return None
        found += part
    return found

"""The tensor object: an ndarray, its place in the history, its gradient.

Only what every tensor *is* stands here. What can be done with tensors (arithmetic, indexing, ...) is attached
from the operations' records when `rushlight._ops` is loaded, so that no list of methods exists twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .graph import Node, Output, Version

new = object.__new__
ndarray = np.ndarray

# A view may come to require grad when its base does, later. Truthy, so that the fast paths, which only ask
# "might this require grad?", take the careful way, where `edge_of` finds out.
DEPENDS = "depends on the base"


class Size(tuple):
    """A shape: a tuple of int that prints as ``torch.Size([2, 3])``.

    >>> import rushlight as torch
    >>> torch.zeros(2, 3).shape
    torch.Size([2, 3])
    """

    __slots__ = ()
    __module__ = "torch"

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def numel(self) -> int:
        n = 1
        for extent in self:
            n *= extent
        return n

    def __getitem__(self, index: Any) -> Any:
        item = tuple.__getitem__(self, index)
        return Size(item) if type(index) is slice else item

    def __add__(self, other: Any) -> Any:
        return Size(tuple.__add__(self, other))

    def __mul__(self, times: Any) -> Any:
        return Size(tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        # By a function: `torch.Size` is what the class calls itself, and it may not be found under that name.
        return (_size, (tuple(self),))


def _size(extents: tuple[int, ...]) -> Size:
    return Size(extents)


if TYPE_CHECKING:
    from .._stubs.methods import Methods
else:
    Methods = object


class Tensor(Methods):
    """An array of numbers of one dtype that can remember how it was computed.

    Made by `torch.tensor`, `torch.zeros`, ... and by operations. Shares its memory with the NumPy array behind
    it (``t.numpy()``).

    >>> import rushlight as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    # `_origin`, where a tensor was cut from the history, is set only then and read only by error messages.
    __slots__ = (
        "__dict__", "__weakref__", "_counter", "_data", "_fn", "_grad", "_hooks", "_origin",
        "_requires_grad", "_view",
    )  # fmt: skip
    if TYPE_CHECKING:
        _data: Any  # an ndarray; under a transform what stands for one
        _fn: Any
        _requires_grad: Any
        _counter: Version | None
        _view: Any
        _grad: Tensor | None
        _hooks: Any
        _origin: Any

    __module__ = "torch"
    __hash__ = object.__hash__
    _sequence = None  # tells the engine a leaf from a node: it was not computed
    __array_priority__ = 1000  # NumPy's operators let ours answer

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        # The legacy constructor. Operations do not come this way: they call `wrap`.
        return cls._legacy_new(*args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("__torch_function__", "__torch_dispatch__"):
            if name in vars(cls):
                raise NotImplementedError(
                    f"{cls.__name__}.{name}: Rushlight's operations call no such method, and their results are plain "
                    "tensors\nWrite what it does as functions of tensors, or keep the tensor in an attribute of a class."
                )

    # -- what it is ---------------------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        return Size(self._data.shape)

    @property
    def ndim(self) -> int:
        return self._data.ndim

    def __delitem__(self, index: Any) -> None:
        raise TypeError("Tensor does not support deleting items")

    @property
    def is_leaf(self) -> bool:
        """True where no recorded operation computed this tensor."""
        return not self.requires_grad or self.grad_fn is None

    @property
    def grad_fn(self) -> Any:
        """The node that computed this tensor, or None."""
        if self._view is not None:
            edge = edge_of(self)
            if edge is self:
                return None
        else:
            edge = self._fn
        return edge.node if type(edge) is Output else edge

    @property
    def output_nr(self) -> int:
        edge = edge_of(self)
        return edge.index if type(edge) is Output else 0

    @property
    def _version(self) -> int:
        return 0 if self._counter is None else self._counter.value


def wrap(array: np.ndarray) -> Tensor:
    """A tensor without history over ``array``, which it shares."""
    t = new(Tensor)
    t._data = array
    t._fn = None
    t._requires_grad = False
    t._counter = None
    t._view = None
    t._grad = None
    t._hooks = None
    return t


def alias(t: Tensor) -> Tensor:
    """Another tensor over the same memory, without history; it notices in-place changes of the first."""
    out = wrap(t._data)
    out._counter = version_of(t)
    return out


def version_of(t: Tensor) -> Version:
    """The counter of writes to this tensor's memory; made when first shared or written."""
    counter = t._counter
    if counter is None:
        counter = t._counter = Version()
    return counter


def edge_of(t: Any) -> Node | Output | Tensor | None:
    """Where the gradient with respect to ``t`` must be sent; None where it is not wanted."""
    if type(t) is not Tensor and not isinstance(t, Tensor):
        return None  # a number or an absent input
    view = t._view
    if view is not None:
        return view.edge(t)
    fn = t._fn
    if fn is not None:
        return fn
    return t if t._requires_grad else None

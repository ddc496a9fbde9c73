"""Tensors that modules know: parameters, which are trained, and buffers, which are not."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Self

from .._core.autograd_methods import marked
from .._core.tensor import Tensor, alias, new, wrap


class Parameter(Tensor):
    """A tensor that becomes part of a module's parameters when it is assigned to an attribute of it.

    data: the tensor whose memory the parameter shares (empty where left out). requires_grad: True unless
    said otherwise; RuntimeError for integers that require gradients.

    >>> import rushlight as torch
    >>> torch.nn.Parameter(torch.zeros(2))
    Parameter containing:
    tensor([0., 0.], requires_grad=True)
    """

    __slots__ = ()
    _is_parameter = True

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Self:
        if data is None:
            data = Tensor()
        elif type(data) is not Tensor and type(data) is not Parameter:
            if isinstance(data, Tensor) and not isinstance(data, Parameter):
                raise NotImplementedError(
                    f"Parameter(data) of a Tensor subclass is not supported: {type(data).__name__}"
                )
            if not isinstance(data, Tensor):
                raise AttributeError(
                    f"'{type(data).__name__}' object has no attribute 'detach'\n"
                    "Parameter(data) takes a tensor: make one with torch.tensor(...) first."
                )
        return parameter_over(alias(data), requires_grad, cls)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        known = memo.get(id(self))
        if known is None:
            known = memo[id(self)] = parameter_over(wrap(self._data.copy(order="K")), self.requires_grad, type(self))
        return known

    def __copy__(self) -> Any:
        return rebuild_parameter(type(self), self._data, self.requires_grad, self.__dict__)

    def __reduce_ex__(self, protocol: Any) -> Any:
        notes = {k: v for k, v in self.__dict__.items() if not k.startswith("_")}
        return (rebuild_parameter, (type(self), self._data, self.requires_grad, notes))


def parameter_over(t: Tensor, requires_grad: bool, cls: type = Parameter) -> Any:
    """A parameter over the memory of ``t``, a tensor without history that nobody else holds."""
    p: Any = new(cls)
    p._data = t._data
    p._fn = None
    p._requires_grad = False
    p._counter = t._counter
    p._view = None
    p._grad = None
    p._hooks = None
    if requires_grad:
        if p._data.dtype.kind not in "fcV":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients\n"
                f"The tensor is of dtype {t.dtype}: convert it first, or pass requires_grad=False."
            )
        p._requires_grad = True
    return p


def rebuild_parameter(cls: type, array: Any, requires_grad: bool, notes: dict[str, Any]) -> Any:
    """A parameter from what `pickle` and `copy` keep of it."""
    p = parameter_over(wrap(array), requires_grad, cls)
    p.__dict__.update(copy.copy(notes))
    return p


class _BufferType(type(Tensor)):  # type: ignore[misc]
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and "_is_buffer" in instance.__dict__


class Buffer(Tensor, metaclass=_BufferType):
    """``Buffer(data)``: a tensor that a module it is assigned to keeps as state but does not train.

    persistent: whether it is part of the module's ``state_dict``.

    >>> import rushlight as torch
    >>> module = torch.nn.Module()
    >>> module.mean = torch.nn.Buffer(torch.zeros(1))
    >>> list(module.state_dict())
    ['mean']
    """

    __slots__ = ()
    if TYPE_CHECKING:
        persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Self:
        data = Tensor() if data is None else data
        out: Any = marked(alias(data), data.requires_grad)
        out.persistent = persistent
        out._is_buffer = True
        return out

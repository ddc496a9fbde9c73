"""Tensors that modules know: parameters, which are trained, and buffers, which are not; and those whose shape is open."""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any, Self

from .._core.autograd_methods import marked
from .._core.registry import METHODS
from .._core.tensor import Size, Tensor, alias, new, wrap
from .._core.where import user_frame
from .._ops.creation import empty


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


# -- tensors whose shape is open --------------------------------------------------------------------------------------

_MEMORY: Any = Tensor._data


def _asked_for() -> str:
    """What the program asked of a tensor, as PyTorch's messages name it."""
    frame: Any = sys._getframe(2)
    end = user_frame(2)
    asked = "an operation"
    while frame is not None and frame is not end:
        if frame.f_code.co_name in METHODS:
            asked = f"<method '{frame.f_code.co_name}' of 'torch._C.TensorBase' objects>"
        frame = frame.f_back
    return asked


class UninitializedTensorMixin:
    """A tensor that has a dtype but no shape yet: `materialize` gives it one. Until then operations refuse it."""

    __slots__ = ()
    cls_to_become: type

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Become an ordinary parameter or buffer of this shape, whose content is not specified."""
        memory = empty(shape, dtype=self.dtype if dtype is None else dtype, device=device)
        self.__class__ = self.cls_to_become
        self._data = memory._data

    @property
    def _data(self) -> Any:
        # All operations come here for the memory.
        raise ValueError(
            f"Attempted to use an uninitialized parameter in {_asked_for()}. This error happens when you are using a "
            f"`LazyModule` or explicitly manipulating `{type(self).__name__}` objects. When using LazyModules Call "
            "`forward` with a dummy batch to initialize the parameters before calling torch functions"
        )

    @_data.setter
    def _data(self, memory: Any) -> None:
        _MEMORY.__set__(self, memory)

    @property
    def data(self) -> Tensor:
        """An empty tensor of the dtype; what is assigned decides that."""
        return wrap(_MEMORY.__get__(self))

    @data.setter
    def data(self, value: Tensor) -> None:
        self._data = value._data

    @property
    def dtype(self) -> Any:
        """The dtype that the tensor will have."""
        return self.data.dtype

    @property
    def shape(self) -> Size:
        """RuntimeError: it is not known yet."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to initialize the parameters before accessing their attributes."
        )

    def size(self, *args: Any) -> Any:
        """That of an empty vector."""
        return self.data.size(*args)

    def is_floating_point(self) -> bool:
        """Whether the dtype is one of floating-point numbers."""
        return self.data.is_floating_point()

    def is_complex(self) -> bool:
        """Whether the dtype is one of complex numbers."""
        return self.data.is_complex()

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """ValueError: not before there is a shape."""
        return self._data, requires_grad

    def share_memory_(self) -> None:
        """RuntimeError: there is no memory yet."""
        raise RuntimeError(
            "Can't share memory on an uninitialized parameter or buffer. Call `forward` to initialize the parameters "
            "before calling `module.share_memory()`."
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def is_lazy(param: Any) -> bool:
    """Whether this is a parameter or buffer without a shape.

    >>> import rushlight as torch
    >>> torch.nn.parameter.is_lazy(torch.nn.LazyLinear(2).weight)
    True
    """
    return isinstance(param, UninitializedTensorMixin)


class UninitializedParameter(UninitializedTensorMixin, Parameter):  # type: ignore[misc]
    """``UninitializedParameter(requires_grad=True, device=None, dtype=None)``: a parameter without a shape yet.

    ValueError where an operation is asked to use it; ``materialize(shape)`` makes it a `Parameter`.

    >>> import rushlight as torch
    >>> p = torch.nn.UninitializedParameter()
    >>> p.materialize((2, 3))
    >>> type(p).__name__, p.shape
    ('Parameter', torch.Size([2, 3]))
    """

    __slots__ = ()
    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> Self:
        p: Any = parameter_over(empty(0, device=device, dtype=dtype), requires_grad)
        p.__class__ = cls
        return p

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        known = memo.get(id(self))
        if known is None:
            known = memo[id(self)] = type(self)(self.requires_grad, dtype=self.dtype)
        return known

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.requires_grad, None, self.dtype)


class UninitializedBuffer(UninitializedTensorMixin, Tensor):  # type: ignore[misc]
    """``UninitializedBuffer(requires_grad=False, device=None, dtype=None, persistent=True)``: a buffer without a shape yet.

    See `UninitializedParameter`; ``materialize(shape)`` makes it a `Tensor`.
    """

    __slots__ = ()
    cls_to_become = Tensor
    if TYPE_CHECKING:
        persistent: bool

    def __new__(
        cls, requires_grad: bool = False, device: Any = None, dtype: Any = None, persistent: bool = True
    ) -> Self:
        out: Any = empty(0, device=device, dtype=dtype, requires_grad=requires_grad)
        out.persistent = persistent
        out._is_buffer = True
        out.__class__ = cls
        return out

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.requires_grad, None, self.dtype, self.persistent)

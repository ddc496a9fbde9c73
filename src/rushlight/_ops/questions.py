"""What a program asks of a tensor and gets no tensor for: its kind of numbers, where it lies, whether it is zero."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .._core.autograd_methods import is_inference as _is_inference
from .._core.operands import raise_must_be_tensor
from .._core.registry import operation
from .._core.tensor import Tensor


def _of_tensors(question: Callable[[Tensor], Any]) -> Callable[[Tensor], Any]:
    """The question, refusing what is no tensor."""

    @functools.wraps(question)
    def ask(input: Tensor) -> Any:
        if not isinstance(input, Tensor):
            raise_must_be_tensor(question.__name__, "input", 1, input)
        return question(input)

    return ask


@operation(out=False)
@_of_tensors
def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is one of the real floating-point dtypes, of whatever precision.

    Raises TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> torch.is_floating_point(torch.ones(2)), torch.is_floating_point(torch.tensor(1j))
    (True, False)
    """
    return input._data.dtype.kind in "fV"


@operation(out=False)
@_of_tensors
def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex. Raises TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> torch.is_complex(torch.tensor([1j]))
    True
    """
    return input._data.dtype.kind == "c"


@operation(out=False)
@_of_tensors
def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers. Raises TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> torch.is_signed(torch.tensor([1])), torch.is_signed(torch.tensor([True]))
    (True, False)
    """
    return input.dtype.is_signed


@operation(out=False)
@_of_tensors
def is_nonzero(input: Tensor) -> bool:
    """Whether the one number of ``input``, of whatever shape, is not zero: ``bool(input)``.

    Raises RuntimeError where there are several numbers or none, TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> torch.is_nonzero(torch.tensor([0.0])), torch.is_nonzero(torch.tensor(3))
    (False, True)
    """
    return bool(input)


@operation(out=False)
@_of_tensors
def is_inference(input: Tensor) -> bool:
    """Whether ``input`` was made inside of `inference_mode`. Raises TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> with torch.inference_mode():
    ...     x = torch.ones(2)
    >>> torch.is_inference(x)
    True
    """
    return _is_inference(input)


@operation(out=False)
@_of_tensors
def get_device(input: Tensor) -> int:
    """The number of the device that ``input`` lies on: -1, which stands for the CPU.

    Raises TypeError for what is no tensor.

    >>> import rushlight as torch
    >>> torch.get_device(torch.ones(2))
    -1
    """
    return -1

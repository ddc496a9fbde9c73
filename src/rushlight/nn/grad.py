"""The gradients of convolutions as functions, for programs that write their own backward passes."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from .._ops.convolution import Geometry, to_input_p, to_weight_p
from .._standin.missing import refuse_other_names as _refuse_other_names
from .modules.utils import ntuple


def _geometry(
    spatial: int, input_size: Any, weight_size: Any, grad: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Geometry:
    """What the convolution was given; RuntimeError where its result has not the shape of the gradient."""
    each = ntuple(spatial)
    geometry = Geometry(each(stride), each(padding), each(dilation), groups)
    images, channels, *size = input_size
    if len(size) != spatial or len(weight_size) != spatial + 2 or channels != weight_size[1] * groups:
        raise RuntimeError(
            f"conv{spatial}d cannot be of an input of size {list(input_size)} and a weight of size "
            f"{list(weight_size)} in {groups} group{'' if groups == 1 else 's'}"
        )
    wanted = (images, weight_size[0], *geometry.windows(tuple(weight_size)).out(tuple(size)))
    if tuple(grad.shape) != wanted:
        raise RuntimeError(
            f"conv{spatial}d of an input of size {list(input_size)} and a weight of size {list(weight_size)} has a "
            f"gradient of size {list(wanted)}, but got {list(grad.shape)}"
        )
    return geometry


def _of_input(spatial: int, input_size: Any, weight: Any, grad: Any, *how: Any) -> Tensor:
    geometry = _geometry(spatial, input_size, weight.shape, grad, *how)
    return to_input_p.bind(grad, weight.conj(), None, geometry=geometry, size=tuple(input_size[2:]))


def _of_weight(spatial: int, input: Any, weight_size: Any, grad: Any, *how: Any) -> Tensor:
    geometry = _geometry(spatial, input.shape, weight_size, grad, *how)
    return to_weight_p.bind(grad, input.conj(), geometry=geometry, shape=tuple(weight_size))


def conv1d_input(
    input_size: Any, weight: Tensor, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv1d` by its input, whose size (N, C, L) is given, from that of its result.

    RuntimeError where the sizes are not those of a convolution.

    >>> import rushlight as torch
    >>> torch.nn.grad.conv1d_input((1, 1, 3), torch.tensor([[[1.0, 2.0]]]), torch.ones(1, 1, 2))
    tensor([[[1., 3., 2.]]])
    """
    return _of_input(1, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv1d_weight(
    input: Tensor, weight_size: Any, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv1d` by its weight, whose size is given, from that of its result.

    >>> import rushlight as torch
    >>> torch.nn.grad.conv1d_weight(torch.tensor([[[1.0, 2.0, 3.0]]]), (1, 1, 2), torch.ones(1, 1, 2))
    tensor([[[3., 5.]]])
    """
    return _of_weight(1, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv2d_input(
    input_size: Any, weight: Tensor, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv2d` by its input (N, C, H, W); see `conv1d_input`."""
    return _of_input(2, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv2d_weight(
    input: Tensor, weight_size: Any, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv2d` by its weight; see `conv1d_weight`."""
    return _of_weight(2, input, weight_size, grad_output, stride, padding, dilation, groups)


def conv3d_input(
    input_size: Any, weight: Tensor, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv3d` by its input (N, C, D, H, W); see `conv1d_input`."""
    return _of_input(3, input_size, weight, grad_output, stride, padding, dilation, groups)


def conv3d_weight(
    input: Tensor, weight_size: Any, grad_output: Tensor, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    """The gradient of `functional.conv3d` by its weight; see `conv1d_weight`."""
    return _of_weight(3, input, weight_size, grad_output, stride, padding, dilation, groups)


_refuse_other_names(globals())

"""Transforms of whole vectors and matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import eye, finfo, linalg
from .._core.tensor import Size, Tensor
from ..nn import functional as F
from . import constraints
from ._elementwise_transforms import TanhTransform, clipped_sigmoid
from ._transform import Parameterless, Transform, check_dims
from .utils import tril_matrix_to_vec, vec_to_tril_matrix


class ReshapeTransform(Transform):
    """The last dimensions, of shape ``in_shape``, in the shape ``out_shape``.

    ValueError where these have different numbers of elements.

    >>> import rushlight as torch
    >>> torch.distributions.ReshapeTransform((4,), (2, 2))(torch.zeros(3, 4)).shape
    torch.Size([3, 2, 2])
    """

    bijective = True

    def __init__(self, in_shape: Sequence[int], out_shape: Sequence[int], cache_size: int = 0):
        self.in_shape, self.out_shape = Size(in_shape), Size(out_shape)
        if self.in_shape.numel() != self.out_shape.numel():
            raise ValueError("in_shape, out_shape have different numbers of elements")
        super().__init__(cache_size=cache_size)

    @constraints.dependent_property
    def domain(self) -> Any:
        return constraints.independent(constraints.real, len(self.in_shape))

    @constraints.dependent_property
    def codomain(self) -> Any:
        return constraints.independent(constraints.real, len(self.out_shape))

    def _call(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[: x.dim() - len(self.in_shape)] + self.out_shape)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.reshape(y.shape[: y.dim() - len(self.out_shape)] + self.in_shape)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return x.new_zeros(x.shape[: x.dim() - len(self.in_shape)])

    def forward_shape(self, shape: Any) -> Any:
        return _exchanged(shape, self.in_shape, self.out_shape)

    def inverse_shape(self, shape: Any) -> Any:
        return _exchanged(shape, self.out_shape, self.in_shape)


def _exchanged(shape: Any, old: Size, new: Size) -> Any:
    check_dims(shape, len(old))
    cut = len(shape) - len(old)
    if shape[cut:] != old:
        raise ValueError(f"Shape mismatch: expected {shape[cut:]} but got {old}")
    return shape[:cut] + new


class _OfVectors(Parameterless):
    """A transform of vectors, of one dimension at least; ``longer`` by so many elements."""

    domain = constraints.real_vector
    codomain = constraints.simplex
    longer = 0

    def forward_shape(self, shape: Any) -> Any:
        check_dims(shape, 1)
        return Size((*shape[:-1], shape[-1] + self.longer))

    def inverse_shape(self, shape: Any) -> Any:
        check_dims(shape, 1)
        return Size((*shape[:-1], shape[-1] - self.longer))


class SoftmaxTransform(_OfVectors):
    """y = exp(x) / sum(exp(x)). Vectors that differ by a constant have one result; the inverse gives one of them.

    >>> import rushlight as torch
    >>> torch.distributions.SoftmaxTransform()(torch.zeros(4))
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """

    def _call(self, x: Tensor) -> Tensor:
        return x.softmax(-1)

    def _inverse(self, y: Tensor) -> Tensor:
        return y.log()


class StickBreakingTransform(_OfVectors):
    """n numbers as n + 1 that are positive and add up to 1: each breaks its share off what is left of a stick.

    Zeros become equal parts (Stan Reference Manual, "Unit simplex").

    >>> import rushlight as torch
    >>> torch.distributions.StickBreakingTransform()(torch.zeros(2))
    tensor([0.3333, 0.3333, 0.3333])
    """

    bijective = True
    longer = 1

    @staticmethod
    def _offset(like: Tensor, n: int) -> Tensor:
        """The log-odds against the share that leaves equal parts: of n + 1 parts the first is 1 / (n + 1)."""
        return (n + 1 - like.new_ones(n).cumsum(-1)).log()

    def _call(self, x: Tensor) -> Tensor:
        share = clipped_sigmoid(x - self._offset(x, x.shape[-1]))
        left = (1 - share).cumprod(-1)
        return F.pad(share, (0, 1), value=1) * F.pad(left, (1, 0), value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        broken = y[..., :-1]
        left = (1 - broken.cumsum(-1)).clamp(min=finfo(y.dtype).tiny)
        return broken.log() - left.log() + self._offset(y, broken.shape[-1])

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        # Triangular: dy/dx of each is y (1 - share), and log(1 - sigmoid(x)) = log(sigmoid(x)) - x.
        x = x - self._offset(x, x.shape[-1])
        return (-x + F.logsigmoid(x) + y[..., :-1].log()).sum(-1)


class LowerCholeskyTransform(Parameterless):
    """Square matrices as lower triangular ones with a positive diagonal: that of the exponentials.

    >>> import rushlight as torch
    >>> torch.distributions.transforms.LowerCholeskyTransform()(torch.zeros(2, 2))
    tensor([[1., 0.],
            [0., 1.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.lower_cholesky

    def _call(self, x: Tensor) -> Tensor:
        return x.tril(-1) + x.diagonal(dim1=-2, dim2=-1).exp().diag_embed()

    def _inverse(self, y: Tensor) -> Tensor:
        return y.tril(-1) + y.diagonal(dim1=-2, dim2=-1).log().diag_embed()


class PositiveDefiniteTransform(Parameterless):
    """Square matrices as positive-definite ones: the product of what `LowerCholeskyTransform` gives with its transpose.

    >>> import rushlight as torch
    >>> torch.distributions.PositiveDefiniteTransform()(torch.tensor([[0.0, 9.0], [2.0, 0.0]]))
    tensor([[1., 2.],
            [2., 5.]])
    """

    domain = constraints.independent(constraints.real, 2)
    codomain = constraints.positive_definite

    def _call(self, x: Tensor) -> Tensor:
        factor = LowerCholeskyTransform()(x)
        return factor @ factor.mT

    def _inverse(self, y: Tensor) -> Tensor:
        return LowerCholeskyTransform().inv(linalg.cholesky(y))


class CorrCholeskyTransform(Transform):
    """D (D - 1) / 2 numbers as the Cholesky factor of a correlation matrix of size D.

    The hyperbolic tangents are partial correlations; from left to right each takes its part of what the length 1 of a row
    has left (Lewandowski, Kurowicka and Joe, 2009; Stan Reference Manual, "Cholesky factors of correlation matrices").

    >>> import rushlight as torch
    >>> torch.distributions.CorrCholeskyTransform()(torch.zeros(1))
    tensor([[1., 0.],
            [0., 1.]])
    """

    domain = constraints.real_vector
    codomain = constraints.corr_cholesky
    bijective = True

    def _call(self, x: Tensor) -> Tensor:
        eps = finfo(x.dtype).eps
        partial = vec_to_tril_matrix(x.tanh().clamp(min=-1 + eps, max=1 - eps), diag=-1)
        left = (1 - partial**2).sqrt().cumprod(-1)
        unscaled = partial + eye(partial.shape[-1], dtype=partial.dtype)
        return unscaled * F.pad(left[..., :-1], (1, 0), value=1)

    def _inverse(self, y: Tensor) -> Tensor:
        left = F.pad((1 - (y * y).cumsum(-1))[..., :-1], (1, 0), value=1)
        return (tril_matrix_to_vec(y, diag=-1) / tril_matrix_to_vec(left, diag=-1).sqrt()).atanh()

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        # Each number is scaled by the square root of what those on its left have left; the first, by 1.
        left = tril_matrix_to_vec(1 - (y * y).cumsum(-1), diag=-2)
        return 0.5 * left.log().sum(-1) + TanhTransform().log_abs_det_jacobian(x, y).sum(-1)

    def forward_shape(self, shape: Any) -> Any:
        check_dims(shape, 1)
        places = shape[-1]
        size = (1 + math.isqrt(1 + 8 * places)) // 2
        if size * (size - 1) // 2 != places:
            raise ValueError("Input is not a flattened lower-diagonal number")
        return Size((*shape[:-1], size, size))

    def inverse_shape(self, shape: Any) -> Any:
        check_dims(shape, 2)
        if shape[-2] != shape[-1]:
            raise ValueError("Input is not square")
        return Size((*shape[:-2], shape[-1] * (shape[-1] - 1) // 2))

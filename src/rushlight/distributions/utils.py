"""What distributions are built with: parameters of one shape, probabilities and their logarithms, lazy attributes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import update_wrapper
from numbers import Number
from operator import attrgetter
from typing import Any

from .. import broadcast_tensors, enable_grad, finfo, get_default_dtype, tensor
from .._core.tensor import Tensor
from .._standin.missing import refuse_other_names as _refuse_other_names

euler_constant = 0.57721566490153286060
HALF_LOG_TAU = math.log(math.sqrt(2 * math.pi))


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """Tensors and numbers as tensors of one shape; numbers become the dtype of the first tensor, if there is one.

    ValueError for anything else.

    >>> import rushlight as torch
    >>> torch.distributions.utils.broadcast_all(torch.zeros(2), 1)
    (tensor([0., 0.]), tensor([1., 1.]))
    """
    tensors = [v for v in values if isinstance(v, Tensor)]
    if not all(isinstance(v, (Tensor, Number)) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__."
        )
    dtype = tensors[0].dtype if tensors else get_default_dtype()
    return broadcast_tensors(*[v if isinstance(v, Tensor) else tensor(v, dtype=dtype) for v in values])


def sum_rightmost(value: Tensor, dims: int) -> Tensor:
    """The sum over the last ``dims`` dimensions."""
    return value.reshape(*value.shape[: value.dim() - dims], -1).sum(-1) if dims else value


def clamp_probs(probs: Tensor) -> Tensor:
    """Probabilities kept so far from 0 and 1 that their logarithms are finite.

    >>> import rushlight as torch
    >>> torch.distributions.utils.clamp_probs(torch.tensor([0.0, 0.5])).log()
    tensor([-15.9424,  -0.6931])
    """
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """The logarithms of probabilities; with ``is_binary`` of their odds.

    >>> import rushlight as torch
    >>> torch.distributions.utils.probs_to_logits(torch.tensor([0.5, 0.8]), is_binary=True)
    tensor([0.0000, 1.3863])
    """
    probs = clamp_probs(probs)
    return probs.log() - (-probs).log1p() if is_binary else probs.log()


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """Probabilities from logits: the softmax over the last dimension; with ``is_binary`` the sigmoid of each.

    >>> import rushlight as torch
    >>> torch.distributions.utils.logits_to_probs(torch.tensor([0.0, 0.0]))
    tensor([0.5000, 0.5000])
    """
    return logits.sigmoid() if is_binary else logits.softmax(-1)


class lazy_property:
    """An attribute that a method computes when it is first asked for, and that may be assigned instead.

    Computed with gradients recorded, whoever asks: what asks next may want them.
    """

    def __init__(self, wrapped: Callable[[Any], Any]):
        self.wrapped = wrapped
        update_wrapper(self, wrapped)  # type: ignore[arg-type]

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        with enable_grad():
            value = self.wrapped(instance)
        # There is no __set__: from now on the instance's own attribute is found first.
        vars(instance)[self.wrapped.__name__] = value
        return value


def attribute(path: str) -> Any:
    """A property that says another attribute by a name of its own: ``mean = attribute("loc")``."""
    return property(attrgetter(path))


def _not_above(n: int, diag: int) -> Tensor:
    """Which places of an n by n matrix lie on or below the diagonal ``diag``."""
    return tensor([[column <= row + diag for column in range(n)] for row in range(n)])


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """What stands on and below a diagonal of square matrices, row by row: (..., n, n) to (..., m).

    ValueError for a diagonal that the matrices do not have.

    >>> import rushlight as torch
    >>> torch.distributions.utils.tril_matrix_to_vec(torch.tensor([[1.0, 0.0], [2.0, 3.0]]))
    tensor([1., 2., 3.])
    """
    n = mat.shape[-1]
    if not -n <= diag < n:
        raise ValueError(f"diag ({diag}) provided is outside [{-n}, {n - 1}].")
    return mat[..., _not_above(n, diag)]


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """The inverse of `tril_matrix_to_vec`, with zeros above the diagonal: (..., m) to (..., n, n).

    ValueError where no matrix has ``m`` places there.

    >>> import rushlight as torch
    >>> torch.distributions.utils.vec_to_tril_matrix(torch.tensor([1.0, 2.0, 3.0]))
    tensor([[1., 0.],
            [2., 3.]])
    """
    # Row r has r + 1 + diag places, together (n + diag)(n + diag + 1) / 2. Above the main diagonal that counts places
    # beyond the matrix: to its right, and those of rows above the first, diag (diag + 1) / 2 of each.
    m = vec.shape[-1]
    beyond = diag * (diag + 1) if diag > 0 else 0
    n = round((math.sqrt(1 + 8 * (m + beyond)) - 1) / 2) - diag
    places = _not_above(n, diag)
    if int(places.sum()) != m:
        raise ValueError(
            f"The size of last dimension is {m} which cannot be expressed as "
            "the lower triangular part of a square D x D matrix."
        )
    mat = vec.new_zeros(*vec.shape[:-1], n, n)
    mat[..., places] = vec
    return mat


_refuse_other_names(globals())

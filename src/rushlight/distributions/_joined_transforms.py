"""Several transforms, each for its part of a dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import cat, stack
from .._core.tensor import Tensor
from . import constraints
from ._transform import Transform
from .utils import sum_rightmost


class _Joined(Transform):
    def __init__(self, tseq: Sequence[Transform], dim: int, cache_size: int):
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        super().__init__(cache_size=cache_size)
        self.transforms = [t.with_cache(cache_size) for t in tseq] if cache_size else list(tseq)
        self.dim = dim

    @property
    def bijective(self) -> bool:
        return all(t.bijective for t in self.transforms)

    def _parts(self, value: Tensor, name: str, whole: str = "tensor") -> Sequence[Tensor]:
        """The parts of ``value``. AssertionError where it has not as many as there are transforms."""
        if not -value.dim() <= self.dim < value.dim():
            raise AssertionError(f"dim {self.dim} out of range for {whole} with {value.dim()} dimensions")
        wanted, words = self._wanted()
        if value.shape[self.dim] != wanted:
            raise AssertionError(f"{name}.size({self.dim}) = {value.shape[self.dim]} must equal {words} {wanted}")
        return self._divided(value)

    def _wanted(self) -> tuple[int, str]:
        raise NotImplementedError

    def _divided(self, value: Tensor) -> Sequence[Tensor]:
        raise NotImplementedError

    def _joint(self, parts: list[Tensor]) -> Tensor:
        raise NotImplementedError

    def _call(self, x: Tensor) -> Tensor:
        return self._joint([t(part) for t, part in zip(self.transforms, self._parts(x, "x"))])

    def _inverse(self, y: Tensor) -> Tensor:
        return self._joint([t.inv(part) for t, part in zip(self.transforms, self._parts(y, "y"))])

    def _log_abs_dets(self, x: Tensor, y: Tensor) -> list[Tensor]:
        parts = zip(self.transforms, self._parts(x, "x", "x"), self._parts(y, "y", "y"))
        return [t.log_abs_det_jacobian(of_x, of_y) for t, of_x, of_y in parts]


class CatTransform(_Joined):
    """The transforms ``tseq``, for stretches along ``dim`` of the given ``lengths`` (1 unless given).

    AssertionError for arguments that are not as long as these together.

    >>> import rushlight as torch
    >>> from rushlight.distributions import AffineTransform, CatTransform, ExpTransform
    >>> CatTransform([ExpTransform(), AffineTransform(0, 2)], lengths=[2, 1])(torch.tensor([0.0, 0.0, 3.0]))
    tensor([1., 1., 6.])
    """

    def __init__(
        self, tseq: Sequence[Transform], dim: int = 0, lengths: Sequence[int] | None = None, cache_size: int = 0
    ):
        super().__init__(tseq, dim, cache_size)
        self.lengths = [1] * len(self.transforms) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.transforms):
            raise AssertionError(f"lengths ({len(self.lengths)}) must match transforms ({len(self.transforms)})")

    @property
    def event_dim(self) -> int:
        return max(t.event_dim for t in self.transforms)

    @property
    def length(self) -> int:
        """The size of ``dim``."""
        return sum(self.lengths)

    def _wanted(self) -> tuple[int, str]:
        return self.length, "length"

    def _divided(self, value: Tensor) -> Sequence[Tensor]:
        return value.split(self.lengths, self.dim)

    def _joint(self, parts: list[Tensor]) -> Tensor:
        return cat(parts, self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        dets = [
            sum_rightmost(det, self.event_dim - t.event_dim)
            for t, det in zip(self.transforms, self._log_abs_dets(x, y))
        ]
        # Whether the dimension along which they are joined is still there, or was part of the values.
        dim = (self.dim - x.dim() if self.dim >= 0 else self.dim) + self.event_dim
        if dim < 0:
            return cat(dets, dim)
        total: Any = sum(dets)
        return total

    @constraints.dependent_property
    def domain(self) -> Any:
        return constraints.cat([t.domain for t in self.transforms], self.dim, self.lengths)

    @constraints.dependent_property
    def codomain(self) -> Any:
        return constraints.cat([t.codomain for t in self.transforms], self.dim, self.lengths)


class StackTransform(_Joined):
    """The transforms ``tseq``, for the slices along ``dim``. AssertionError for arguments with more or fewer slices.

    >>> import rushlight as torch
    >>> from rushlight.distributions import ExpTransform, StackTransform, identity_transform
    >>> StackTransform([ExpTransform(), identity_transform])(torch.zeros(2, 3))
    tensor([[1., 1., 1.],
            [0., 0., 0.]])
    """

    def __init__(self, tseq: Sequence[Transform], dim: int = 0, cache_size: int = 0):
        super().__init__(tseq, dim, cache_size)

    def _wanted(self) -> tuple[int, str]:
        return len(self.transforms), "len(transforms)"

    def _divided(self, value: Tensor) -> Sequence[Tensor]:
        return value.unbind(self.dim)

    def _joint(self, parts: list[Tensor]) -> Tensor:
        return stack(parts, self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        return self._joint(self._log_abs_dets(x, y))

    @constraints.dependent_property
    def domain(self) -> Any:
        return constraints.stack([t.domain for t in self.transforms], self.dim)

    @constraints.dependent_property
    def codomain(self) -> Any:
        return constraints.stack([t.codomain for t in self.transforms], self.dim)

"""Normalisation of each channel of each sample by its own statistics (Ulyanov et al., 2016)."""

from __future__ import annotations

from typing import Any

from ..._core.where import warn_user
from .. import functional as F
from .batchnorm import _LazyNorm, _NormBase


class _InstanceNorm(_NormBase):
    _unbatched: int  # how many dimensions the input has without a batch

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False,
        track_running_stats: bool = False, device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def forward(self, input: Any) -> Any:
        dims, unbatched = input.dim(), self._unbatched
        if dims not in (unbatched, unbatched + 1):
            raise ValueError(f"expected {unbatched}D or {unbatched + 1}D input (got {dims}D input)")
        feature_dim = dims - unbatched
        if input.size(feature_dim) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={feature_dim} to match num_features "
                    f"({self.num_features}), but got: {input.size(feature_dim)}."
                )
            warn_user(
                f"input's size at dim={feature_dim} does not match num_features. You can silence this "
                "warning by not passing in num_features, which is not used because affine=False"
            )
        if dims == unbatched:
            return self._normalized(input.unsqueeze(0)).squeeze(0)
        return self._normalized(input)

    def _normalized(self, input: Any) -> Any:
        return F.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            self.momentum if self.momentum is not None else 0.0,
            self.eps,
        )


class InstanceNorm1d(_InstanceNorm):
    """(x - mean) / sqrt(var + eps) over each channel of each sample of (N, C, L) or (C, L).

    affine: whether there are weight and bias. track_running_stats: in evaluation, by the statistics of past
    batches.
    """

    _unbatched = 2


class InstanceNorm2d(_InstanceNorm):
    """`InstanceNorm1d` for (N, C, H, W) or (C, H, W)."""

    _unbatched = 3


class InstanceNorm3d(_InstanceNorm):
    """`InstanceNorm1d` for (N, C, D, H, W) or (C, D, H, W)."""

    _unbatched = 4


class LazyInstanceNorm1d(_LazyNorm, _InstanceNorm):
    """`InstanceNorm1d` that takes ``num_features`` from its first input; affine, with running statistics, unless said
    otherwise. See `LazyBatchNorm1d`.
    """

    cls_to_become = InstanceNorm1d
    _unbatched = InstanceNorm1d._unbatched


class LazyInstanceNorm2d(_LazyNorm, _InstanceNorm):
    """`InstanceNorm2d` that takes ``num_features`` from its first input; affine, with running statistics, unless said
    otherwise. See `LazyBatchNorm1d`.
    """

    cls_to_become = InstanceNorm2d
    _unbatched = InstanceNorm2d._unbatched


class LazyInstanceNorm3d(_LazyNorm, _InstanceNorm):
    """`InstanceNorm3d` that takes ``num_features`` from its first input; affine, with running statistics, unless said
    otherwise. See `LazyBatchNorm1d`.
    """

    cls_to_become = InstanceNorm3d
    _unbatched = InstanceNorm3d._unbatched

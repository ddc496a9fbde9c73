"""Normalisation by the statistics of the batch (Ioffe and Szegedy, 2015)."""

from __future__ import annotations

from typing import Any

from ..._core import dtypes
from ..._ops.creation import ones, zeros
from .. import functional as F
from .. import init
from ._affine import register_affine
from .lazy import LazyModuleMixin
from .module import Module


class _NormBase(Module):
    """Weight and bias, and running statistics, one for each channel."""

    _version = 2  # since 2 there is num_batches_tracked
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        register_affine(self, (num_features,), affine, bias, device, dtype)
        tracked: tuple[Any, Any, Any] = (None, None, None)
        if track_running_stats:
            made = {"device": device, "dtype": dtype}
            tracked = (
                zeros(num_features, **made), ones(num_features, **made),
                zeros((), dtype=dtypes.int64, device=device),
            )  # fmt: skip
        for name, buffer in zip(("running_mean", "running_var", "num_batches_tracked"), tracked):
            self.register_buffer(name, buffer)

    def reset_running_stats(self) -> None:
        """Forget all batches seen so far."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Forget all batches, and set weight and bias to their first values."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )

    def _load_from_state_dict(self, state_dict: Any, prefix: str, local_metadata: Any, *rest: Any) -> None:
        version = local_metadata.get("version")
        if (version is None or version < 2) and self.track_running_stats:
            state_dict.setdefault(prefix + "num_batches_tracked", self.num_batches_tracked)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)


class _BatchNorm(_NormBase):
    _dims: tuple[int, ...]  # how many dimensions the input may have

    def _check_input_dim(self, input: Any) -> None:
        if input.dim() not in self._dims:
            wanted = " or ".join(f"{n}D" for n in self._dims)
            raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")

    def forward(self, input: Any) -> Any:
        self._check_input_dim(input)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:  # the plain mean over all batches
                factor = 1.0 / float(self.num_batches_tracked)
        known = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if known else None,
            self.running_var if known else None,
            self.weight,
            self.bias,
            self.training or (self.running_mean is None and self.running_var is None),
            factor,
            self.eps,
        )


class BatchNorm1d(_BatchNorm):
    """(x - mean) / sqrt(var + eps) · weight + bias for each channel of (N, C) or (N, C, L).

    Mean and variance are the batch's in training, and those of past batches in evaluation; these move by
    ``momentum`` towards each batch's (None: the mean of all), unless ``track_running_stats=False``. affine:
    whether there are weight (ones) and bias (zeros).

    >>> import rushlight as torch
    >>> torch.nn.BatchNorm1d(1, affine=False)(torch.tensor([[1.0], [3.0]]))
    tensor([[-1.0000],
            [ 1.0000]])
    """

    _dims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """`BatchNorm1d` for (N, C, H, W)."""

    _dims = (4,)


class BatchNorm3d(_BatchNorm):
    """`BatchNorm1d` for (N, C, D, H, W)."""

    _dims = (5,)


class SyncBatchNorm(_BatchNorm):
    """Batch normalisation by the statistics of all processes' batches: of (N, C, ...), of the one process that there is.

    Takes the arguments of `BatchNorm1d`, and before ``device`` the ``process_group``.

    >>> import rushlight as torch
    >>> torch.nn.SyncBatchNorm(1, affine=False)(torch.tensor([[1.0], [3.0]]))
    tensor([[-1.0000],
            [ 1.0000]])
    """

    def __init__(
        self, num_features: int, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, process_group: Any = None, device: Any = None, dtype: Any = None, *,
        bias: bool = True,
    ):  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self.process_group = process_group

    def _check_input_dim(self, input: Any) -> None:
        if input.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {input.dim()}D input)")
        if input.size(1) == 0:
            raise ValueError("SyncBatchNorm number of input channels should be non-zero")

    @classmethod
    def convert_sync_batchnorm(cls, module: Any, process_group: Any = None) -> Any:
        """``module`` with each batch normalisation inside replaced by one of this class, over the same tensors.

        >>> from rushlight import nn
        >>> nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Tanh(), nn.BatchNorm2d(3)))[1]
        SyncBatchNorm(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
        """
        converted = module
        if isinstance(module, _BatchNorm):
            converted = SyncBatchNorm(
                module.num_features, module.eps, module.momentum, module.affine, module.track_running_stats,
                process_group, bias=module.bias is not None,
            )  # fmt: skip
            converted._parameters.update(module._parameters)
            converted._buffers.update(module._buffers)
            converted.training = module.training
        for name, child in module.named_children():
            converted.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return converted


# -- from the first input -------------------------------------------------------------------------------------------


class _LazyNorm(LazyModuleMixin):
    def __init__(
        self: Any, eps: float = 1e-5, momentum: float | None = 0.1, affine: bool = True,
        track_running_stats: bool = True, device: Any = None, dtype: Any = None, *, bias: bool = True,
    ):  # fmt: skip
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self._leave_open()

    def reset_parameters(self: Any) -> None:
        """Weight and bias to 1 and 0, once they have a shape."""
        if not self.has_uninitialized_params() and self.num_features != 0:
            super().reset_parameters()  # type: ignore[misc]

    def initialize_parameters(self: Any, input: Any) -> None:
        """Take ``num_features`` from the input."""
        if self.has_uninitialized_params():
            self.num_features = input.shape[1]
            for t in (self.weight, self.bias, self.running_mean, self.running_var):
                if t is not None:
                    t.materialize((self.num_features,))
            self.reset_parameters()


class LazyBatchNorm1d(_LazyNorm, _BatchNorm):
    """`BatchNorm1d` that takes ``num_features`` from its first input; its arguments are those of `BatchNorm1d` without it.

    >>> import rushlight as torch
    >>> layer = torch.nn.LazyBatchNorm1d()
    >>> layer(torch.ones(4, 2)).shape, layer.running_mean.shape
    (torch.Size([4, 2]), torch.Size([2]))
    """

    cls_to_become = BatchNorm1d
    _dims = BatchNorm1d._dims


class LazyBatchNorm2d(_LazyNorm, _BatchNorm):
    """`BatchNorm2d` that takes ``num_features`` from its first input; see `LazyBatchNorm1d`."""

    cls_to_become = BatchNorm2d
    _dims = BatchNorm2d._dims


class LazyBatchNorm3d(_LazyNorm, _BatchNorm):
    """`BatchNorm3d` that takes ``num_features`` from its first input; see `LazyBatchNorm1d`."""

    cls_to_become = BatchNorm3d
    _dims = BatchNorm3d._dims

"""Modules on several devices. There is one here, and so `DataParallel` is the module that it wraps."""

from __future__ import annotations

from typing import Any, NoReturn

from .._standin.missing import refuse_other_names as _refuse_other_names
from .modules.module import Module


class DataParallel(Module):
    """The ``module``, run on several GPUs where there are some. There are none: it is run as it is, on all inputs.

    As in PyTorch without a GPU: what ``device_ids``, ``output_device`` and ``dim`` ask for has no effect, and the
    parameters' names begin with "module.".

    >>> import rushlight as torch
    >>> parallel = torch.nn.DataParallel(torch.nn.Linear(2, 1))
    >>> parallel(torch.ones(3, 2)).shape, list(parallel.state_dict())
    (torch.Size([3, 1]), ['module.weight', 'module.bias'])
    """

    def __init__(self, module: Any, device_ids: Any = None, output_device: Any = None, dim: int = 0) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the module gives."""
        return self.module(*inputs, **kwargs)


class DistributedDataParallel(Module):
    """A module trained by several processes: not supported, and raises NotImplementedError."""

    def __init__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("torch.nn.parallel.DistributedDataParallel: Rushlight computes in one process")


_refuse_other_names(globals())

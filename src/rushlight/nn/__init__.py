"""Layers and networks: `Module` and what is built from it."""

from typing import Any as _Any

from .._ops.linear_cross_entropy import LinearCrossEntropyOptions as LinearCrossEntropyOptions
from .._standin.missing import refuse_other_names as _refuse_other_names
from . import attention as attention
from . import functional as functional
from . import grad as grad
from . import init as init
from . import modules as modules
from . import parallel as parallel
from . import parameter as parameter
from . import utils as utils
from .modules import *  # noqa: F403
from .parallel import DataParallel as DataParallel
from .parameter import Buffer as Buffer
from .parameter import Parameter as Parameter
from .parameter import UninitializedBuffer as UninitializedBuffer
from .parameter import UninitializedParameter as UninitializedParameter


def factory_kwargs(kwargs: dict[str, _Any] | None) -> dict[str, _Any]:
    """What of a layer's keyword arguments is for the functions that make its tensors: device, dtype, memory_format.

    Those of an argument ``factory_kwargs`` are added. TypeError for other arguments, and for one that is given twice.

    >>> import rushlight as torch
    >>> torch.nn.factory_kwargs({"dtype": torch.float64, "factory_kwargs": {"device": "cpu"}})
    {'device': 'cpu', 'dtype': torch.float64}
    """
    rest = dict(kwargs or {})
    made = dict(rest.pop("factory_kwargs", {}))
    unexpected = rest.keys() - {"device", "dtype", "memory_format"}
    if unexpected:
        raise TypeError(f"unexpected kwargs {unexpected}")
    for name, value in rest.items():
        if name in made:
            raise TypeError(f"{name} specified twice, in **kwargs and in factory_kwargs")
        made[name] = value
    return made


_refuse_other_names(globals())

"""Modules whose parameters are not drawn."""

from __future__ import annotations

import inspect
from typing import Any

from ..._core.random.generator import default_generator
from ..._standin.missing import refuse_other_names as _refuse_other_names
from ..modules.module import Module


def skip_init(module_cls: Any, *args: Any, **kwargs: Any) -> Any:
    """``module_cls(*args, **kwargs)`` with parameters and buffers whose content is not specified.

    The random stream stays where it is. RuntimeError for what is no module, or takes no ``device``.

    >>> import rushlight as torch
    >>> torch.nn.utils.skip_init(torch.nn.Linear, 3, 2).weight.shape
    torch.Size([2, 3])
    """
    if not issubclass(module_cls, Module):
        raise RuntimeError(f"Expected a Module; got {module_cls}")
    if "device" not in inspect.signature(module_cls).parameters:
        raise RuntimeError("Module must support a 'device' arg to skip initialization")
    before = default_generator.get_state()
    try:
        module = module_cls(*args, **kwargs)
    finally:
        default_generator.set_state(before)
    return module.to_empty(device=kwargs.get("device", "cpu"))


_refuse_other_names(globals())

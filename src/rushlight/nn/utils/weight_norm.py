"""Lengths and directions of weights, by hooks: the older form of `parametrizations.weight_norm`."""

from __future__ import annotations

from typing import Any

from ..._core.where import warn_user
from ..._ops.weight_norm import norm_except_dim
from ..._ops.weight_norm import weight_norm as scaled_to_norm
from ..._standin.missing import refuse_other_names as _refuse_other_names
from ..modules.module import Module
from ..parameter import Parameter, is_lazy


class WeightNorm:
    """The hook that computes the weight before each call, from ``weight_g`` and ``weight_v``."""

    def __init__(self, name: str, dim: int | None):
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Any) -> Any:
        """The weight as its length and direction are now."""
        g, v = (getattr(module, f"{self.name}_{part}") for part in "gv")
        return scaled_to_norm(v, g, self.dim)

    @staticmethod
    def apply(module: Any, name: str, dim: int | None) -> WeightNorm:
        """Put the hook on a module; RuntimeError where its weight has one."""
        warn_user(
            "`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.",
            FutureWarning,
        )
        if any(isinstance(hook, WeightNorm) and hook.name == name for hook in module._forward_pre_hooks.values()):
            raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
        hook = WeightNorm(name, dim)
        weight = getattr(module, name)
        if is_lazy(weight):
            raise ValueError(
                "The module passed to `WeightNorm` can't have uninitialized parameters. Make sure to run the dummy "
                "forward before applying weight normalization"
            )
        del module._parameters[name]
        module.register_parameter(f"{name}_g", Parameter(norm_except_dim(weight, 2, hook.dim).data))
        module.register_parameter(f"{name}_v", Parameter(weight.data))
        hook(module, ())
        module.register_forward_pre_hook(hook)
        return hook

    def remove(self, module: Any) -> None:
        """Leave the weight as it is now, as a parameter."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        for part in "gv":
            del module._parameters[f"{self.name}_{part}"]
        setattr(module, self.name, Parameter(weight.data))

    def __call__(self, module: Any, _inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Train the length and the direction of a weight apart; FutureWarning: see `parametrizations.weight_norm`.

    The parameters are ``weight_g`` and ``weight_v``. RuntimeError where the weight has such a hook.

    >>> import rushlight as torch
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     layer = torch.nn.utils.weight_norm(torch.nn.Linear(2, 2))
    >>> list(layer.state_dict())
    ['bias', 'weight_g', 'weight_v']
    """
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight a plain parameter again. ValueError where it has no such hook."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[number]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")


_refuse_other_names(globals())

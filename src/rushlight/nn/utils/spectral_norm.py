"""Weights of spectral norm one, by hooks: the older form of `parametrizations.spectral_norm`."""

from __future__ import annotations

from typing import Any

from ... import linalg
from ..._core.modes import no_grad
from ..._ops.matmul import dot, mv
from ..._standin.missing import refuse_other_names as _refuse_other_names
from .. import functional as F
from ..modules.module import Module
from ..parameter import Parameter, is_lazy
from .parametrizations import output_dim, rows_along


class SpectralNorm:
    """The hook that computes the weight before each call, from ``weight_orig``, ``weight_u`` and ``weight_v``."""

    _version = 1  # since 1 a state holds the vector v, and not the weight

    def __init__(self, name: str = "weight", n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12):
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    def reshape_weight_to_matrix(self, weight: Any) -> Any:
        """The weight with the dimension of the outputs in front, as a matrix."""
        weight = rows_along(weight, self.dim)
        return weight.reshape(weight.size(0), -1)

    def compute_weight(self, module: Any, do_power_iteration: bool) -> Any:
        """The weight divided by its largest singular value, as far as that is known."""
        weight, u, v = (getattr(module, f"{self.name}_{part}") for part in ("orig", "u", "v"))
        matrix = self.reshape_weight_to_matrix(weight)
        if do_power_iteration:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    F.normalize(mv(matrix.t(), u), dim=0, eps=self.eps, out=v)
                    F.normalize(mv(matrix, v), dim=0, eps=self.eps, out=u)
                # Copies, so that the next iteration does not write over what the backward pass needs.
                u, v = u.clone(), v.clone()
        return weight / dot(u, mv(matrix, v))

    @staticmethod
    def apply(module: Any, name: str, n_power_iterations: int, dim: int, eps: float) -> SpectralNorm:
        """Put the hook on a module; RuntimeError where its weight has one."""
        if any(isinstance(hook, SpectralNorm) and hook.name == name for hook in module._forward_pre_hooks.values()):
            raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
        hook = SpectralNorm(name, n_power_iterations, dim, eps)
        weight = module._parameters[name]
        if weight is None:
            raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
        if is_lazy(weight):
            raise ValueError(
                "The module passed to `SpectralNorm` can't have uninitialized parameters. Make sure to run the dummy "
                "forward before applying spectral normalization"
            )
        with no_grad():
            sizes = hook.reshape_weight_to_matrix(weight).shape
            u, v = (F.normalize(weight.new_empty(n).normal_(), dim=0, eps=eps) for n in sizes)
        delattr(module, name)
        module.register_parameter(f"{name}_orig", weight)
        setattr(module, name, weight.data)
        module.register_buffer(f"{name}_u", u)
        module.register_buffer(f"{name}_v", v)
        module.register_forward_pre_hook(hook)
        module._register_state_dict_hook(_Version(hook))
        module._register_load_state_dict_pre_hook(_OldStates(hook))
        return hook

    def remove(self, module: Any) -> None:
        """Leave the weight as it is now, as a parameter."""
        with no_grad():
            weight = self.compute_weight(module, do_power_iteration=False)
        for name in (self.name, f"{self.name}_u", f"{self.name}_v", f"{self.name}_orig"):
            delattr(module, name)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Any, _inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, do_power_iteration=module.training))


class _Version:
    """Notes the version in the metadata of a state."""

    def __init__(self, fn: SpectralNorm):
        self.fn = fn

    def __call__(self, module: Any, state_dict: Any, prefix: str, local_metadata: Any) -> None:
        versions = local_metadata.setdefault("spectral_norm", {})
        key = f"{self.fn.name}.version"
        if key in versions:
            raise RuntimeError(f"Unexpected key in metadata['spectral_norm']: {key}")
        versions[key] = self.fn._version


class _OldStates:
    """Finds the vector v of a state that has the weight in its place."""

    def __init__(self, fn: SpectralNorm):
        self.fn = fn

    def __call__(
        self, state_dict: Any, prefix: str, local_metadata: Any, strict: bool, missing: Any, *rest: Any
    ) -> None:
        version = local_metadata.get("spectral_norm", {}).get(f"{self.fn.name}.version")
        key = prefix + self.fn.name
        new = all(f"{key}_{part}" in state_dict for part in ("orig", "u", "v")) and key not in state_dict
        if (version is not None and version >= 1) or (version is None and new):
            return
        wanting = [k for k in (f"{key}_orig", key, f"{key}_u") if k not in state_dict]
        if wanting:
            missing += wanting if strict else []
            return
        with no_grad():
            original, u = state_dict[f"{key}_orig"], state_dict[f"{key}_u"]
            sigma = (original / state_dict.pop(key)).mean()
            matrix = self.fn.reshape_weight_to_matrix(original)
            v = (linalg.pinv(matrix.t().mm(matrix)) @ (matrix.t() @ u.unsqueeze(1))).squeeze(1)
            state_dict[f"{key}_v"] = v * (sigma / dot(u, mv(matrix, v)))


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Divide a weight, as a matrix, by its largest singular value (Miyato et al., 2018), before each call.

    `parametrizations.spectral_norm` is the newer form, and says what the arguments are; here the parameter is
    ``weight_orig``, and the buffers are ``weight_u`` and ``weight_v``. RuntimeError where the weight has such a hook.

    >>> import rushlight as torch
    >>> list(torch.nn.utils.spectral_norm(torch.nn.Linear(2, 2)).state_dict())
    ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    SpectralNorm.apply(module, name, n_power_iterations, output_dim(module) if dim is None else dim, eps)
    return module


def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """Make the weight a plain parameter again. ValueError where it has no such hook."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, SpectralNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[number]
            break
    else:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    for hooks in (module._state_dict_hooks, module._load_state_dict_pre_hooks):
        for number, kept in list(hooks.items()):
            if isinstance(kept, (_Version, _OldStates)) and kept.fn is hook:
                del hooks[number]
    return module


_refuse_other_names(globals())

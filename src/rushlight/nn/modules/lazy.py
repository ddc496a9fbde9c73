"""Layers that learn the sizes of their parameters from the first input."""

from __future__ import annotations

from typing import Any

from ..._core.modes import no_grad
from ..parameter import UninitializedBuffer, UninitializedParameter, is_lazy


class LazyModuleMixin:
    """For layers, before the class that they are a kind of: parameters may be uninitialized until the first call.

    The first call passes its arguments to ``initialize_parameters``, which a subclass defines: it is to give the
    parameters their shapes. Then the layer becomes one of class ``cls_to_become``, if that is set. Loading a state
    gives shapes too. RuntimeError where parameters are left without a shape.

    >>> import rushlight as torch
    >>> layer = torch.nn.LazyLinear(2)
    >>> layer
    LazyLinear(in_features=0, out_features=2, bias=True)
    >>> layer(torch.ones(1, 3)).shape, layer
    (torch.Size([1, 2]), Linear(in_features=3, out_features=2, bias=True))
    """

    cls_to_become: type | None = None

    def __init__(self: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._load_hook = self._register_load_state_dict_pre_hook(self._lazy_load_hook)
        self._initialize_hook = self.register_forward_pre_hook(self._infer_parameters, with_kwargs=True)

    def initialize_parameters(self: Any, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shapes, as the arguments of the first call make them."""
        raise NotImplementedError(f"initialize_parameters is not implemented for {type(self).__name__}")

    def has_uninitialized_params(self: Any) -> bool:
        """Whether a parameter or buffer has no shape yet."""
        return any(map(is_lazy, (*self._parameters.values(), *self._buffers.values())))

    def _leave_open(self: Any) -> None:
        """Put uninitialized tensors in the place of those that were made without elements."""
        for members, kind in ((self._parameters, UninitializedParameter), (self._buffers, UninitializedBuffer)):
            for name, t in members.items():
                if t is not None and not t.numel():
                    members[name] = kind(dtype=t.dtype)

    def _infer_parameters(self: Any, module: Any, args: Any, kwargs: Any) -> None:
        module.initialize_parameters(*args, **kwargs)
        if module.has_uninitialized_params():
            raise RuntimeError(f"module {self._get_name()} has not been fully initialized")
        for name in ("_initialize_hook", "_load_hook"):
            getattr(module, name).remove()
            delattr(module, name)
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become

    def _save_to_state_dict(self: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
        for name, t in self._own_state().items():
            destination[prefix + name] = t if keep_vars or is_lazy(t) else t.detach()

    def _lazy_load_hook(self: Any, state_dict: Any, prefix: str, *_rest: Any) -> None:
        for name, t in (self._parameters | self._buffers).items():
            given = state_dict.get(prefix + name)
            if given is not None and is_lazy(t) and not is_lazy(given):
                with no_grad():
                    t.materialize(given.shape)

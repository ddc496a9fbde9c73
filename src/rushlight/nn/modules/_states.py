"""A module's state as a dictionary, and back."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Mapping
from typing import Any

from ..._core.graph import RemovableHandle
from ..._core.modes import no_grad
from ..._core.tensor import Tensor
from ..._core.where import warn_user
from ..parameter import Parameter, is_lazy

EXTRA_STATE = "_extra_state"


class IncompatibleKeys(namedtuple("IncompatibleKeys", ["missing_keys", "unexpected_keys"])):
    """What `load_state_dict` found missing, and what it had no use for."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"

    __str__ = __repr__


class States:
    """``state_dict`` and ``load_state_dict``."""

    _version = 1
    _state_dict_hooks: OrderedDict[int, Any]
    _state_dict_pre_hooks: OrderedDict[int, Any]
    _load_state_dict_pre_hooks: OrderedDict[int, Any]
    _load_state_dict_post_hooks: OrderedDict[int, Any]

    # -- out
    # --------------------------------------------------------------------------------------------------

    def state_dict(self: Any, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False) -> Any:
        """All parameters and persistent buffers by path: an ordered dict of tensors that share their memory.

        destination: the dict to fill. prefix: what to put before each key. keep_vars: the parameters
        themselves instead of detached tensors.

        >>> from rushlight import nn
        >>> list(nn.Sequential(nn.Linear(2, 2)).state_dict())
        ['0.weight', '0.bias']
        """
        if args:
            warn_user(
                "Positional args are being deprecated, use kwargs instead. Refer to "
                "https://pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.state_dict for "
                "details.",
                FutureWarning,
            )
            given = dict(zip(("destination", "prefix", "keep_vars"), args))
            destination = given["destination"] if destination is None else destination
            prefix = prefix or given.get("prefix", "")
            keep_vars = keep_vars or given.get("keep_vars", False)
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()  # for each module, the version of its class that wrote this
        metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            replacement = hook(self, destination, prefix, metadata)
            if replacement is None:
                continue
            if isinstance(hook, _PostHook):
                raise RuntimeError("state_dict post-hook must return None")
            destination = replacement
        return destination

    def _save_to_state_dict(self: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
        """This module's own part of `state_dict`, for modules that keep something else to override."""
        for name, value in self._own_state().items():
            destination[prefix + name] = value if keep_vars else value.detach()
        if type(self).get_extra_state is not States.get_extra_state:
            destination[prefix + EXTRA_STATE] = self.get_extra_state()

    def _own_state(self: Any) -> dict[str, Tensor]:
        state = {name: p for name, p in self._parameters.items() if p is not None}
        hidden = self._non_persistent_buffers_set
        return state | {k: b for k, b in self._buffers.items() if b is not None and k not in hidden}

    def get_extra_state(self) -> Any:
        """What a module wants in its ``state_dict`` besides tensors; to be defined with `set_extra_state`."""
        raise RuntimeError(
            "Reached a code path in Module.get_extra_state() that should never be called. "
            "This module defines no extra state."
        )

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` gave."""
        raise RuntimeError(
            "Reached a code path in Module.set_extra_state() that should never be called. "
            "This module defines no extra state."
        )

    # -- in
    # ---------------------------------------------------------------------------------------------------

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Copy a state into the parameters and buffers; returns the keys that were missing or not expected.

        strict: RuntimeError where keys do not match. assign: take the tensors themselves instead of copying.

        >>> from rushlight import nn
        >>> a, b = nn.Linear(2, 2), nn.Linear(2, 2)
        >>> a.load_state_dict(b.state_dict())
        <All keys matched successfully>
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        loading = _Loading(getattr(state_dict, "_metadata", None), assign)
        state: Any = OrderedDict(state_dict)  # a copy, which hooks may change
        if loading.metadata is not None:
            state._metadata = loading.metadata
        loading.load(self, state, "")
        errors = loading.errors
        if strict:
            if loading.unexpected:
                errors.insert(0, f"Unexpected key(s) in state_dict: {_quoted(loading.unexpected)}. ")
            if loading.missing:
                errors.insert(0, f"Missing key(s) in state_dict: {_quoted(loading.missing)}. ")
        if errors:
            text = "\n\t".join(errors)
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{text}")
        return IncompatibleKeys(loading.missing, loading.unexpected)

    def _load_from_state_dict(
        self: Any,
        state_dict: Any,
        prefix: str,
        local_metadata: Any,
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """This module's own part of `load_state_dict`, for modules whose old states look different."""
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        assign = local_metadata.get("assign_to_params_buffers", False)
        own = self._own_state()
        for name, target in own.items():
            key = prefix + name
            if key in state_dict:
                error = _load_tensor(self, name, target, state_dict[key], key, assign)
                if error is not None:
                    error_msgs.append(error)
            elif strict:
                missing_keys.append(key)
        extra = prefix + EXTRA_STATE
        if type(self).set_extra_state is not States.set_extra_state:
            if extra in state_dict:
                self.set_extra_state(state_dict[extra])
            elif strict:
                missing_keys.append(extra)
        elif strict and extra in state_dict:
            unexpected_keys.append(extra)
        if strict:
            for key in state_dict:
                if key.startswith(prefix) and key != extra:
                    name, dot, _ = key[len(prefix) :].partition(".")
                    if name not in (self._modules if dot else own):
                        unexpected_keys.append(key)

    # -- hooks
    # ------------------------------------------------------------------------------------------------

    def register_state_dict_pre_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(module, prefix, keep_vars)`` before this module's part of a ``state_dict`` is taken."""
        return RemovableHandle(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata)`` after it is taken; to change it in place."""
        return RemovableHandle(self._state_dict_hooks, _PostHook(hook))

    def _register_state_dict_hook(self, hook: Any) -> RemovableHandle:
        # As the post hook, but what it returns becomes the state.
        return RemovableHandle(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata, strict, missing, unexpected, errors)``
        before this module's part of a state is loaded.
        """
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(self, hook: Any, with_module: bool = False) -> RemovableHandle:
        return RemovableHandle(self._load_state_dict_pre_hooks, _PreHook(hook, self) if with_module else hook)

    def register_load_state_dict_post_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(module, incompatible_keys)`` after a state was loaded; it may change the two lists."""
        return RemovableHandle(self._load_state_dict_post_hooks, hook)


class _PostHook:
    """A hook that may change a state dict but not replace it."""

    def __init__(self, hook: Callable[..., Any]):
        self.hook = hook

    def __call__(self, *args: Any) -> Any:
        return self.hook(*args)


class _PreHook:
    """A hook with the module that it is for; copying the module copies it with the new module."""

    def __init__(self, hook: Callable[..., Any], module: Any):
        self.hook = hook
        self.module = module

    def __call__(self, *args: Any) -> Any:
        return self.hook(self.module, *args)


class _Loading:
    """One call of `load_state_dict`: what it found on its way through the modules."""

    def __init__(self, metadata: Any, assign: bool):
        self.metadata = metadata
        self.assign = assign
        self.missing: list[str] = []
        self.unexpected: list[str] = []
        self.errors: list[str] = []

    def load(self, module: Any, state: Any, prefix: str) -> None:
        metadata = {} if self.metadata is None else dict(self.metadata.get(prefix[:-1], {}))
        if self.assign:
            metadata["assign_to_params_buffers"] = True
        module._load_from_state_dict(state, prefix, metadata, True, self.missing, self.unexpected, self.errors)
        for name, child in module._modules.items():
            if child is not None:
                inner = f"{prefix}{name}."
                self.load(child, {k: v for k, v in state.items() if k.startswith(inner)}, inner)
        keys = IncompatibleKeys(self.missing, self.unexpected)
        for hook in module._load_state_dict_post_hooks.values():
            if hook(module, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return "
                    "new values, if incompatible_keys need to be modified, it should be done inplace."
                )


def _load_tensor(module: Any, name: str, target: Tensor, source: Any, key: str, assign: bool) -> str | None:
    """Take one tensor of a state; the error in words where that fails."""
    if not isinstance(source, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from '
            f"checkpoint but received {type(source)}"
        )
    if is_lazy(target) and is_lazy(source):
        return None
    if target.ndim == 0 and source.shape == (1,):
        source = source[0]
    if source.shape != target.shape:
        return (
            f"size mismatch for {key}: copying a param with shape {source.shape} from checkpoint, the shape "
            f"in current model is {target.shape}."
        )
    try:
        with no_grad():
            if not assign:
                target.copy_(source)
            elif not isinstance(target, Parameter):
                setattr(module, name, source)
            elif isinstance(source, Parameter):
                setattr(module, name, source.requires_grad_(target.requires_grad))
            else:
                setattr(module, name, Parameter(source, target.requires_grad))
    except Exception as error:  # noqa: BLE001 - all errors are told together
        return (
            f'While copying the parameter named "{key}", whose dimensions in the model are {target.shape} '
            f"and whose dimensions in the checkpoint are {source.shape}, an exception occurred : {error.args}."
        )
    return None


def _quoted(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)

"""What all optimizers share: parameter groups, state, hooks, and the frame around a step."""

from __future__ import annotations

import functools
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any

import numpy as np

from .._core import dtypes
from .._core.graph import RemovableHandle
from .._core.modes import GENERAL, PLAIN, enable_grad, state
from .._core.tensor import Tensor, wrap
from .._core.traced_number import TracedNumber
from .._core.typename import typename
from .._core.where import caller, warn_user
from .._ops.complex import view_as_real
from .._ops.selection import where


class _Required:
    """The default of an option that every parameter group must give."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()

_HOOKS = (
    "_optimizer_step_pre_hooks", "_optimizer_step_post_hooks", "_optimizer_state_dict_pre_hooks",
    "_optimizer_state_dict_post_hooks", "_optimizer_load_state_dict_pre_hooks",
    "_optimizer_load_state_dict_post_hooks",
)  # fmt: skip


class Optimizer:
    """Base of all optimizers: keeps parameters in groups, each with its own options.

    params: tensors, pairs of name and tensor, or dicts, each a group with ``"params"`` and options of its
    own. defaults: the options of groups that do not give them. A subclass defines ``step``.

    Raises TypeError for what is no tensor, ValueError for computed tensors, an empty list, or a parameter in
    two groups.

    >>> import rushlight as torch
    >>> w = torch.zeros(1, requires_grad=True)
    >>> torch.optim.Optimizer([w], {"lr": 0.1})
    Optimizer (
    Parameter Group 0
        lr: 0.1
    )
    """

    state: defaultdict[Any, Any]
    param_groups: list[dict[str, Any]]
    _opt_called = False  # whether a step was taken: schedulers warn where they come first

    def __init__(self, params: Any, defaults: dict[str, Any]):
        self.defaults = defaults
        for name in _HOOKS:
            setattr(self, name, OrderedDict())
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                f"{typename(params)}\nPut it in a list: [tensor]."
            )
        self.state = defaultdict(dict)
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)
        refuse_unsupported(self.param_groups)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # An optimizer of the user's own gets the hooks around its `step` too.
        super().__init_subclass__(**kwargs)
        step = cls.__dict__.get("step")
        if step is not None and not (step.__module__ or "").startswith(_PACKAGE):
            cls.step = hooked(step)

    # -- groups
    # -----------------------------------------------------------------------------------------------

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group: a dict with ``"params"`` and options that differ from the defaults."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of "
                "tensors in sets will change between runs. Please use a list instead."
            )
        params = [params] if isinstance(params, Tensor) else list(params)
        names = [p[0] for p in params if isinstance(p, tuple)]
        params = [p[1] if isinstance(p, tuple) else p for p in params]
        if names and len(names) != len(params):
            raise ValueError("all optimizer params should be with/without names. Some param names are missing")
        param_group["params"] = params
        if names:
            param_group["param_names"] = names
        self._check_params(params)
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            param_group.setdefault(name, default)
        if len(params) != len(set(params)):
            warn_user(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause "
                "an error; see github.com/pytorch/pytorch/issues/40967 for more information"
            )
        for group in self.param_groups:
            if ("param_names" in param_group) != ("param_names" in group):
                how = "with names" if "param_names" in param_group else "without names"
                raise ValueError(
                    "all optimizer param groups should be with/without names. "
                    f"cannot add param group {how} to the optimizer"
                )
            if not set(group["params"]).isdisjoint(params):
                raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def _check_params(self, params: list[Any]) -> None:
        for p in params:
            if not isinstance(p, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {typename(p)}")
            if not (p.is_leaf or p.retains_grad):
                raise ValueError(
                    "can't optimize a non-leaf Tensor\nIt was computed from other tensors: optimize those, "
                    "or detach it first."
                )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters; ``set_to_none=False`` fills them with zeros instead."""
        for group in self.param_groups:
            for p in group["params"]:
                if set_to_none:
                    p._grad = None
                elif p._grad is not None:
                    if p._grad.grad_fn is not None:
                        p._grad.detach_()
                    else:
                        p._grad.requires_grad_(False)
                    p._grad.zero_()

    # -- steps
    # ------------------------------------------------------------------------------------------------

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters by their gradients; every optimizer defines its own."""
        raise NotImplementedError

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; a pair it returns replaces the arguments."""
        return RemovableHandle(self._optimizer_step_pre_hooks, hook)  # type: ignore[attr-defined]

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return RemovableHandle(self._optimizer_step_post_hooks, hook)  # type: ignore[attr-defined]

    # -- state
    # ------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """The state of each parameter by its number, and the groups with numbers in place of parameters.

        >>> import rushlight as torch
        >>> torch.optim.SGD([torch.zeros(1)], lr=0.1).state_dict()["param_groups"][0]["params"]
        [0]
        """
        for hook in self._optimizer_state_dict_pre_hooks.values():  # type: ignore[attr-defined]
            hook(self)
        numbers: dict[int, int] = {}
        start = 0
        groups = []
        for group in self.param_groups:
            for i, p in enumerate(group["params"], start):
                numbers.setdefault(id(p), i)
            start += len(group["params"])
            packed = {k: v for k, v in group.items() if k != "params"}
            packed["params"] = [numbers[id(p)] for p in group["params"]]
            groups.append(packed)
        states = {numbers[id(k)] if isinstance(k, Tensor) else k: v for k, v in self.state.items()}
        result: dict[str, Any] = {"state": states, "param_groups": groups}
        for hook in self._optimizer_state_dict_post_hooks.values():  # type: ignore[attr-defined]
            replacement = hook(self, result)
            if replacement is not None:
                result = replacement
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave; floating-point state is converted to its parameter's dtype.

        ValueError where the groups are not of the same sizes.
        """
        state_dict = dict(state_dict)
        for hook in self._optimizer_load_state_dict_pre_hooks.values():  # type: ignore[attr-defined]
            replacement = hook(self, state_dict)
            if replacement is not None:
                state_dict = replacement
        groups, saved = self.param_groups, deepcopy(state_dict["param_groups"])
        if len(groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(group["params"]) != len(new["params"]) for group, new in zip(groups, saved)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        refuse_unsupported(saved)
        old = chain.from_iterable(group["params"] for group in saved)
        params = dict(zip(old, chain.from_iterable(group["params"] for group in groups)))
        states: defaultdict[Any, Any] = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in params:
                states[params[key]] = _converted(value, params[key])
            else:
                states[key] = value
        for group, new in zip(groups, saved):
            new["params"] = group["params"]
            if "param_names" in group:
                new.setdefault("param_names", group["param_names"])
        self.__setstate__({"state": states, "param_groups": saved})
        for hook in self._optimizer_load_state_dict_post_hooks.values():  # type: ignore[attr-defined]
            hook(self)

    def register_state_dict_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` before the state is taken."""
        return RemovableHandle(self._optimizer_state_dict_pre_hooks, hook, first=prepend)  # type: ignore[attr-defined]

    def register_state_dict_post_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` after it is taken; what it returns replaces it."""
        return RemovableHandle(self._optimizer_state_dict_post_hooks, hook, first=prepend)  # type: ignore[attr-defined]

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` before a state is loaded; what it returns replaces it."""
        return RemovableHandle(self._optimizer_load_state_dict_pre_hooks, hook, first=prepend)  # type: ignore[attr-defined]

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` after a state was loaded."""
        return RemovableHandle(self._optimizer_load_state_dict_post_hooks, hook, first=prepend)  # type: ignore[attr-defined]

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for name in _HOOKS:
            if name not in self.__dict__:
                setattr(self, name, OrderedDict())
        for group in self.param_groups:
            for name, default in self.defaults.items():  # options that older states do not have
                group.setdefault(name, default)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}" if i == 0 else f"\nParameter Group {i}")
            lines += [f"    {key}: {group[key]}" for key in sorted(group) if key != "params"]
        return "\n".join(lines) + "\n)"


_PACKAGE = __name__.partition(".")[0] + "."


class StepByGroup(Optimizer):
    """An optimizer that changes one parameter after the other; subclasses define ``_update`` for one group."""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters by their gradients.

        closure: called first, with recording on, to compute the gradients and return the loss, which is
        returned.
        """
        if self._optimizer_step_pre_hooks or self._optimizer_step_post_hooks:  # type: ignore[attr-defined]
            return _with_hooks(StepByGroup._step, self, () if closure is None else (closure,), {})
        return self._step(closure)

    def _step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        # Entering `no_grad` would cost as much as a small step does; see `Backward.run` for the idiom.
        modes = state.__dict__
        before = modes["grad"], modes["cut"], modes["mode"], modes["place"]
        modes["grad"], modes["cut"] = False, None
        if before[2] != GENERAL:
            modes["mode"] = PLAIN
        modes["place"] = caller("optimizer.step()", 3)
        try:
            for group in self.param_groups:
                self._update(group)
        finally:
            modes["grad"], modes["cut"], modes["mode"], modes["place"] = before
        self._opt_called = True
        return loss

    def _update(self, group: dict[str, Any]) -> None:
        raise NotImplementedError


def hooked(step: Callable[..., Any]) -> Callable[..., Any]:
    """A user's own ``step`` with the optimizer's hooks around it."""

    @functools.wraps(step)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _with_hooks(step, self, args, kwargs)

    return call


def _with_hooks(step: Callable[..., Any], self: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    args = (self, *args)
    for hook in list(self._optimizer_step_pre_hooks.values()):
        given = hook(self, args, kwargs)
        if given is not None:
            if not (isinstance(given, tuple) and len(given) == 2):
                raise RuntimeError(f"{step} must return None or a tuple of (new_args, new_kwargs), but got {given}.")
            args, kwargs = given
    result = step(*args, **kwargs)
    self._opt_called = True
    for hook in list(self._optimizer_step_post_hooks.values()):
        hook(self, args, kwargs)
    return result


# -- what optimizers are written with ------------------------------------------------------------------------


def require(condition: bool, what: str, value: Any) -> None:
    """ValueError ``Invalid <what>: <value>`` unless the condition holds."""
    if not condition:
        raise ValueError(f"Invalid {what}: {value}")


def check_one(lr: Any) -> None:
    """Refuse a learning rate that is a tensor of several elements."""
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")


def check_lr(lr: Any) -> None:
    """Refuse a learning rate that is negative, or a tensor of several elements."""
    check_one(lr)
    require(bool(lr >= 0.0), "learning rate", lr)


def check_betas(betas: Any) -> None:
    """Refuse decay rates outside [0, 1)."""
    for i in (0, 1):
        require(bool(0.0 <= betas[i] < 1.0), f"beta parameter at index {i}", betas[i])


def check_fused(fused: Any, foreach: Any, differentiable: Any) -> None:
    """Refuse ``fused`` together with what excludes it."""
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def refuse_unsupported(groups: Iterable[dict[str, Any]]) -> None:
    """``foreach`` and ``fused`` choose between implementations of one formula, so both are accepted; the two
    options that would change what a step *is* are not there."""
    for group in groups:
        if group.get("differentiable"):
            raise NotImplementedError("differentiable=True: recording an optimizer's step is not supported")
        if group.get("capturable"):
            raise NotImplementedError("capturable=True is for CUDA graphs: Rushlight computes on the CPU")


def number(value: Any) -> float:
    """A hyperparameter as a Python number, where it may be a tensor of one element."""
    return value.item() if isinstance(value, Tensor) else value


def new_count(value: float = 0.0) -> Tensor:
    """A 0-d tensor, as optimizers keep their counts: float32, or float64 where that is the default dtype."""
    wide = dtypes.get_default_dtype() is dtypes.float64
    return wrap(np.array(value, np.float64 if wide else np.float32))


def counted(step: Tensor) -> float:
    """Count one step more, and return how many there were."""
    if state.interpreter is not None:
        return step.add_(1).item()
    data = step._data
    n = data.item() + 1.0
    data[()] = n
    return n


def multiplied(product: Tensor, factor: float) -> float:
    """Multiply a running product, rounded to its dtype as PyTorch does, and return it."""
    if state.interpreter is not None:
        return product.mul_(factor).item()
    data = product._data
    data *= factor
    return data.item()


def count(t: Tensor, value: float) -> None:
    """Write a number into a count."""
    if isinstance(value, TracedNumber):
        t.copy_(value.tensor)
    else:
        t.fill_(value)


def at_least(low: Any, value: Any) -> Any:
    """The larger of the two."""
    if type(value) is TracedNumber:
        return value.at_least(low)
    return low.at_least(value) if type(low) is TracedNumber else max(low, value)


def at_most(high: Any, value: Any) -> Any:
    """The smaller of the two."""
    return -at_least(-high, -value)


def either(number: Any, is_so: Callable[[Any], Any], yes: Callable[[], Tensor], no: Callable[[], Tensor]) -> Tensor:
    """``yes()`` if ``is_so(number)``, else ``no()``. A trace, in which the number has no value yet, takes both."""
    if type(number) is TracedNumber:
        return where(is_so(number.tensor), yes(), no())
    return yes() if is_so(number) else no()


def zeros_for(p: Tensor) -> Tensor:
    """Zeros laid out as a parameter."""
    return wrap(np.zeros_like(p._data))


def as_real(*tensors: Tensor) -> tuple[Any, ...]:
    """Complex tensors as real ones of their parts, over the same memory."""
    return tuple(view_as_real(t) if t._data.dtype.kind == "c" else t for t in tensors)


def _converted(value: Any, p: Tensor, key: str | None = None) -> Any:
    """A saved state for ``p``: its dtype, but for the count of steps."""
    if isinstance(value, Tensor):
        return value if key == "step" or not p.is_floating_point() else value.to(p.dtype)
    if isinstance(value, dict):
        return {k: _converted(v, p, k) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return type(value)(_converted(v, p) for v in value)  # type: ignore[call-arg]
    return value

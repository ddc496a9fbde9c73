"""Modules as functions of their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._core.tensor import Tensor


def functional_call(
    module: Any,
    parameter_and_buffer_dicts: Any,
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with other parameters and buffers in the place of its own, for this call.

    parameter_and_buffer_dicts: by the names of ``named_parameters()``, a dict or several with distinct keys. args: a
    tuple, or the only argument. tie_weights: what is given for one name also stands in for others that share its
    tensor. strict: raise RuntimeError where a name is missing or unknown.

    >>> import rushlight as torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> torch.func.functional_call(layer, {"weight": torch.tensor([[2.0]]), "bias": torch.zeros(1)}, torch.ones(1))
    tensor([2.])
    """
    from ..nn.utils.stateless import _functional_call

    return _functional_call(
        module, merged(parameter_and_buffer_dicts), args, kwargs, tie_weights=tie_weights, strict=strict
    )


def merged(dicts: Any) -> dict[str, Tensor]:
    """One dict of several with distinct keys."""
    if isinstance(dicts, Mapping):
        return dict(dicts)
    if not isinstance(dicts, Sequence):
        raise ValueError(
            f"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got {type(dicts)}"
        )
    if not all(isinstance(d, dict) for d in dicts):
        raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
    keys = [k for d in dicts for k in d]
    repeated = [k for k in dict.fromkeys(keys) if keys.count(k) > 1]
    if repeated:
        raise ValueError(f"{repeated} appeared in multiple dictionaries; behavior of functional call is ambiguous")
    return {k: v for d in dicts for k, v in d.items()}


def stack_module_state(models: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters and the buffers of several modules of one class, each stacked along a new first dimension.

    Parameters that require grad are stacked to new leaves, which an optimizer can take. With `functional_call` and
    `vmap` the modules then run as one.

    >>> import rushlight as torch
    >>> params, buffers = torch.func.stack_module_state([torch.nn.Linear(2, 1) for _ in range(3)])
    >>> params["weight"].shape
    torch.Size([3, 1, 2])
    """
    models = list(models)
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({bool(m.training) for m in models}) > 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if any(type(m) is not type(models[0]) for m in models):
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    params = [dict(m.named_parameters()) for m in models]
    buffers = [dict(m.named_buffers()) for m in models]
    return stacked(params), stacked(buffers)


def stacked(states: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    from .. import stack

    out = {}
    for name in states[0]:
        tensors = [state[name] for state in states]
        wants = {t.requires_grad for t in tensors}
        if len(wants) > 1:
            raise RuntimeError(f"Expected {name} from each model to have the same .requires_grad")
        out[name] = stack(tensors).detach().requires_grad_() if wants == {True} else stack(tensors)
    return out

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
    given = merged(parameter_and_buffer_dicts)
    places = places_of(module)
    values = with_tied(places, given) if tie_weights else given
    if strict:
        check_names(module, places, values)
    if not isinstance(args, tuple):
        args = () if args is None else (args,)
    before = {name: exchange(module, places, name, value) for name, value in values.items()}
    try:
        return module(*args, **(kwargs or {}))
    finally:
        after = {name: exchange(module, places, name, value) for name, value in reversed(before.items())}
        # What the module has put in the place of what it was given (running statistics) is the caller's.
        for d in (
            (parameter_and_buffer_dicts,)
            if isinstance(parameter_and_buffer_dicts, dict)
            else parameter_and_buffer_dicts
        ):
            d.update({name: after[name] for name in d})


MISSING = object()


Places = dict[str, tuple[dict[str, Any], str]]


def places_of(module: Any) -> Places:
    """Where parameters and buffers are, by all their names: a table of a module, and the key there."""
    return {
        f"{path}.{key}" if path else key: (table, key)
        for path, owner in module.named_modules(remove_duplicate=False)
        for table in (owner._parameters, owner._buffers)
        for key in table
    }


def exchange(module: Any, places: Places, name: str, value: Any) -> Any:
    """Put ``value`` in the place of a parameter, buffer or attribute; returns what was there."""
    place = places.get(name)
    if place is None:
        path, _, key = name.rpartition(".")
        place = module.get_submodule(path).__dict__, key
    table, key = place
    old = table.get(key, MISSING)
    if value is MISSING:
        table.pop(key, None)
    else:
        table[key] = value
    return old


def with_tied(places: Places, given: dict[str, Tensor]) -> dict[str, Tensor]:
    """``given``, and its values under the other names of the tensors that they stand in for."""
    names: dict[Tensor, list[str]] = {}
    for name, (table, key) in places.items():
        if table[key] is not None:
            names.setdefault(table[key], []).append(name)
    out = dict(given)
    for tied in names.values():
        if len(tied) == 1:
            continue
        values = [given[name] for name in tied if name in given]
        if not values:
            continue
        if any(v is not values[0] for v in values):
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(tied)}, which are tied. Consider using "
                "tie_weights=False"
            )
        out.update(dict.fromkeys(tied, values[0]))
    return out


def check_names(module: Any, places: Places, given: dict[str, Tensor]) -> None:
    """RuntimeError where names are missing, or no parameter or buffer has one."""
    known = [name for name, (table, key) in places.items() if table[key] is not None]
    messages = [
        f"{what} key(s): {', '.join(map(repr, names))}."
        for what, names in (
            ("Unexpected", sorted([k for k in given if k not in known])),
            ("Missing", sorted([k for k in known if k not in given])),
        )
        if names
    ]
    if messages:
        name = type(module).__name__
        raise RuntimeError(f"Error(s) in reparametrizing for {name}:\n\t" + "\n\t".join(messages))


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


def replace_all_batch_norm_modules_(root: Any) -> Any:
    """Have each batch normalisation of the module ``root`` use the statistics of its batch alone; returns ``root``.

    Running statistics are written in place, which `vmap` over examples refuses: they are dropped, as for modules made
    with ``track_running_stats=False``.

    >>> import rushlight as torch
    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    >>> [name for name, _ in torch.func.replace_all_batch_norm_modules_(net).named_buffers()]
    []
    """
    from ..nn.modules.batchnorm import _BatchNorm

    for module in root.modules():
        if isinstance(module, _BatchNorm) and module.track_running_stats:
            module.running_mean = module.running_var = module.num_batches_tracked = None
            module.track_running_stats = False
    return root

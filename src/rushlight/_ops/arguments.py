"""Arguments that are lists of ints: sizes, dimensions, repeats. Methods take them one by one as well."""

from __future__ import annotations

import functools
from collections.abc import Callable
from operator import index
from typing import Any

from .._core.registry import METHODS, register

Ints = tuple[int, ...]


def ints(args: Any, operation: str, name: str, position: int = 1) -> Ints:
    """Ints given one by one, ``(2, 3)``, or as one sequence, ``((2, 3),)``; TypeError where they are no ints."""
    if len(args) == 1 and isinstance(args[0], (tuple, list)):
        args = args[0]
    for i in args:
        if type(i) is not int:
            break
    else:
        return tuple(args)
    try:
        return tuple([index(i) for i in args])
    except TypeError:
        kind = next(type(i).__name__ for i in args if not hasattr(i, "__index__"))
        raise TypeError(
            f"{operation}(): argument '{name}' (position {position}) must be tuple of ints, not {kind}"
        ) from None


def tensors_of(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Tensors given one by one, or as one sequence."""
    return tuple(args[0]) if len(args) == 1 and isinstance(args[0], (tuple, list)) else args


def register_listed(function: Callable[..., Any], name: str, *, namespace: str | None = "torch") -> None:
    """Make ``function(input, ints)`` public: as a method ``x.f(2, 3)`` or ``x.f((2, 3))``, as a function
    ``torch.f(x, (2, 3))``. ``name`` is PyTorch's for the list, as which it may be given by keyword too."""
    title = function.__name__

    @functools.wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not kwargs and args:
            only = args[0]
            given = only if type(only) is tuple and len(args) == 1 else args
            for i in given:
                if type(i) is not int:
                    break
            else:
                return function(self, given)
        if not args:
            args = (_keyword(title, name, kwargs),)
        elif kwargs:
            raise TypeError(f"{title}() got an unexpected keyword argument '{next(iter(kwargs))}'")
        return function(self, ints(args, title, name))

    METHODS[title] = method
    if namespace is None:
        return

    @functools.wraps(function)
    def public(input: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) > 1:
            raise TypeError(f"{title}() takes 2 positional arguments but {1 + len(args)} were given")
        value = args[0] if args else _keyword(title, name, kwargs)
        if not isinstance(value, (tuple, list)):
            kind = type(value).__name__
            raise TypeError(f"{title}(): argument '{name}' (position 2) must be tuple of ints, not {kind}")
        return function(input, ints((value,), title, name, 2))

    register(public, title, namespace=namespace, method=False)


def _keyword(title: str, name: str, kwargs: dict[str, Any]) -> Any:
    """The list where it was given by its name."""
    if name not in kwargs:
        raise TypeError(f'{title}() missing 1 required positional arguments: "{name}"')
    if len(kwargs) > 1:
        unknown = next(k for k in kwargs if k != name)
        raise TypeError(f"{title}() got an unexpected keyword argument '{unknown}'")
    return kwargs[name]

"""`torch.compiler`: what programs say to, and ask of, `torch.compile`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ._compile.api import BACKENDS
from ._compile.api import OptimizedModule as _OptimizedModule
from ._compile.api import compile as compile
from ._compile.driver import forget_all as _forget_all
from ._core.compiling import is_compiling as is_compiling
from ._core.compiling import stop_compiling as _stop_compiling
from ._standin.missing import refuse_other_names as _refuse_other_names
from .nn.modules.module import Module as _Module

_DEBUGGING = {"eager", "aot_eager"}


def disable(fn: Any = None, recursive: bool = True, *, reason: str | None = None) -> Any:
    """A function or module that is never compiled, nor what it calls; also as a decorator.

    What calls it while it is compiled itself runs eagerly too, and warns so, with the ``reason``. NotImplementedError for
    ``recursive=False``, and for classes.

    >>> import rushlight as torch
    >>> @torch.compiler.disable
    ... def f(x):
    ...     return x + 1
    >>> f(torch.ones(1))
    tensor([2.])
    """
    if not recursive:
        raise NotImplementedError("torch.compiler.disable(recursive=False): what a function calls is part of its trace")
    if fn is None:
        return functools.partial(disable, reason=reason)
    if isinstance(fn, type) or not callable(fn):
        raise NotImplementedError(f"torch.compiler.disable takes a function or a module, not {fn!r}")
    why = "what torch.compiler.disable excludes" + (f" ({reason})" if reason else "")

    def call(*args: Any, **kwargs: Any) -> Any:
        _stop_compiling(why)
        return fn(*args, **kwargs)

    return _OptimizedModule(fn, call) if isinstance(fn, _Module) else functools.wraps(fn)(call)


def allow_in_graph(fn: Any) -> Any:
    """``fn`` itself, or the list of functions: a trace goes through all functions anyway."""
    if isinstance(fn, (list, tuple)):
        return [allow_in_graph(f) for f in fn]
    if not callable(fn):
        raise AssertionError("allow_in_graph expects a callable")
    return fn


def assume_constant_result(fn: Callable[..., Any]) -> Callable[..., Any]:
    """``fn`` itself: numbers that it returns are part of a program as they are, and tensors are computed."""
    return fn


def list_backends(exclude_tags: Any = ("debug", "experimental")) -> list[str]:
    """The names of backends; those of the tag "debug" are only listed with ``exclude_tags=()``.

    >>> import rushlight as torch
    >>> torch.compiler.list_backends()
    ['inductor']
    """
    left_out = _DEBUGGING if "debug" in (exclude_tags or ()) else set()
    return sorted(set(BACKENDS) - left_out)


def reset() -> None:
    """Forget everything that was compiled: compiled functions begin anew with their next call."""
    _forget_all()


def is_dynamo_compiling() -> bool:
    """An older name of `is_compiling`."""
    return is_compiling()


def is_exporting() -> bool:
    """False: there is no exporting.

    >>> import rushlight as torch
    >>> torch.compiler.is_exporting()
    False
    """
    return False


def cudagraph_mark_step_begin() -> None:
    """Nothing, as in PyTorch where no CUDA graph is in use."""


_refuse_other_names(globals())

"""Where operations become public: ``torch.*`` functions, `Tensor` methods, in-place and ``out=`` forms.

An operation is registered once, next to its definition; everything that lists operations (the namespaces, the
methods, the table of what is differentiable, type stubs) is derived from here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .inplace import inplace as inplace_form
from .inplace import write_out

F = TypeVar("F", bound=Callable[..., Any])

# namespace ("torch", "torch.linalg", "torch.nn.functional", "torch.special", ...) -> name -> function
NAMESPACES: dict[str, dict[str, Callable[..., Any]]] = {}
METHODS: dict[str, Any] = {}
# What PyTorch's argument parser takes for NumPy's sake.
NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim", "x": "input", "a": "input", "x1": "input", "x2": "other"}


def register(
    function: Callable[..., Any],
    name: str | None = None,
    *,
    aliases: Iterable[str] = (),
    namespace: str | None = "torch",
    method: bool = True,
    inplace: bool | Callable[..., Any] = False,
    out: bool = True,
) -> Callable[..., Any]:
    """Make ``function`` public under ``name`` (default: its own).

    namespace: where its function form stands, None for methods only. method: also as a method of tensors.
    inplace: also as ``name_``; True derives that form, a function is that form. out: takes ``out=``.
    """
    name = name or function.__name__
    public = out_form(function, name) if out else named_form(function, name)
    as_method = named_form(function, name)
    for each in (name, *aliases):
        if namespace is not None:
            NAMESPACES.setdefault(namespace, {})[each] = public
        if method:
            METHODS[each] = as_method
        if inplace:
            form = inplace if callable(inplace) else inplace_form(function)
            METHODS[f"{each}_"] = form
            if namespace == "torch" and each in INPLACE_FUNCTIONS:
                NAMESPACES["torch"][f"{each}_"] = form
    return public


# The in-place forms that PyTorch also offers as functions: torch.relu_(x).
INPLACE_FUNCTIONS = frozenset(
    "abs acos acosh asin asinh atan atanh ceil clamp clip cos cosh erf erfc exp exp2 expm1 fill fix floor "
    "frac ldexp log log10 log1p log2 logit nan_to_num neg negative rad2deg deg2rad reciprocal relu round "
    "rsqrt selu sigmoid sin sinc sinh sqrt square tan tanh threshold trunc xlogy zero celu rrelu dropout "
    "embedding_renorm detach resize_as squeeze".split()
)


def operation(**options: Any) -> Callable[[F], F]:
    """`register` as a decorator; the name in the module stays the bare function, for use by other rules."""

    def decorate(function: F) -> F:
        register(function, **options)
        return function

    return decorate


def _names_of(function: Callable[..., Any]) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def translated(kwargs: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Keyword arguments with NumPy's names for the same things replaced by PyTorch's."""
    return {NUMPY_NAMES[k] if k not in names and NUMPY_NAMES.get(k) in names else k: v for k, v in kwargs.items()}


def named_form(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``function`` under its public name, taking ``axis`` for ``dim``; itself where neither is needed."""
    names = _names_of(function)
    if not {"dim", "keepdim"} & set(names):
        return function

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            kwargs = translated(kwargs, names)
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    return call


def out_form(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``function`` as ``torch.name``, which can deliver its result into ``out=``."""
    names = _names_of(function)

    @functools.wraps(function)
    def call(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if kwargs:
            kwargs = translated(kwargs, names)
        result = function(*args, **kwargs)
        return result if out is None else write_out(result, out, name)

    call.__name__ = call.__qualname__ = name
    return call

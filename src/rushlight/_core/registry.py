"""Where operations become public: ``torch.*`` functions, `Tensor` methods, in-place and ``out=`` forms.

An operation is registered once, next to its definition; everything that lists operations (the namespaces, the
methods, the table of what is differentiable, type stubs) is derived from here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .dtypes import as_dtype, dtype
from .inplace import inplace as inplace_form
from .inplace import write_out
from .out_checks import OutCheck, computed_in_out, converted
from .tensor import Tensor

F = TypeVar("F", bound=Callable[..., Any])

# namespace ("torch", "torch.linalg", "torch.nn.functional", "torch.special", ...) -> name -> function
NAMESPACES: dict[str, dict[str, Callable[..., Any]]] = {}
METHODS: dict[str, Any] = {}
# How errors call what stands in a namespace: linalg_inv().
QUALIFIED = {"torch.linalg": "linalg_", "torch.special": "special_", "torch.fft": "fft_"}
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
    out: bool | OutCheck | tuple[OutCheck, ...] = True,
    apart: tuple[str, ...] = (),
    differentiable: bool = True,
) -> Callable[..., Any]:
    """Make ``function`` public under ``name`` (default: its own).

    namespace: where its function form stands, None for methods only. method: also as a method of tensors.
    inplace: also as ``name_``; True derives that form, a function is that form. out: takes ``out=``,
    which must not require grad, unless the operation is not ``differentiable`` at all; a check, or one for each result,
    says which dtypes are refused. apart: the arguments that ``out`` must share no memory with.
    """
    name = name or function.__name__
    if out is False:
        public = named_form(function, name)
    else:
        title = QUALIFIED.get(namespace or "", "") + name
        check = converted if out is True else out
        public = out_form(function, name, title=title, differentiable=differentiable, check=check, apart=apart)
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
    "frac i0 ldexp log log10 log1p log2 logit nan_to_num neg negative rad2deg deg2rad reciprocal relu round "
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


def _understood(kwargs: dict[str, Any], names: tuple[str, ...], title: str) -> dict[str, Any]:
    """Keyword arguments as functions take them: PyTorch's names, and a dtype where Python's type stands for one."""
    kwargs = translated(kwargs, names)
    given = kwargs.get("dtype")
    if given is not None and type(given) is not dtype:
        kwargs["dtype"] = as_dtype(given, title)
    return kwargs


def named_form(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``function`` under its public name: ``axis`` is taken for ``dim``, ``float`` for a dtype.

    The function itself where none of these is among its arguments.
    """
    names = _names_of(function)
    if not {"dim", "keepdim", "dtype"} & set(names):
        return function

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            kwargs = _understood(kwargs, names, name)
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = name
    return call


def out_form(
    function: Callable[..., Any],
    name: str,
    *,
    title: str = "",
    differentiable: bool = True,
    check: OutCheck | tuple[OutCheck, ...] = converted,
    apart: tuple[str, ...] = (),
) -> Callable[..., Any]:
    """``function`` as ``torch.name``, which can deliver its result into ``out=``. title: its name in errors."""
    names = _names_of(function)
    title = title or name

    @functools.wraps(function)
    def call(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        if kwargs:
            kwargs = _understood(kwargs, names, title)
        if check is computed_in_out and isinstance(out, Tensor) and kwargs.get("dtype") is None:
            kwargs["dtype"] = out.dtype
        result = function(*args, **kwargs)
        if out is None:
            return result
        given = dict(zip(names, args)) | kwargs if apart else {}
        return write_out(
            result,
            out,
            title,
            differentiable=differentiable,
            check=check,
            operands=(*args, *kwargs.values()),
            apart=[given.get(each) for each in apart],
        )

    call.__name__ = call.__qualname__ = name
    return call

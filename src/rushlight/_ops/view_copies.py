"""What views show, in memory of its own: ``transpose_copy``, ``split_copy``, ``unsafe_chunk``.

PyTorch keeps these for compilers, which want no two tensors in one memory. Each is made of the view that it copies,
whose derivative and batching rule serve it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._core.out_checks import OutCheck, exact_dtype
from .._core.registry import METHODS, NAMESPACES, register
from .._core.tensor import Tensor
from .._core.views import alias_p
from .dims import normalize_dim
from .memory_formats import ordered_p
from .parts import END, slice_p
from .splitting import split


def copying(view: Callable[..., Any], name: str) -> Callable[..., Any]:
    """``view``, whose result or results are copied in C order."""

    def function(*args: Any, **kwargs: Any) -> Any:
        made = view(*args, **kwargs)
        return (
            ordered_p.bind(made, n=0)
            if isinstance(made, Tensor)
            else tuple([ordered_p.bind(part, n=0) for part in made])
        )

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`{view.__name__}` with memory of its own, which no write to the input reaches."
    return function


def _alias(input: Tensor) -> Tensor:
    return alias_p.bind(input)


def _slice(input: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Tensor:
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    dim = normalize_dim(dim, input._data.ndim)
    return slice_p.bind(input, dim=dim, start=start or 0, end=END if end is None else end, step=step)


def _view(self: Tensor, *size: Any, **kwargs: Any) -> Tensor:
    return METHODS["view"](self.contiguous(), *size, **kwargs)  # what is copied may lie as it likes


_alias.__name__, _slice.__name__, _view.__name__ = "alias", "slice", "view"
for _made in (_alias, _slice):
    register(_made, namespace="torch.ops.aten", method=False, out=False)

for _made in (
    _alias, _slice, _view, split,
    *[METHODS[name] for name in ("expand", "unfold", "detach")],
    *[NAMESPACES["torch"][name] for name in (
        "as_strided", "diagonal", "permute", "select", "squeeze", "t", "transpose", "unbind", "unsqueeze",
        "split_with_sizes", "view_as_real", "view_as_complex",
    )],
):  # fmt: skip
    register(copying(_made, f"{_made.__name__}_copy"), method=False, out=exact_dtype)
_NARROWED = "Expected self.dtype() == output.dtype() to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)"
register(copying(NAMESPACES["torch"]["narrow"], "narrow_copy"), out=OutCheck(_NARROWED))

# Views that autograd does not know for such, whose parts may be written to. Copies keep that promise, and the input safe.
for _made in [NAMESPACES["torch"][name] for name in ("chunk", "split_with_sizes")]:
    register(copying(_made, f"unsafe_{_made.__name__}"), out=False)
# Its size has one name as a function's argument and another as a method's.
register(copying(split, "unsafe_split"), method=False, out=False)
register(copying(METHODS["split"], "unsafe_split"), namespace=None, out=False)

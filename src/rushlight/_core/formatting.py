"""Arrays as text: what ``repr(tensor)``, ``print`` and ``f"{tensor:.3f}"`` show.

The text is PyTorch's to the letter, so scripts that print tensors print the same here. Three steps: pick the
elements that will be seen, turn each into a *cell* (a piece of text of one common width), set the cells in
brackets. Only elements that are seen are looked at, so the cost does not grow with the size of the tensor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import compress
from typing import Any

import numpy as np


@dataclass(frozen=True)
class _PrintOptions:
    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": _PrintOptions(),
    "short": _PrintOptions(precision=2, edgeitems=2),
    "full": _PrintOptions(threshold=math.inf),
}

_options = _PrintOptions()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors print from now on.

    ``precision`` is the number of digits after the point; a tensor of more than ``threshold`` elements shows
    only ``edgeitems`` at both ends of each dimension; rows are broken at ``linewidth`` columns. ``profile``
    ("default", "short" or "full", which never summarises; any other word changes nothing, as in PyTorch) sets
    these four, and what else is given overrides it. ``sci_mode`` forces scientific notation on or off; every
    call that does not give it makes it automatic again. Raises ``ValueError`` for negative ``edgeitems``.

    >>> import rushlight as torch
    >>> torch.set_printoptions(precision=2)
    >>> torch.tensor([1.12345])
    tensor([1.12])
    >>> torch.set_printoptions(profile="default")
    >>> torch.tensor([1.12345])
    tensor([1.1235])
    """
    global _options
    if edgeitems is not None and edgeitems < 0:
        # PyTorch accepts these and then shows elements twice, or fails when it prints.
        raise ValueError(f"edgeitems must not be negative, got {edgeitems}\nGive 0 to show no elements.")
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    overrides: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    _options = replace(_PROFILES.get(profile or "", _options), **overrides, sci_mode=sci_mode)


def get_printoptions() -> dict[str, Any]:
    """The options in force, as keywords that ``set_printoptions`` takes.

    >>> from rushlight._core.formatting import get_printoptions
    >>> get_printoptions()
    {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80, 'sci_mode': None}
    """
    return asdict(_options)


@contextmanager
def printoptions(**kwargs: Any) -> Iterator[None]:
    """``set_printoptions(**kwargs)`` for the length of a ``with`` block, which restores every option.

    >>> import rushlight as torch
    >>> from rushlight._core.formatting import printoptions
    >>> with printoptions(precision=1, sci_mode=True):
    ...     print(torch.tensor([1250.0]))
    tensor([1.2e+03])
    """
    global _options
    before = _options
    set_printoptions(**kwargs)
    try:
        yield
    finally:
        _options = before


def tensor_repr(
    array: np.ndarray,
    *,
    head: str = "tensor(",
    default_float: str = "float32",
    requires_grad: bool = False,
    grad_fn: str | None = None,
    is_parameter: bool = False,
    indent: int = 0,
    more: tuple[str, ...] = (),
) -> str:
    """The ``repr`` of a tensor that holds ``array``, of any shape and any dtype a tensor can have.

    ``head`` opens the text (a subclass puts its own name there). ``default_float`` names the default
    floating-point dtype, which is not shown. ``grad_fn`` is the name of the node that made the tensor and
    takes the place of ``requires_grad``. ``indent`` is the column at which the caller will place the text:
    lines are broken and the later ones indented for it. ``more`` is said at the end. Raises ``NotImplementedError`` for other dtypes.

    >>> import numpy as np
    >>> from rushlight._core.formatting import tensor_repr
    >>> print(tensor_repr(np.array([[1.0, -2.5], [np.inf, 0.0]]), requires_grad=True))
    tensor([[ 1.0000, -2.5000],
            [    inf,  0.0000]], dtype=torch.float64, requires_grad=True)
    """
    body_column = indent + len(head)
    text = " " * indent + head + _brackets(array, body_column)
    column = len(text) - (text.rfind("\n") + 1)
    # PyTorch counts two columns more after the elements than after a line break of its own; so must we.
    column += 2
    for suffix in (*_suffixes(array, default_float, requires_grad, grad_fn), *more):
        if column + 2 + len(suffix) > _options.linewidth:
            text += ",\n" + " " * body_column + suffix
            column = body_column + len(suffix)
        else:
            text += ", " + suffix
            column += 2 + len(suffix)
    text = text[indent:] + ")"
    if not is_parameter:
        return text
    # A subclass of Parameter says so twice in PyTorch; the first line alone suffices for Parameter itself.
    return "Parameter containing:\n" + " " * indent + (text if head == "tensor(" else f"Parameter({text})")


def scalar_format(array: np.ndarray, spec: str, **repr_arguments: Any) -> str:
    """``format(tensor, spec)`` for a plain tensor that holds ``array``.

    One element without dimensions formats as the Python number it is. Anything else has its ``repr``
    (``repr_arguments`` go to ``tensor_repr``) and raises ``TypeError`` for a ``spec`` that is not empty.
    Subclasses of the tensor class do not come here: ``object.__format__`` is right for them, 0-d or not.

    >>> import rushlight as torch
    >>> f"{torch.tensor(2.0).sqrt():.3f}"
    '1.414'
    """
    if array.ndim == 0:
        return format(array.item(), spec)
    if spec:
        raise TypeError(
            "unsupported format string passed to Tensor.__format__\n"
            f"Only a 0-d tensor takes a format such as {spec!r}, this one has shape {array.shape}: format "
            "single elements, or leave the format out."
        )
    return tensor_repr(array, **repr_arguments)


def _suffixes(array: np.ndarray, default_float: str, requires_grad: bool, grad_fn: str | None) -> list[str]:
    """What follows the elements: size, dtype and place in the graph, where the elements do not tell."""
    suffixes = []
    evident = {default_float}
    if array.size:
        evident |= {"int64", "bool", "complex128" if default_float == "float64" else "complex64"}
        shape_is_seen = _options.edgeitems > 0
    else:
        shape_is_seen = array.ndim == 1
    if not shape_is_seen:
        suffixes.append(f"size={array.shape}")
    if array.dtype.name not in evident:
        suffixes.append(f"dtype=torch.{array.dtype.name}")
    if grad_fn is not None:
        suffixes.append(f"grad_fn=<{grad_fn}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return suffixes


def _brackets(array: np.ndarray, column: int) -> str:
    """The elements within their nested brackets, the first of which stands at ``column``."""
    if array.size == 0:
        return "[]"
    edge = _options.edgeitems
    summarise = array.size > _options.threshold
    if summarise and not edge and array.ndim:
        return "[...]"
    elided = [summarise and size > 2 * edge for size in array.shape]
    shape = [2 * edge if hidden else size for size, hidden in zip(array.shape, elided, strict=True)]
    seen = _edges(array, edge) if any(elided) else array
    blocks, width = _cells(seen.reshape(-1))

    # From the innermost dimension outwards: each turn puts `size` neighbouring blocks in a pair of brackets.
    for axis in reversed(range(array.ndim)):
        size = shape[axis]
        innermost = axis == array.ndim - 1
        margin = " " * (column + axis + 1)
        rows = [blocks[start : start + size] for start in range(0, len(blocks), size)]
        if elided[axis]:
            rows = [[*row[:edge], " ..." if innermost else "...", *row[edge:]] for row in rows]
        if innermost:
            # A cell takes a comma and a space too. Every row has the same number of cells to a line.
            per_line = max(1, math.floor((_options.linewidth - (column + axis)) / (width + 2)))
            rows = [[", ".join(row[i : i + per_line]) for i in range(0, len(row), per_line)] for row in rows]
        separator = "," + "\n" * max(1, array.ndim - axis - 1) + margin
        blocks = [f"[{separator.join(row)}]" for row in rows]
    return blocks[0]


def _edges(array: np.ndarray, edge: int) -> np.ndarray:
    """The elements a summary shows, in order: ``edge`` at each end of each dimension that has more.

    One gather, so that neither the size of the tensor nor an expanded dimension costs anything. Dimensions of
    size one are dropped first, for NumPy takes fewer index arrays than an array may have dimensions.
    """
    array = array.squeeze()
    ends = np.r_[:edge, -edge:0]
    return array[np.ix_(*(ends if size > 2 * edge else np.arange(size) for size in array.shape))]


def _cells(values: np.ndarray) -> tuple[list[str], int]:
    """Text for each of the 1-d ``values``, and the width PyTorch counts for one when it fills lines."""
    kind = values.dtype.kind
    if values.dtype.name == "bfloat16":
        values, kind = values.astype(np.float32), "f"
    if values.dtype.itemsize > (16 if kind == "c" else 8) or kind not in "biufc":
        raise NotImplementedError(f"printing elements of dtype {values.dtype} is not supported")
    if kind == "c":
        real, real_width = _float_texts(values.real)
        imag, imag_width = _float_texts(values.imag)
        # The imaginary part is not padded, and its sign is not counted where it is a plus.
        signed = (text if text.startswith("-") else "+" + text for text in imag)
        texts = [f"{re:>{real_width}}{im}j" for re, im in zip(real, signed, strict=True)]
        return texts, real_width + imag_width + 1
    if kind == "f":
        texts, width = _float_texts(values)
    else:
        texts = list(map(str, values.tolist()))
        width = max(map(len, texts))
    return [text.rjust(width) for text in texts], width


def _float_texts(values: np.ndarray) -> tuple[list[str], int]:
    """Text for each of the 1-d real ``values`` in one notation, unpadded, and the width of the widest.

    Zeros, infinities and nans have no say in the notation or the width, and so may stick out of a column.
    """
    telling = np.isfinite(values) & (values != 0)
    if telling.any():
        measured = values[telling]
        magnitudes = np.abs(measured)
        smallest, largest = float(magnitudes.min()), float(magnitudes.max())
        scientific = _options.sci_mode
        if scientific is None:
            scientific = largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4
        whole = not scientific and bool((measured == np.ceil(measured)).all())
    else:
        scientific, whole = False, True

    numbers = values.tolist()
    if whole:
        texts = [f"{number:.0f}." if math.isfinite(number) else str(number) for number in numbers]
    else:
        spec = f".{_options.precision}{'e' if scientific else 'f'}"
        texts = [format(number, spec) for number in numbers]
    return texts, max(map(len, compress(texts, telling.tolist())), default=1)

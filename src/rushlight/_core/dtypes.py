"""Element types and PyTorch's rules for combining them.

A ``dtype`` here is a small object that prints as PyTorch's does and knows the NumPy dtype behind it.
Promotion differs from NumPy's in two ways: integers meeting floats keep the *float's* width
(``int64 + float32 -> float32``), and the operands are ranked first: tensors with dimensions, then 0-d
tensors, then Python numbers; a lower rank changes the result only by being of a higher *category*
(bool < integer < float < complex).
"""

from __future__ import annotations

from typing import Any

import numpy as np

BOOL, INTEGER, FLOAT, COMPLEX = range(4)


class dtype:
    """The type of a tensor's elements: ``torch.float32``, ``torch.int64`` ...

    >>> import rushlight as torch
    >>> torch.float32.itemsize, torch.float32.is_floating_point, torch.complex64.to_real()
    (4, True, torch.float32)
    """

    __slots__ = ("_np", "category", "itemsize", "name")
    __module__ = "torch"

    def __init__(self, name: str, category: int, itemsize: int):
        self.name = name
        self.category = category
        self.itemsize = itemsize
        self._np: np.dtype | None = None

    @property
    def np(self) -> np.dtype:
        """The NumPy dtype of the same elements."""
        found = self._np
        if found is None:
            found = self._np = np.dtype(self.name) if self is not bfloat16 else _bfloat16()
            _from_np[found] = self
        return found

    @property
    def is_floating_point(self) -> bool:
        return self.category == FLOAT

    @property
    def is_complex(self) -> bool:
        return self.category == COMPLEX

    @property
    def is_signed(self) -> bool:
        return self.category >= FLOAT or (self.category == INTEGER and not self.name.startswith("u"))

    def to_real(self) -> dtype:
        return _REAL.get(self, self)

    def to_complex(self) -> dtype:
        return _COMPLEX.get(self, self)

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> Any:
        return (_by_name, (self.name,))

    # One object for each type: copying returns the object itself.
    def __copy__(self) -> dtype:
        return self

    def __deepcopy__(self, memo: Any) -> dtype:
        return self


def _by_name(name: str) -> dtype:
    return next(d for d in ALL if d.name == name)


def _bfloat16() -> np.dtype:
    # Imported on first use: importing ml_dtypes costs more than all of Rushlight's core.
    import ml_dtypes

    return np.dtype(ml_dtypes.bfloat16)


_from_np: dict[np.dtype, dtype] = {}

bool_ = dtype("bool", BOOL, 1)
uint8 = dtype("uint8", INTEGER, 1)
uint16 = dtype("uint16", INTEGER, 2)
uint32 = dtype("uint32", INTEGER, 4)
uint64 = dtype("uint64", INTEGER, 8)
int8 = dtype("int8", INTEGER, 1)
int16 = dtype("int16", INTEGER, 2)
int32 = dtype("int32", INTEGER, 4)
int64 = dtype("int64", INTEGER, 8)
float16 = dtype("float16", FLOAT, 2)
bfloat16 = dtype("bfloat16", FLOAT, 2)
float32 = dtype("float32", FLOAT, 4)
float64 = dtype("float64", FLOAT, 8)
complex64 = dtype("complex64", COMPLEX, 8)
complex128 = dtype("complex128", COMPLEX, 16)

ALL = (bool_, uint8, uint16, uint32, uint64, int8, int16, int32, int64,
       float16, bfloat16, float32, float64, complex64, complex128)  # fmt: skip
ALIASES = {
    "float": float32, "double": float64, "half": float16, "cfloat": complex64, "cdouble": complex128,
    "short": int16, "int": int32, "long": int64,
}  # fmt: skip

_WIDE_UNSIGNED = frozenset({uint16, uint32, uint64})
_REAL = {complex64: float32, complex128: float64}
_COMPLEX = {float32: complex64, float64: complex128, float16: complex64, bfloat16: complex64}

for _d in ALL:
    if _d is not bfloat16:
        _ = _d.np

# Python's own types of numbers, where a dtype is asked for.
OF_PYTHON_TYPES: dict[Any, dtype] = {bool: bool_, int: int64, float: float64, complex: complex128}


def as_dtype(given: Any, operation: str) -> dtype:
    """What is given as an operation's dtype, which may be one of Python's types; TypeError where it is none."""
    if isinstance(given, dtype):
        return given
    found = OF_PYTHON_TYPES.get(given) if isinstance(given, type) else None
    if found is None:
        raise TypeError(
            f"{operation}(): argument 'dtype' must be torch.dtype, not {type(given).__name__}\n"
            "Such as torch.float32; Python's bool, int, float and complex stand for bool, int64, float64 and complex128."
        )
    return found


NP_BOOL, NP_INT64 = bool_.np, int64.np
NP_FLOAT32, NP_FLOAT64 = float32.np, float64.np


def from_numpy_dtype(np_dtype: np.dtype) -> dtype:
    """Rushlight's dtype for a NumPy dtype; TypeError, as PyTorch words it, where there is none."""
    found = _from_np.get(np_dtype)
    if found is None:
        if np_dtype.name == "bfloat16":
            _from_np[np_dtype] = bfloat16
            return bfloat16
        native = np_dtype.newbyteorder("=")
        if native == np_dtype and native in _from_np:  # another spelling of the same type (longlong)
            return _from_np[native]
        raise TypeError(
            f"can't convert np.ndarray of type numpy.{np_dtype.type.__name__}. The only supported types are: "
            "float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, "
            "uint16, uint8, and bool."
        )
    return found


class _Defaults:
    """The process-wide default float type, and the complex type that goes with it."""

    dtype: dtype = float32
    np: np.dtype = NP_FLOAT32


def set_default_dtype(d: dtype) -> None:
    """Make ``d`` the type of float tensors created without one.

    >>> import rushlight as torch
    >>> torch.set_default_dtype(torch.float64)
    >>> torch.tensor(1.5).dtype
    torch.float64
    >>> torch.set_default_dtype(torch.float32)
    """
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object: " + repr(d))
    if d.category != FLOAT:
        raise TypeError("only floating-point types are supported as the default type")
    _Defaults.dtype = d
    _Defaults.np = d.np


def get_default_dtype() -> dtype:
    """The type that float tensors get when none is asked for."""
    return _Defaults.dtype


def default_complex() -> dtype:
    return _COMPLEX[_Defaults.dtype]


def of_number(value: Any) -> dtype:
    """The dtype that a Python (or NumPy) number has when it becomes a tensor."""
    kind = type(value)
    if kind is bool:
        return bool_
    if kind is int:
        return int64
    if kind is float:
        return _Defaults.dtype
    if kind is complex:
        return default_complex()
    if isinstance(value, (bool, np.bool_)):
        return bool_
    if isinstance(value, (int, np.integer)):
        return int64
    if isinstance(value, (float, np.floating)):
        return _Defaults.dtype
    if isinstance(value, (complex, np.complexfloating)):
        return default_complex()
    raise TypeError(f"a number was expected, not {kind.__name__}")


def _lattice(a: dtype, b: dtype) -> dtype:
    if a is b:
        return a
    if (a in _WIDE_UNSIGNED or b in _WIDE_UNSIGNED) and max(a.category, b.category) < FLOAT:
        # PyTorch defines no common type for its barely supported wide unsigned integers.
        raise RuntimeError(
            "Promotion for uint16, uint32, uint64 types is not supported, attempted to promote "
            f"{_SCALAR_NAMES[a]} and {_SCALAR_NAMES[b]}"
        )
    if a.category < b.category:
        a, b = b, a
    if a.category > b.category:
        if a.category == COMPLEX and b.category == FLOAT:
            return complex128 if b is float64 else a
        return a
    if a.category == FLOAT:
        if a.itemsize == b.itemsize:  # float16 with bfloat16
            return float32
        return a if a.itemsize > b.itemsize else b
    if a.category == COMPLEX:
        return complex128
    # uint8 with int8 needs int16; otherwise the wider holds both.
    if a.itemsize == b.itemsize:
        return int16
    return a if a.itemsize > b.itemsize else b


_SCALAR_NAMES = {
    bool_: "Bool", uint8: "Byte", int8: "Char", int16: "Short", int32: "Int", int64: "Long",
    uint16: "UInt16", uint32: "UInt32", uint64: "UInt64", float16: "Half", bfloat16: "BFloat16",
    float32: "Float", float64: "Double", complex64: "ComplexFloat", complex128: "ComplexDouble",
}  # fmt: skip


def scalar_type_name(d: dtype) -> str:
    """The name that PyTorch's messages use: ``Float`` for float32, ``Long`` for int64."""
    return _SCALAR_NAMES[d]


def c_type_name(d: dtype) -> str:
    """The C++ name that some of PyTorch's messages use: ``float``, ``double``, ``long int``."""
    return _C_NAMES.get(d, d.name)


_C_NAMES = {
    bool_: "bool", uint8: "unsigned char", int8: "signed char", int16: "short int", int32: "int",
    int64: "long", uint16: "short unsigned int", uint32: "unsigned int", uint64: "long unsigned int", float16: "c10::Half", bfloat16: "c10::BFloat16", float32: "float", float64: "double",
    complex64: "c10::complex<float>", complex128: "c10::complex<double>",
}  # fmt: skip

_promoted: dict[tuple[dtype, dtype], dtype] = {}


def promote_types(a: dtype, b: dtype) -> dtype:
    """The smallest type that holds values of both.

    >>> import rushlight as torch
    >>> torch.promote_types(torch.int64, torch.float16)
    torch.float16
    """
    found = _promoted.get((a, b))
    if found is None:
        found = _promoted[a, b] = _lattice(a, b)
    return found


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether values may be converted without falling into a lower category.

    >>> import rushlight as torch
    >>> torch.can_cast(torch.float64, torch.float32), torch.can_cast(torch.float32, torch.int64)
    (True, False)
    """
    if to is bool_ and from_ is not bool_:
        return False
    return from_.category <= to.category


def result_type_of(operands: list[tuple[dtype, int]]) -> dtype:
    """Promote operands given as ``(dtype, rank)``: rank 2 with dimensions, 1 for 0-d, 0 for a number."""
    best: list[dtype | None] = [None, None, None]
    for d, rank in operands:
        have = best[rank]
        best[rank] = d if have is None else promote_types(have, d)
    number, zero_dim, dims = best
    result = dims
    for lower in (zero_dim, number):
        if lower is None:
            continue
        if result is None:
            result = lower
        elif lower.category > result.category:
            # A complex newcomer keeps a float's precision; any other brings its own type.
            if lower.category == COMPLEX and result.category == FLOAT:
                result = result.to_complex()
            else:
                result = promote_types(result, lower)
    assert result is not None
    return result

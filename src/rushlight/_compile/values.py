"""The values of the emitter: element types, constants as LLVM writes them, and vectors in registers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .vectors import Emitter


class Element(NamedTuple):
    """An element type. LLVM's integers have no sign: `kind` (f, i, u, b for bool) decides which instruction is meant."""

    name: str
    llvm: str
    bits: int
    kind: str

    @property
    def integer(self) -> Element:
        """The signed integer of the same width."""
        return ELEMENTS[f"i{self.bits}"]


F32, F64 = Element("f32", "float", 32, "f"), Element("f64", "double", 64, "f")
I8, I16, I32, I64 = (Element(f"i{bits}", f"i{bits}", bits, "i") for bits in (8, 16, 32, 64))
U8, U16, U32, U64 = (Element(f"u{bits}", f"i{bits}", bits, "u") for bits in (8, 16, 32, 64))
I1 = Element("i1", "i1", 1, "b")  # a mask in registers; in memory NumPy's bool, a byte
ELEMENTS = {e.name: e for e in (F32, F64, I8, I16, I32, I64, U8, U16, U32, U64, I1)}


class Vec:
    """U names of registers (or constants) of one element type, with arithmetic that its emitter writes down.

    `==` and `!=` compare the Python objects; elements are compared by `Emitter.eq` and `Emitter.ne`.
    """

    __slots__ = ("element", "emitter", "names")

    def __init__(self, emitter: Emitter, names: tuple[str, ...], element: Element) -> None:
        self.emitter, self.names, self.element = emitter, names, element

    def __add__(self, other: Operand) -> Vec:
        return self.emitter.add(self, other)

    def __radd__(self, other: Operand) -> Vec:
        return self.emitter.add(other, self)

    def __sub__(self, other: Operand) -> Vec:
        return self.emitter.sub(self, other)

    def __rsub__(self, other: Operand) -> Vec:
        return self.emitter.sub(other, self)

    def __mul__(self, other: Operand) -> Vec:
        return self.emitter.mul(self, other)

    def __rmul__(self, other: Operand) -> Vec:
        return self.emitter.mul(other, self)

    def __truediv__(self, other: Operand) -> Vec:
        return self.emitter.div(self, other)

    def __rtruediv__(self, other: Operand) -> Vec:
        return self.emitter.div(other, self)

    def __neg__(self) -> Vec:
        return self.emitter.neg(self)

    def __and__(self, other: Operand) -> Vec:
        return self.emitter.and_(self, other)

    def __or__(self, other: Operand) -> Vec:
        return self.emitter.or_(self, other)

    def __xor__(self, other: Operand) -> Vec:
        return self.emitter.xor(self, other)

    def __invert__(self) -> Vec:
        return self.emitter.not_(self)

    def __lshift__(self, other: Operand) -> Vec:
        return self.emitter.shl(self, other)

    def __rshift__(self, other: Operand) -> Vec:
        return self.emitter.shr(self, other)

    def __lt__(self, other: Operand) -> Vec:
        return self.emitter.lt(self, other)

    def __le__(self, other: Operand) -> Vec:
        return self.emitter.le(self, other)

    def __gt__(self, other: Operand) -> Vec:
        return self.emitter.gt(self, other)

    def __ge__(self, other: Operand) -> Vec:
        return self.emitter.ge(self, other)


Operand = Vec | float  # Python's numbers (bool and int are floats to a type checker) become constants


def mangled(element: Element) -> str:
    """The element as intrinsics' names spell it."""
    return element.name if element.kind == "f" else element.llvm


def literal(value: float, element: Element) -> str:
    """A constant as LLVM writes it: floats as the bits of a double, which says every value exactly."""
    if element.kind == "b":
        return "true" if value else "false"
    if element.kind != "f":
        if value != int(value) or not _fits(int(value), element):
            raise ValueError(f"{value} is no {element.name}")
        return str(int(value))
    value = _nearest_float(float(value)) if element is F32 else float(value)
    return f"0x{struct.unpack('Q', struct.pack('d', value))[0]:016X}"


def _fits(value: int, element: Element) -> bool:
    low = -(2 ** (element.bits - 1)) if element.kind == "i" else 0
    return low <= value < low + 2**element.bits


def _nearest_float(value: float) -> float:
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:  # rounds to infinity
        return float("inf") if value > 0 else float("-inf")

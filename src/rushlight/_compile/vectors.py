"""Explicit-vector LLVM IR: an emitter that writes every operation for several vectors before the next operation.

A value is a `Vec`: U registers of W elements each. Written one vector after the other, a chain of mathematics outgrows
the processor's window of out-of-order execution and runs at the latency of its operations; written operation by
operation, the U independent registers hide it (up to five times as fast). Every operation works as NumPy's on the
element type, nan included; no fast-math flag is set anywhere, so the bits do not depend on what LLVM makes of it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .host import Host
from .values import ELEMENTS as ELEMENTS
from .values import F32, I1, I64, U8, Element, Operand, Vec, literal, mangled
from .values import F64 as F64
from .values import I8 as I8
from .values import I16 as I16
from .values import I32 as I32
from .values import U16 as U16
from .values import U32 as U32
from .values import U64 as U64


class Module:
    """The text of one LLVM module: functions, and the declarations and helpers that they asked for."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._functions: list[str] = []
        self._declared: dict[str, str] = {}
        self._helpers: dict[str, str] = {}

    def declare(self, name: str, signature: str) -> str:
        """Declare an intrinsic or a function of the C library once. `signature` has %s for `@name`."""
        if name not in self._declared:
            self._declared[name] = f"declare {signature % ('@' + name)}\n"
        return f"@{name}"

    def helper(self, name: str, text: Callable[[], str]) -> str:
        """Add a global or an internal function once."""
        if name not in self._helpers:
            self._helpers[name] = ""  # in place before the text is made: helpers may ask for each other
            self._helpers[name] = text()
        return f"@{name}"

    def define(self, name: str, arguments: str, body: Emitter, returns: str = "void", linkage: str = "") -> None:
        """Add a function whose body an emitter holds; the body must end in a terminator such as `ret void`."""
        lines = ["entry:", *body.entry, "  br label %start", "start:", *body.lines]
        self._functions.append(f"define {linkage} {returns} @{name}({arguments}) #0 {{\n" + "\n".join(lines) + "\n}\n")

    def text(self) -> str:
        """The module, without target triple and data layout, which the compiler adds."""
        # Many processors are tuned to shun 512-bit registers, and would split our vectors in two.
        width = max(128, self.host.vector_bits)
        attributes = f'nounwind "min-legal-vector-width"="{width}" "prefer-vector-width"="{width}"'
        return (
            "".join(self._helpers.values())
            + "".join(self._functions)
            + "".join(self._declared.values())
            + f"attributes #0 = {{ {attributes} }}\n"
            + '!0 = !{!"branch_weights", i32 1, i32 100000}\n'
        )


class Loop:
    """A loop being emitted: `index` is its counter, `carry` the values that came round.

    The body assigns `next`. After the loop `carry` holds the final values.
    """

    def __init__(self, index: str, carry: tuple[Vec, ...]) -> None:
        self.index, self.carry, self.next = index, carry, carry


class Emitter:
    """Writes the body of one function, block by block, for vectors of `width` elements, `unroll` at a time."""

    def __init__(self, module: Module, width: int, unroll: int = 1) -> None:
        self.module, self.host, self.width, self.unroll = module, module.host, width, unroll
        self.entry: list[str] = []  # stack slots: they belong to the first block, whatever block asks for them
        self.lines: list[str] = []
        self.block = "start"
        self._serial = 0
        self._constants: dict[tuple[str, Any], Vec] = {}

    # -- lines and blocks ---------------------------------------------------------------------------------------

    def unique(self, stem: str = "v") -> str:
        """A name that this function has not used; registers put % before it."""
        self._serial += 1
        return f"{stem}{self._serial}"

    def line(self, text: str) -> None:
        """Write an instruction that has no result."""
        self.lines.append("  " + text)

    def value(self, text: str) -> str:
        """Write a scalar or vector instruction; return the name of its result."""
        self._serial += 1
        name = f"%v{self._serial}"
        self.lines.append(f"  {name} = {text}")
        return name

    def begin(self, label: str) -> None:
        """Begin a block; the one before must have ended in a terminator."""
        self.lines.append(f"{label}:")
        self.block = label

    def stack(self, elements: int, element: Element) -> str:
        """A pointer to room on the stack, aligned for any vector."""
        name = f"%{self.unique('stack')}"
        self.entry.append(f"  {name} = alloca [{elements} x {element.llvm}], align 64")
        return name

    @contextmanager
    def loop(self, start: str, stop: str, step: int, carry: Sequence[Vec] = ()) -> Iterator[Loop]:
        """Count an i64 from `start` in steps while it is below `stop` (operands as text), carrying vectors along."""
        head, body, done = self.unique("head"), self.unique("body"), self.unique("done")
        before = self.block
        self.line(f"br label %{head}")
        self.begin(head)
        phis = len(self.lines)
        loop = Loop(
            f"%{self.unique('i')}",
            tuple(Vec(self, tuple(f"%{self.unique('c')}" for _ in v.names), v.element) for v in carry),
        )
        going = self.value(f"icmp slt i64 {loop.index}, {stop}")
        self.line(f"br i1 {going}, label %{body}, label %{done}")
        self.begin(body)
        yield loop
        advanced = self.value(f"add nsw i64 {loop.index}, {step}")
        latch = self.block
        self.line(f"br label %{head}")
        # Written last, since what comes round the loop is only known now.
        lines = [f"  {loop.index} = phi i64 [ {start}, %{before} ], [ {advanced}, %{latch} ]"]
        for old, merged, new in zip(carry, loop.carry, loop.next, strict=True):
            type = self.type(merged.element)
            for a, name, b in zip(old.names, merged.names, new.names, strict=True):
                lines.append(f"  {name} = phi {type} [ {a}, %{before} ], [ {b}, %{latch} ]")
        self.lines[phis:phis] = lines
        self.begin(done)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Do what is written inside only where an i1 register holds."""
        then, done = self.unique("then"), self.unique("done")
        self.line(f"br i1 {condition}, label %{then}, label %{done}")
        self.begin(then)
        yield
        self.line(f"br label %{done}")
        self.begin(done)

    def patch(self, mask: Vec, values: tuple[Vec, ...], repair: Callable[[], tuple[Vec, ...]]) -> tuple[Vec, ...]:
        """Replace the lanes of `mask` by those of `repair()`, whose code runs only when a lane needs it: a rare case.

        One branch for all U vectors: a branch for each would end the interleaving that hides latency.
        """
        needed, before = self.any(mask), self.block
        rare, join = self.unique("rare"), self.unique("join")
        self.line(f"br i1 {needed}, label %{rare}, label %{join}, !prof !0")
        self.begin(rare)
        repaired = [self.select(mask, new, old) for old, new in zip(values, repair(), strict=True)]
        after = self.block
        self.line(f"br label %{join}")
        self.begin(join)
        return tuple(
            self.each(old.element, f"phi {self.type(old.element)} [ %s, %%{before} ], [ %s, %%{after} ]", old, new)
            for old, new in zip(values, repaired, strict=True)
        )

    # -- operands -----------------------------------------------------------------------------------------------

    def type(self, element: Element) -> str:
        """LLVM's type of one register."""
        return element.llvm if self.width == 1 else f"<{self.width} x {element.llvm}>"

    def each(self, element: Element, template: str, *operands: Vec) -> Vec:
        """Write an instruction for all U vectors. The template has a %s for each operand.

        Where several vectors have the same operands (constants, broadcast scalars) one instruction serves them.
        """
        made: dict[tuple[str, ...], str] = {}
        names = []
        for texts in zip(*(operand.names for operand in operands), strict=True):
            if (name := made.get(texts)) is None:
                name = made[texts] = self.value(template % texts)
            names.append(name)
        return Vec(self, tuple(names), element)

    def _intrinsic(self, name: str, operands: Sequence[Vec], result: Element | None = None, tail: str = "") -> Vec:
        """Call an intrinsic that is overloaded by the type of its first operand."""
        first = operands[0].element
        result = result or first
        types = [self.type(o.element) for o in operands]
        full = f"llvm.{name}.{self._suffix(first)}"
        extra = f", {tail}" if tail else ""
        self.module.declare(full, f"{self.type(result)} %s({', '.join(types)}{', i1' if tail else ''})")
        slots = ", ".join(f"{t} %s" for t in types)
        return self.each(result, f"call {self.type(result)} @{full}({slots}{extra})", *operands)

    def _suffix(self, element: Element) -> str:
        """The type of a register as the names of intrinsics spell it."""
        return ("" if self.width == 1 else f"v{self.width}") + mangled(element)

    def constant(self, value: float, element: Element) -> Vec:
        """A number in every lane, rounded to the nearest float; an integer must fit."""
        key = (element.name, struct.pack("d", value) if element.kind == "f" else int(value))
        if key not in self._constants:
            self._constants[key] = self._splat(literal(value, element), element)
        return self._constants[key]

    def bits(self, pattern: int, element: Element) -> Vec:
        """The float with exactly these bits in every lane."""
        if element is F32:  # LLVM writes a float as the double of the same value
            sign, rest = pattern >> 31 << 63, pattern & 0x7FFFFFFF
            if rest > 0x7F800000:
                return self._splat(f"0x{sign | 0x7FF << 52 | (rest & 0x7FFFFF) << 29:016X}", element)
            return self.constant(struct.unpack("f", struct.pack("I", pattern))[0], element)
        return self._splat(f"0x{pattern:016X}", element)

    def _splat(self, text: str, element: Element) -> Vec:
        name = text if self.width == 1 else f"splat ({element.llvm} {text})"
        return Vec(self, (name,) * self.unroll, element)

    def broadcast(self, scalar: str, element: Element) -> Vec:
        """A scalar register (of LLVM's type of the element) in every lane."""
        if self.width == 1:
            return Vec(self, (scalar,) * self.unroll, element)
        type = self.type(element)
        one = self.value(f"insertelement {type} poison, {element.llvm} {scalar}, i64 0")
        every = self.value(f"shufflevector {type} {one}, {type} poison, <{self.width} x i32> zeroinitializer")
        return Vec(self, (every,) * self.unroll, element)

    def iota(self, element: Element) -> Vec:
        """The integers 0 to U·W - 1 in the order of memory."""
        names = []
        for u in range(self.unroll):
            lanes = [f"{element.llvm} {u * self.width + lane}" for lane in range(self.width)]
            names.append(lanes[0].split()[1] if self.width == 1 else f"<{', '.join(lanes)}>")
        return Vec(self, tuple(names), element)

    def _both(self, a: Operand, b: Operand) -> tuple[Vec, Vec]:
        """Make a number the constant that goes with the other operand."""
        if not isinstance(a, Vec):
            if not isinstance(b, Vec):
                raise TypeError("one operand at least must be a Vec: a number has no element type")
            return self.constant(a, b.element), b
        if not isinstance(b, Vec):
            return a, self.constant(b, a.element)
        if a.element != b.element:
            raise TypeError(f"operands of different types: {a.element.name} and {b.element.name}")
        return a, b

    def _binary(self, opcodes: dict[str, str], a: Operand, b: Operand) -> Vec:
        a, b = self._both(a, b)
        if (opcode := opcodes.get(a.element.kind)) is None:
            raise TypeError(f"no such operation on {a.element.name}")
        return self.each(a.element, f"{opcode} {self.type(a.element)} %s, %s", a, b)

    # -- arithmetic ---------------------------------------------------------------------------------------------

    def add(self, a: Operand, b: Operand) -> Vec:
        """Sum; integers wrap."""
        return self._binary({"f": "fadd", "i": "add", "u": "add"}, a, b)

    def sub(self, a: Operand, b: Operand) -> Vec:
        """Difference; integers wrap."""
        return self._binary({"f": "fsub", "i": "sub", "u": "sub"}, a, b)

    def mul(self, a: Operand, b: Operand) -> Vec:
        """Product; integers wrap."""
        return self._binary({"f": "fmul", "i": "mul", "u": "mul"}, a, b)

    def div(self, a: Operand, b: Operand) -> Vec:
        """Quotient; of integers the truncated one, where x / 0 is 0 and the lowest / -1 wraps: neither may trap."""
        a, b = self._both(a, b)
        if a.element.kind == "f":
            return self._binary({"f": "fdiv"}, a, b)
        zero, quotient = self.eq(b, 0), self._binary({"i": "sdiv", "u": "udiv"}, a, self._harmless(b))
        if a.element.kind == "i":
            quotient = self.select(self.eq(b, -1), self.neg(a), quotient)
        return self.select(zero, 0, quotient)

    def rem(self, a: Operand, b: Operand) -> Vec:
        """The remainder of integers that goes with `div`, and 0 for a divisor of 0."""
        a, b = self._both(a, b)
        remainder = self._binary({"i": "srem", "u": "urem"}, a, self._harmless(b))
        return self.select(self.eq(b, 0), 0, remainder)

    def _harmless(self, divisor: Vec) -> Vec:
        """The divisor with 1 for what would stop the program."""
        bad = self.eq(divisor, 0)
        if divisor.element.kind == "i":
            bad = bad | self.eq(divisor, -1)
        return self.select(bad, 1, divisor)

    def neg(self, a: Vec) -> Vec:
        """Change the sign."""
        if a.element.kind == "f":
            return self.each(a.element, f"fneg {self.type(a.element)} %s", a)
        return self.sub(0, a)

    def fma(self, a: Operand, b: Operand, c: Operand) -> Vec:
        """a·b + c rounded once, everywhere; a slow library call where the processor cannot (`Host.fma`)."""
        return self._intrinsic("fma", self._three(a, b, c))

    def mul_add(self, a: Operand, b: Operand, c: Operand) -> Vec:
        """a·b + c, fused where that is one instruction: for polynomials, where either rounding will do."""
        a, b, c = self._three(a, b, c)
        return self.fma(a, b, c) if self.host.fma else self.add(self.mul(a, b), c)

    def has_scalef(self, element: Element) -> bool:
        """Whether there is `scalef`: AVX-512 has it for registers of every size, if they are full."""
        return self.host.scalef and self.width > 1 and self.width * element.bits in (128, 256, 512)

    def scalef(self, a: Vec, n: Vec) -> Vec:
        """a·2ⁿ rounded once, n a whole number as a float. LLVM's `ldexp` would take an integer, and make it a float."""
        type, bits, mask = self.type(a.element), self.width * a.element.bits, f"i{max(8, self.width)}"
        name = f"llvm.x86.avx512.mask.scalef.p{'s' if a.element is F32 else 'd'}.{bits}"
        # All lanes, and rounded as the thread's register says.
        types, rest = f"{type}, {type}, {type}, {mask}", f"{type} zeroinitializer, {mask} -1"
        if bits == 512:
            types, rest = f"{types}, i32", f"{rest}, i32 4"
        self.module.declare(name, f"{type} %s({types})")
        return self.each(a.element, f"call {type} @{name}({type} %s, {type} %s, {rest})", a, n)

    def _three(self, *operands: Operand) -> list[Vec]:
        element = next(o.element for o in operands if isinstance(o, Vec))
        return [o if isinstance(o, Vec) else self.constant(o, element) for o in operands]

    def sqrt(self, a: Vec) -> Vec:
        """Square root, correctly rounded."""
        return self._intrinsic("sqrt", [a])

    def abs(self, a: Vec) -> Vec:
        """Magnitude; the lowest integer stays as it is."""
        if a.element.kind == "f":
            return self._intrinsic("fabs", [a])
        return a if a.element.kind == "u" else self._intrinsic("abs", [a], tail="i1 false")

    def copysign(self, magnitude: Operand, sign: Vec) -> Vec:
        """The magnitude of one float with the sign of another."""
        return self._intrinsic("copysign", self._both(magnitude, sign))

    def minimum(self, a: Operand, b: Operand) -> Vec:
        """The lesser; nan where either is."""
        return self._extremum("min", self.lt, a, b)

    def maximum(self, a: Operand, b: Operand) -> Vec:
        """The greater; nan where either is."""
        return self._extremum("max", self.gt, a, b)

    def _extremum(self, name: str, better: Callable[[Operand, Operand], Vec], a: Operand, b: Operand) -> Vec:
        a, b = self._both(a, b)
        if a.element.kind in "iu":
            return self._intrinsic(("s" if a.element.kind == "i" else "u") + name, [a, b])
        # One instruction on x86 takes b where either is nan. llvm.minimum also orders the zeros, in twice the time.
        return self.select(self.isnan(a), a, self.select(better(a, b), a, b))

    def clamp(self, a: Vec, low: float | None = None, high: float | None = None) -> Vec:
        """Limit floats by constants; nan stays nan."""
        if high is not None:
            a = self.select(self.gt(a, high), high, a)
        return a if low is None else self.select(self.lt(a, low), low, a)

    def floor(self, a: Vec) -> Vec:
        """Round down."""
        return self._intrinsic("floor", [a])

    def ceil(self, a: Vec) -> Vec:
        """Round up."""
        return self._intrinsic("ceil", [a])

    def trunc(self, a: Vec) -> Vec:
        """Round towards zero."""
        return self._intrinsic("trunc", [a])

    def round(self, a: Vec) -> Vec:
        """Round to the nearest integer, ties to even."""
        # rint, not roundeven: where it becomes a library call, every C library has it.
        return self._intrinsic("rint", [a])

    # -- comparisons and logic ----------------------------------------------------------------------------------

    def _compare(self, predicate: str, a: Operand, b: Operand) -> Vec:
        a, b = self._both(a, b)
        if a.element.kind == "f":
            opcode = f"fcmp {'u' if predicate == 'ne' else 'o'}{predicate}"
        elif predicate in ("eq", "ne"):
            opcode = f"icmp {predicate}"
        else:
            opcode = f"icmp {'s' if a.element.kind == 'i' else 'u'}{predicate}"
        return self.each(I1, f"{opcode} {self.type(a.element)} %s, %s", a, b)

    def lt(self, a: Operand, b: Operand) -> Vec:
        """a < b; false with nan, as all of these but `ne`."""
        return self._compare("lt", a, b)

    def le(self, a: Operand, b: Operand) -> Vec:
        """a ≤ b."""
        return self._compare("le", a, b)

    def gt(self, a: Operand, b: Operand) -> Vec:
        """a > b."""
        return self._compare("gt", a, b)

    def ge(self, a: Operand, b: Operand) -> Vec:
        """a ≥ b."""
        return self._compare("ge", a, b)

    def eq(self, a: Operand, b: Operand) -> Vec:
        """a = b."""
        return self._compare("eq", a, b)

    def ne(self, a: Operand, b: Operand) -> Vec:
        """a ≠ b; true with nan."""
        return self._compare("ne", a, b)

    def isnan(self, a: Vec) -> Vec:
        """Whether a float is nan."""
        return self.each(I1, f"fcmp uno {self.type(a.element)} %s, %s", a, a)

    def select(self, mask: Vec, a: Operand, b: Operand) -> Vec:
        """a where the mask holds, else b."""
        a, b = self._both(a, b)
        type = self.type(a.element)
        return self.each(a.element, f"select {self.type(I1)} %s, {type} %s, {type} %s", mask, a, b)

    def and_(self, a: Operand, b: Operand) -> Vec:
        """Bitwise and, of integers or masks."""
        return self._binary(dict.fromkeys("iub", "and"), a, b)

    def or_(self, a: Operand, b: Operand) -> Vec:
        """Bitwise or."""
        return self._binary(dict.fromkeys("iub", "or"), a, b)

    def xor(self, a: Operand, b: Operand) -> Vec:
        """Bitwise exclusive or."""
        return self._binary(dict.fromkeys("iub", "xor"), a, b)

    def not_(self, a: Vec) -> Vec:
        """All bits turned over."""
        return self.xor(a, True if a.element is I1 else 2**a.element.bits - 1 if a.element.kind == "u" else -1)

    def shl(self, a: Operand, b: Operand) -> Vec:
        """Shift left, by fewer places than there are bits."""
        return self._binary(dict.fromkeys("iu", "shl"), a, b)

    def shr(self, a: Operand, b: Operand, *, logical: bool = False) -> Vec:
        """Shift right, by fewer places than there are bits; the sign is kept where there is one, unless `logical`."""
        return self._binary({"i": "lshr" if logical else "ashr", "u": "lshr"}, a, b)

    # -- conversions --------------------------------------------------------------------------------------------

    def bitcast(self, a: Vec, to: Element) -> Vec:
        """The same bits as another type of the same width."""
        if a.element.llvm == to.llvm:
            return Vec(self, a.names, to)
        return self._cast("bitcast", a, to)

    def convert(self, a: Vec, to: Element) -> Vec:
        """The value as another type, as NumPy's `astype`: to bool by comparing with zero, to integers by truncation.

        A float that the integer cannot hold gives some number, as in C; which one depends on the processor.
        """
        source = a.element
        if to == source:
            return a
        if to is I1:
            return self.ne(a, 0)
        if source.kind == "f" and to.kind == "f":
            return self._cast("fpext" if to.bits > source.bits else "fptrunc", a, to)
        if source.kind == "f":
            number = self._cast("fptosi" if to.kind == "i" else "fptoui", a, to)
            # Out of range is poison to LLVM, which may spread; frozen it is only an unknown number.
            return self.each(to, f"freeze {self.type(to)} %s", number)
        if to.kind == "f":
            return self._cast("sitofp" if source.kind == "i" else "uitofp", a, to)
        if to.bits == source.bits:
            return Vec(self, a.names, to)
        return self._cast("trunc" if to.bits < source.bits else "sext" if source.kind == "i" else "zext", a, to)

    def _cast(self, opcode: str, a: Vec, to: Element) -> Vec:
        return self.each(to, f"{opcode} {self.type(a.element)} %s to {self.type(to)}", a)

    # -- memory -------------------------------------------------------------------------------------------------

    def _addresses(self, pointer: str, element: Element, index: str) -> Vec:
        """Where each of the U vectors begins that lie one after another from `index`, counted in elements."""
        llvm = "i8" if element is I1 else element.llvm
        first = pointer if index == "0" else self.value(f"getelementptr {llvm}, ptr {pointer}, i64 {index}")
        names = [first]
        for u in range(1, self.unroll):
            names.append(self.value(f"getelementptr {llvm}, ptr {first}, i64 {u * self.width}"))
        return Vec(self, tuple(names), element)

    def load(self, pointer: str, element: Element, index: str = "0", mask: Vec | None = None) -> Vec:
        """Load U·W elements that lie one after another, aligned as elements; 0 where the mask does not hold."""
        stored = U8 if element is I1 else element
        where, type, align = self._addresses(pointer, element, index), self.type(stored), stored.bits // 8
        if mask is None:
            # Not by `each`: a second load from one address is another value where there was a store between them.
            loaded = Vec(self, tuple(self.value(f"load {type}, ptr {p}, align {align}") for p in where.names), stored)
        else:
            vector, name = self._true_vector(stored), f"v{self.width}{mangled(stored)}.p0"
            masks = f"<{self.width} x i1>"
            self.module.declare(f"llvm.masked.load.{name}", f"{vector} %s(ptr, i32, {masks}, {vector})")
            call = f"call {vector} @llvm.masked.load.{name}(ptr %s, i32 {align}, {masks} %s, {vector} zeroinitializer)"
            loaded = self._from_true_vector(self.each(stored, call, where, self._to_true_vector(mask)))
        return self.ne(loaded, 0) if element is I1 else loaded

    def prefetch(self, pointer: str, element: Element, index: str, ahead: int) -> None:
        """Ask for the lines of the cache that lie so many bytes behind U·W elements; there may be no memory there."""
        name = self.module.declare("llvm.prefetch.p0", "void %s(ptr, i32, i32, i32)")
        llvm = "i8" if element is I1 else element.llvm
        start = self.value(f"getelementptr {llvm}, ptr {pointer}, i64 {index}")
        for line in range(0, self.unroll * self.width * max(8, element.bits) // 8, 64):
            address = self.value(f"getelementptr i8, ptr {start}, i64 {ahead + line}")
            self.line(f"call void {name}(ptr {address}, i32 0, i32 3, i32 1)")

    def store(self, value: Vec, pointer: str, index: str = "0", mask: Vec | None = None) -> None:
        """Store U·W elements one after another, or only where the mask holds; the rest of memory is not touched."""
        where = self._addresses(pointer, value.element, index)
        if value.element is I1:
            value = self.convert(value, U8)
        type, align = self.type(value.element), value.element.bits // 8
        if mask is None:
            for name, address in zip(value.names, where.names, strict=True):
                self.line(f"store {type} {name}, ptr {address}, align {align}")
            return
        vector, suffix = self._true_vector(value.element), f"v{self.width}{mangled(value.element)}.p0"
        masks = f"<{self.width} x i1>"
        self.module.declare(f"llvm.masked.store.{suffix}", f"void %s({vector}, ptr, i32, {masks})")
        parts = zip(self._to_true_vector(value).names, where.names, self._to_true_vector(mask).names, strict=True)
        for name, address, m in parts:
            call = f"@llvm.masked.store.{suffix}({vector} {name}, ptr {address}, i32 {align}, {masks} {m})"
            self.line(f"call void {call}")

    def gather(self, pointer: str, index: Vec, element: Element, mask: Vec | None = None) -> Vec:
        """Load the elements that an integer `index` names; 0, and no access, where the mask does not hold."""
        where, masks = self._lane_addresses(pointer, index, element), self._mask_or_all(mask)
        stored = U8 if element is I1 else element
        vector, w = self._true_vector(stored), self.width
        name = f"llvm.masked.gather.v{w}{mangled(stored)}.v{w}p0"
        self.module.declare(name, f"{vector} %s(<{w} x ptr>, i32, <{w} x i1>, {vector})")
        arguments = f"<{w} x ptr> %s, i32 {stored.bits // 8}, <{w} x i1> %s, {vector} zeroinitializer"
        loaded = self._from_true_vector(self.each(stored, f"call {vector} @{name}({arguments})", where, masks))
        return self.ne(loaded, 0) if element is I1 else loaded

    def scatter(self, value: Vec, pointer: str, index: Vec, mask: Vec | None = None) -> None:
        """Store elements where an integer `index` says, in order: the last of several with one index stays."""
        where, masks = self._lane_addresses(pointer, index, value.element), self._mask_or_all(mask)
        if value.element is I1:
            value = self.convert(value, U8)
        vector, w = self._true_vector(value.element), self.width
        name = f"llvm.masked.scatter.v{w}{mangled(value.element)}.v{w}p0"
        self.module.declare(name, f"void %s({vector}, <{w} x ptr>, i32, <{w} x i1>)")
        for v, p, m in zip(self._to_true_vector(value).names, where.names, masks.names, strict=True):
            align = value.element.bits // 8
            self.line(f"call void @{name}({vector} {v}, <{w} x ptr> {p}, i32 {align}, <{w} x i1> {m})")

    def _lane_addresses(self, pointer: str, index: Vec, element: Element) -> Vec:
        index = self._to_true_vector(self.convert(index, I64))
        llvm = "i8" if element is I1 else element.llvm
        pointer = pointer.replace("%", "%%")
        return self.each(element, f"getelementptr {llvm}, ptr {pointer}, <{self.width} x i64> %s", index)

    def _mask_or_all(self, mask: Vec | None) -> Vec:
        if mask is None:
            return Vec(self, ("splat (i1 true)",) * self.unroll, I1)
        return self._to_true_vector(mask)

    # Masked intrinsics exist for vectors alone; a scalar emitter lends them vectors of one element.

    def _true_vector(self, element: Element) -> str:
        return f"<{self.width} x {element.llvm}>"

    def _to_true_vector(self, a: Vec) -> Vec:
        if self.width > 1:
            return a
        return self.each(a.element, f"insertelement <1 x {a.element.llvm}> poison, {a.element.llvm} %s, i64 0", a)

    def _from_true_vector(self, a: Vec) -> Vec:
        if self.width > 1:
            return a
        return self.each(a.element, f"extractelement <1 x {a.element.llvm}> %s, i64 0", a)

    # -- across lanes -------------------------------------------------------------------------------------------

    def extract(self, a: Vec, vector: int, lane: int) -> str:
        """One element as a scalar register."""
        if self.width == 1:
            return a.names[vector]
        return self.value(f"extractelement {self.type(a.element)} {a.names[vector]}, i64 {lane}")

    def reduce(self, combine: Callable[[Vec, Vec], Vec], a: Vec) -> str:
        """Combine all U·W elements by an operation such as `Emitter.add`; return a scalar register.

        The order is fixed, so that the bits are: vectors u and u + half are combined while there are several (an odd
        one joins at the end of its round), then lanes i and i + W/2, i + W/4, ...
        """
        names = a.names
        while len(names) > 1:
            half = len(names) // 2
            combined = combine(Vec(self, names[:half], a.element), Vec(self, names[half : 2 * half], a.element))
            names = combined.names + names[2 * half :]
        one = Vec(self, names, a.element)
        step = self.width // 2
        while step:
            lanes = ", ".join(f"i32 {(i + step) % self.width}" for i in range(self.width))
            type = self.type(a.element)
            shuffle = f"shufflevector {type} %s, {type} poison, <{self.width} x i32> <{lanes}>"
            one = combine(one, self.each(a.element, shuffle, one))
            step //= 2
        return self.extract(one, 0, 0)

    def any(self, mask: Vec) -> str:
        """Whether the mask holds in a lane of any of the U vectors, as an i1 register."""
        while len(mask.names) > 1:
            half = len(mask.names) // 2
            pairs = Vec(self, mask.names[:half], I1) | Vec(self, mask.names[half : 2 * half], I1)
            mask = Vec(self, pairs.names + mask.names[2 * half :], I1)
        if self.width == 1:
            return mask.names[0]
        name = self.module.declare(f"llvm.vector.reduce.or.v{self.width}i1", f"i1 %s({self.type(I1)})")
        return self.value(f"call i1 {name}({self.type(I1)} {mask.names[0]})")

"""A graph as machine code.

The steps of the schedule become functions: one for each run of steps between operations that NumPy does. A function is
a Python builtin that takes the arrays of the inputs and of the results and reads their addresses itself, so that a
call costs little more than a call.
"""

from __future__ import annotations

import ctypes
import functools
import glob
import os
from typing import Any

import numpy as np

from .._core import large
from . import cache, llvm
from .graph import Graph
from .host import host
from .loops import Buffer, Call, Node, Number, Product, View
from .lowering import Lowered
from .nests import Kernel, Writer
from .schedule import Nest, Schedule, matrix_layout
from .vectors import F32, I1, Module

DATA = 16  # where NumPy's array objects hold the address of their elements, on CPython with 64 bits
ALIGN = 64
ONCE = np.array(1, np.int64)


class NativePlan:
    """``plan(inputs, outs)`` as machine code, with NumPy for what that cannot do."""

    any_layout = False  # strides are part of the code

    def __init__(self, graph: Graph, over: dict[int, int] | None = None, tier: str = "quick"):
        self.graph = graph
        self.lowered = Lowered(graph)
        self.schedule = Schedule(self.lowered, over or {})
        self.constants = self.lowered.constants
        self.inputs, self.results = len(graph.inputs), len(graph.results)
        self.pieces: list[Any] = []  # names of functions, with a number of parts those that threads share, and `Call`s
        self.ir, self.names = self.emitted()
        self.arena = aligned(self.schedule.arena)
        self.tier = tier
        self.library = self.linked() if self.names else None
        self.fill_table()
        self.steps = [self.step(piece) for piece in self.pieces]
        self.copies = [(k, self.reader(node)) for k, node in self.schedule.copies]

    def __call__(self, inputs: Any, outs: Any) -> None:
        arrays = (*inputs, *outs, ONCE)
        for step in self.steps:
            if step(*arrays):
                raise self.refusal()
        if self.copies:
            found = [(k, read(arrays)) for k, read in self.copies]
            if len(found) > 1:
                found = [(k, a.copy()) for k, a in found]
            for k, a in found:
                np.copyto(outs[k], a)

    def linked(self) -> llvm.Library:
        """The machine code, from the cache where it was made before."""
        machine = host()
        key = cache.key_of(self.ir, repr(machine), llvm.version(), self.tier)
        found = cache.load(key)
        self.from_cache = found is not None
        if found is None:
            found = llvm.compile_object(self.ir, machine, self.tier)
            cache.store(key, found)
        return llvm.link(found, [*self.names, "table"])

    def step(self, piece: Any) -> Any:
        """A function of the call's arrays that does a piece."""
        if isinstance(piece, str):
            return builtin(self.library.address(piece))
        if isinstance(piece, Call):
            return self.caller(piece)
        name, parts = piece
        part = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(self.library.address(name))

        def run(*arrays: Any) -> None:
            size = -(-parts // min(parts, large.get_num_threads()))
            large.shared(lambda begin: part(begin, min(parts, begin + size)), range(0, parts, size))

        return run

    @property
    def only(self) -> Any:
        """The function that does it all, where there is one: of the inputs, the results, and an array of one int64 that
        says how many times."""
        return self.steps[0] if self.pieces == ["whole"] else None

    @property
    def repeats(self) -> bool:
        """Whether it may be done several times in one call: not where a later time might be refused."""
        return self.only is not None and not self.lowered.checks

    def refusal(self) -> Exception:
        """What a check found; the eager call says it better."""
        return IndexError(" or ".join([what for _, what in self.lowered.checks]))

    # -- code ---------------------------------------------------------------------------------------------------

    def slots(self) -> list[Any]:
        return [
            *(("input", i) for i in range(self.inputs)), *(("out", k) for k in range(self.results)),
            *(("constant", i) for i in range(len(self.constants))), "arena", "sgemm", "dgemm",
        ]  # fmt: skip

    def emitted(self) -> tuple[str, list[str]]:
        """The IR, and the names of its functions."""
        module = Module(host())
        module.helper("table", lambda: f"@table = global [{len(self.slots())} x ptr] zeroinitializer, align 64\n")
        module.helper("_Py_NoneStruct", lambda: "@_Py_NoneStruct = external global i8\n")
        module.helper("_Py_TrueStruct", lambda: "@_Py_TrueStruct = external global i8\n")
        names: list[str] = []
        kernel: Kernel | None = None
        if self.is_whole():
            names.append("whole")
            self.pieces.append("whole")
            self.write_whole(module)
            return module.text(), names

        def end() -> None:
            nonlocal kernel
            if kernel is not None:
                return_new_reference(kernel, "_Py_NoneStruct")
                names.append(f"piece{len(names)}")
                module.define(names[-1], "ptr %self, ptr %args, i64 %count", kernel, returns="ptr")
                self.pieces.append(names[-1])
                kernel = None

        for i, step in enumerate(self.schedule.steps):
            if i == self.schedule.checked and self.lowered.checks:
                kernel = kernel or self.started(module)
                self.refuse(kernel)
            if isinstance(step, Call):
                end()
                self.pieces.append(step)
                continue
            kernel = kernel or self.started(module)
            if isinstance(step, Product):
                self.product(kernel, step)
            elif 0 not in step.shape:
                writer = Writer(kernel, step, self.schedule.roots)
                parts = writer.parts()
                if parts == 1:
                    writer.write()
                    continue
                self.publish(kernel)
                end()
                names.append(f"piece{len(names)}")
                self.pieces.append((names[-1], parts))
                partial = self.shared(module, names[-1], step)
                kernel = self.started(module)
                if partial:
                    rest = Writer(kernel, step, self.schedule.roots)
                    rest.put_together([self.at_arena(kernel, offset) for offset in partial])
        if self.schedule.checked == len(self.schedule.steps) and self.lowered.checks:
            kernel = kernel or self.started(module)
            self.refuse(kernel)
        end()
        return module.text(), names

    def is_whole(self) -> bool:
        """Whether one function does it all: nothing is left to NumPy, shared between threads, or copied at the end."""
        if self.schedule.copies:
            return False
        writer = Kernel(Module(host()))
        for step in self.schedule.steps:
            if isinstance(step, Call):
                return False
            if isinstance(step, Nest) and 0 not in step.shape:
                if Writer(writer, step, self.schedule.roots).parts() > 1:
                    return False
        return True

    def write_whole(self, module: Module) -> None:
        """One function that does it all, as many times as its last argument says: an array of one int64."""
        kernel = self.started(module)
        field = self.data_of(kernel, self.inputs + self.results)
        pointer = kernel.value(f"load ptr, ptr {field}, align 8")
        times = kernel.value(f"load i64, ptr {pointer}, align 8")
        with kernel.loop("0", times, 1):
            for i, step in enumerate(self.schedule.steps):
                if i == self.schedule.checked and self.lowered.checks:
                    self.refuse(kernel)
                if isinstance(step, Product):
                    self.product(kernel, step)
                elif 0 not in step.shape:
                    Writer(kernel, step, self.schedule.roots).write()
            if self.schedule.checked == len(self.schedule.steps) and self.lowered.checks:
                self.refuse(kernel)
        return_new_reference(kernel, "_Py_NoneStruct")
        module.define("whole", "ptr %self, ptr %args, i64 %count", kernel, returns="ptr")

    def refuse(self, e: Kernel) -> None:
        """Return True instead of None where a check says that something is wrong, before anything is written over."""
        wrong = "false"
        for node, _ in self.lowered.checks:
            assert node.home is not None
            found = e.load(e.pointers[node.home.slot], I1).names[0]
            wrong = found if wrong == "false" else e.value(f"or i1 {wrong}, {found}")
        bad, good = e.unique("bad"), e.unique("good")
        e.line(f"br i1 {wrong}, label %{bad}, label %{good}")
        e.begin(bad)
        return_new_reference(e, "_Py_TrueStruct")
        e.begin(good)

    def started(self, module: Module, *, called: bool = True) -> Kernel:
        """A function's beginning: where everything is in memory. called: by Python, with the arrays as arguments."""
        kernel = Kernel(module)
        for i, slot in enumerate(self.slots()):
            if called and slot[0] in ("input", "out"):
                at = self.data_of(kernel, i)
            else:
                at = kernel.value(f"getelementptr ptr, ptr @table, i64 {i}")
            kernel.pointers[slot] = kernel.value(f"load ptr, ptr {at}, align 8")
        for node in self.schedule.order:
            home = node.home
            if isinstance(home, Buffer) and home.slot[0] == "arena" and home.slot not in kernel.pointers:
                kernel.pointers[home.slot] = self.at_arena(kernel, home.slot[1])
        return kernel

    def data_of(self, kernel: Kernel, i: int) -> str:
        """Where the array that is a call's i-th argument keeps the address of its elements."""
        at = kernel.value(f"getelementptr ptr, ptr %args, i64 {i}")
        array = kernel.value(f"load ptr, ptr {at}, align 8")
        return kernel.value(f"getelementptr i8, ptr {array}, i64 {DATA}")

    def at_arena(self, kernel: Kernel, offset: int) -> str:
        return kernel.value(f"getelementptr i8, ptr {kernel.pointers['arena']}, i64 {offset}")

    def publish(self, kernel: Kernel) -> None:
        """Write down, for other threads, where the arrays of this call are."""
        for i, slot in enumerate(self.slots()):
            if slot[0] in ("input", "out"):
                at = kernel.value(f"getelementptr ptr, ptr @table, i64 {i}")
                kernel.line(f"store ptr {kernel.pointers[slot]}, ptr {at}, align 8")

    def shared(self, module: Module, name: str, step: Nest) -> list[int]:
        """A function of a range of a nest's parts; returns where in the arena the parts' sums go."""
        kernel = self.started(module, called=False)
        writer = Writer(kernel, step, self.schedule.roots)
        parts = writer.parts()
        partial = []
        if writer.needs_sums():
            for _ in writer.reductions:
                partial.append(self.schedule.arena)
                self.schedule.arena += -(-8 * (parts + 1) // ALIGN) * ALIGN
        writer.write_part("%begin", "%end", [self.at_arena(kernel, offset) for offset in partial])
        kernel.line("ret void")
        module.define(name, "i64 %begin, i64 %end", kernel)
        return partial

    def product(self, e: Kernel, node: Product) -> None:
        """A call of BLAS."""
        home = node.home
        assert home is not None
        (m, k), n = node.a.shape, node.b.shape[1]
        flags, operands = [], []
        for x in (node.a, node.b):
            start, rows, columns, base = self.matrix(x)
            pointer = e.pointers[base.slot]
            if start:
                pointer = e.value(f"getelementptr {x.element.llvm}, ptr {pointer}, i64 {start}")
            # Where a dimension has one element its stride says nothing; BLAS wants one that is large enough.
            extent = x.shape
            if columns == 1 or extent[1] == 1:
                flags.append(111)
                operands += [f"ptr {pointer}", f"i64 {max(rows, extent[1], 1)}"]
            else:
                flags.append(112)
                operands += [f"ptr {pointer}", f"i64 {max(columns, extent[0], 1)}"]
        float32 = node.element is F32
        real = node.element.llvm
        a, lda, b, ldb = operands
        one = f"{real} 1.0"
        function = e.pointers["sgemm" if float32 else "dgemm"]
        e.line(
            f"call void {function}(i32 101, i32 {flags[0]}, i32 {flags[1]}, i64 {m}, i64 {n}, i64 {k}, {one}, {a}, {lda}, "
            f"{b}, {ldb}, {real} 0.0, ptr {e.pointers[home.slot]}, i64 {n})"
        )

    def matrix(self, x: Node) -> tuple[int, int, int, Buffer]:
        """Offset, strides and memory of an operand of BLAS."""
        source = x.source if isinstance(x, View) and id(x) not in self.schedule.roots else x
        home = source.home
        assert isinstance(home, Buffer), x
        if source is x:
            layout = matrix_layout(home, home.strides)
        else:
            layout = matrix_layout(x, home.strides)
        assert layout is not None
        return (*layout, home)

    # -- memory -------------------------------------------------------------------------------------------------

    def fill_table(self) -> None:
        if self.library is None:
            return
        slots = self.slots()
        table = (ctypes.c_void_p * len(slots)).from_address(self.library.address("table"))
        for i, slot in enumerate(slots):
            if slot == "arena":
                table[i] = self.arena.ctypes.data
            elif slot in ("sgemm", "dgemm"):
                table[i] = blas(f"cblas_{slot}") if any(isinstance(s, Product) for s in self.schedule.steps) else None
            elif slot[0] == "constant":
                table[i] = self.constants[slot[1]].ctypes.data

    def array(self, slot: Any, shape: Any, dtype: Any, strides: Any = None) -> Any:
        """A function of the call's arrays that gives memory as an array."""
        if slot[0] == "input":
            return lambda arrays, i=slot[1]: arrays[i]
        if slot[0] == "out":
            return lambda arrays, i=self.inputs + slot[1]: arrays[i]
        if slot[0] == "constant":
            return lambda arrays, a=self.constants[slot[1]]: a
        fixed = np.ndarray(shape, dtype, self.arena.data, slot[1])
        return lambda arrays: fixed

    def reader(self, node: Node) -> Any:
        """A function of the call's arrays that gives the array of a node."""
        if isinstance(node, Number):
            fixed = np.full(node.shape, node.value, node.dtype)
            return lambda arrays: fixed
        home = node.home
        slot = home.slot if isinstance(home, Buffer) else home
        return self.array(slot, node.shape, node.dtype)

    def caller(self, call: Call) -> Any:
        """A function of the call's arrays that does what NumPy does."""
        operation = call.operation
        primitive = operation.primitive
        args = [self.reader(x) if isinstance(x, Node) else (lambda arrays, x=x: x) for x in call.args]
        params = {k: self.reader(x) for k, x in call.params.items() if isinstance(x, Node)}
        fixed = {k: x for k, x in call.params.items() if not isinstance(x, Node)}
        outs = [self.reader(r) for r in call.results]
        several = primitive.outputs != 1
        evaluate = primitive.evaluate

        def run(*arrays: Any) -> None:
            given = [a(arrays) for a in args]
            options = {**fixed, **{k: r(arrays).item() for k, r in params.items()}}
            with np.errstate(all="ignore"):
                result = primitive.forward(*given, **options) if evaluate is None else evaluate(given, options)
            if not operation.outputs:
                return
            for out, one in zip(outs, result if several else (result,), strict=True):
                np.copyto(out(arrays), one)

        return run

    def debug(self, level: int) -> str:
        return llvm.assembly(self.ir, host(), self.tier) if level >= 5 else self.ir


def return_new_reference(kernel: Kernel, name: str) -> None:
    """Return None or True with a reference more, where that is not immortal (as it is from Python 3.12 on)."""
    refs = kernel.value(f"load i32, ptr @{name}, align 8")
    more = kernel.value(f"add i32 {refs}, 1")
    immortal = kernel.value(f"icmp slt i32 {more}, 1")
    kept = kernel.value(f"select i1 {immortal}, i32 {refs}, i32 {more}")
    kernel.line(f"store i32 {kept}, ptr @{name}, align 8")
    kernel.line(f"ret ptr @{name}")


def aligned(size: int) -> np.ndarray:
    """Bytes that begin where a vector may."""
    memory = np.empty(size + ALIGN, np.uint8)
    start = -memory.ctypes.data % ALIGN
    return memory[start : start + size]


@functools.cache
def blas(name: str) -> int:
    """The address of a function of the BLAS that NumPy brings."""
    for file in glob.glob(
        os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "numpy.libs", "libscipy_openblas64*")
    ):
        library = ctypes.CDLL(file)
        return ctypes.cast(getattr(library, f"scipy_{name}64_"), ctypes.c_void_p).value or 0
    raise NotImplementedError("NumPy's BLAS is not OpenBLAS with 64-bit integers, which compiled matrix products need")


class _Definition(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    ]


_FASTCALL = 0x80
_kept: list[Any] = []


def builtin(address: int) -> Any:
    """A Python builtin that calls ``PyObject *function(self, PyObject *const *args, Py_ssize_t count)``."""
    definition = _Definition(b"compiled", address, _FASTCALL, None)
    _kept.append(definition)
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    return new(ctypes.addressof(definition), None, None)

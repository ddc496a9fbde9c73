"""A graph as machine code.

The steps of the schedule become functions: one for each run of steps between operations that NumPy does. A function is
a Python builtin that takes the arrays of the inputs and of the results and reads their addresses itself, so that a
call costs little more than a call.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
from typing import Any

import numpy as np

from .._core.memory import LINE, aligned
from . import cache, llvm
from .graph import Graph
from .host import host
from .loops import Buffer, Call, Node, Number, Product, Shape
from .lowering import Lowered
from .multiply import Multiplication
from .nests import Kernel, Writer
from .pool import PIECES, pool
from .schedule import Nest, Schedule, matrix_layout
from .vectors import I1, Module

DATA = 16  # where NumPy's array objects hold the address of their elements, on CPython with 64 bits
PARALLEL = 2_000_000  # additions and accesses of a nest that are worth another thread
MULTIPLICATIONS = 500_000  # the same of a product
NEARBY = 30_000  # the same of either, where other threads are at work anyway
PIECE = 50_000  # what a thread takes at a time, at least
ONCE = np.array(1, np.int64)


class NativePlan:
    """``plan(inputs, outs)`` as machine code, with NumPy for what that cannot do."""

    def __init__(self, graph: Graph, over: dict[int, int] | None = None, tier: str = "quick"):
        self.graph = graph
        self.lowered = Lowered(graph)
        self.schedule = Schedule(self.lowered, over or {})
        self.constants = self.lowered.constants
        self.inputs, self.results = len(graph.inputs), len(graph.results)
        self.pieces: list[Any] = []  # names of functions, and `Call`s
        self.work = {id(step): self.schedule.work(step) for step in self.schedule.steps}
        # Where threads share something anyway, half of what the rest reads lies in another's cache.
        self.busy = any(self.is_large(step) for step in self.schedule.steps)
        self.parts = 0  # how many functions there are of parts that threads share
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
        return self.caller(piece) if isinstance(piece, Call) else builtin(self.library.address(piece))

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
            *(("constant", i) for i in range(len(self.constants))), "arena", "share",
        ]  # fmt: skip

    def emitted(self) -> tuple[str, list[str]]:
        """The IR, and the names of its functions: one for each run of steps between those that NumPy does.

        A function that does it all does it as many times as the call's last argument says.
        """
        module = Module(host())
        module.helper("table", lambda: f"@table = global [{len(self.slots())} x ptr] zeroinitializer, align 64\n")
        module.helper("_Py_NoneStruct", lambda: "@_Py_NoneStruct = external global i8\n")
        module.helper("_Py_TrueStruct", lambda: "@_Py_TrueStruct = external global i8\n")
        names: list[str] = []
        whole = not self.schedule.copies and not any(isinstance(step, Call) for step in self.schedule.steps)
        for native, steps in itertools.groupby(self.steps_and_check(), lambda step: not isinstance(step, Call)):
            if not native:
                self.pieces += steps
                continue
            name = "whole" if whole else f"piece{len(names)}"
            kernel = self.started(module)
            with kernel.loop("0", self.times(kernel), 1) if whole else contextlib.nullcontext():
                for step in steps:
                    self.write(kernel, step)
            return_new_reference(kernel, "_Py_NoneStruct")
            module.define(name, "ptr %self, ptr %args, i64 %count", kernel, returns="ptr")
            names.append(name)
            self.pieces.append(name)
        return module.text(), names

    def steps_and_check(self) -> list[Any]:
        """The steps, and None where it is looked whether something must be refused."""
        steps = list(self.schedule.steps)
        if self.lowered.checks:
            steps.insert(self.schedule.checked, None)
        return steps

    def times(self, kernel: Kernel) -> str:
        """What the call's last argument holds: an array of one int64."""
        pointer = kernel.value(f"load ptr, ptr {self.data_of(kernel, self.inputs + self.results)}, align 8")
        return kernel.value(f"load i64, ptr {pointer}, align 8")

    def write(self, kernel: Kernel, step: Any) -> None:
        """One step."""
        if step is None:
            self.refuse(kernel)
        elif isinstance(step, Product):
            self.product(kernel, step)
        elif 0 not in step.shape:
            writer = Writer(kernel, step, self.schedule.roots)
            parts = writer.parts()
            if parts == 1 or not self.is_worth(step):
                writer.write()
                return
            name, partial = self.part_of_nest(kernel.module, step)
            self.share(kernel, name, parts, max(2, self.work[id(step)] // PIECE))
            if partial:
                writer.put_together([self.at_arena(kernel, offset) for offset in partial])

    def is_large(self, step: Any) -> bool:
        """Whether a step is worth waking another thread."""
        return self.work[id(step)] >= (MULTIPLICATIONS if isinstance(step, Product) else PARALLEL)

    def is_worth(self, step: Any) -> bool:
        """Whether a step is worth another thread in this plan."""
        return self.is_large(step) or (self.busy and self.work[id(step)] >= NEARBY)

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

    def share(self, kernel: Kernel, name: str, parts: int, pieces: int) -> None:
        """Have the parts of something done by all threads, so many pieces of about as many parts being taken one by one.
        They find in the table where the arrays of this call are."""
        for i, slot in enumerate(self.slots()):
            if slot[0] in ("input", "out"):
                at = kernel.value(f"getelementptr ptr, ptr @table, i64 {i}")
                kernel.line(f"store ptr {kernel.pointers[slot]}, ptr {at}, align 8")
        kernel.line(
            f"call void {kernel.pointers['share']}(ptr @{name}, i64 {parts}, i64 {-(-parts // min(pieces, PIECES))})"
        )

    def part_of_nest(self, module: Module, step: Nest) -> tuple[str, list[int]]:
        """A function of a range of a nest's parts; its name, and where in the arena the parts' sums go."""
        kernel = self.started(module, called=False)
        writer = Writer(kernel, step, self.schedule.roots)
        parts = writer.parts()
        partial = []
        if writer.needs_sums():
            for _ in writer.reductions:
                partial.append(self.schedule.arena)
                self.schedule.arena += -(-8 * (parts + 1) // LINE) * LINE
        writer.write_part("%begin", "%end", [self.at_arena(kernel, offset) for offset in partial])
        return self.defined(kernel), partial

    def defined(self, kernel: Kernel) -> str:
        """Make what a kernel holds a function of a range of parts."""
        kernel.line("ret void")
        name = f"part{self.parts}"
        self.parts += 1
        kernel.module.define(name, "i64 %begin, i64 %end", kernel)
        return name

    # -- products -----------------------------------------------------------------------------------------------

    def product(self, e: Kernel, node: Product) -> None:
        assert node.home is not None
        (*batch, m, k), n = node.a.shape, node.b.shape[-1]
        operands = self.matrix(node.a), self.matrix(node.b)
        strides_a, strides_b = [strides for _, strides, _ in operands]
        product = Multiplication(e.module, node.element, tuple(batch), (m, n, k), strides_a, strides_b)
        shared = product.parts > 1 and self.is_worth(node)
        kernel = self.started(e.module, called=False) if shared else e
        a, b = [
            kernel.value(f"getelementptr {node.element.llvm}, ptr {kernel.pointers[base.slot]}, i64 {offset}")
            for offset, _, base in operands
        ]
        begin, end = ("%begin", "%end") if shared else ("0", str(product.parts))
        product.write(kernel, begin, end, a, b, kernel.pointers[node.home.slot])
        if shared:
            self.share(e, self.defined(kernel), product.parts, product.parts)

    def matrix(self, x: Node) -> tuple[int, Shape, Buffer]:
        """Offset, strides and memory of an operand of a product."""
        source = self.schedule.matrix_root(x)
        home = source.home
        assert isinstance(home, Buffer), x
        layout = matrix_layout(home if source is x else x, home.strides)
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
            elif slot == "share":
                table[i] = pool().share if self.parts else None
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

"""The way into a program, as generated Python: guards, reading, running, writing, in as few steps as can be.

What is surveyed is compared by identity first, all in one expression. Only where something is another object is it
looked at closely (`Program.again`), and where it is equal the new object is remembered. The arrays of tensors from
outside are known by identity too: then nothing else about them need be asked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._core.dtypes import _Defaults
from .._core.graph import Output, Version
from .._core.memory import LARGE, aligned_array
from .._core.tensor import DEPENDS, Tensor, alias, edge_of, ndarray, new
from ..utils._pytree import TreeSpec, tree_flatten, tree_unflatten
from .graph import Value, fresh_strides, order_of
from .joint import CompiledBackward
from .sources import NumberSource, Requirement, Source, of_history
from .survey import Edge, is_same

if TYPE_CHECKING:
    from .program import Program

MISS = object()  # the program does not hold for this call
FAILED = object()  # it could not be run to its end, and has written nothing


def viewed(t: Tensor, chain: Any, wants: bool) -> Tensor:
    """A view of a tensor, made by the operations of the chain. wants: as part of its history."""
    if not wants:
        t = alias(t)
    for primitive, params in chain:
        t = primitive.bind(t, **params)
    return t


COMMON = {
    "MISS": MISS, "FAILED": FAILED, "Tensor": Tensor, "new": new, "ndarray": ndarray, "empty": np.empty,
    "Version": Version, "defaults": _Defaults, "getrefcount": sys.getrefcount, "of_history": of_history,
    "edge_of": edge_of, "Output": Output, "CompiledBackward": CompiledBackward, "tree_flatten": tree_flatten,
    "tree_unflatten": tree_unflatten, "is_same": is_same, "LOOKUP": (LookupError, ValueError, AttributeError),
    "viewed": viewed, "aligned_array": aligned_array,
}  # fmt: skip


class Entry:
    """Writes the function for one program: ``names`` and ``source``."""

    def __init__(self, program: Program):
        self.program = program
        self.names: dict[str, Any] = {"__name__": __name__, **COMMON}
        self.lines: list[str] = []
        self.arguments: dict[int, str] = {}
        self.indent = "    "
        self.held: dict[int, str] = {}  # by id: the names of tensors
        self.tests: list[str] = []

    def name(self, prefix: str, x: Any) -> str:
        """A global of the generated function; its locals have no underscore."""
        name = f"{prefix}_{len(self.names)}"
        self.names[name] = x
        return name

    def line(self, text: str) -> None:
        self.lines.append(self.indent + text)

    def refuse_unless(self, *tests: str) -> None:
        if tests:
            self.line(f"if not ({' and '.join(tests)}):")
            self.line("    return MISS")

    def function(self) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
        self.names["ONCE"] = np.array(1, np.int64)
        self.lines = ["def run(args, kwargs, times=ONCE):"]
        self.write_arguments()
        self.write_guards()
        self.write_argument_tensors()
        self.line("if not acquire(False) and not wait():")
        self.line("    return MISS")
        self.line("try:")
        self.indent += "    "
        self.write_numbers()
        self.write_call()
        self.write_delivery()
        self.indent = self.indent[:-4]
        self.line("finally:")
        self.line("    release()")
        program = self.program
        self.names.update(
            acquire=program.lock.acquire, release=program.lock.release, wait=program.wait, again=program.again,
            plan=program.plan, failed=program.failed, apart=program.apart,
        )  # fmt: skip
        self.source = "\n".join(self.lines) + "\n"
        code = compile(self.source, f"<entry of {program.title}>", "exec")
        exec(code, self.names)
        return self.names["run"]

    # -- what is given ----------------------------------------------------------------------------------------------

    def write_arguments(self) -> None:
        program = self.program
        tests: list[str] = []
        paths: list[str] = []
        args, kwargs = program.spec.children
        if takes_apart(args, "args", tests, paths, self) and takes_apart(kwargs, "kwargs", tests, paths, self):
            tests[0] = f"len(args) == {len(args.children)}"
            if not kwargs.children:
                tests[tests.index("type(kwargs) is dict")] = "not kwargs"
            else:
                tests.remove("type(kwargs) is dict")
            tests = [t for t in tests if t != f"len(args) == {len(args.children)}" or t is tests[0]]
            tests = list(dict.fromkeys(tests))
            self.refuse_unless(*tests)
            for i, path in enumerate(paths):
                self.arguments[i] = f"l{i}"
                self.line(f"l{i} = {path}")
        else:
            self.line("leaves, spec = tree_flatten((args, kwargs))")
            self.refuse_unless(f"spec == {self.name('s', program.spec)}")
            for i in range(program.spec.num_leaves):
                self.arguments[i] = f"l{i}"
            if self.arguments:
                self.line(f"{', '.join(self.arguments.values())}, = leaves")
        tests = []
        for i, (kind, value) in enumerate(program.leaf_kinds):
            at = self.arguments[i]
            if value is None and kind is not None and issubclass(kind, Tensor):
                tests.append(f"type({at}) is {self.name('T', kind)}")
            elif kind in (int, float):
                tests.append(f"type({at}) is {kind.__name__}")
            else:
                constant = self.name("c", value)
                tests.append(f"({at} is {constant} or is_same({at}, {constant}))")
        self.refuse_unless(*tests)

    def at(self, source: Source | NumberSource) -> str:
        """The expression of what a source finds."""
        if isinstance(source, NumberSource):
            if source.argument is not None:
                return self.arguments[source.argument]
            return f"{self.shared('d', source.container)}[{self.constant(source.key)}]"
        if source.argument is not None:
            base = self.arguments[source.argument]
        else:
            base = self.shared("t", source.tensor)
        return f"{base}._grad" if source.of_gradient else base

    def shared(self, prefix: str, x: Any) -> str:
        known = self.held.get(id(x))
        if known is None:
            known = self.held[id(x)] = self.name(prefix, x)
        return known

    def constant(self, x: Any) -> str:
        return repr(x) if type(x) in (str, int) else self.name("k", x)

    # -- guards -----------------------------------------------------------------------------------------------------

    def write_guards(self) -> None:
        """What is the same object as before needs no closer look."""
        program = self.program
        program.edge_names = [(edge, *self.edge(edge)) for edge in program.edges]
        tests = [test for _, test, _ in program.edge_names]
        self.arrays: dict[int, str] = {}  # by the number of the requirement of a held tensor
        for i, r in enumerate(program.held):
            tests += self.held_tensor(i, r)
        self.line("try:")
        self.line(f"    same = {' and '.join(['defaults.dtype is ' + self.name('D', program.modes[2]), *tests])}")
        self.line("except LOOKUP:")
        self.line("    same = False")
        self.line("if not same and not again():")
        self.line("    return MISS")

    def edge(self, edge: Edge) -> tuple[str, str | None]:
        """The test of an edge by identity, and the global that holds its value."""
        container = self.shared("o", edge.container)
        if edge.kind == "length":
            return f"len({container}) == {edge.value}", None
        if edge.kind == "order":
            return f"[*{container}] == {self.name('e', edge.value)}", None
        if edge.kind in ("set", "content", "bytes"):
            return f"{self.name('same', edge.holds)}()", None
        if edge.kind == "item":
            at = f"{container}[{self.constant(edge.key)}]"
        elif edge.kind == "cell":
            at = f"{container}.cell_contents"
        elif str(edge.key).isidentifier():
            at = f"{container}.{edge.key}"
        else:
            at = f"getattr({container}, {edge.key!r})"
        if edge.value is None or edge.value is True or edge.value is False:
            return f"{at} is {edge.value}", None
        value = self.name("e", edge.value)
        return f"{at} is {value}", value

    def held_tensor(self, i: int, r: Requirement) -> list[str]:
        source = r.source
        at = self.at(source)
        x = self.name("x", object())  # what it is now has not been looked at yet: `Program.again` does
        self.arrays[i] = x
        tests = [f"{at}._data is {x}"]
        if source.of_gradient:
            return [*tests, f"{at}._requires_grad is False"]
        t = source.tensor
        assert t is not None
        if t._requires_grad is DEPENDS:
            tests.append(f"of_history({at}) == {(r.wants, r.computed, r.hooked)}")
        else:
            tests.append(f"{at}._requires_grad is {r.wants}")
            if r.wants:
                tests.append(f"{at}._fn is {'not ' if t._fn is not None else ''}None")
                tests.append(f"{at}._hooks is {'not ' if r.hooked else ''}None")
        tests.append(f"{at}._grad is {'not ' if r.has_gradient else ''}None")
        return tests

    def write_argument_tensors(self) -> None:
        tests = []
        for r in self.program.given:
            at = self.at(r.source)
            if r.source.of_gradient:
                tests.append(f"{self.name('r', r.met_by)}({at})")
                continue
            k = r.source.argument
            self.line(f"d{k} = {at}._data")
            tests.append(f"type(d{k}) is ndarray and d{k}.shape == {r.shape}")
            tests.append(f"(d{k}.dtype is {self.shared('D', r.dtype)} or d{k}.dtype == {self.shared('D', r.dtype)})")
            if len(r.shape) and 0 not in r.shape:
                tests.append(f"d{k}.strides == {r.strides}")
            if not r.wants:
                tests.append(f"({at}._requires_grad is False or not {at}.requires_grad)")
            else:
                tests.append(f"of_history({at}) == {(r.wants, r.computed, r.hooked)}")
            tests.append(f"{at}._grad is {'not ' if r.has_gradient else ''}None")
            if self.program.reflects:
                tests.append(f"not {at}.__dict__")
        self.refuse_unless(*tests)
        self.refuse_unless(*self.aliases())

    def array(self, source: Source) -> str:
        """The expression of a tensor's array."""
        for i, r in enumerate(self.program.held):
            if r.source is source or same_place(r.source, source):
                return self.arrays[i]
        if source.of_gradient:
            return f"{self.at(source)}._data"
        return f"d{source.argument}"

    def aliases(self) -> list[str]:
        """Arguments are the same tensors as each other, and as those from outside, where they were so before."""
        program = self.program
        tests = []
        written = [self.array(s) for s in program.touched]
        for (a, b), (same_tensor, same_array) in program.pairs.items():
            at, other = self.at(b), self.at(a)
            if same_tensor:
                tests.append(f"{at} is {other}")
            elif same_array:
                tests.append(f"{self.array(b)} is {self.array(a)} and {at} is not {other}")
        for r in program.given:
            if r.source.of_gradient or not written:
                continue
            mine = self.array(r.source)
            others = [w for w in written if w != mine and not program.alike(w, mine, self)]
            if others:
                tests += [f"{mine} is not {w}" for w in others]
                simple = f"{mine}.base is None and " if not program.touched_views else "False and "
                tests.append(f"({simple}True or apart({mine}, ({', '.join(others)},)))")
        return tests

    def write_numbers(self) -> None:
        program = self.program
        self.buffers: dict[int, str] = {}
        globals_: list[str] = []
        lines: list[tuple[list[str], list[str], str | None]] = []
        for source in program.numbers:
            kind = np.float64 if source.kind is float else np.int64
            buffer = self.name("n", np.zeros((), kind))
            self.buffers[id(source)] = buffer
            at = self.at(source)
            tests = [
                f"({self.comparison(at, how, other)}) is {outcome}"
                for n, how, other, outcome in program.compared
                if n is source
            ]
            tests += [f"is_same({at}, {self.name('c', value)})" for n, value in program.fixed if n is source]
            if source.argument is not None:
                lines.append((tests, [f"{buffer}[()] = {at}"], None))
            else:
                known = self.name("w", object())
                globals_.append(known)
                lines.append(([f"type({at}) is {source.kind.__name__}", *tests], [f"{buffer}[()] = {known} = {at}"],
                              f"{at} is not {known}"))  # fmt: skip
        if globals_:
            self.lines.insert(1, f"    global {', '.join(globals_)}")
        if not lines:
            return
        self.line("try:")
        self.indent += "    "
        for tests, do, condition in lines:
            if condition is not None:
                self.line(f"if {condition}:")
                self.indent += "    "
            self.refuse_unless(*tests)
            for each in do:
                self.line(each)
            if condition is not None:
                self.indent = self.indent[:-4]
        self.indent = self.indent[:-4]
        self.line("except (OverflowError, *LOOKUP):")
        self.line("    return MISS")

    def comparison(self, at: str, how: str, other: Any) -> str:
        sign = {"__eq__": "==", "__ne__": "!=", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}[how]
        return f"{at} {sign} {self.name('c', other)}"

    # -- running ----------------------------------------------------------------------------------------------------

    def write_call(self) -> None:
        program = self.program
        inputs = []
        for v in program.graph.inputs:
            source = v.origin.source
            inputs.append(self.buffers[id(source)] if isinstance(source, NumberSource) else self.array(source))
        self.outs: list[str] = [""] * len(program.graph.results)
        for source, position in program.writes:
            self.outs[position] = self.array(source)
        self.reused: dict[int, tuple[str, str]] = {}
        for k, (source, at) in enumerate(program.gradients):
            if at is not None:
                self.outs[at] = f"g{k}"
                self.write_gradient_memory(k, source, program.graph.results[at])
        for n, v in enumerate(program.graph.results):
            if not self.outs[n]:
                self.outs[n] = f"r{n}"
                self.write_result_memory(n, v)
        if program.division is not None:
            self.write_saved_inputs()
        self.line("try:")
        only = getattr(program.plan, "only", None)
        if only is None:
            self.line(f"    plan(({listed(inputs)}), ({listed(self.outs)}))")
        else:
            self.line(f"    if {self.name('f', only)}({listed(inputs)}{listed(self.outs)}times):")
            self.line("        raise plan.refusal()")
        self.line("except Exception as error:")
        self.line("    return failed(error)")

    def fresh(self, v: Value) -> str:
        """An expression that makes memory for a value, laid out as the trace saw it."""
        dtype = self.shared("D", v.dtype)
        if order_of(v) is not None:
            return f"aligned_array({v.shape}, {dtype}, {fresh_strides(v)})"
        return f"{'aligned_array' if is_large(v) else 'empty'}({v.shape}, {dtype})"

    def write_result_memory(self, i: int, v: Value) -> None:
        if not is_large(v) or order_of(v) is not None or i not in self.program.returned_at:
            self.line(f"r{i} = {self.fresh(v)}")
            return
        kept = self.name("kept", None)
        self.lines.insert(1, f"    global {kept}")
        self.line(f"if getrefcount({kept}) == {sole_array()} and {kept} is not None:")
        self.line(f"    r{i} = {kept}")
        self.line("else:")
        self.line(f"    r{i} = {kept} = {self.fresh(v)}")

    def write_gradient_memory(self, k: int, source: Source, v: Value) -> None:
        """The memory of the gradient that is replaced is used again where nobody else can see it."""
        at = self.at(source)
        own = Source(source.tensor, source.argument, of_gradient=True)
        if any(same_place(v.origin.source, own) for v in self.program.graph.inputs):
            self.reused[k] = (self.name("last", None), at)
            self.lines.insert(1, f"    global {self.reused[k][0]}")
            self.line(f"h{k} = None")
            self.line(f"g{k} = {self.fresh(v)}")
            return
        last = self.name("last", None)
        self.reused[k] = (last, at)
        self.lines.insert(1, f"    global {last}")
        tensor, array = sole_gradient()
        self.line(f"h{k} = {at}._grad")
        self.line(
            f"if h{k} is {last} and h{k} is not None and getrefcount(h{k}) == {tensor} "
            f"and getrefcount(h{k}._data) == {array} and h{k}._requires_grad is False:"
        )
        self.line(f"    g{k} = h{k}._data")
        self.line("else:")
        self.line(f"    h{k} = None")
        self.line(f"    g{k} = {self.fresh(v)}")

    def write_saved_inputs(self) -> None:
        program = self.program
        assert program.division is not None
        parts = []
        written = [s for s, _ in program.writes]
        for v in program.division.inputs:
            source = v.origin.source
            if isinstance(source, NumberSource):
                parts.append(f"(None, {self.buffers[id(source)]}.copy(), 0)")
            elif any(same_place(source, w) for w in written):
                parts.append(f"(None, {self.array(source)}.copy('K'), 0)")
            else:
                parts.append(f"({self.at(source)}, {self.array(source)}, {self.at(source)}._version)")
        self.line(f"kept = ({listed(parts)})")

    # -- delivery ---------------------------------------------------------------------------------------------------

    def write_delivery(self) -> None:
        program = self.program
        place = self.name("place", program.place)
        for source in program.counted:
            at = self.at(source)
            self.line(f"v = {at}._counter")
            self.line("if v is None:")
            self.line(f"    v = {at}._counter = Version()")
            self.line("v.value += 1")
            self.line(f"v.place = {place}")
        for k, (source, position) in enumerate(program.gradients):
            at = self.at(source)
            if position is None:
                self.line(f"{at}._grad = None")
                continue
            last, _ = self.reused[k]
            self.line(f"if h{k} is None:")
            self.write_tensor(f"h{k}", f"g{k}", inner="    ")
            self.line(f"    {at}._grad = {last} = h{k}")
            self.line("else:")
            self.line(f"    h{k}._counter = None")
        if program.division is not None:
            self.write_history()
        parts = [self.result(i, r) for i, r in enumerate(program.returned)]
        self.line(f"return {self.tree(program.output_spec, iter(parts))}")

    def write_tensor(self, name: str, array: str, inner: str = "", fn: str = "None", wants: str = "False") -> None:
        self.line(f"{inner}{name} = new(Tensor)")
        self.line(f"{inner}{name}._data = {array}")
        self.line(f"{inner}{name}._fn = {fn}")
        self.line(f"{inner}{name}._requires_grad = {wants}")
        self.line(f"{inner}{name}._counter = {name}._view = {name}._grad = {name}._hooks = None")

    def write_history(self) -> None:
        program = self.program
        division = program.division
        assert division is not None
        edges = []
        for source in division.joint.ends:
            r = next(r for r in (*program.held, *program.given) if same_place(r.source, source))
            edges.append(f"edge_of({self.at(source)})" if r.computed else self.at(source))
        first = len(program.graph.results) - len(division.saved)
        saved = self.outs[first:]
        self.line(
            f"node = CompiledBackward({self.name('division', division)}, {self.name('plans', program.backward)}, "
            f"({listed(edges)}), ({listed(saved)}), kept)"
        )

    def result(self, i: int, r: Any) -> str:
        if r.kind == "constant":
            return self.name("c", r.value)
        if r.kind == "same":
            return f"o{r.position}"
        if r.kind == "input":
            return self.at(r.value)
        if r.kind == "view":
            source, chain, wants = r.value
            self.line(f"o{i} = viewed({self.at(source)}, {self.name('chain', chain)}, {wants})")
            return f"o{i}"
        if r.kind == "gradient":
            return f"{self.at(r.value)}._grad"
        array = self.outs[r.position]
        if r.kind == "number":
            return f"{array}.item()"
        division = self.program.division
        if division is not None and i in division.joint.outputs:
            k = division.joint.outputs.index(i)
            fn = "node" if len(division.joint.outputs) == 1 else f"Output(node, {k})"
            self.write_tensor(f"o{i}", array, fn=fn, wants="True")
        elif r.edge is not None:
            self.write_tensor(f"o{i}", array, fn=self.name("edge", r.edge), wants="True")
        else:
            self.write_tensor(f"o{i}", array)
        return f"o{i}"

    def tree(self, spec: TreeSpec, parts: Any) -> str:
        """An expression that puts results together."""
        if spec.type is None:
            return str(next(parts))
        if spec.type in (tuple, list):
            inner = "".join(f"{self.tree(child, parts)}, " for child in spec.children)
            return f"({inner})" if spec.type is tuple else f"[{inner}]"
        if spec.type is dict:
            inner = ", ".join(f"{self.constant(k)}: {self.tree(c, parts)}" for k, c in zip(spec.context, spec.children))
            return f"{{{inner}}}"
        leaves = [next(parts) for _ in range(spec.num_leaves)]
        return f"tree_unflatten([{', '.join(leaves)}], {self.name('s', spec)})"


def takes_apart(spec: TreeSpec, at: str, tests: list[str], paths: list[str], entry: Entry) -> bool:
    """Write how arguments are taken apart; False where that needs `tree_flatten`."""
    if spec.type is None:
        paths.append(at)
        return True
    if spec.type in (tuple, list):
        tests.append(f"type({at}) is {spec.type.__name__}")
        tests.append(f"len({at}) == {len(spec.children)}")
        return all(takes_apart(c, f"{at}[{i}]", tests, paths, entry) for i, c in enumerate(spec.children))
    if spec.type is dict:
        tests.append(f"type({at}) is dict")
        if spec.children:
            tests.append(f"list({at}) == {entry.name('keys', spec.context)}")
        elif at != "kwargs":
            tests.append(f"not {at}")
        return all(
            takes_apart(c, f"{at}[{entry.constant(k)}]", tests, paths, entry)
            for k, c in zip(spec.context, spec.children)
        )
    return False


def is_large(v: Value) -> bool:
    return v.size * v.dtype.itemsize >= LARGE


def listed(parts: list[str]) -> str:
    return "".join(f"{part}, " for part in parts)


def same_place(a: Any, b: Any) -> bool:
    """Whether two sources are of one tensor."""
    if not isinstance(a, Source) or not isinstance(b, Source):
        return a is b
    return (a.argument, a.of_gradient) == (b.argument, b.of_gradient) and a.tensor is b.tensor


_sole: dict[str, tuple[int, int]] = {}


def sole_gradient() -> tuple[int, int]:
    """How many references the entry counts to a gradient that it has delivered, and to its array, if nobody else has
    any. Found by trying, since Pythons differ."""
    if "gradient" not in _sole:
        g = Tensor.__new__(Tensor)
        leaf = new(Tensor)
        g._data, leaf._grad = np.zeros(1), g
        names: dict[str, Any] = {"leaf": leaf, "last": g, "getrefcount": sys.getrefcount}
        del g
        exec("def run():\n h = leaf._grad\n return getrefcount(h), getrefcount(h._data)\n", names)
        _sole["gradient"] = names["run"]()
    return _sole["gradient"]


def sole_array() -> int:
    """The same for the array of a result that is kept to be used again."""
    if "array" not in _sole:
        names: dict[str, Any] = {"kept": np.zeros(1), "getrefcount": sys.getrefcount}
        exec("def run():\n return getrefcount(kept)\n", names)
        _sole["array"] = (names["run"](), 0)
    return _sole["array"][0]

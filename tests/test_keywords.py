"""No public function takes an argument that it does nothing with: each is read, or the function only raises."""

from __future__ import annotations

import dis
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import pytest

import rushlight
from rushlight._core.registry import METHODS, NAMESPACES

CONSTRUCTING = ("__init__", "__new__", "__call__")
# What a protocol hands over, whether it is wanted or not.
PROTOCOL = frozenset({"self", "cls", "ctx", "memo", "protocol", "mcs"})
# Arguments that may be passed and change nothing, as in PyTorch, and why that is honest.
WITHOUT_EFFECT = {
    ("Function.__init__", "args"): "whatever it is called with, it warns that it should not be",
    ("Function.__init__", "kwargs"): "whatever it is called with, it warns that it should not be",
    ("Identity.__init__", "args"): "takes what any other layer takes, to stand in for it",
    ("Identity.__init__", "kwargs"): "takes what any other layer takes, to stand in for it",
    ("DataParallel.__init__", "device_ids"): "without a GPU there is none to choose from",
    ("DataParallel.__init__", "output_device"): "without a GPU there is none to choose from",
    ("DataParallel.__init__", "dim"): "nothing is divided where there is one device",
    ("autocast.__init__", "cache_enabled"): "a disabled region converts nothing, and keeps nothing",
    ("current_accelerator", "check_available"): "there is none, available or not",
    ("is_bf16_supported", "including_emulation"): "nothing is emulated where there is no GPU",
    ("memory_allocated", "device"): "no memory is a GPU's",
    ("is_autocast_available", "device_type"): "available for none",
    ("is_pinned", "device"): "no memory is an accelerator's",
    ("get_device", "input"): "all tensors are on the one device",
    ("topk", "sorted"): "False allows any order, and the sorted one is among them",
    ("unique", "sorted"): "False allows any order, and the sorted one is among them",
    ("copy_", "non_blocking"): "a copy within one memory is never waited for",
    ("type", "non_blocking"): "a copy within one memory is never waited for",
    ("log_abs_det_jacobian", "y"): "argument and result are both given, so that a transform may use what says it best",
    ("isin", "assume_unique"): "a promise that may be used to save time",
    ("clip_grad_norm", "foreach"): "chooses between kernels of the same result",
    ("clip_grad_norm_", "foreach"): "chooses between kernels of the same result",
    ("clip_grad_value_", "foreach"): "chooses between kernels of the same result",
    ("clip_grads_with_norm_", "foreach"): "chooses between kernels of the same result",
    ("get_total_norm", "foreach"): "chooses between kernels of the same result",
}


def is_public(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split("."))


def modules() -> Iterator[Any]:
    yield rushlight
    for found in pkgutil.walk_packages(rushlight.__path__, "rushlight."):
        if is_public(found.name):
            yield importlib.import_module(found.name)


def functions() -> dict[str, FunctionType]:
    """Every public function, method and constructor, by name; each piece of code once."""
    found: dict[str, Any] = {}
    for namespace, members in NAMESPACES.items():
        found.update({f"{namespace}.{name}": member for name, member in members.items()})
    found.update({f"Tensor.{name}": member for name, member in METHODS.items()})
    for module in modules():
        for name, member in vars(module).items():
            if is_public(name) and str(getattr(member, "__module__", "")).startswith("rushlight"):
                found[f"{module.__name__}.{name}"] = member
    codes: dict[CodeType, tuple[str, FunctionType]] = {}
    for name, member in found.items():
        if name.rpartition(".")[2].startswith("__"):
            continue  # what a special method is given, Python's protocols and NumPy's decide
        for label, function in parts_of(name, member):
            codes.setdefault(function.__code__, (label, function))
    return dict(codes.values())


def parts_of(name: str, member: Any) -> Iterator[tuple[str, FunctionType]]:
    """The functions that a public member consists of."""
    if isinstance(member, type):
        for base in member.__mro__:
            if base.__module__.startswith("rushlight"):
                for attribute, value in vars(base).items():
                    if is_public(attribute) or attribute in CONSTRUCTING:
                        yield from parts_of(f"{name}.{attribute}", value)
    elif isinstance(member, property):
        for accessor in (member.fget, member.fset):
            if accessor is not None:
                yield from parts_of(name, accessor)
    else:
        member = getattr(member, "__func__", member)
        function = inspect.unwrap(member) if callable(member) else None
        if isinstance(function, FunctionType) and "rushlight" in function.__code__.co_filename:
            yield name, function


def parameters(code: CodeType) -> list[str]:
    n = code.co_argcount + code.co_kwonlyargcount
    n += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return list(code.co_varnames[:n])


def read_names(code: CodeType) -> set[str]:
    """The local variables that a function, or one inside it, reads."""
    found: set[str] = set()
    for instruction in dis.get_instructions(code):
        if instruction.opname.startswith(("LOAD_FAST", "LOAD_DEREF", "LOAD_FROM_DICT_OR_DEREF")):
            value = instruction.argval
            found.update(value if isinstance(value, tuple) else (value,))
        elif instruction.opname == "STORE_FAST_LOAD_FAST":
            found.add(instruction.argval[1])
        elif instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME") and instruction.argval in ("locals", "vars"):
            found.update(code.co_varnames)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= read_names(constant) & {*constant.co_freevars, *code.co_cellvars}
    return found


def only_raises(code: CodeType) -> bool:
    return not any(i.opname in ("RETURN_VALUE", "RETURN_CONST", "RETURN_GENERATOR") for i in dis.get_instructions(code))


def ignored(function: FunctionType) -> list[str]:
    """The parameters that a function never looks at."""
    code = function.__code__
    if only_raises(code):
        return []
    read = read_names(code)
    return [name for name in parameters(code) if name not in read and name not in PROTOCOL and not name.startswith("_")]


def allowed(name: str, parameter: str) -> bool:
    return any(name.endswith(f".{function}") and parameter == p for function, p in WITHOUT_EFFECT)


FUNCTIONS = functions()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_argument_is_used(name):
    function = FUNCTIONS[name]
    place = f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}"
    assert [p for p in ignored(function) if not allowed(name, p)] == [], place


def test_no_exception_has_outlived_its_reason():
    excused = {(name, p) for name, function in FUNCTIONS.items() for p in ignored(function)}
    for function, parameter in WITHOUT_EFFECT:
        assert any(name.endswith(f".{function}") and p == parameter for name, p in excused), (function, parameter)


def test_the_walk_finds_them():
    assert len(FUNCTIONS) > 1000
    for name in ("torch.sum", "Tensor.reshape", "rushlight.nn.Linear.__init__", "rushlight.optim.SGD.step"):
        assert any(name == found or name.endswith(found.rpartition(".")[2]) for found in FUNCTIONS), name


# -- the test is tested -----------------------------------------------------------------------------------------------


def test_an_ignored_keyword_is_found():
    def ignores(input, dim=None, *, keepdim=False, out=None):
        return input, dim

    assert ignored(ignores) == ["keepdim", "out"]

    def assigned_only(x, dim=0):
        dim = 3  # noqa: F841
        return x

    assert ignored(assigned_only) == ["dim"]


def test_what_counts_as_used():
    def inner(x, dim, options, *rest, **names):
        def deeper():
            return dim

        return [x + k for k in rest], deeper, lambda: (options, names)

    def raising(x, dim=None):
        raise NotImplementedError("no")

    def by_locals(x, dim=None):
        return locals()

    assert ignored(inner) == ignored(raising) == ignored(by_locals) == []

    def shadowed(x, dim):
        def deeper(dim):
            return dim

        return x, deeper

    assert ignored(shadowed) == ["dim"]

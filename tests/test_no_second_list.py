"""Nothing is listed twice: what can be derived from the records is, and no list in the sources repeats them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rushlight
from rushlight._core import forward as _forward  # noqa: F401 - it has records of its own
from rushlight._core.batching_rules import BY_NAME
from rushlight._core.primitive import MADE, REGISTRY
from rushlight._core.registry import METHODS, NAMESPACES

PACKAGE = Path(rushlight.__file__).parent
# Not _ops: there the records are made, and get their names.
SOURCES = sorted(source for source in PACKAGE.rglob("*.py") if "_ops" not in source.parts)
OPERATIONS = {*METHODS, *REGISTRY, *(name for members in NAMESPACES.values() for name in members)}
# A collection of at least so many strings, most of them names of operations, is a second list.
LONG, MOST = 8, 0.7

# Lists that follow from nothing else, and why. By file and the first name in them.
EXCUSED = {
    ("_core/traced_number.py", "__float__"): "what Python's numbers can do, by its data model",
    ("_core/registry.py", "abs"): "which in-place forms PyTorch offers as functions too; it follows no rule",
    ("nn/init.py", "linear"): "what has a gain of one, by the names that PyTorch gives it",
}


def strings_in(node: ast.AST) -> list[str]:
    """The strings that a literal collection, or a string that is split into words, consists of."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        elements = node.elts
    elif isinstance(node, ast.Dict):
        # A table that holds the things themselves is where they are defined.
        elements = [key for key, value in zip(node.keys, node.values) if isinstance(value, ast.Constant) and key]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        text = node.func.value
        return text.value.split() if isinstance(text, ast.Constant) and isinstance(text.value, str) else []
    else:
        return []
    return [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]


def second_lists(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """Where a source lists names of operations."""
    for node in ast.walk(tree):
        strings = strings_in(node)
        if len(strings) >= LONG and sum(s in OPERATIONS for s in strings) >= MOST * len(strings):
            yield node.lineno, strings


@pytest.mark.parametrize("source", SOURCES, ids=[s.relative_to(PACKAGE).as_posix() for s in SOURCES])
def test_no_source_lists_operations(source):
    name = source.relative_to(PACKAGE).as_posix()
    found = [
        f"{name}:{line}: {', '.join(strings[:5])} ..."
        for line, strings in second_lists(ast.parse(source.read_text()))
        if (name, strings[0]) not in EXCUSED
    ]
    assert not found, found


def test_no_excuse_has_outlived_its_list():
    for file, first in EXCUSED:
        tree = ast.parse((PACKAGE / file).read_text())
        assert any(strings[0] == first for _, strings in second_lists(tree)), (file, first)


def test_a_second_list_is_found():
    listed = "names = ['exp', 'sin', 'cos', 'tan', 'abs', 'neg', 'sqrt', 'log', 'something else']"
    assert [line for line, _ in second_lists(ast.parse(listed))] == [1]
    assert list(second_lists(ast.parse("'exp sin cos tan abs neg sqrt log'.split()")))
    assert not list(second_lists(ast.parse("words = ['exp', 'and', 'six', 'other', 'words', 'that', 'are', 'none']")))


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_public_functions_are_the_registered_ones(namespace):
    module = rushlight
    for part in namespace.split(".")[1:]:
        module = getattr(module, part)
    for name, function in NAMESPACES[namespace].items():
        found = getattr(module, name)
        assert getattr(found, "default", found) is function, name  # operators of `torch.ops` hold it


def test_methods_are_the_registered_ones():
    for name, method in METHODS.items():
        assert vars(rushlight.Tensor)[name] is method, name


def test_batching_rules_are_of_records():
    """They stand in files of their own; what has none is batched by a loop, so only a name gone stale can be wrong."""
    import rushlight._core.forward  # noqa: F401  (its records are made when forward mode is first used)

    assert not set(BY_NAME) - set(REGISTRY)


def test_lowerings_are_of_records():
    """What has none is done by NumPy, so here too only a name gone stale can be wrong."""
    pytest.importorskip("llvmlite", reason="the code generator needs llvmlite")
    from rushlight._compile.lowerings import LOWERINGS

    assert not set(LOWERINGS) - set(REGISTRY)
    # Names are not unique; a rule holds for all records of its name.
    for name in LOWERINGS:
        assert len({record.inputs for record in MADE if record.name == name}) == 1, name

"""A reader of pickles that runs nothing of what it reads.

Python's own unpickler calls whatever it is told to, and a list of allowed names does not close that: its BUILD
instruction sets attributes of any object it has made. This one knows the few instructions that files of tensors
consist of, and calls only the builders of the table it is given.
"""

from __future__ import annotations

import pickle
import pickletools
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

# PyTorch's words, though there are no options here.
_REFUSED = (
    "Weights only load failed. This file can still be loaded, to do so you have two options, "
    "\033[1mdo those steps only if you trust the source of the checkpoint\033[0m. "
)
_UNREADABLE = (
    "Weights only load failed. In PyTorch 2.6, we changed the default value of the `weights_only` argument in "
    "`torch.load` from `False` to `True`. Re-running `torch.load` with `weights_only` set to `False` will likely "
    "succeed, but it can result in arbitrary code execution. Do it only if you got the file from a trusted source."
)
_INSTEAD = "Load the file with PyTorch, and save a state_dict there: tensors, numbers, strings and containers of them."


class Builder:
    """A function that a file may ask for; it checks its arguments itself."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]):
        self.function = function


def refused(what: str) -> pickle.UnpicklingError:
    return pickle.UnpicklingError(f"{_REFUSED}\nRushlight runs nothing from a file, and {what}. {_INSTEAD}")


def unpickled(data: bytes, names: Mapping[tuple[str, str], Any], persistent: Callable[[Any], Any]) -> Any:
    """What ``data`` says. names: what may be named in it, builders among them. persistent: what ids stand for.

    pickle.UnpicklingError for names that are not in the table, for instructions that are not known, and for damage.
    """
    machine = _Machine(names, persistent)
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return machine.stack.pop()
            machine.step(opcode.name, argument)
    except pickle.UnpicklingError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise pickle.UnpicklingError(f"{_UNREADABLE}\nThe file is damaged: {error}") from error
    raise pickle.UnpicklingError(f"{_UNREADABLE}\nThe file is damaged: it ends too early")


class _Machine:
    """The state of a reading: a stack, the stacks below it that marks have set aside, and what was memorised."""

    def __init__(self, names: Mapping[tuple[str, str], Any], persistent: Callable[[Any], Any]):
        self.names = names
        self.persistent = persistent
        self.stack: list[Any] = []
        self.aside: list[list[Any]] = []
        self.memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        stack = self.stack
        match name:
            case "PROTO" if argument == 2:
                pass
            case "BININT" | "BININT1" | "BININT2" | "LONG1" | "LONG4" | "BINFLOAT" | "BINUNICODE":
                stack.append(argument)
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[name])
            case "EMPTY_LIST":
                stack.append([])
            case "EMPTY_DICT":
                stack.append({})
            case "EMPTY_TUPLE":
                stack.append(())
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                n = int(name[-1])
                if len(stack) < n:
                    raise IndexError("pop from an empty stack")
                stack[-n:] = [tuple(stack[-n:])]
            case "MARK":
                self.aside.append(stack)
                self.stack = []
            case "TUPLE":
                self.since_mark(lambda below, items: below.append(tuple(items)))
            case "APPEND":
                value = stack.pop()
                of_type(stack[-1], list).append(value)
            case "APPENDS":
                self.since_mark(lambda below, items: of_type(below[-1], list).extend(items))
            case "SETITEM":
                value, key = stack.pop(), stack.pop()
                of_type(stack[-1], dict)[key] = value
            case "SETITEMS":
                self.since_mark(lambda below, items: of_type(below[-1], dict).update(zip(items[::2], items[1::2])))
            case "BINPUT" | "LONG_BINPUT":
                self.memo[argument] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(self.memo[argument])
            case "GLOBAL":
                module, _, attribute = argument.partition(" ")
                if (module, attribute) not in self.names:
                    raise refused(f"{module}.{attribute} is nothing that it makes itself")
                stack.append(self.names[module, attribute])
            case "REDUCE":
                arguments, builder = stack.pop(), stack.pop()
                if not isinstance(builder, Builder):
                    raise refused(f"is asked to call {builder!r}")
                stack.append(builder.function(*of_type(arguments, tuple)))
            case "BUILD":
                state = stack.pop()
                build(stack[-1], state)
            case "BINPERSID":
                stack.append(self.persistent(stack.pop()))
            case _:
                raise pickle.UnpicklingError(f"{_UNREADABLE}\nThe pickle has an instruction {name} {argument!r}")

    def since_mark(self, do: Callable[[list[Any], list[Any]], Any]) -> None:
        items, self.stack = self.stack, self.aside.pop()
        do(self.stack, items)


def of_type(value: Any, kind: type) -> Any:
    """``value``, which must be of exactly this type, or an ordered dict for a dict."""
    if type(value) is not kind and not (kind is dict and type(value) is OrderedDict):
        raise TypeError(f"expected a {kind.__name__}, found a {type(value).__name__}")
    return value


def build(target: Any, state: Any) -> None:
    """Attributes of an ordered dict, such as the versions in a state_dict; other objects have none to set."""
    if type(target) is not OrderedDict or type(state) is not dict:
        raise refused(f"is asked to set the state of a {type(target).__name__}")
    for name, value in state.items():
        if type(name) is not str or hasattr(OrderedDict, name):
            raise refused(f"is asked to set the attribute {name!r} of an OrderedDict")
        setattr(target, name, value)

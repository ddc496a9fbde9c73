"""Small programs whose every printed line must be PyTorch's.

A scenario is a function ``(torch, say)``: ``say(...)`` notes a line, ``say.attempt(f, ...)`` notes what ``f`` returns
or the first line of what it raises, ``say.warns(f, ...)`` what it warns of. What PyTorch says is kept in
``tests/golden/autograd.json``.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import warnings
from collections.abc import Callable
from typing import Any


class Log:
    """The lines that a scenario noted, without addresses."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, *things: Any) -> None:
        text = " ".join(map(str, things))
        self.lines.append(re.sub(r"0x[0-9a-f]+", "0x", text))

    def attempt(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        try:
            self(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - whatever it is, both libraries must raise it
            first = str(error).partition("\n")[0]
            self(f"{type(error).__name__}: {first}")

    def warns(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.attempt(function, *args, **kwargs)
        for warning in caught:
            first = str(warning.message).partition("\n")[0].partition(" (Triggered internally")[0]
            self(f"{warning.category.__name__}: {first}")


def collect() -> dict[str, Callable[..., None]]:
    """All scenarios: ``topic.name`` -> function."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        imported = importlib.import_module(f"{__name__}.{module.name}")
        for name, function in vars(imported).items():
            if not name.startswith("_") and getattr(function, "__module__", "") == imported.__name__:
                found[f"{module.name}.{name}"] = function
    return found


def play(scenario: Callable[..., None], torch: Any) -> list[str]:
    """What the scenario says of this library."""
    say = Log()
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Using backward.. with create_graph=True")
        warnings.filterwarnings("ignore", message=".torch.jit.script. is deprecated")  # PyTorch, of its forward mode
        scenario(torch, say)
    return say.lines

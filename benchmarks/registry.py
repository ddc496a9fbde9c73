"""The list of workloads.

Each builds its data with the library that it is given and returns a function to call. That function takes no
arguments, does one step, and returns a tensor that depends on its result, or a list of them, so that the contestants
can be seen to compute the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Step = Callable[[], Any]
Make = TypeVar("Make", bound=Callable[..., Step])
WORKLOADS: dict[str, tuple[str, Callable[..., Step]]] = {}


def workload(name: str, title: str) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        WORKLOADS[name] = (title, make)
        return make

    return add

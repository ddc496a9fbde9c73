"""Processes that `multiprocessing` starts belong to the program: `torch` means Rushlight in them too.

A forked child inherits everything. One that is spawned starts a bare interpreter, unpickles what the parent
prepared for it and only then imports the program's main module: so an object that installs the finder when
it is unpickled travels with those preparations.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any


class _Standin:
    def __reduce__(self) -> tuple[Any, tuple[()]]:
        from .finder import install

        return install, ()


def follow(spawn: ModuleType) -> None:
    """Let the module `multiprocessing.spawn` prepare children with the stand-in."""
    prepare = spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, Any]:
        data = prepare(name)
        if name == "ignore":
            # So the fork server asks for itself, and takes nothing but paths along: it must not import the
            # main module early, without the stand-in. The children that it forks do, with their own data.
            data = {key: value for key, value in data.items() if not key.startswith("init_main_from")}
        return {**data, "rushlight": _Standin()}

    vars(spawn)["get_preparation_data"] = get_preparation_data

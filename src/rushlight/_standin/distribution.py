"""The metadata of the package `torch` in a process where `torch` means Rushlight.

A module of its own because `importlib.metadata` is slow to load, and most programs never ask.
"""

from __future__ import annotations

import importlib.metadata
import sys
from os import PathLike
from pathlib import Path

_ROOT = sys.modules[__name__.partition(".")[0]]


class Distribution(importlib.metadata.Distribution):
    """`importlib.metadata`'s view of `torch`: its name, its version, its top-level module."""

    def read_text(self, filename: str | PathLike[str]) -> str | None:
        return {
            "METADATA": f"Metadata-Version: 2.1\nName: torch\nVersion: {_ROOT.__version__}\n",
            "top_level.txt": "torch\n",
        }.get(str(filename))

    def locate_file(self, path: str | PathLike[str]) -> Path:
        return Path(_ROOT.__path__[0]).parent / path

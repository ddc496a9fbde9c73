"""The line of the user's program that something happened on.

Errors name lines, and most lines are never needed. So a `Place` keeps the code object and the offset into
its bytecode, which costs well under a microsecond, and works out file and line only when asked.
"""

from __future__ import annotations

import os
import sys
import warnings
from types import CodeType, FrameType

_STANDARD = os.path.dirname(os.__file__) + os.sep
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class Place:
    """Where something happened, and in words what."""

    __slots__ = ("code", "offset", "what")

    def __init__(self, code: CodeType, offset: int, what: str):
        self.code = code
        self.offset = offset
        self.what = what

    @property
    def line(self) -> int:
        return next((line for start, end, line in self.code.co_lines() if start <= self.offset < end and line), 0)

    @property
    def file(self) -> str:
        return self.code.co_filename

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def is_ours(file: str) -> bool:
    """Whether a source file is Rushlight's own."""
    return file.startswith(_PACKAGE)


def is_pythons(file: str) -> bool:
    """Whether a source file is one of Python's own modules."""
    return file.startswith(("<frozen ", _STANDARD)) and "-packages" not in file


def user_frame(depth: int = 1) -> FrameType | None:
    """The nearest calling frame that is not Rushlight's own."""
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame


def caller(what: str, depth: int = 2) -> Place | None:
    """The place in the user's program from which Rushlight was called just now.

    depth: how many frames above this one the search may begin; a caller that knows saves the time of looking.
    """
    frame: FrameType | None = sys._getframe(depth)
    # `user_frame` in line: this is what every backward pass and every `no_grad` block pays.
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            return Place(code, frame.f_lasti, what)
        frame = frame.f_back
    return None


def user_place() -> tuple[str, int] | None:
    """File and line from which Rushlight was called just now."""
    frame = user_frame(2)
    return None if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def warn_user(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn, and name the line of the user's program from which Rushlight was called."""
    frame = user_frame(2)
    if frame is None:
        warnings.warn(message, category, stacklevel=3)
        return
    names = frame.f_globals
    warnings.warn_explicit(
        message,
        category,
        frame.f_code.co_filename,
        frame.f_lineno,
        names.get("__name__", "__main__"),
        names.setdefault("__warningregistry__", {}),
    )

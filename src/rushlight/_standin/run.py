"""Run a script, a module or a string as plain python does: `__main__`, `sys.path`, traceback, exit code.

Rushlight's own `__main__` is replaced by a fresh module, and an exception goes on up to the interpreter,
which knows best what an exit code, ctrl-C or `-i` ask for; only what is *shown* of the traceback is cut where
the program begins. What cannot be hidden from pure Python: `traceback.print_stack()` and the like list our
frames outside the program's, and there are some eight calls less to the recursion limit.
"""

from __future__ import annotations

import builtins
import io
import linecache
import os
import pkgutil
import runpy
import sys
from collections.abc import Callable
from importlib.machinery import BuiltinImporter, SourceFileLoader, SourcelessFileLoader
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any


def run_script(path: str, arguments: list[str]) -> None:
    """Run a file, or a directory or zip file with a `__main__.py` in it."""
    sys.argv = [path, *arguments]
    file = os.path.join(os.getcwd(), path)
    if pkgutil.get_importer(file) is not None:
        sys.path[: not sys.flags.safe_path] = [file]
        _run(lambda: _run_as_main("__main__", alter_argv=False))
    else:
        _set_path0(os.path.dirname(os.path.realpath(path)))
        loader = SourcelessFileLoader if path.endswith(".pyc") else SourceFileLoader
        _new_main(__loader__=loader("__main__", file), __file__=file, __cached__=None)
        _run(lambda: _execute(_code_of(file)))


def run_stdin(source: bytes, arguments: list[str]) -> None:
    """Run what was read from standard input as `python -` does."""
    sys.argv = ["-", *arguments]
    _set_path0("")
    _new_main(__loader__=BuiltinImporter, __file__="<stdin>", __cached__=None)
    _run(lambda: _execute(_compiled(source, "<stdin>")))


def run_string(source: str, arguments: list[str]) -> None:
    """Run a string as `python -c source` does."""
    sys.argv = ["-c", *arguments]
    _set_path0("")
    if sys.version_info >= (3, 13):  # since then a traceback shows the lines
        linecache.cache["<string>"] = (len(source), None, source.splitlines(keepends=True), "<string>")
    if sys.version_info >= (3, 14):  # since then an indented string will do
        import textwrap

        source = textwrap.dedent(source)
    _new_main(__loader__=BuiltinImporter)
    _run(lambda: _execute(_compiled(source, "<string>")))


def run_module(name: str, arguments: list[str]) -> None:
    """Run a module as `python -m name` does."""
    sys.argv = ["-m", *arguments]
    _run(lambda: _run_as_main(name))


def _set_path0(entry: str) -> None:
    if not sys.flags.safe_path:  # else `python -m` has put nothing there
        sys.path[0] = entry


def _compiled(source: str | bytes, name: str) -> CodeType:
    return compile(source, name, "exec", dont_inherit=True)


def _code_of(file: str) -> CodeType:
    try:
        with io.open_code(file) as stream:
            code = pkgutil.read_code(stream)
        if code is not None:
            return code
        with io.open_code(file) as stream:
            source = stream.read()
    except OSError as error:
        reason = f"[Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: can't open file {file!r}: {reason}", file=sys.stderr)
        raise SystemExit(2) from None
    return _compiled(source, file)


def _new_main(**attributes: Any) -> None:
    module = sys.modules["__main__"] = ModuleType("__main__")
    vars(module).update(__builtins__=builtins, **attributes)


def _execute(code: CodeType) -> None:
    exec(code, vars(sys.modules["__main__"]))


def _run_as_main(name: str, alter_argv: bool = True) -> None:
    _new_main()
    # The very function that `python -m` calls: same errors, same frames in a traceback.
    runpy._run_module_as_main(name, alter_argv)  # type: ignore[attr-defined]


def is_outside(frame: FrameType) -> bool:
    """Whether the frame is one of those from which the program is started."""
    return frame.f_code.co_filename == is_outside.__code__.co_filename


def _run(start: Callable[[], None]) -> None:
    """Start the program, and let the traceback that the interpreter shows begin with its first frame."""
    try:
        start()
    except BaseException as error:
        if isinstance(error, Exception):
            from .._core.advice import explain

            explain(error)
        program = error.__traceback__
        while program is not None and is_outside(program.tb_frame):
            program = program.tb_next
        show = sys.excepthook

        def excepthook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
            sys.excepthook = show
            sys.last_traceback = value.__traceback__ = program
            show(kind, value, program)

        sys.excepthook = excepthook
        raise

"""The command line of `python -m rushlight`."""

from __future__ import annotations

import atexit
import os
import sys
from typing import NamedTuple, NoReturn

from rushlight._version import __version__

from . import missing, run
from .finder import install

HELP = """\
usage: python -m rushlight [--report | --check] (script.py | -m module | -c code | -) [arguments]
Run a program written for PyTorch: in this one process `import torch` means Rushlight.
  --report   when it has run, list the names of torch that it uses and those that are missing (on stderr)
  --check    list them without running anything; exit code 1 if one is missing
  --version, --help
"""


class Program(NamedTuple):
    """What to run: a script, `-m` a module, `-c` a string or `-`, standard input; `text` of the last two."""

    kind: str
    name: str
    text: bytes | None
    arguments: list[str]


def main() -> None:
    """Read `sys.argv` and run the program; exceptions and SystemExit go on to the interpreter."""
    words = sys.argv[1:]
    options = set()
    while words and words[0].startswith("--"):
        options.add(words.pop(0))
    if options & {"--help"} or words[:1] == ["-h"] or not (options or words):
        print(HELP, end="")
        return
    if options & {"--version"}:
        torch = sys.modules[__name__.partition(".")[0]]
        print(f"Rushlight {__version__}, speaking PyTorch {torch.__version__}")
        return
    if unknown := options - {"--report", "--check"}:
        _refuse(f"unknown option {min(unknown)}")
    if len(options) > 1:
        _refuse("--report and --check exclude each other")
    program = _program(words)
    install()
    if "--check" in options:
        sys.exit(_check(program))
    if "--report" in options:
        # What is registered first runs last: after the traceback, and after the program's own handlers.
        atexit.register(_report, program, os.getpid())
    if program.kind == "-m":
        run.run_module(program.name, program.arguments)
    elif program.kind == "-c":
        run.run_string(program.name, program.arguments)
    elif program.text is not None:
        run.run_stdin(program.text, program.arguments)
    else:
        run.run_script(program.name, program.arguments)


def _program(words: list[str]) -> Program:
    kind = words.pop(0) if words and words[0] in ("-m", "-c") else ""
    if not words:
        _refuse("what to run is missing")
    name, *arguments = words
    if kind == "-c":
        return Program(kind, name, name.encode(errors="surrogateescape"), arguments)
    if not kind and name == "-":
        return Program(kind, "<stdin>", sys.stdin.buffer.read(), arguments)
    if not kind and name.startswith("-"):
        _refuse(f"unknown option {name}")
    return Program(kind, name, None, arguments)


def _refuse(why: str) -> NoReturn:
    print(f"python -m rushlight: {why}\n{HELP}", end="", file=sys.stderr)
    raise SystemExit(2)


def _report(program: Program, process: int) -> None:
    if os.getpid() != process:  # a forked child that runs on to its own exit
        return
    from . import report, sources

    met = dict(missing.met)  # reading looks names up, and would add to it
    text = (program.text, _text_name(program)) if program.text is not None else None
    report.write(sources.loaded(text), sys.stderr, met)


def _check(program: Program) -> int:
    from . import report, sources

    path, package, search, text = _text_name(program), "", sys.path, program.text
    if program.kind == "-m":
        found = sources.find_source(f"{program.name}.__main__", search)
        found = found or sources.find_source(program.name, search)
        if found is None:
            print(f"python -m rushlight: no source of yours for a module {program.name}", file=sys.stderr)
            return 1
        path, package = found
    elif text is None:
        path = os.path.join(path, "__main__.py") if os.path.isdir(path) else path
        search = [os.path.dirname(os.path.realpath(path)), *search[1:]]
    try:
        findings = sources.with_imports(sources.read(path) if text is None else text, path, package, search)
    except (OSError, SyntaxError, ValueError) as error:
        print(f"python -m rushlight: cannot read {path}: {error}", file=sys.stderr)
        return 1
    return 0 if report.write(findings, sys.stdout) else 1


def _text_name(program: Program) -> str:
    return "<string>" if program.kind == "-c" else program.name

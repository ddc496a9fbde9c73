"""Run a wrong program as a user would, and read what is printed of the exception that ends it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROGRAMS = Path(__file__).parent / "programs"
MESSAGES = Path(__file__).parent / "messages"
MARK = "# <- here"


class Ended(NamedTuple):
    """How a program ended: the line of it that failed, and the exception as it was printed."""

    line: int
    text: str

    @property
    def kind(self) -> str:
        return self.text.partition(": ")[0]

    @property
    def first_line(self) -> str:
        return self.text.partition(": ")[2].partition("\n")[0]

    @property
    def added(self) -> str:
        return self.text.partition("\n")[2]


# Runs a file as a program that imports Rushlight itself.
PLAINLY = """
import re, sys
path = sys.argv[1]
source = re.sub(r"^import torch$", "import rushlight as torch", open(path).read(), flags=re.M)
source = re.sub(r"^from torch\\b", "from rushlight", source, flags=re.M)
exec(compile(source, path, "exec"), {"__name__": "__main__"})
"""


def run(name: str, *, plainly: bool = False) -> Ended:
    """Run ``programs/<name>.py`` with `python -m rushlight`; paths in what it prints are cut to file names.

    plainly: run it with plain Python instead, its ``import torch`` changed to ``import rushlight as torch``.
    """
    program = PROGRAMS / f"{name}.py"
    how = ["-c", PLAINLY] if plainly else ["-m", "rushlight"]
    ended = subprocess.run(
        [sys.executable, *how, str(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"NO_COLOR": "1", "PYTHONWARNINGS": "error"},
    )
    assert ended.returncode == 1, f"{name} ended with {ended.returncode}:\n{ended.stderr}"
    shown = ended.stderr.replace(f"{PROGRAMS}{os.sep}", "")
    last = shown[shown.rindex("Traceback (most recent call last):\n") :]
    lines = re.findall(rf'File "{re.escape(program.name)}", line (\d+)', last)
    # The frames are indented; what follows is the exception.
    text = re.split(r"\n(?=\S)", last, maxsplit=1)[1]
    # Newer Pythons guess keywords themselves.
    text = re.sub(r"\. Did you mean '\w+'\?", "", text)
    return Ended(int(lines[-1]), text.rstrip("\n"))


def marked(name: str) -> set[int]:
    """The lines of a program that its message must name."""
    lines = (PROGRAMS / f"{name}.py").read_text().splitlines()
    return {number for number, line in enumerate(lines, 1) if MARK in line}


def named(name: str, text: str) -> set[int]:
    """The lines of a program that a text names."""
    return {int(line) for line in re.findall(rf"\b{re.escape(name)}\.py:(\d+)", text)}


def names() -> list[str]:
    return sorted(program.stem for program in PROGRAMS.glob("*.py"))


if __name__ == "__main__":
    # Write the golden messages anew, to be read before they are kept.
    MESSAGES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or names():
        (MESSAGES / f"{name}.txt").write_text(run(name).text + "\n")

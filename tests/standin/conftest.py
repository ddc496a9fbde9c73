import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def plain(tmp_path: Path) -> Run:
    """`plain("x.py", "arg")` runs `python x.py arg` in tmp_path."""

    def run(*words: str, text: str = "", flags: tuple[str, ...] = (), **environment: str):
        return subprocess.run(
            [sys.executable, *flags, *words],
            check=False,
            cwd=tmp_path,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            env=os.environ | {"PYTHONWARNINGS": "error", "NO_COLOR": "1"} | environment,
        )

    return run


@pytest.fixture
def standin(plain: Run) -> Run:
    """`standin("x.py", "arg")` runs `python -m rushlight x.py arg` in tmp_path."""

    def run(*words: str, **options):
        return plain("-m", "rushlight", *words, **options)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """`write("x.py", source)` makes the file, and its folder, below tmp_path."""

    def make(name: str, source: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return make

"""What the records make public at run time, type checkers and editors know too; and mistakes they refuse."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import rushlight as torch
from rushlight._core.registry import NAMESPACES

PROGRAMS, ROOT = Path(__file__).parent / "programs", Path(__file__).parents[2]
STUBS = Path(torch.__file__).parent / "_stubs"
EXPECTED = re.compile(r"# refused: ([\w-]+)$")
FOUND = re.compile(r"refused\.py:(\d+): error: .*\[([\w-]+)\]$")


def checked(*files: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """What mypy says of a user's programs, by its strictest rules and without this project's own settings."""
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={cache}", *map(str, files)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


def run_tool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "make_stubs.py"), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def test_stubs_are_up_to_date():
    """In a process of its own: other tests may have registered operations."""
    run = run_tool("--check")
    assert run.returncode == 0, run.stdout


def test_a_user_s_program_is_accepted(cache):
    run = checked(PROGRAMS / "accepted.py", cache=cache)
    assert run.returncode == 0, run.stdout


def test_the_program_runs():
    runpy.run_path(str(PROGRAMS / "accepted.py"))


def test_mistakes_are_refused(cache):
    """Each that the program names, by the code it names, and nothing else."""
    run = checked(PROGRAMS / "refused.py", cache=cache)
    lines = (PROGRAMS / "refused.py").read_text(encoding="utf-8").splitlines()
    expected = {(n, m[1]) for n, line in enumerate(lines, 1) if (m := EXPECTED.search(line))}
    found = {(int(m[1]), m[2]) for line in run.stdout.splitlines() if (m := FOUND.search(line))}
    assert found == expected


def test_wrong_types_are_noticed(cache, tmp_path):
    """The check of the checks: what is found in `accepted.py` is found because it is so."""
    wrong = tmp_path / "wrong.py"
    source = (PROGRAMS / "accepted.py").read_text(encoding="utf-8")
    wrong.write_text(
        source.replace("assert_type(torch.sin(x), Tensor)", "assert_type(torch.sin(x), int)"), encoding="utf-8"
    )
    run = checked(wrong, cache=cache)
    assert 'Expression is of type "Tensor", not "int"' in run.stdout


def test_a_new_operation_makes_them_out_of_date(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import make_stubs

    def planted(input: torch.Tensor, dim: int = 0) -> torch.Tensor:
        """Two lines,

        of which the second is not for stubs."""
        return input

    monkeypatch.setitem(NAMESPACES["torch"], "planted", planted)
    text = make_stubs.torch_stub().text()
    (at,) = re.finditer(r"def planted\(.*\n.*\n", text)
    assert at[0] == 'def planted(input: Tensor, dim: builtins.int = 0) -> Tensor:\n    """Two lines,"""\n'
    assert text != (STUBS / "torch.pyi").read_text(encoding="utf-8")

"""The main job, run as a user runs it."""

import pathlib
import subprocess
import sys

import pytest

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent / "examples" / "polynomial_regression.py"

# What PyTorch 2.13 prints. The losses after these differ in their last digits with the order of summation.
FIRST_STEPS = """\
step   100 of 2000   mean squared error  1.11e+01
step   200 of 2000   mean squared error  6.30e-01
step   300 of 2000   mean squared error  1.44e-01
"""


def run(*arguments: str) -> str:
    """Run a program under the stand-in and return what it prints."""
    command = [sys.executable, "-m", "rushlight", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_polynomial_regression_recovers_the_coefficients_and_draws_them(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "new folder" / "fit.png"

    printed = run(str(EXAMPLE), str(picture))

    assert printed.startswith(FIRST_STEPS)
    table = printed[printed.index("term") :].splitlines()
    assert [line.split()[:3] for line in table[1:4]] == [
        ["x^2", "1.0000", "1.0000"],
        ["x", "2.0000", "2.0000"],
        ["1", "3.0000", "3.0000"],
    ]
    assert printed.endswith(f"The picture of the fit is in {picture}\n")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_polynomial_regression_does_without_matplotlib() -> None:
    hide = "import sys, runpy; sys.modules['matplotlib'] = None; "
    start = f"sys.argv = [{str(EXAMPLE)!r}]; runpy.run_path(sys.argv[0], run_name='__main__')"

    printed = run("-c", hide + start)

    assert "\n1         3.0000      3.0000" in printed
    assert printed.endswith("No picture: matplotlib is not installed (pip install matplotlib).\n")


def test_constrained_minimum_counts_evaluations_and_draws_the_ways(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("scipy")
    pytest.importorskip("matplotlib")
    picture = tmp_path / "ways.png"

    printed = run(str(EXAMPLE.with_name("constrained_minimum.py")), str(picture))

    searches, counts, end = printed.split("\n\n")
    places = [line[15:35] for line in searches.splitlines()[1:]]
    assert places == ["( 1.00000,  1.00000)"] * 2 + ["( 0.78642,  0.61770)"] * 2
    for line in counts.splitlines()[1:]:
        size, ours, theirs = map(int, line.split())
        assert 2 * ours < theirs, f"{size} variables"
    assert end == f"The picture is in {picture}\n"
    assert picture.read_bytes().startswith(b"\x89PNG")

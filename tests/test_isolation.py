"""The guard in conftest.py is tested: each kind of leak is caught, named, and mended for the next test."""

import pathlib

import pytest

pytest_plugins = ["pytester"]

GUARD = pathlib.Path(__file__).resolve().parent.parent / "conftest.py"

LEAKS = {
    "grad mode": "rushlight.set_grad_enabled(False)",
    "inference mode": "modes.state.inference = True",
    "default dtype": "rushlight.set_default_dtype(rushlight.float64)",
    "interpreter mode": "modes.state.interpreter = object()",
    "NumPy's errstate": 'np.seterr(over="ignore")',
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_fails_the_test_that_made_it_and_no_other(pytester: pytest.Pytester, name: str) -> None:
    pytester.makeconftest(GUARD.read_text())
    pytester.makepyfile(
        "import numpy as np, rushlight\n"
        "from rushlight._core import modes\n"
        f"def test_leaks():\n    {LEAKS[name]}\n"
        "def test_after_it():\n    pass\n"
    )

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines([f"*{name} was * before the test and is * after it*"])


def test_each_test_starts_from_the_same_random_state(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(GUARD.read_text())
    pytester.makepyfile(
        "import numpy as np, rushlight\n"
        "drawn = []\n"
        "def draw():\n"
        "    drawn.append((rushlight.rand(3).tolist(), np.random.rand(3).tolist()))\n"
        "def test_first():\n    draw()\n"
        "def test_second():\n    draw()\n    assert drawn[0] == drawn[1]\n"
    )

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)

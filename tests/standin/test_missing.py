"""What a name that Rushlight lacks gives: the right exception, the program's line, the nearest name."""

import pytest

# What the program says -> the exceptions that it is, its first line (without a path), and the nearest name.
ATTRIBUTE, MODULE = "AttributeError", "ModuleNotFoundError"
CASES = [
    (
        "torch.tensorr",
        ATTRIBUTE,
        "module 'torch' has no attribute 'tensorr'",
        "torch.tensorr",
        "torch.tensor",
    ),
    (
        "torch.Linear",
        ATTRIBUTE,
        "module 'torch' has no attribute 'Linear'",
        "torch.Linear",
        "torch.nn.Linear",
    ),
    (
        "nn.Linea",
        ATTRIBUTE,
        "module 'torch.nn' has no attribute 'Linea'",
        "torch.nn.Linea",
        "torch.nn.Linear",
    ),
    (
        "getattr(nn, 'Linea')",
        ATTRIBUTE,
        "module 'torch.nn' has no attribute 'Linea'",
        "torch.nn.Linea",
        "torch.nn.Linear",
    ),
    (
        "from torch import tensorr",
        MODULE,
        "cannot import name 'tensorr' from 'torch'",
        "torch.tensorr",
        "torch.tensor",
    ),
    (
        "from torch.nn import Linea as L",
        MODULE,
        "cannot import name 'Linea' from 'torch.nn'",
        "torch.nn.Linea",
        "torch.nn.Linear",
    ),
    ("import torch.nnn", MODULE, "No module named 'torch.nnn'", "torch.nnn", "torch.nn"),
    (
        "import torch.nn.functionall as F",
        MODULE,
        "No module named 'torch.nn.functionall'",
        "torch.nn.functionall",
        "torch.nn.functional",
    ),
    ("from torch.nnn.utils import x", MODULE, "No module named 'torch.nnn'", "torch.nnn", "torch.nn"),
    ("importlib.import_module('torch.nnn')", MODULE, "No module named 'torch.nnn'", "torch.nnn", "torch.nn"),
    ("import torch._inductor", MODULE, "No module named 'torch._inductor'", "torch._inductor", None),
    ("import torch._core", MODULE, "No module named 'torch._core'", "torch._core", None),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_message(case, standin, write):
    statement, kind, first_line, name, near = case
    path = write(
        "x.py",
        f"""import importlib
import torch, torch.nn as nn
try:
    {statement}
except {kind} as error:
    assert isinstance(error, NotImplementedError)
    assert isinstance(error, ImportError) == ({kind!r} != "AttributeError")
    print(error)
""",
    )
    run = standin("x.py")
    assert (run.returncode, run.stderr) == (0, "")
    first, second = run.stdout.splitlines()
    assert first.split(" (")[0] == first_line
    assert second.startswith(f"{path}:4: Rushlight has no {name}")
    if near is not None:
        assert second.endswith(f"; the nearest name it has is {near}")


def test_uncaught(standin, write):
    """Plain python's traceback, ending in our line; no second suggestion from the interpreter."""
    write("x.py", "import torch\n\ndef f():\n    return torch.tensorr\nf()\n")
    run = standin("x.py")
    assert run.returncode == 1
    lines = run.stderr.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('x.py", line 5, in <module>')
    assert "AttributeError" not in lines[-2]
    assert lines[-2].endswith("module 'torch' has no attribute 'tensorr'")
    assert lines[-1].endswith("x.py:4: Rushlight has no torch.tensorr; the nearest name it has is torch.tensor")


def test_asking_is_allowed(standin, write):
    write(
        "x.py",
        """
import torch
assert not hasattr(torch, "no_such_name") and getattr(torch, "no_such_name", 5) == 5
try:
    import torch.no_such_module
except ImportError:
    pass
try:
    from torch.nn import NoSuchModule
except ImportError as error:
    assert error.name == "torch.nn" and error.path.endswith(".py")
try:
    torch.no_such_name
except AttributeError as error:
    assert error.name == "no_such_name"
for probe in ("__wrapped__", "__array_interface__", "_ipython_display_", "_repr_html_"):
    try:
        getattr(torch, probe)
    except AttributeError as error:
        assert not isinstance(error, NotImplementedError) and str(error).count("\\n") == 0
    else:
        raise AssertionError(probe)
""",
    )
    run = standin("x.py")
    assert (run.returncode, run.stderr) == (0, "")


def test_without_the_standin_the_name_is_rushlights(plain, write):
    write("x.py", "import rushlight as torch\ntorch.tensorr\n")
    run = plain("x.py")
    assert "module 'rushlight' has no attribute 'tensorr'\n" in run.stderr
    assert run.stderr.endswith("Rushlight has no rushlight.tensorr; the nearest name it has is rushlight.tensor\n")


def test_a_submodule_that_is_there_is_not_missing(standin, write):
    """`from package import submodule` looks for an attribute first: that look is not recorded."""
    hook = "from rushlight._standin.missing import missing_attribute\n"
    hook += "def __getattr__(name): raise missing_attribute('rushlight', name)\n"
    write("package/__init__.py", hook)
    write("package/part.py", "")
    write("x.py", "from package import part\nfrom rushlight._standin.missing import met\nassert not met, met\n")
    run = standin("x.py")
    assert (run.returncode, run.stderr) == (0, "")


def test_exceptions_travel_between_processes(standin, write):
    write(
        "x.py",
        """
import pickle, torch
for statement in ("torch.tensorr", "import torch.nnn"):
    try:
        exec(statement)
    except NotImplementedError as error:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error) and str(again) == str(error)
""",
    )
    run = standin("x.py")
    assert (run.returncode, run.stderr) == (0, "")

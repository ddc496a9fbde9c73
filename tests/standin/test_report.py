"""`--report` and `--check`."""

import textwrap

PROGRAM = """
import sys
import torch
import torch.nn as nn
from model import Net

x = torch.tensor([1.0], requires_grad=True)
x.backward()
if len(sys.argv) > 1:
    torch.tensorr(2)
print("ran")
"""
MODEL = """
from torch import nn

class Net(nn.Linear):
    def unused(self):
        nn.NoSuchLayer()
"""


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_report_follows_the_run(standin, write):
    write("x.py", PROGRAM)
    write("model.py", MODEL)
    run = standin("--report", "x.py")
    assert (run.returncode, run.stdout) == (0, "ran\n")
    told = lines(run.stderr)
    assert told[0] == "rushlight: 3 names of torch used, 2 missing"
    assert told[1:5] == ["used:", "torch.nn x.py:4", "torch.nn.Linear model.py:4", "torch.tensor x.py:7"]
    assert "torch.Tensor.backward x.py:8" in told
    assert "torch.nn.NoSuchLayer model.py:6" in [line.split(" nearest")[0] for line in told]
    assert "torch.tensorr x.py:10 nearest: torch.tensor" in told
    assert told[-2] == "Read from the text of x.py, model.py, and met in the run."


def test_report_comes_after_a_traceback(standin, write):
    write("x.py", PROGRAM)
    write("model.py", MODEL)
    run = standin("--report", "x.py", "fail")
    assert run.returncode == 1
    assert run.stderr.index("Traceback") < run.stderr.index("rushlight: 3 names of torch used, 2 missing")


def test_report_keeps_the_exit_code(standin, write):
    write("x.py", "import torch, sys\ntorch.tensor\nsys.exit(3)\n")
    run = standin("--report", "x.py")
    assert run.returncode == 3
    assert "rushlight: 1 name of torch used, 0 missing" in run.stderr


def test_report_of_names_that_only_a_run_meets(standin, write):
    write("x.py", "import torch\nfor name in ['tensorr', 'sinn']:\n    getattr(torch, name, None)\n")
    run = standin("--report", "x.py")
    told = lines(run.stderr)
    assert told[0].endswith("2 missing")
    assert any(line.startswith("torch.tensorr ") and "x.py:3 (asked for while running)" in line for line in told)


def test_report_of_strings_modules_and_stdin(standin, write):
    source = "import torch\ntorch.tensor(1)\n"
    write("x.py", source)
    for words, place in ((("-c", source), "<string>:2"), (("-m", "x"), "x.py:2"), (("-",), "<stdin>:2")):
        run = standin("--report", *words, text=source)
        assert f"torch.tensor {place}" in lines(run.stderr)


def test_report_once_with_forked_children(standin, write):
    write("x.py", "import os, torch\nif hasattr(os, 'fork') and (pid := os.fork()):\n    os.waitpid(pid, 0)\n")
    assert standin("--report", "x.py", PYTHONWARNINGS="ignore").stderr.count("names of torch used") == 1


def test_check_runs_nothing(standin, write):
    write("x.py", PROGRAM + "open('ran', 'w')\n")
    write("model.py", MODEL + "open('ran', 'w')\n")
    write("package/__init__.py", "open('ran', 'w')")
    write("package/__main__.py", "from . import part\nimport torch\n")
    write("package/part.py", "import torch\ntorch.tensor\n")
    run = standin("--check", "x.py")
    assert (run.returncode, run.stderr) == (1, "")
    told = lines(run.stdout)
    assert told[0] == "rushlight: 3 names of torch used, 2 missing"
    assert "torch.tensorr x.py:10 nearest: torch.tensor" in told
    assert told[-2] == "Read from the text of x.py, model.py."
    assert "torch.tensor package/part.py:2" in lines(standin("--check", "-m", "package").stdout)
    assert not (write("y.py", "").parent / "ran").exists()


def test_check_is_content(standin, write):
    write("x.py", "import torch\nif hasattr(torch, 'no_such'):\n    torch.no_such()\ntorch.tensor([1])\n")
    run = standin("--check", "x.py")
    assert (run.returncode, run.stderr) == (0, "")
    told = lines(run.stdout)
    assert told[0] == "rushlight: 1 name of torch used, 0 missing"
    assert "missing, but the program handles that:" in told
    assert standin("--check", "-c", "import torch; torch.tensor").returncode == 0
    assert standin("--check", "-", text="import torch; torch.tensorr").returncode == 1


def test_check_knows_rushlights_private_rooms(standin):
    run = standin("--check", "-c", "import torch; torch._core; torch.nn.Linear.forward; torch.nn.Linear.no_such")
    assert "2 missing" in run.stdout


def test_check_of_what_cannot_be_read(standin, write):
    write("broken.py", "x = = 1\n")
    for words in (("broken.py",), ("nowhere.py",), ("-m", "nowhere")):
        run = standin("--check", *words)
        assert run.returncode == 1
        assert run.stdout == ""
        assert run.stderr.startswith("python -m rushlight: ")


def test_check_reads_the_users_modules_only(standin, write):
    write("x.py", "import json, numpy, torch, helper.deep, missing_module\n")
    write("helper/__init__.py", "")
    write(
        "helper/deep.py",
        "from ..nothing import x\nfrom .. import y\nimport torch\ntorch.tensor\nimport broken\n",
    )
    write("broken.py", "= 1")
    told = lines(standin("--check", "x.py").stdout)
    assert "torch.tensor helper/deep.py:4" in told
    files = next(line for line in told if line.startswith("Read from")).rstrip(".").split(" of ")[1]
    assert sorted(files.split(", ")) == ["helper/__init__.py", "helper/deep.py", "x.py"]
    assert any(line.startswith("not read: ") and "broken.py" in line for line in told)


def test_wording_of_the_whole(standin, write):
    write("x.py", "from torch.optim import SGD\nimport torch\nloss = torch.tensor(1.0)\nloss.item()\n")
    assert standin("--check", "x.py").stdout == textwrap.dedent("""\
        rushlight: 2 names of torch used, 0 missing
          used:
            torch.optim.SGD  x.py:1
            torch.tensor     x.py:3
          used, if the values are tensors (only the name tells):
            torch.Tensor.item  x.py:4
          Read from the text of x.py.
          Not seen in a text: which methods values have, and what libraries do with torch.
        """)

"""`import torch` and all its spellings find Rushlight's own modules, in that process alone."""

import multiprocessing
import sys

import pytest

import rushlight


def check(standin, write, source: str, **options) -> None:
    """The program runs to its end, and says nothing."""
    write("x.py", source)
    run = standin("x.py", **options)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_module_objects_are_the_same(standin, write):
    check(
        standin,
        write,
        """
import sys
assert "torch" not in sys.modules  # libraries look there to see whether the program uses PyTorch
import torch.nn.functional
import torch.nn as nn, torch.nn.functional as F
from torch import optim
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset
import rushlight, rushlight.nn.functional, rushlight.utils.data
assert torch is rushlight is sys.modules["torch"]
assert nn is torch.nn is rushlight.nn is sys.modules["torch.nn"]
assert F is rushlight.nn.functional is sys.modules["torch.nn.functional"]
assert optim is rushlight.optim and SGD is rushlight.optim.SGD
assert DataLoader is rushlight.utils.data.DataLoader
assert torch.__spec__.name == torch.__name__ == "rushlight" and nn.__spec__.name == "rushlight.nn"
namespace = {}
exec("from torch import *", namespace)
assert namespace["tensor"] is rushlight.tensor
""",
    )


def test_find_spec_and_import_module(standin, write):
    check(
        standin,
        write,
        """
import importlib, importlib.util, sys
for name in ("torch", "torch.nn", "torch.nn.functional"):
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin.endswith(".py"), name
assert importlib.util.find_spec("torch.no_such_module") is None
assert importlib.import_module("torch.nn").Linear is importlib.import_module(".nn", "torch").Linear
assert importlib.util.find_spec("torch") is sys.modules["torch"].__spec__
assert importlib.util.find_spec("torchvision_is_not_torch") is None
""",
    )


def test_version_of_the_distribution(standin, write):
    check(
        standin,
        write,
        """
import importlib.metadata
version = importlib.metadata.version("torch")
assert version.startswith("2.13.0"), version
import torch
assert version == torch.__version__
assert importlib.metadata.distribution("torch").metadata["Name"] == "torch"
assert [d.version for d in importlib.metadata.distributions(name="torch")][0] == version
assert "torch" in {d.metadata["Name"] for d in importlib.metadata.distributions()}
try:
    importlib.metadata.version("torchaudio-of-no-one")
except importlib.metadata.PackageNotFoundError:
    pass
else:
    raise AssertionError
""",
    )


def test_an_installed_pytorch_is_not_seen(standin, write):
    write("torch/__init__.py", "raise RuntimeError('the other one')")
    write("torch-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 1.0\n")
    check(
        standin,
        write,
        "import torch, importlib.metadata as m\nassert m.version('torch') == torch.__version__\n",
    )


def test_only_this_process(standin, write):
    """Neither a child interpreter nor Rushlight imported in the ordinary way makes a `torch`."""
    source = "import rushlight, sys\nassert 'torch' not in sys.modules\nimport torch\nprint(torch.__doc__)\n"
    write("torch.py", '"""the other one"""\n')
    child = write("child.py", source)
    check(
        standin,
        write,
        f"""
import subprocess, sys, torch
run = subprocess.run([sys.executable, {str(child)!r}], capture_output=True, text=True)
assert run.stdout == "the other one\\n", run
""",
    )


def test_pytorch_that_is_already_imported_is_refused(plain, write):
    write("torch.py", "")
    run = plain("-c", "import torch\nfrom rushlight._standin.finder import install\ninstall()\n")
    assert run.returncode == 1
    assert "RuntimeError: torch is already imported in this process, from " in run.stderr


def test_pickle(standin, write):
    """Names are pickled by module: what says `torch` there is found again, by another process too."""
    save = """
import pickle, torch
size = torch.Size([2, 3])
made = pickle.dumps((size, torch.nn.Linear, torch.tensor([1.0, 2.0])))
assert pickle.loads(made)[:2] == (size, torch.nn.Linear)
assert pickle.loads(b"ctorch.nn\\nLinear\\n.") is torch.nn.Linear
with open("made", "wb") as file:
    file.write(made)
"""
    check(standin, write, save)
    load = """
import pickle
with open("made", "rb") as file:
    assert pickle.load(file)[2].tolist() == [1.0, 2.0]
"""
    check(standin, write, load)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("how", ["x.py", "-m x"])
def test_multiprocessing(method, how, standin, write):
    """The children of `multiprocessing` have the stand-in, and so has a child's child."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    source = f"""
import multiprocessing, sys
import torch
from torch.nn import Linear

class Mine(Linear):
    pass

def work(kind):
    assert sys.modules["torch"] is sys.modules["rushlight"] and issubclass(kind, torch.nn.Linear)
    return kind is Mine, torch.tensor([1.0, 2.0]).tolist()

def grandchild(kind):
    with multiprocessing.get_context("{method}").Pool(1) as pool:
        return pool.apply(work, (kind,))

if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    with context.Pool(2) as pool:
        print(pool.map(work, [Mine, Linear]))
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        print(pool.submit(grandchild, Mine).result())
"""
    write("x.py", source)
    run = standin(*how.split(), PYTHONWARNINGS="error,ignore::DeprecationWarning")
    assert run.stderr == ""
    assert run.stdout == "[(True, [1.0, 2.0]), (False, [1.0, 2.0])]\n(True, [1.0, 2.0])\n"


def test_what_the_fork_server_is_told(standin, write):
    """The server would import the main module without the stand-in; its children are told of both."""
    check(
        standin,
        write,
        """
from multiprocessing.spawn import get_preparation_data
worker, server = get_preparation_data("worker"), get_preparation_data("ignore")
assert worker.keys() - server.keys() == {"init_main_from_path"} and "rushlight" in worker
""",
    )


def test_the_finder_is_not_there_without_being_asked_for():
    assert sys.modules.get("torch") is not rushlight
    assert not any(type(finder).__module__.startswith("rushlight") for finder in sys.meta_path)

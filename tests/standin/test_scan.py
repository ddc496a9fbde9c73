"""The names of torch that can be told from a program's text, and those that cannot."""

import pytest

from rushlight._standin.scan import Findings, scan

CASES = {
    "import torch\ntorch.nn.Linear(1, 2)": {"torch.nn.Linear": 2},
    "import torch.nn as nn\nclass Net(nn.Module): pass": {"torch.nn": 1, "torch.nn.Module": 2},
    "import torch.nn.functional as F\nF.relu(F.relu(x))": {
        "torch.nn.functional": 1,
        "torch.nn.functional.relu": 2,
    },
    "import torch.nn.functional\ntorch.nn.functional.relu": {
        "torch.nn.functional": 1,
        "torch.nn.functional.relu": 2,
    },
    "from torch import nn, optim as o\no.SGD\nnn.init.zeros_": {
        "torch.nn": 1,
        "torch.optim": 1,
        "torch.optim.SGD": 2,
        "torch.nn.init.zeros_": 3,
    },
    "from torch.utils.data import (\n    DataLoader,\n    Dataset as D,\n)\nD()": {
        "torch.utils.data.DataLoader": 2,
        "torch.utils.data.Dataset": 3,
    },
    "import rushlight as torch\ntorch.vmap": {"torch.vmap": 2},
    "import torch as t\nx = t.randn(3).sum()\nt.float32": {"torch.randn": 2, "torch.float32": 3},
    "import torch\nf = torch.sin\nm = torch.nn\nm.ReLU": {"torch.sin": 2, "torch.nn": 3, "torch.nn.ReLU": 4},
    "import torch\nm = torch.nn\nm = 3\nm.ReLU": {"torch.nn": 2},
    "import torch\ndef f(torch):\n    return torch.sin": {},
    "import torch\ndef f(x=torch.e) -> torch.Tensor:\n    torch = 3\n    return torch.sin": {
        "torch.e": 2,
        "torch.Tensor": 2,
    },
    "import torch\ng = lambda torch: torch.sin\nh = [torch.cos for torch in x]\nk = [torch.tan for y in x]": {
        "torch.tan": 4,
    },
    "def f():\n    import torch\n    return torch.sin\ntorch.cos": {"torch.sin": 3},
    "import torch\ndef f():\n    global torch\n    torch = torch.sin": {"torch.sin": 4},
    "class A:\n    from torch import nn\n    x = nn.ReLU\n    def f(self): return nn.GELU": {
        "torch.nn": 2,
        "torch.nn.ReLU": 3,
    },
    "import torch\n@torch.no_grad()\ndef f(): pass": {"torch.no_grad": 2},
    "import torch\nx = x.torch.sin": {},
    "from .torch import nn\nnn.Linear": {},
    "import torchvision\ntorchvision.models": {},
    "def f(x):\n    import torch\n    match x:\n        case y: y.sin\n        case torch.e: pass": {"torch.e": 5},
    "import torch\nmatch x:\n    case torch.float32: pass": {"torch.float32": 3},
    "import torch\ntorch = torch.nn": {"torch.nn": 2},
    "import torch\nm = torch.nn\ndef f(torch):\n    return m.ReLU": {"torch.nn": 2, "torch.nn.ReLU": 4},
    "import torch\nx = x.sin\ny = y\nx.cos": {},
}


@pytest.mark.parametrize("source", CASES)
def test_names(source):
    findings = Findings()
    scan(source, "x.py", findings)
    found = {}
    for use in findings.uses:
        found.setdefault(use.name, use.place.line)
    assert found == CASES[source]


OPTIONAL = {
    "try:\n    import torch.cuda\nexcept ImportError:\n    pass": {"torch.cuda": True},
    "try:\n    from torch import cuda\nexcept:\n    cuda = None": {"torch.cuda": True},
    "try:\n    from torch import cuda\nexcept ValueError:\n    cuda = None": {"torch.cuda": False},
    "try:\n    pass\nexcept ImportError:\n    from torch import cuda": {"torch.cuda": False},
    "import torch\ntry:\n    torch.cuda\nexcept (KeyError, AttributeError):\n    pass": {"torch.cuda": True},
    "import torch\ntry:\n    torch.cuda\nexcept ImportError:\n    pass": {"torch.cuda": False},
    "import torch\ntry:\n    def f(): torch.cuda\nexcept AttributeError:\n    pass": {"torch.cuda": False},
    "import torch\nif hasattr(torch, 'cuda'): torch.cuda.init()": {
        "torch.cuda": True,
        "torch.cuda.init": True,
    },
    "import torch\ngetattr(torch, 'cuda', None)\ngetattr(torch, 'xpu')": {
        "torch.cuda": True,
        "torch.xpu": False,
    },
}


@pytest.mark.parametrize("source", OPTIONAL)
def test_the_program_handles_it(source):
    findings = Findings()
    scan(source, "x.py", findings)
    assert {use.name: use.optional for use in findings.uses} == OPTIONAL[source]


def test_members_and_stars():
    findings = Findings()
    scan("from torch.nn import *\nx.backward()\ny = x.grad\nx.data = 3\nself.a.item()\n", "x.py", findings)
    assert {name: place.line for name, place in findings.members.items()} == {
        "backward": 2,
        "grad": 3,
        "item": 5,
        "a": 5,
    }
    assert [(star.name, star.place.line) for star in findings.stars] == [("torch.nn", 1)]


def test_not_python():
    with pytest.raises(SyntaxError):
        scan("x = = 1", "x.py", Findings())

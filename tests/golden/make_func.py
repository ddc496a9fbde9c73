"""Make ``func.npz``, what PyTorch computes in the programs of tests/func/programs.py, and ``func.json``, what it says in
the scenarios of tests/func/scenarios.py.

Run with the Python that has PyTorch, from the root of the repository: ``python -m tests.golden.make_func``.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import torch

from tests.autograd.scenarios import play
from tests.func.programs import PROGRAMS
from tests.func.scenarios import SCENARIOS


def main() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.func.jvp(torch.sin, (torch.ones(1),), (torch.ones(1),))  # the first call warns of PyTorch's own doings
        arrays = {
            f"{program.__name__}.{i}": t.detach().numpy() for program in PROGRAMS for i, t in enumerate(program(torch))
        }
    np.savez_compressed(Path(__file__).with_name("func.npz"), **arrays)
    lines = {scenario.__name__: play(scenario, torch) for scenario in SCENARIOS}
    Path(__file__).with_name("func.json").write_text(json.dumps(lines, indent=1) + "\n")


if __name__ == "__main__":
    main()

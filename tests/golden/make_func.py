"""Make ``func.npz``: what PyTorch computes in the programs of tests/func/programs.py.

Run with the Python that has PyTorch, from the root of the repository: ``python -m tests.golden.make_func``.
"""

from pathlib import Path

import numpy as np
import torch

from tests.func.programs import PROGRAMS


def main() -> None:
    arrays = {
        f"{program.__name__}.{i}": t.detach().numpy() for program in PROGRAMS for i, t in enumerate(program(torch))
    }
    np.savez_compressed(Path(__file__).with_name("func.npz"), **arrays)


if __name__ == "__main__":
    main()

"""Write behaviour.json: what PyTorch 2.13 does with the snippets of tests/nn, tests/optim and tests/utils.

    python tests/golden/make_behaviour.py        (where torch==2.13.0 and NumPy are installed)
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests import behaviour  # noqa: E402
from tests.nn import snippets as nn_snippets  # noqa: E402
from tests.optim import snippets as optim_snippets  # noqa: E402
from tests.utils import snippets as utils_snippets  # noqa: E402


def main():
    golden = {
        code: behaviour.outcome(torch, code)
        for snippets in (nn_snippets, optim_snippets, utils_snippets)
        for code in snippets.SNIPPETS
    }
    path = HERE / "behaviour.json"
    path.write_text(json.dumps(golden, indent=0) + "\n")
    print(f"{path.name}: {len(golden)} snippets")


if __name__ == "__main__":
    main()

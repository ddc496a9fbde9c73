"""Write data.json: the batches of PyTorch 2.13's loaders, for the cases of tests/utils/cases.py.

python tests/golden/make_data.py        (where torch==2.13.0 and NumPy are installed; it starts worker processes)
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.utils import cases  # noqa: E402


def main():
    golden = cases.everything(torch)
    path = HERE / "data.json"
    path.write_text(json.dumps(golden) + "\n")
    print(f"{path.name}: {len(golden)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

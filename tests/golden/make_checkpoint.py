"""Write checkpoint.pt: a file of PyTorch 2.13's, of what tests/checkpoints.py describes.

python tests/golden/make_checkpoint.py        (where torch==2.13.0 and NumPy are installed)
"""

import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests import checkpoints  # noqa: E402


def main():
    path = HERE / "checkpoint.pt"
    torch.save(checkpoints.content(torch), path)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

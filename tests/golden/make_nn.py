"""Write nn.json.gz and programs.json: what PyTorch 2.13's layers show, for the cases of tests/nn/cases.py, and the
losses of the programs of tests/nn/programs.py.

python tests/golden/make_nn.py        (where torch==2.13.0 and NumPy are installed)
"""

import gzip
import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.nn import cases, programs  # noqa: E402


def rounded(value):
    """Seventeen digits say nothing of single precision."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


def main():
    golden = {text: rounded(cases.run(torch, text)) for text in cases.LAYERS}
    path = HERE / "nn.json.gz"
    # Without the time of writing, so that the same content is the same file.
    path.write_bytes(gzip.compress(json.dumps(golden).encode(), mtime=0))
    print(f"{path.name}: {len(golden)} layers, {path.stat().st_size} bytes")
    losses = {name: rounded(programs.train(torch, name)[0]) for name in programs.PROGRAMS}
    (HERE / "programs.json").write_text(json.dumps(losses, indent=0) + "\n")
    print(f"programs.json: {len(losses)} programs")


if __name__ == "__main__":
    main()

"""Write distributions.json.gz: what PyTorch 2.13's distributions say, for the cases of tests/distributions/cases.py.

python tests/golden/make_distributions.py        (where torch==2.13.0 and NumPy are installed)
"""

import gzip
import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.distributions import cases  # noqa: E402


def rounded(value):
    """Twelve digits are more than the tests compare."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


def main():
    golden = rounded(cases.everything(torch))
    path = HERE / "distributions.json.gz"
    # Without the time of writing, so that the same content is the same file.
    path.write_bytes(gzip.compress(json.dumps(golden).encode(), mtime=0))
    print(f"{path.name}: {', '.join(f'{len(v)} {k}' for k, v in golden.items())}, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Write behaviour.json: what PyTorch 2.13 does with the snippets of tests/behaviour.py.

python tests/golden/make_behaviour.py        (where torch==2.13.0 and NumPy are installed)
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests import behaviour  # noqa: E402


def main():
    golden = {
        area: {code: behaviour.outcome(torch, code) for code in behaviour.snippets(area)} for area in behaviour.AREAS
    }
    path = HERE / "behaviour.json"
    path.write_text(json.dumps(golden, indent=0) + "\n")
    print(f"{path.name}: {sum(map(len, golden.values()))} snippets")


if __name__ == "__main__":
    main()

"""Write optim.json: where PyTorch 2.13's optimizers and schedules lead, for the cases of tests/optim/cases.py.

python tests/golden/make_optim.py        (where torch==2.13.0 and NumPy are installed)
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.optim import cases  # noqa: E402


def of_optimizer(name, options):
    params = {dtype: cases.train(torch, name, options, dtype)[0] for dtype in cases.STEPS}
    _, optimizer = cases.train(torch, name, options, steps=1)
    state = {
        k: str(v.dtype) if torch.is_tensor(v) else v for k, v in optimizer.state_dict()["state"].get(0, {}).items()
    }
    return {"params": params, "text": repr(optimizer), "state": state}


def main():
    golden = {
        "optimizers": {cases.label(name, options): of_optimizer(name, options) for name, options in cases.FLAT},
        "lbfgs": {str(options): cases.minimise(torch, options) for options in cases.LBFGS_CASES},
        "schedules": {cases.label(name, o): cases.schedule(torch, name, o) for name, o in cases.FLAT_SCHEDULES},
        "composites": cases.composites(torch),
        "plateaus": {str(options): cases.plateau(torch, options) for options in cases.PLATEAUS},
    }
    path = HERE / "optim.json"
    path.write_text(json.dumps(golden) + "\n")
    print(f"{path.name}: {len(golden['optimizers'])} optimizers, {len(golden['schedules'])} schedules")


if __name__ == "__main__":
    main()

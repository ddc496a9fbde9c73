"""What PyTorch says in each scenario of tests/autograd/scenarios, to autograd.json."""

import json
import sys
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.autograd import scenarios  # noqa: E402

if __name__ == "__main__":
    said = {name: scenarios.play(scenario, torch) for name, scenario in sorted(scenarios.collect().items())}
    (HERE / "autograd.json").write_text(json.dumps(said, indent=1) + "\n")
    print(f"{len(said)} scenarios, {sum(map(len, said.values()))} lines, of PyTorch {torch.__version__}")

"""Where there is no code generator, the same graphs run by NumPy, and it says so once."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys, warnings
sys.modules["llvmlite"] = None  # as if it were not installed
import rushlight as torch
from rushlight._compile.plan import NumPyPlan

w = torch.ones(3, requires_grad=True)
optimizer = torch.optim.Adam([w], lr=0.1)

def step(x):
    optimizer.zero_grad()
    loss = ((w * x - 1) ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    compiled = torch.compile(step)
    other = torch.compile(lambda x: x.exp())
    x = torch.tensor([1.0, 2.0, 3.0])
    for _ in range(5):
        compiled(x), other(x)
assert type(compiled.compiled.programs[0].plan) is NumPyPlan
assert type(other.compiled.programs[0].plan) is NumPyPlan
for warning in told:
    print(warning.category.__name__, warning.message)
print(w.detach().tolist())
"""

EAGER = PROGRAM.replace("torch.compile(step)", "step").replace("torch.compile(lambda x: x.exp())", "torch.exp")
EAGER = "\n".join(line for line in EAGER.splitlines() if not line.startswith("assert"))


def run(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_compiled_functions_run_by_numpy() -> None:
    warning, result = run(PROGRAM)
    assert warning.startswith("UserWarning torch.compile runs by NumPy: for machine code install rushlight[jit]")
    assert [result] == run(EAGER)

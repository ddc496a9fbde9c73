"""What `import rushlight` costs over `import numpy`, and whether it loads a package that it should not.

Fails when a third-party package other than NumPy and ml_dtypes is loaded; the time is printed, never judged.
"""

import json
import os
import statistics
import subprocess
import sys

ALLOWED = {"rushlight", "numpy", "ml_dtypes"}
REPEATS = 11

# A process of its own for each measurement. What an environment loads at start-up (.pth files) is not ours,
# and a module without a spec was not imported: compiled parts of NumPy make such ones (cython_runtime).
PROBE = """
import json, sys, time
import numpy
before = set(sys.modules)
start = time.perf_counter()
import rushlight
seconds = time.perf_counter() - start
loaded = [name for name in set(sys.modules) - before if getattr(sys.modules[name], "__spec__", None)]
print(json.dumps([seconds, loaded]))
"""


def measure() -> tuple[float, list[str]]:
    """Return the seconds that the import took after NumPy's, and the modules that it loaded."""
    # As for a user: with the bytecode that the first import leaves behind.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = subprocess.run([sys.executable, "-c", PROBE], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    seconds, modules = json.loads(run.stdout)
    return seconds, modules


def main() -> int:
    """Measure and report; return the exit status."""
    measure()  # the first run writes bytecode
    runs = [measure() for _ in range(REPEATS)]
    milliseconds = sorted(1000 * seconds for seconds, _ in runs)
    modules = runs[0][1]
    packages = {module.partition(".")[0] for module in modules}
    foreign = sorted(packages - ALLOWED - sys.stdlib_module_names)
    print(
        f"import rushlight: {statistics.median(milliseconds):.1f} ms over numpy "
        f"({milliseconds[0]:.1f} to {milliseconds[-1]:.1f} in {REPEATS} runs), {len(modules)} modules"
    )
    if foreign:
        print(f"loaded by `import rushlight` and not allowed: {', '.join(foreign)}")
    return 1 if foreign else 0


if __name__ == "__main__":
    sys.exit(main())

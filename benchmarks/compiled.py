"""Compiled steps: Rushlight eager and compiled, PyTorch eager, `jax.jit` and `torch.compile`, in turns, in one run.

    python benchmarks/compiled.py                     # all workloads, with those of the contestants that are installed
    python benchmarks/compiled.py mlp puzzle          # some
    python benchmarks/compiled.py --torch-compile     # and torch.compile: it needs a C++ compiler, and minutes

Each contestant lives in a process of its own. Batches of about 50 ms are timed in turn, A B C A B C ..., each after one
that is not; a ratio is taken between batches of the same round, and the medians of the rounds are printed. A call is
waited for. "first" is what it takes a new process, imports aside, until it has the first result of compiled code
(Rushlight: the third call's): without anything on disk, and with the object code that a process before it kept. The
results after ten calls must agree, or the contestant is reported as WRONG.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks import derivatives, workloads  # noqa: E402, F401 - they register
from benchmarks.functional import FUNCTIONAL  # noqa: E402
from benchmarks.registry import WORKLOADS  # noqa: E402
from benchmarks.run import PAUSE, Contestant, calls_of_a_batch, human, seconds_of_a_call  # noqa: E402

COMPARED = list(FUNCTIONAL)  # what there is a version for all contestants of
CALLS = 10  # before the results are compared
CLOSE = 1e-4  # float32, after ten steps
PACKAGES = {
    "rushlight": "rushlight", "rushlight compiled": "llvmlite", "torch": "torch", "jax.jit": "jax", "torch.compile": "torch",
}  # fmt: skip
STARTS = 3  # processes whose first result is waited for


class Absent(Exception):
    """A contestant does not take part, and says why."""


# -- one contestant -----------------------------------------------------------------------------------------------------


def step_of(contestant: str, name: str) -> tuple[Any, int]:
    """A function that does one step, and which of its calls is the first to be served by compiled code."""
    if contestant == "jax.jit":
        import jax

        return FUNCTIONAL[name](jax), 1
    library = importlib.import_module(contestant.removesuffix(" compiled").removesuffix(".compile"))
    step = WORKLOADS[name][1](library)
    if contestant in ("rushlight", "torch"):
        return step, 1
    if not isinstance(step, workloads.Repeated):
        return library.compile(step), 3 if library.__name__ == "rushlight" else 1
    step.step = library.compile(step.step)
    if not hasattr(step.step, "repeat"):
        raise Absent("its compiled functions have no repeat(n)")
    step.repeat = step.step.repeat
    return step, 1


def parts_of(result: Any) -> list[float]:
    parts = result if isinstance(result, list) else [result]
    return [float(abs(p.detach() if hasattr(p, "detach") else p).sum()) for p in parts]


def serve(contestant: str) -> None:
    """Answer requests on standard input: build a workload, time a batch of it."""
    step: Any = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "build":
            try:
                step, first = step_of(contestant, request["workload"])
                answer = begun(step, first, request["calls"])
            except Absent as reason:
                answer = {"absent": str(reason)}
            except Exception as error:
                if contestant != "torch.compile":
                    raise
                answer = {"absent": f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"}
        else:
            answer = {"seconds": seconds_of_a_call(step, request["calls"])}
        print(json.dumps(answer), flush=True)


def begun(step: Any, first: int, calls: int) -> dict[str, Any]:
    """What the first calls took and gave. calls: how many are made in all before the results are looked at."""
    start = time.perf_counter()
    for _ in range(first):
        result = step()
    seconds = time.perf_counter() - start
    for _ in range(calls - first):
        result = step()
    values = parts_of(result)
    return {"first": seconds, "values": values, "calls": calls_of_a_batch(step), "made of": made_of(step)}


def made_of(step: Any) -> str:
    """What runs where, of a function that Rushlight compiled."""
    compiled = getattr(getattr(step, "step", step), "compiled", None)
    if compiled is None:
        return ""
    if not compiled.programs:
        return f"runs eagerly: {compiled.given_up}"
    plan = compiled.programs[0].plan
    called = Counter(c.operation.primitive.name for c in plan.lowered.calls)
    kinds = Counter(type(s).__name__ for s in plan.schedule.steps)
    names = {"Nest": "loops", "Product": "products of matrices", "Call": "calls of NumPy"}
    text = ", ".join(f"{kinds[k]} {words}" for k, words in names.items() if kinds[k])
    return text + (f": {', '.join(f'{name} x{n}' for name, n in called.most_common())}" if called else "")


# -- the comparison -----------------------------------------------------------------------------------------------------


def started(contestant: str, cache: str) -> Contestant:
    variables = {"RUSHLIGHT_CACHE": cache, "TORCHINDUCTOR_CACHE_DIR": cache}
    # What is installed has its bytecode; it is not to be made anew by each process that is timed.
    return Contestant(contestant, __file__, variables | {"PYTHONDONTWRITEBYTECODE": ""})


def first_results(contestant: str, name: str) -> tuple[float | None, float | None]:
    """Seconds of new processes until the first compiled result: without and with object code on disk (medians)."""
    cold, warm = [], []
    for _ in range(STARTS if contestant != "torch.compile" else 1):
        with tempfile.TemporaryDirectory() as folder:
            for times in (cold, warm):
                process = started(contestant, folder)
                answer = process.ask(do="build", workload=name, calls=3)
                process.close()
                if "absent" in answer:
                    return None, None
                times.append(answer["first"])
    return statistics.median(cold), statistics.median(warm) if contestant != "jax.jit" else None


def compare(name: str, contestants: list[str], rounds: int) -> dict[str, dict[str, Any]]:
    """By contestant: seconds, ratios, the first result's seconds, values; or why it is absent."""
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        running = {}
        for c in contestants:
            if importlib.util.find_spec(PACKAGES[c]) is None:
                rows[c] = {"absent": f"{PACKAGES[c]} is not installed"}
                continue
            process = started(c, folder)
            rows[c] = process.ask(do="build", workload=name, calls=CALLS)
            if "absent" in rows[c]:
                process.close()
            else:
                running[c] = process
        times: dict[str, list[float]] = {c: [] for c in running}
        for _ in range(rounds):
            for c, process in running.items():
                time.sleep(PAUSE)
                times[c].append(process.ask(do="time", calls=rows[c]["calls"])["seconds"])
        for process in running.values():
            process.close()
    for c, own in times.items():
        rows[c]["seconds"] = statistics.median(own)
        rows[c]["spread"] = max(own) / min(own) - 1
        rows[c]["ratios"] = {
            of: statistics.median(t / r for t, r in zip(own, times[of])) for of in ("torch", "jax.jit") if of in times
        }
        if c not in ("rushlight", "torch"):
            rows[c]["first"] = first_results(c, name)
        else:
            rows[c]["first"] = (None, None)
    return rows


def agree(a: list[float], b: list[float]) -> bool:
    return len(a) == len(b) and all(math.isclose(x, y, rel_tol=CLOSE, abs_tol=1e-6) for x, y in zip(a, b))


def print_rows(title: str, rows: dict[str, dict[str, Any]]) -> int:
    """Returns how many results are wrong."""
    print(f"\n{title}")
    print(f"  {'':<18} {'median':>9} {'of torch':>9} {'of jax.jit':>10} {'spread':>7} {'first':>9} {'kept':>9}   value")
    expected = next((rows[c]["values"] for c in ("torch", "rushlight") if "values" in rows.get(c, ())), None)
    wrong = 0
    for contestant, r in rows.items():
        if "absent" in r:
            print(f"  {contestant:<18} {r['absent']}")
            continue
        told = r["made of"]
        right = expected is None or agree(r["values"], expected)
        wrong += not right
        ratios = [f"{r['ratios'][of]:.4f}" if of in r["ratios"] else "" for of in ("torch", "jax.jit")]
        first = ["" if s is None else human(s) for s in r["first"]]
        print(
            f"  {contestant:<18} {human(r['seconds']):>9} {ratios[0]:>9} {ratios[1]:>10} {r['spread']:>7.0%} "
            f"{first[0]:>9} {first[1]:>9}   {r['values'][0]:.6g}{'' if right else '   WRONG: the results differ'}"
        )
        if told:
            print(f"  {'':<18} {told}")
    return wrong


def print_means(found: list[dict[str, dict[str, Any]]], contestants: list[str]) -> None:
    """Geometric means of the ratios to torch, over the workloads that a contestant and torch took part in."""
    if any("seconds" in rows["torch"] for rows in found):
        print("\ngeometric mean of the ratios to torch")
    for c in contestants:
        ratios = [rows[c]["ratios"]["torch"] for rows in found if "torch" in rows[c].get("ratios", ())]
        if ratios:
            print(f"  {c:<18} {statistics.geometric_mean(ratios):.4f}   ({len(ratios)} workloads)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(COMPARED)} (default: all)")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--torch-compile", action="store_true", help="with torch.compile")
    parser.add_argument("--serve", metavar="CONTESTANT", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return 0
    unknown = set(args.workloads) - set(COMPARED)
    if unknown:
        parser.error(f"no such workload: {', '.join(sorted(unknown))}")
    contestants = [c for c in PACKAGES if args.torch_compile or c != "torch.compile"]
    found = []
    wrong = 0
    for name in args.workloads or COMPARED:
        found.append(compare(name, contestants, args.rounds))
        wrong += print_rows(f"{name}: {WORKLOADS[name][0]}", found[-1])
        sys.stdout.flush()
    print_means(found, contestants)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

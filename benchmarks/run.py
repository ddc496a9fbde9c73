"""Rushlight beside PyTorch, in turns, in one run: medians and ratios, losses included.

    python benchmarks/run.py                    # all workloads; needs PyTorch in the same environment
    python benchmarks/run.py multiply mlp       # some
    python benchmarks/run.py family             # those whose names begin so: the families of operations
    python benchmarks/run.py --only rushlight   # without PyTorch

Each contestant lives in a process of its own. Batches of about 50 ms are timed in turn, A B A B ..., each after one that
is not; a ratio is taken between the two batches of the same round, and the median of the rounds is printed, with the
spread between the quickest and the slowest round. The results of a step must agree, or the workload is reported as WRONG.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
BATCH_SECONDS = 0.05
PAUSE = 0.1  # seconds until the threads of the one before, which go on looking for work for a while, are asleep


def known_workloads() -> dict[str, tuple[str, Any]]:
    """By name: a title, and what makes a step with a library."""
    sys.path.insert(0, str(HERE.parent))
    from benchmarks import derivatives, families, workloads  # noqa: F401 - they register
    from benchmarks.registry import WORKLOADS

    return WORKLOADS


# -- one contestant -----------------------------------------------------------------------------------------------


def serve(library: str) -> None:
    """Answer requests on standard input: build a workload, time a batch of it, measure memory."""
    workloads = known_workloads()
    torch = importlib.import_module(library)
    step: Any = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "build":
            step = workloads[request["workload"]][1](torch)
            for _ in range(2):
                step()
            result = step()
            parts = result if isinstance(result, list) else [result]
            value = sum(float(abs(part.detach()).sum()) for part in parts)
            answer: dict[str, Any] = {"value": value, "calls": calls_of_a_batch(step)}
        else:
            answer = {"seconds": seconds_of_a_call(step, request["calls"]), "peak_mb": _peak_mb()}
        print(json.dumps(answer), flush=True)


def calls_of_a_batch(step: Callable[[], Any]) -> int:
    """How many calls take `BATCH_SECONDS`, once they are at their speed."""
    calls, end = 0, time.perf_counter() + BATCH_SECONDS
    while not calls or time.perf_counter() < end:
        step()
        calls += 1
    return math.ceil(BATCH_SECONDS / _seconds(step, calls) * calls)


def seconds_of_a_call(step: Callable[[], Any], calls: int) -> float:
    """What a call takes in a batch. Others have run since the last one: caches and threads are cold, and for some 20 ms
    calls take up to twice as long. So a batch that is not timed goes before."""
    _seconds(step, calls)
    return _seconds(step, calls) / calls


def _seconds(step: Callable[[], Any], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return time.perf_counter() - start


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Contestant:
    """A process that serves one library. script: what it runs; variables: more of its environment."""

    def __init__(self, library: str, script: str = __file__, variables: dict[str, str] | None = None):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")} | (variables or {})
        self.process = subprocess.Popen(
            [sys.executable, script, "--serve", library],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a contestant died at {request}")
        return json.loads(answer)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


# -- the comparison -----------------------------------------------------------------------------------------------


def compare(name: str, libraries: list[str], rounds: int) -> list[dict[str, Any]]:
    """One row for each library: median seconds, median ratio to the last library, spread, value."""
    contestants = {library: Contestant(library) for library in libraries}
    built = {library: c.ask(do="build", workload=name) for library, c in contestants.items()}
    times: dict[str, list[float]] = {library: [] for library in libraries}
    peaks: dict[str, float] = {}
    for _ in range(rounds):
        for library, contestant in contestants.items():
            time.sleep(PAUSE)
            answer = contestant.ask(do="time", calls=built[library]["calls"])
            times[library].append(answer["seconds"])
            peaks[library] = answer["peak_mb"]
    for contestant in contestants.values():
        contestant.close()
    reference = times[libraries[-1]]
    return [
        {
            "library": library,
            "seconds": statistics.median(times[library]),
            "ratio": statistics.median(t / r for t, r in zip(times[library], reference)),
            "spread": max(times[library]) / min(times[library]) - 1,
            "peak_mb": peaks[library],
            "value": built[library]["value"],
        }
        for library in libraries
    ]


def human(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def print_table(title: str, rows: list[dict[str, Any]]) -> bool:
    agree = all(math.isclose(r["value"], rows[0]["value"], rel_tol=2e-3) for r in rows)
    print(f"\n{title}{'' if agree else '   WRONG: the results differ'}")
    for r in rows:
        print(
            f"  {r['library']:<10} {human(r['seconds']):>9}   ratio {r['ratio']:5.2f}   spread {r['spread']:4.0%}   "
            f"peak {r['peak_mb']:6.0f} MB   value {r['value']:.6g}"
        )
    return agree


# -- size and start -------------------------------------------------------------------------------------------------


def start_times(libraries: list[str], rounds: int) -> None:
    """The time of `import`, inside of a fresh process, and what that process holds at its peak."""
    print("\nimport, in a fresh process (numpy is what both build on)")
    code = (
        "import time, resource; t = time.perf_counter(); import {0}; t = time.perf_counter() - t; "
        "print(t, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    names = ["numpy", *libraries]
    seen: dict[str, list[tuple[float, float]]] = {n: [] for n in names}
    for _ in range(rounds):
        for name in names:
            out = subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True, text=True, check=True)
            seconds, mb = map(float, out.stdout.split())
            seen[name].append((seconds, mb))
    for name, measured in seen.items():
        seconds = statistics.median(s for s, _ in measured)
        print(
            f"  {name:<10} {human(seconds):>9}   {measured[-1][1]:.0f} MB in memory   {installed_mb(name):.1f} MB installed"
        )


def installed_mb(name: str) -> float:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    root = Path(next(iter(spec.submodule_search_locations)))
    return sum(f.stat().st_size for f in root.rglob("*") if f.is_file()) / 1e6


def chosen(named: list[str], workloads: dict[str, Any]) -> list[str]:
    """The workloads of these names, or whose names begin so; all where nothing is named."""
    out = []
    for name in named:
        found = [name] if name in workloads else [w for w in workloads if w.startswith(name)]
        if not found:
            raise SystemExit(f"no workload {name!r}; there are {', '.join(workloads)}")
        out += found
    return out or list(workloads)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", help="which to run (default: all)")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--table", action="store_true", help="and all of it as a table in Markdown")
    parser.add_argument("--only", choices=["rushlight", "torch"])
    parser.add_argument("--serve", metavar="LIBRARY", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve)
        return 0
    workloads = known_workloads()
    libraries = [args.only] if args.only else ["rushlight", "torch"]
    wrong, lines = 0, ["| | Rushlight | of PyTorch's time |", "| --- | --- | --- |"]
    for name in chosen(args.workloads, workloads):
        title, _ = workloads[name]
        rows = compare(name, libraries, args.rounds)
        wrong += not print_table(title, rows)
        lines.append(f"| {title} | {human(rows[0]['seconds'])} | {rows[0]['ratio']:.2f} |")
    if args.table:
        print("", *lines, sep="\n")
    if not args.workloads:
        start_times(libraries, 5)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

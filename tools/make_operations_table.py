"""Write docs/operations.md, and the number of operations in the README: from the records, and from the samples that
the tests of derivatives and transforms are generated from.

With ``--check`` nothing is written; the exit status says whether both are up to date.
"""

from __future__ import annotations

import re
import sys
import warnings
from itertools import groupby
from pathlib import Path
from textwrap import fill

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.ops import catalogue, compiling, evidence  # noqa: E402 - the tests stand beside the package, not in it
from tests.ops.catalogue import Operation  # noqa: E402
from tests.ops.evidence import Evidence  # noqa: E402

TABLE, README = ROOT / "docs" / "operations.md", ROOT / "README.md"
REGION = re.compile(r"(<!-- figures: operations \(begin\) -->).*?(<!-- figures: operations \(end\) -->)", re.DOTALL)
COLUMNS = ("Operation", "Also", "Forward", "vjp", "jvp", "Second order", "vmap", "compile")

INTRODUCTION = """\
# Operations and transforms

Every public operation, and what the tests show of its derivatives, of `vmap` and of `torch.compile`. `make docs-table`
writes this page from the operations' records and from the samples in `tests/ops/samples`; a test fails where it is out of
date.

{counts}

| Column | What a tick stands for |
| --- | --- |
| Forward | it is there: its values, dtypes and errors have tests of their own |
| vjp | reverse mode equals central differences, entry by entry, in float64; with ℂ in complex128 too |
| jvp | forward mode equals central differences, and is the adjoint of reverse mode |
| Second order | all four nestings of the two modes agree with each other and with differences, and so do third derivatives |
| vmap | it equals a loop: over all inputs and over each alone, inside of derivatives and around them |
| compile | machine code is made of a sample that calls it, NumPy has no part in it; derivatives are made of operations too |

| In the place of a tick | Why |
| --- | --- |
{reasons}

*Also* lists further names: methods, forms that write in place (with an underscore), operators and aliases. Names
without a namespace are those of `torch` and of tensors.
"""

NOT_LOWERED = """
## What machine code is not made of

The records that compiled functions leave to NumPy, by family: there is no rule for them in
`src/rushlight/_compile/lowerings`. All others are lowered, as far as their arguments and dtypes allow.

"""


def stem(name: str) -> str:
    """A name as the table shows it: ``torch.`` is left out."""
    return name.removeprefix("torch.")


def further_names(op: Operation) -> str:
    """The other names of an operation; "method" where there is one of the same name."""
    namespace, _, own = op.name.rpartition(".")
    found = []
    if namespace == "torch" and f"Tensor.{own}" in op.names:
        found.append("method")
    for name in op.names[1:]:
        short = name.removeprefix("torch.").removeprefix("Tensor.")
        if short != own and f"`{short}`" not in found:
            found.append(f"`{short}`")
    return ", ".join(found)


def cells(found: Evidence) -> list[str]:
    first, second = found.derivative(1), found.derivative(2)
    return [
        f"`{stem(found.operation.name)}`",
        further_names(found.operation),
        "✓",
        first,
        first,
        second,
        found.batching(),
        found.compiled(),
    ]


def line(row: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(row)} |"


def title(namespace: str) -> str:
    return {"torch": "torch", "Tensor": "Methods alone"}.get(namespace, stem(namespace))


def counts(rows: list[Evidence]) -> str:
    differentiable = [r for r in rows if r.derivative(1)[0] == "✓"]
    names = sum(len(r.operation.names) for r in rows)
    return fill(
        f"{len(rows)} operations under {names} names, made of {len(evidence.records())} primitives. "
        f"{len(differentiable)} are differentiable: {sum(r.derivative(2)[0] == '✓' for r in differentiable)} of them to "
        f"second and third order, {sum('ℂ' in r.derivative(1) for r in differentiable)} of complex numbers too. "
        f"{sum(r.batching() == '✓' for r in rows)} are mapped without a loop in every case. "
        f"Of {sum(r.compiled() == '✓' for r in rows)} machine code is made.",
        120,
    )


def table() -> str:
    """The whole page."""
    rows = sorted(evidence.rows(), key=lambda r: place(r.operation))
    words = evidence.REASONS | evidence.MAPPED | evidence.COMPILED
    reasons = [line(pair) for pair in words.items()]
    parts = [INTRODUCTION.format(counts=counts(rows), reasons="\n".join(reasons))]
    for namespace, of_namespace in groupby(rows, key=lambda r: r.operation.namespace):
        parts.append(f"\n## {title(namespace)}\n")
        for family, of_family in groupby(of_namespace, key=lambda r: r.operation.family):
            parts.append(f"\n### {family.replace('_', ' ').capitalize()}\n\n{line(COLUMNS)}\n")
            parts.append(f"{line(['---'] * len(COLUMNS))}\n")
            parts += [f"{line(cells(r))}\n" for r in of_family]
    parts.append(NOT_LOWERED)
    for family, records in compiling.not_lowered().items():
        parts.append(f"- {family.replace('_', ' ')}: {', '.join(f'`{name}`' for name in records)}\n")
    parts.append("\n## What is not in the tables\n\nPublic, but no functions of tensors that could be transformed:\n\n")
    for reason, names in evidence.EXCUSED.items():
        listed = ", ".join(f"`{stem(name)}`" for name in sorted(names.split(), key=stem))
        parts.append(f"- {reason}: {listed}\n")
    return "".join(parts)


def place(op: Operation) -> tuple[object, ...]:
    """Where an operation stands: by namespace, functions before methods, then by family and name."""
    return catalogue.NAMESPACE_ORDER.index(op.namespace), op.family, op.name.lower()


def readme() -> str:
    """The README with today's numbers."""
    rows, text = evidence.rows(), README.read_text(encoding="utf-8")
    numbers = f"{len(rows)} operations over {len(evidence.records())} primitives"
    changed, n = REGION.subn(lambda m: f"{m[1]}{numbers}{m[2]}", text)
    if n != 1:
        raise SystemExit(f"{README.name}: the marked region of the figures of operations is there {n} times")
    return changed


def main(arguments: list[str]) -> int:
    """Write both files, or look whether they are as they should be."""
    if lost := evidence.missing():
        print("no sample in tests/ops/samples calls", ", ".join(op.name for op in lost))
        return 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = {TABLE: table(), README: readme()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if arguments == ["--check"]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: make docs-table writes it anew")
        return bool(stale)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
        print(f"{path.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Make elementwise.json.gz: what PyTorch makes of the expressions in tests/ops/corpus/elementwise.py.

Run from the root of the repository, with PyTorch installed: python -m tests.golden.make_elementwise
"""

import gzip
import json
import pathlib

import torch

from tests.ops.corpus import Corpus, gradients, load, outcome

TARGET = pathlib.Path(__file__).with_name("elementwise.json.gz")


def node(corpus: Corpus, expression: str) -> str | None:
    """The node that computed the result, where inputs that can require grad do."""
    result, _ = outcome(torch, expression, corpus.used(expression), requires_grad=True)
    return result["grad_fn"] if isinstance(result, dict) else None


def main() -> None:
    corpus = load("elementwise")
    nodes = {e: node(corpus, e) for e in corpus.recorded()}
    stored = {
        "torch": torch.__version__,
        "values": {e: outcome(torch, e, corpus.used(e), requires_grad=False) for e in corpus.values},
        "nodes": {e: name for e, name in nodes.items() if name is not None},
        "gradients": {e: gradients(torch, e, corpus.used(e)) for e in corpus.gradients},
    }
    TARGET.write_bytes(gzip.compress(json.dumps(stored).encode(), mtime=0))
    print(f"{TARGET.name}: {', '.join(f'{len(stored[k])} {k}' for k in ('values', 'nodes', 'gradients'))}")


if __name__ == "__main__":
    main()

"""Make reduction.json: what PyTorch makes of the expressions in tests/ops/corpus/{reduction,ordering}.py.

Run from the root of the repository, with PyTorch installed: python -m tests.golden.make_reduction
"""

import json
import pathlib

import torch

from tests.ops.corpus import gradients, load, outcome

TARGET = pathlib.Path(__file__).with_name("reduction.json")


def main() -> None:
    stored = {}
    for name in ("reduction", "ordering"):
        corpus = load(name)
        stored[name] = {
            "values": {e: outcome(torch, e, corpus.used(e), requires_grad=False) for e in corpus.values},
            "recorded": {e: outcome(torch, e, corpus.used(e), requires_grad=True) for e in corpus.recorded()},
            "gradients": {e: gradients(torch, e, corpus.used(e)) for e in corpus.gradients},
        }
    TARGET.write_text(json.dumps({"torch": torch.__version__, **stored}, indent=0) + "\n")
    print(f"{TARGET.name}: {sum(len(v) for kinds in stored.values() for v in kinds.values())} outcomes")


if __name__ == "__main__":
    main()

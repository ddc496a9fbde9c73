"""Make corpora.json.gz: what PyTorch makes of the expressions in tests/ops/corpus/*.py.

Run from the root of the repository, with PyTorch installed: python -m tests.golden.make_corpora
"""

import gzip
import json
import pathlib

import torch

from tests.ops.corpus import Corpus, corpora, gradients, outcome

TARGET = pathlib.Path(__file__).with_name("corpora.json.gz")


def node(corpus: Corpus, expression: str) -> str | None:
    """The node that computed the result, where inputs that can require grad do."""
    result, _ = outcome(torch, expression, corpus.used(expression), requires_grad=True)
    return result["grad_fn"] if isinstance(result, dict) else None


def main() -> None:
    torch.set_warn_always(True)  # and not at the first call, wherever that is
    stored: dict[str, dict] = {}
    for name, corpus in corpora().items():
        nodes = {e: node(corpus, e) for e in corpus.recorded() if corpus.same_node(e)}
        stored[name] = {
            "values": {e: outcome(torch, e, corpus.used(e), requires_grad=False) for e in corpus.values},
            "nodes": {e: title for e, title in nodes.items() if title is not None},
            "gradients": {e: gradients(torch, e, corpus.used(e)) for e in corpus.gradients},
        }
    TARGET.write_bytes(gzip.compress(json.dumps({"torch": torch.__version__, "corpora": stored}).encode(), mtime=0))
    print(f"{TARGET.name}: {sum(len(v) for kinds in stored.values() for v in kinds.values())} outcomes")


if __name__ == "__main__":
    main()

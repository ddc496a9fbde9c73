"""The expressions of the corpora give what PyTorch gave (golden/corpora.json.gz)."""

import gzip
import json
import pathlib
from typing import Any

import pytest

import rushlight
from tests.ops.corpus import Corpus, assert_alike, assert_same_gradients, corpora, gradients, outcome

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "corpora.json.gz"
STORED = json.loads(gzip.decompress(GOLDEN.read_bytes()))["corpora"]
CORPORA = corpora()


def each(kind: str) -> pytest.MarkDecorator:
    cases = [(CORPORA[name], e, theirs) for name, stored in STORED.items() for e, theirs in stored[kind].items()]
    return pytest.mark.parametrize(("corpus", "expression", "theirs"), cases, ids=[e for _, e, _ in cases])


def test_the_golden_file_has_every_expression() -> None:
    assert list(STORED) == list(CORPORA)
    for name, corpus in CORPORA.items():
        assert list(STORED[name]["values"]) == corpus.values
        assert list(STORED[name]["gradients"]) == corpus.gradients


@each("values")
def test_result(corpus: Corpus, expression: str, theirs: Any) -> None:
    ours = outcome(rushlight, expression, corpus.used(expression), requires_grad=False)
    assert_alike(ours, theirs, same_node=True)


@each("nodes")
def test_node(corpus: Corpus, expression: str, theirs: str) -> None:
    result, _ = outcome(rushlight, expression, corpus.used(expression), requires_grad=True)
    assert result["grad_fn"] == theirs


@each("gradients")
def test_derivatives(corpus: Corpus, expression: str, theirs: Any) -> None:
    assert_same_gradients(gradients(rushlight, expression, corpus.used(expression)), theirs)

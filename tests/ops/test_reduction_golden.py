"""Reductions, orderings and running operations give what PyTorch gave (golden/reduction.json)."""

import json
import pathlib
from typing import Any

import pytest

import rushlight
from tests.ops.corpus import Corpus, assert_alike, assert_same_gradients, gradients, load, outcome

STORED = json.loads((pathlib.Path(__file__).parent.parent / "golden" / "reduction.json").read_text())
CORPORA = {name: load(name) for name in STORED if name != "torch"}


def each(kind: str) -> pytest.MarkDecorator:
    cases = [(CORPORA[name], e, theirs) for name in CORPORA for e, theirs in STORED[name][kind].items()]
    return pytest.mark.parametrize(("corpus", "expression", "theirs"), cases, ids=[e for _, e, _ in cases])


@pytest.mark.parametrize("name", CORPORA)
def test_the_golden_file_has_every_expression(name: str) -> None:
    corpus, stored = CORPORA[name], STORED[name]
    assert list(stored["values"]) == corpus.values
    assert list(stored["recorded"]) == corpus.recorded()
    assert list(stored["gradients"]) == corpus.gradients


@each("values")
def test_result(corpus: Corpus, expression: str, theirs: Any) -> None:
    assert_alike(outcome(rushlight, expression, corpus.used(expression), requires_grad=False), theirs, same_node=True)


@each("recorded")
def test_result_with_a_history(corpus: Corpus, expression: str, theirs: Any) -> None:
    ours = outcome(rushlight, expression, corpus.used(expression), requires_grad=True)
    assert_alike(ours, theirs, same_node=corpus.same_node(expression))


@each("gradients")
def test_derivatives(corpus: Corpus, expression: str, theirs: Any) -> None:
    assert_same_gradients(gradients(rushlight, expression, corpus.used(expression)), theirs)

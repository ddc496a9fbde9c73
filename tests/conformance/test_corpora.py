"""The expressions of tests/ops/corpus against PyTorch.

Results, dtypes, nodes, errors and warnings, with a history and without, and first and second derivatives.
"""

import pytest
import torch

import rushlight
from tests.ops.corpus import Corpus, assert_alike, assert_same_gradients, corpora, gradients, outcome

CORPORA = corpora().values()

torch.set_warn_always(True)  # and not once in a process, whichever test comes first


def each(kind: str) -> pytest.MarkDecorator:
    def expressions(corpus: Corpus) -> list[str]:
        return corpus.recorded() if kind == "recorded" else getattr(corpus, kind)

    pairs = [(corpus, expression) for corpus in CORPORA for expression in expressions(corpus)]
    return pytest.mark.parametrize(("corpus", "expression"), pairs, ids=[expression for _, expression in pairs])


@each("values")
def test_results_are_the_same(corpus: Corpus, expression: str) -> None:
    inputs = corpus.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=False) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=True)


@each("recorded")
def test_results_with_a_history_are_the_same(corpus: Corpus, expression: str) -> None:
    inputs = corpus.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=True) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=corpus.same_node(expression))


@each("gradients")
def test_derivatives_are_the_same(corpus: Corpus, expression: str) -> None:
    inputs = corpus.used(expression)
    assert_same_gradients(gradients(rushlight, expression, inputs), gradients(torch, expression, inputs))

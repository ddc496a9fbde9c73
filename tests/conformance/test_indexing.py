"""Indexing, reading and writing, gather, scatter and masks against PyTorch.

Results, nodes, errors, first and second derivatives of tests/ops/corpus/indexing.py.
"""

import pytest
import torch

import rushlight
from tests.ops.corpus import assert_alike, assert_same_gradients, gradients, load, outcome

CORPUS = load("indexing")


@pytest.mark.parametrize("expression", CORPUS.values)
def test_results_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=False) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=True)


@pytest.mark.parametrize("expression", CORPUS.recorded())
def test_results_with_a_history_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=True) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=True)


@pytest.mark.parametrize("expression", CORPUS.gradients)
def test_derivatives_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    assert_same_gradients(gradients(rushlight, expression, inputs), gradients(torch, expression, inputs))


@pytest.mark.parametrize("index", ["0", "...", "slice(None)", "i", "x > 1", "(0, i)", "(0, 0)", "True", "(slice(0, 2), 0)", "None"])
@pytest.mark.parametrize("value", ["5", "t.tensor(5.0)", "s", "s.view(1)"])
def test_nodes_of_written_tensors(index: str, value: str) -> None:
    def node(library: object) -> str:
        s = library.tensor(2.0, requires_grad=True)
        names = {"t": library, "x": library.arange(6.0).reshape(3, 2), "i": library.tensor([1, 0]), "s": s}
        z = library.zeros(3, 2, requires_grad=True) * 1
        z[eval(index, names)] = eval(value, names)
        return z.grad_fn.name()

    assert node(rushlight) == node(torch)

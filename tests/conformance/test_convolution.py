"""Convolutions, poolings and interpolations against PyTorch: tests/ops/corpus/convolution.py."""

import pytest
import torch

import rushlight
from tests.ops.corpus import assert_alike, assert_same_gradients, gradients, load, outcome

CORPUS = load("convolution")


@pytest.mark.parametrize("expression", CORPUS.values)
def test_results_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=False) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=True)


@pytest.mark.parametrize("expression", CORPUS.recorded())
def test_results_with_a_history_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    ours, theirs = (outcome(t, expression, inputs, requires_grad=True) for t in (rushlight, torch))
    assert_alike(ours, theirs, same_node=CORPUS.same_node(expression))


@pytest.mark.parametrize("expression", CORPUS.gradients)
def test_derivatives_are_the_same(expression: str) -> None:
    inputs = CORPUS.used(expression)
    assert_same_gradients(gradients(rushlight, expression, inputs), gradients(torch, expression, inputs))

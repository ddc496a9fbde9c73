"""Elementwise operations give what PyTorch gave (golden/elementwise.json.gz)."""

import gzip
import json
import pathlib
from typing import Any

import pytest

import rushlight
from tests.ops.corpus import assert_alike, assert_same_gradients, gradients, load, outcome

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "elementwise.json.gz"
STORED = json.loads(gzip.decompress(GOLDEN.read_bytes()))
CORPUS = load("elementwise")


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("expression", "theirs"), STORED[kind].items(), ids=list(STORED[kind]))


def test_the_golden_file_has_every_expression() -> None:
    assert list(STORED["values"]) == CORPUS.values
    assert list(STORED["gradients"]) == CORPUS.gradients


@each("values")
def test_result(expression: str, theirs: Any) -> None:
    ours = outcome(rushlight, expression, CORPUS.used(expression), requires_grad=False)
    assert_alike(ours, theirs, same_node=True)


@each("nodes")
def test_node(expression: str, theirs: str) -> None:
    result, _ = outcome(rushlight, expression, CORPUS.used(expression), requires_grad=True)
    assert result["grad_fn"] == theirs


@each("gradients")
def test_derivatives(expression: str, theirs: Any) -> None:
    assert_same_gradients(gradients(rushlight, expression, CORPUS.used(expression)), theirs)

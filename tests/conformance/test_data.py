"""Loaders against PyTorch: the project's cases and snippets, with real worker processes on the other side."""

import pytest
import torch

import rushlight
from tests import behaviour
from tests.utils import cases

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("workers", cases.WORKERS)
@pytest.mark.parametrize("order", cases.ORDERS)
def test_batches(order, workers):
    assert cases.batches(rushlight, order, workers) == cases.batches(torch, order, workers)


@pytest.mark.parametrize("workers", cases.WORKERS)
def test_what_a_dataset_draws(workers):
    assert cases.drawing(rushlight, workers) == cases.drawing(torch, workers)


@pytest.mark.parametrize("code", behaviour.snippets("utils"))
def test_snippet(code):
    assert behaviour.outcome(rushlight, code) == behaviour.outcome(torch, code)

"""Loaders give PyTorch's batches for the same seeds (golden/data.json), and cheaply."""

import json
import pathlib
import random

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.random.generator import default_generator
from rushlight.utils.data import DataLoader, Dataset, Subset, TensorDataset
from tests.utils import cases

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "data.json").read_text())


@pytest.fixture(scope="module")
def seen():
    return cases.everything(torch)


@pytest.mark.parametrize("name", GOLDEN)
def test_batches_and_draws_are_pytorchs(name, seen):
    assert seen[name] == GOLDEN[name]


def test_a_batch_of_rows_is_one_indexing_operation_for_each_tensor(monkeypatch):
    def no_rows(self, index):
        raise AssertionError("taken apart")

    x, y = torch.rand(10, 3), torch.arange(10)
    data = TensorDataset(x, y)
    monkeypatch.setattr(TensorDataset, "__getitem__", no_rows)

    (a, b), *_ = DataLoader(Subset(data, [9, 8, 7]), batch_size=2)

    assert torch.equal(a, x[[9, 8]])
    assert b.tolist() == [9, 8]
    assert a.is_contiguous()


def test_rows_that_need_gradients_get_them():
    x = torch.arange(4.0, requires_grad=True)
    (batch,) = next(iter(DataLoader(TensorDataset(x), batch_size=2)))
    (batch * 3).sum().backward()
    assert x.grad.tolist() == [3, 3, 0, 0]


def test_a_loader_with_workers_leaves_all_streams_alone():
    class Drawing(Dataset):
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return torch.rand(1), random.random(), np.random.rand()

    loader = iter(DataLoader(Drawing(), num_workers=2))
    before = (default_generator.get_state(), random.getstate(), np.random.get_state()[1].tolist())
    list(loader)
    after = (default_generator.get_state(), random.getstate(), np.random.get_state()[1].tolist())
    assert torch.equal(before[0], after[0])
    assert before[1:] == after[1:]
    assert torch.utils.data.get_worker_info() is None


def test_an_error_in_a_worker_is_raised_as_it_is_and_the_streams_are_put_back():
    class Failing(Dataset):
        def __len__(self):
            return 2

        def __getitem__(self, i):
            raise KeyError("row")

    stream = default_generator.stream
    with pytest.raises(KeyError, match="row"):
        list(DataLoader(Failing(), num_workers=1))
    assert default_generator.stream is stream


def test_what_workers_cannot_do_is_refused():
    data = TensorDataset(torch.arange(3))
    with pytest.raises(NotImplementedError, match="timeout"):
        DataLoader(data, num_workers=1, timeout=5)
    with pytest.raises(NotImplementedError, match="multiprocessing_context"):
        DataLoader(data, num_workers=1, multiprocessing_context="spawn")


def test_an_iterable_that_gives_more_than_it_promised_is_told():
    class Stream(torch.utils.data.IterableDataset):
        def __iter__(self):
            return iter(range(3))

        def __len__(self):
            return 1

    loader = DataLoader(Stream())
    assert len(loader) == 1
    with pytest.warns(UserWarning, match="was reported to be 1"):
        list(loader)

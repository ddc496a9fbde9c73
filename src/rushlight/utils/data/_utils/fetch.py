"""Getting the samples of a batch out of a dataset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...._core.tensor import Tensor, wrap
from ..dataset import IterableDataset, Subset, TensorDataset
from .collate import default_collate


def fetcher(dataset: Any, batched: bool, collate_fn: Callable[[Any], Any], drop_last: bool) -> Callable[[Any], Any]:
    """A function from what the sampler gave to a batch; it raises StopIteration when an iterable dataset is done."""
    if isinstance(dataset, IterableDataset):
        return _Stream(dataset, batched, collate_fn, drop_last)
    if not batched:
        return lambda index: collate_fn(dataset[index])

    def fetch(indices: Any) -> Any:
        if collate_fn is default_collate:
            batch = rows_of_tensors(dataset, indices)
            if batch is not None:
                return batch
        if getattr(dataset, "__getitems__", None):
            return collate_fn(dataset.__getitems__(indices))
        return collate_fn([dataset[index] for index in indices])

    return fetch


def rows_of_tensors(dataset: Any, indices: Any) -> list[Tensor] | None:
    """A batch of a TensorDataset by one indexing operation for each tensor; None where it is something else."""
    while type(dataset) is Subset:
        if type(dataset.dataset) not in (Subset, TensorDataset):
            return None
        indices = [dataset.indices[i] for i in indices]
        dataset = dataset.dataset
    if type(dataset) is not TensorDataset:
        return None
    rows = np.asarray(indices)
    plain = rows.dtype.kind == "i" and rows.ndim == 1 and rows.size > 0
    # Rows that gradients flow back to are stacked one by one, so that the history is the same.
    if not plain or any(type(t) is not Tensor or t.requires_grad for t in dataset.tensors):
        return None
    n = len(dataset)
    if rows.min() < -n or rows.max() >= n:
        return None  # the dataset itself says what is wrong
    return [wrap(t._data.take(rows, axis=0)) for t in dataset.tensors]


class _Stream:
    """The samples of an iterable dataset, taken as many at a time as the sampler says."""

    def __init__(self, dataset: Any, batched: bool, collate_fn: Callable[[Any], Any], drop_last: bool):
        self.samples = iter(dataset)
        self.batched = batched
        self.collate_fn = collate_fn
        self.drop_last = drop_last
        self.ended = False

    def __call__(self, places: Any) -> Any:
        if self.ended:
            raise StopIteration
        if not self.batched:
            return self.collate_fn(next(self.samples))
        batch = []
        for _ in places:
            try:
                batch.append(next(self.samples))
            except StopIteration:
                self.ended = True
                break
        if not batch or (self.drop_last and len(batch) < len(places)):
            raise StopIteration
        return self.collate_fn(batch)

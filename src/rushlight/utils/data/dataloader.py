"""The loader: a dataset in batches, in the order that a sampler gives."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, repeat
from typing import Any, Generic, TypeVar

from ..._core.where import warn_user
from ._utils.collate import default_collate, default_convert
from ._utils.fetch import fetcher
from ._utils.worker import Worker, get_worker_info
from .dataset import IterableDataset
from .sampler import BatchSampler, RandomSampler, SequentialSampler, drawn_seed

__all__ = ["DataLoader", "default_collate", "default_convert", "get_worker_info"]

T = TypeVar("T", covariant=True)  # noqa: PLC0105 - users subscript the class

_FIXED = frozenset({"batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"})


class DataLoader(Generic[T]):
    """Batches of a dataset, in order or shuffled; the same ones as PyTorch's for the same seed.

    batch_size: samples in a batch; None for single samples. shuffle: a new order each round. sampler,
    batch_sampler: indices, or lists of them, in an order of one's own. collate_fn: makes a batch of a list of
    samples. drop_last: leave out a shorter last batch. generator: where the order is drawn from.

    num_workers: batches are always made in the calling thread, when they are asked for. The random numbers
    that a dataset draws are those that it would draw in that many workers of PyTorch's, with their seeds,
    ``worker_init_fn`` and `get_worker_info`; the workers share the dataset, and an exception comes as it was
    raised. prefetch_factor: how far ahead indices are drawn. Not supported: timeout and
    multiprocessing_context with workers.

    Raises ValueError for options that exclude each other.

    >>> import rushlight as torch
    >>> loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.arange(5)), batch_size=2)
    >>> for (batch,) in loader:
    ...     print(batch)
    tensor([0, 1])
    tensor([2, 3])
    tensor([4])
    """

    _initialized = False

    def __init__(
        self, dataset: Any, batch_size: int | None = 1, shuffle: bool | None = None, sampler: Any = None,
        batch_sampler: Any = None, num_workers: int = 0, collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False, drop_last: bool = False, timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None, multiprocessing_context: Any = None,
        generator: Any = None, *, prefetch_factor: int | None = None, persistent_workers: bool = False,
        pin_memory_device: str = "", in_order: bool = True,
    ):  # fmt: skip
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers, multiprocessing_context)
        streams = isinstance(dataset, IterableDataset)
        if streams:
            _check_stream(shuffle, sampler, batch_sampler)
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
                )
            batch_size, drop_last = None, False
        elif batch_size is None and drop_last:
            raise ValueError("batch_size=None option disables auto-batching and is mutually exclusive with drop_last")
        if sampler is None:
            if streams:
                sampler = repeat(None)
            else:
                sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset = dataset
        self.num_workers = num_workers
        self.prefetch_factor = 2 if num_workers > 0 and prefetch_factor is None else prefetch_factor
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.in_order = in_order  # False allows another order and does not ask for one
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.generator = generator
        self.collate_fn = collate_fn or (default_collate if batch_sampler is not None else default_convert)
        self.persistent_workers = persistent_workers
        self._known_length: int | None = None  # of an iterable dataset, once somebody asked
        self._iterator: Any = None
        self._initialized = True

    def __setattr__(self, attr: str, val: Any) -> None:
        if self._initialized and attr in _FIXED:
            raise ValueError(f"{attr} attribute should not be set after {type(self).__name__} is initialized")
        super().__setattr__(attr, val)

    @property
    def _index_sampler(self) -> Iterable[Any]:
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def __iter__(self) -> Iterator[Any]:
        if not self.num_workers:
            return _SingleProcessDataLoaderIter(self)
        if not self.persistent_workers:
            return _MultiProcessingDataLoaderIter(self)
        if self._iterator is None:
            self._iterator = _MultiProcessingDataLoaderIter(self)
        else:
            self._iterator.restart()
        return self._iterator

    def __len__(self) -> int:
        if not isinstance(self.dataset, IterableDataset):
            return len(self._index_sampler)  # type: ignore[arg-type]
        n = self._known_length = len(self.dataset)  # type: ignore[arg-type]
        if self.batch_size is None:
            return n
        return n // self.batch_size if self.drop_last else math.ceil(n / self.batch_size)


# The classes have PyTorch's names: errors about them say so.
class _SingleProcessDataLoaderIter:
    """One round of a loader."""

    def __init__(self, loader: DataLoader[Any]):
        if loader.pin_memory:
            warn_user(
                "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory "
                "won't be used."
            )
        self.loader = loader
        self.yielded = 0
        self.indices = iter(loader._index_sampler)
        # Drawn in every round, also where no worker needs it: the numbers that come after depend on it.
        self.base_seed = drawn_seed(loader.generator)
        self._start()

    def _start(self) -> None:
        if self.loader.timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        self.fetch = self._fetcher()

    def _fetcher(self) -> Callable[[Any], Any]:
        loader = self.loader
        return fetcher(loader.dataset, loader.batch_sampler is not None, loader.collate_fn, loader.drop_last)

    def __iter__(self) -> Any:
        return self

    def __len__(self) -> int:
        return len(self.loader._index_sampler)  # type: ignore[arg-type]

    def __next__(self) -> Any:
        batch = self._next()
        self.yielded += 1
        known = self.loader._known_length
        if known is not None and self.yielded > known:
            warn_user(
                f"Length of IterableDataset {self.loader.dataset} was reported to be {known}(when accessing "
                f"len(dataloader)), but {self.yielded} samples have been fetched. "
            )
        return batch

    def _next(self) -> Any:
        return self.fetch(next(self.indices))


class _MultiProcessingDataLoaderIter(_SingleProcessDataLoaderIter):
    """One round with workers: batch after batch goes to the next worker that has something left."""

    def _start(self) -> None:
        loader = self.loader
        if not loader.prefetch_factor:
            raise AssertionError("prefetch_factor must be greater than 0 for MultiProcessingDataLoaderIter")
        self.workers = [Worker(number, loader, self.base_seed, self._fetcher) for number in range(loader.num_workers)]
        self._begin()

    def restart(self) -> None:
        """Another round with the same workers."""
        for worker in self.workers:
            worker.restart(self._fetcher)
        self._begin()

    def _begin(self) -> None:
        self.yielded = 0
        self.indices = iter(self.loader._index_sampler)
        self.turns = cycle(self.workers)
        self.tasks: deque[tuple[Worker, Any]] = deque()
        # Indices are drawn as far ahead as PyTorch draws them, since samplers may use the streams that
        # programs use.
        for _ in range(self.loader.prefetch_factor * self.loader.num_workers):  # type: ignore[operator]
            self._assign()

    def _assign(self) -> None:
        try:
            index = next(self.indices)
        except StopIteration:
            return
        for _ in self.workers:
            worker = next(self.turns)
            if worker.active:
                self.tasks.append((worker, index))
                return

    def _next(self) -> Any:
        while self.tasks:
            worker, index = self.tasks.popleft()
            if not worker.active:
                continue
            try:
                with worker.at_work():
                    batch = worker.fetch(index)
            except StopIteration:
                if not isinstance(self.loader.dataset, IterableDataset):
                    raise
                worker.active = False
                self._assign()
                continue
            except Exception:
                self._assign()
                raise
            self._assign()
            return batch
        raise StopIteration


def _check_workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool, context: Any
) -> None:
    if num_workers < 0:
        raise ValueError("num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.")
    if timeout < 0:
        raise ValueError("timeout option should be non-negative")
    if num_workers == 0 and prefetch_factor is not None:
        raise ValueError(
            "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable "
            "multiprocessing, otherwise set prefetch_factor to None."
        )
    if prefetch_factor is not None and prefetch_factor < 0:
        raise ValueError("prefetch_factor option should be non-negative")
    if persistent_workers and num_workers == 0:
        raise ValueError("persistent_workers option needs num_workers > 0")
    if context is not None:
        if num_workers == 0:
            raise ValueError(
                "multiprocessing_context can only be used with multi-process loading (num_workers > 0), but "
                f"got num_workers={num_workers}"
            )
        raise NotImplementedError("DataLoader(multiprocessing_context=...): batches are made in the calling process")
    if timeout and num_workers:
        raise NotImplementedError("DataLoader(timeout=...): batches are made in the calling process, without waiting")


def _check_stream(shuffle: bool | None, sampler: Any, batch_sampler: Any) -> None:
    title = "DataLoader with IterableDataset: expected unspecified"
    if shuffle not in (False, None):
        raise ValueError(f"{title} shuffle option, but got shuffle={shuffle}")
    if sampler is not None:
        raise ValueError(f"{title} sampler option, but got sampler={sampler}")
    if batch_sampler is not None:
        raise ValueError(f"{title} batch_sampler option, but got batch_sampler={batch_sampler}")

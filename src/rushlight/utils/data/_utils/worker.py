"""Workers: random streams and a view of the dataset for each, in this process.

PyTorch's workers are processes. What a program can tell them by is the numbers that they draw, which each
gets from streams of its own, and `get_worker_info`; both are the same here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...._core.random.generator import Generator, default_generator


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """Which worker fetches: its number, how many there are, its seed, its dataset."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


_worker_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """Inside a dataset: the worker that is fetching; None where the loader has none."""
    return _worker_info


class Worker:
    """One worker: the seed of its streams, and the fetcher that it made under them."""

    def __init__(self, number: int, loader: Any, base_seed: int, make_fetcher: Callable[[], Callable[[Any], Any]]):
        seed = base_seed + number
        self.active = True
        self.info = WorkerInfo(number, loader.num_workers, seed, loader.dataset)
        self.torch_stream = Generator().manual_seed(seed).stream
        self.python_state = random.Random(seed).getstate()
        words = [number, base_seed & 0xFFFFFFFF, base_seed >> 32, 0]
        self.numpy_state = np.random.RandomState(np.random.SeedSequence(words).generate_state(4)).get_state()
        with self.at_work():
            if loader.worker_init_fn is not None:
                loader.worker_init_fn(number)
            self.fetch = make_fetcher()

    def restart(self, make_fetcher: Callable[[], Callable[[Any], Any]]) -> None:
        """Begin another round with the streams where they are."""
        self.active = True
        with self.at_work():
            self.fetch = make_fetcher()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Random numbers, in Python's, NumPy's and our own default streams, come from this worker's meanwhile."""
        global _worker_info
        before = _worker_info, default_generator._made, random.getstate(), np.random.get_state()
        _worker_info, default_generator._made = self.info, self.torch_stream
        random.setstate(self.python_state)
        np.random.set_state(self.numpy_state)
        try:
            yield
        finally:
            self.torch_stream = default_generator.stream
            self.python_state, self.numpy_state = random.getstate(), np.random.get_state()
            _worker_info, default_generator._made, python_state, numpy_state = before
            random.setstate(python_state)
            np.random.set_state(numpy_state)

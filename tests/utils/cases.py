"""What loaders are made to do, written for PyTorch and Rushlight alike: the golden file and the tests run these."""

import random

import numpy as np

ORDERS = {
    "in order": lambda t, d, s: {"batch_size": 5},
    "shuffled": lambda t, d, s: {"batch_size": 4, "shuffle": True},
    "drop_last": lambda t, d, s: {"batch_size": 4, "shuffle": True, "drop_last": True},
    "generator": lambda t, d, s: {"batch_size": 4, "shuffle": True, "generator": t.Generator().manual_seed(5)},
    "single samples": lambda t, d, s: {"batch_size": None, "shuffle": True},
    "subset": lambda t, d, s: {"batch_size": 3, "sampler": d.SubsetRandomSampler([3, 4, 5, 6, 7])},
    "weighted": lambda t, d, s: {"batch_size": 4, "sampler": d.WeightedRandomSampler([0.1] * 10 + [0.9] * 13, 10)},
    "replacement": lambda t, d, s: {"batch_size": 7, "sampler": d.RandomSampler(s, replacement=True, num_samples=50)},
    "more than there are": lambda t, d, s: {"batch_size": 7, "sampler": d.RandomSampler(s, num_samples=50)},
}
WORKERS = (0, 2, 3)


def lists(batch):
    return [x if isinstance(x, (int, float)) else x.tolist() for x in batch]


def batches(torch, order, workers):
    """Two rounds of batches, with draws from the default stream in between."""
    data = torch.utils.data
    torch.manual_seed(3)
    samples = data.TensorDataset(torch.arange(23), torch.arange(23) * 2)
    loader = data.DataLoader(samples, num_workers=workers, **ORDERS[order](torch, data, samples))
    seen = []
    for _ in range(2):
        seen.append([lists(batch) for batch in loader])
        seen.append(torch.rand(2).tolist())
    return seen


def split(torch):
    data = torch.utils.data
    torch.manual_seed(3)
    samples = data.TensorDataset(torch.arange(23))
    first, second = data.random_split(samples, [0.7, 0.3])
    loader = data.DataLoader(first, batch_size=4, shuffle=True)
    return [list(first.indices), list(second.indices), [lists(batch) for batch in loader]]


def drawing(torch, workers, persistent=False):
    """A dataset that draws from three streams, in two rounds."""
    data = torch.utils.data
    torch.manual_seed(3)
    random.seed(1)
    np.random.seed(2)

    class Drawing(data.Dataset):
        def __len__(self):
            return 11

        def __getitem__(self, i):
            worker = data.get_worker_info()
            who = (-1, 0) if worker is None else (worker.id, worker.seed)
            return (i, torch.rand(1), random.random(), np.random.rand(), *who)

    loader = data.DataLoader(
        Drawing(), batch_size=2, shuffle=True, num_workers=workers, persistent_workers=persistent,
        worker_init_fn=lambda i: torch.rand(i + 1),
    )  # fmt: skip
    seen = [[lists(batch) for batch in loader] for _ in range(2)]
    return [*seen, torch.rand(2).tolist(), random.random(), float(np.random.rand())]


def streaming(torch, workers, batch_size, drop_last):
    """An iterable dataset whose workers have unequal shares."""
    data = torch.utils.data
    torch.manual_seed(3)

    class Stream(data.IterableDataset):
        def __iter__(self):
            worker = data.get_worker_info()
            number = 0 if worker is None else worker.id
            for i in range(7 + 3 * number):
                yield i + 100 * number, torch.rand(1)

    loader = data.DataLoader(Stream(), batch_size=batch_size, num_workers=workers, drop_last=drop_last)
    return [lists(batch) for batch in loader]


def everything(torch):
    """All cases by name."""
    seen = {"split": split(torch)}
    for workers in WORKERS:
        for order in ORDERS:
            seen[f"{order}, {workers} workers"] = batches(torch, order, workers)
        seen[f"drawing, {workers} workers"] = drawing(torch, workers)
        for batch_size, drop_last in ((2, False), (2, True), (None, False)):
            seen[f"streaming {batch_size} {drop_last}, {workers} workers"] = streaming(
                torch, workers, batch_size, drop_last
            )
    seen["drawing, persistent"] = drawing(torch, 2, persistent=True)
    return seen

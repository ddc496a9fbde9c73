"""Datasets and loaders at work and in error: see tests/behaviour.py."""

_D = "d = torch.utils.data\nx = torch.arange(10)\nt = d.TensorDataset(x, x * 2.0)\n"

_BEHIND = {
    _D: [
        "t[3], len(t), t[1:3], t[-1]", "t[10]", "d.TensorDataset(x, x[:5])", "d.Dataset()[0]", "len(d.Dataset())", "(t + t)[13], len(t + t)", "(t + t)[-1]", "(t + t)[-25]",
        "d.ConcatDataset([])", "d.Subset(t, [3, 1])[0], len(d.Subset(t, [3, 1]))", "d.Subset(t, [3, 1])[[0, 1]]", "d.Subset(t, [3, 1])[5]",
        "class S(d.Subset):\n def __getitem__(self, i): return 3\nS(t, [1])", "d.StackDataset(x, x)[2]", "d.StackDataset(a=x, b=t)[2]", "d.StackDataset()", "d.StackDataset(x, b=x)", "d.StackDataset(x, x[:3])",
        "d.StackDataset(x, t).__getitems__([1, 2])", "d.StackDataset(a=x).__getitems__([1, 2])", "[len(p) for p in d.random_split(t, [0.5, 0.25, 0.25])]", "[len(p) for p in d.random_split(t, [7, 3])]",
        "d.random_split(t, [7, 4])", "d.random_split(t, [1.5, -0.5])", "[len(p) for p in d.random_split(range(2), [0.4, 0.4, 0.2])]", "d.random_split(t, [7, 3], torch.Generator().manual_seed(3))[1].indices",
        "list(d.SequentialSampler(range(3)))", "list(d.RandomSampler(range(5)))", "d.RandomSampler(range(0))", "d.RandomSampler(range(3), replacement=1)", "d.RandomSampler(range(3), num_samples=-1)",
        "list(d.RandomSampler(range(3), num_samples=7))", "list(d.RandomSampler(range(3), replacement=True, num_samples=40))", "list(d.SubsetRandomSampler([5, 6, 7]))", "d.WeightedRandomSampler([1.0], 0)",
        "d.WeightedRandomSampler([1.0], 1, replacement=1)", "d.WeightedRandomSampler([[1.0]], 1)", "list(d.WeightedRandomSampler([0.1, 0.9, 0.4], 5))", "list(d.WeightedRandomSampler([0.1, 0.9, 0.4], 3, False))",
        "list(d.BatchSampler(range(5), 2, False)), list(d.BatchSampler(range(5), 2, True))", "d.BatchSampler(range(3), 0, False)", "d.BatchSampler(range(3), 2, 1)", "len(d.BatchSampler(range(5), 2, True)), len(d.BatchSampler(range(5), 2, False))",
        "d.default_collate([1, 2])", "d.default_collate([1.5, 2.0])", "d.default_collate([True, False])", "d.default_collate(['a', 'b'])", "d.default_collate([torch.ones(2), torch.zeros(2)])", "d.default_collate([(1, 'a'), (2, 'b')])",
        "d.default_collate([[1, 2], [3, 4]])", "d.default_collate([{'a': 1, 'b': [2]}, {'a': 3, 'b': [4]}])", "import numpy as np; d.default_collate([np.ones(2), np.zeros(2)])", "import numpy as np; d.default_collate([np.float32(1), np.float32(2)])",
        "import numpy as np; d.default_collate([np.array('a')])", "d.default_collate([None])", "d.default_collate([[1, 2], [3]])", "d.default_collate([object])",
        "from collections import namedtuple as n; P = n('P', 'a b'); d.default_collate([P(1, 2.0), P(3, 4.0)])", "from collections import OrderedDict as O; d.default_collate([O(a=1), O(a=2)])",
        "d.default_collate([b'a', b'b'])", "d.default_collate([range(2), range(2)])", "d.default_convert(3), d.default_convert('a'), d.default_convert((1, 'a'))", "import numpy as np; d.default_convert({'a': np.ones(2), 'b': [np.float64(1)]})",
        "d.DataLoader(t, num_workers=-1)", "d.DataLoader(t, timeout=-1)", "d.DataLoader(t, prefetch_factor=2)", "d.DataLoader(t, num_workers=1, prefetch_factor=-1)", "d.DataLoader(t, persistent_workers=True)",
        "d.DataLoader(t, shuffle=True, sampler=[1])", "d.DataLoader(t, batch_sampler=[[1]], batch_size=2)", "d.DataLoader(t, batch_sampler=[[1]], shuffle=True)", "d.DataLoader(t, batch_size=None, drop_last=True)", "d.DataLoader(t, batch_size=0)",
        "d.DataLoader(t, multiprocessing_context='fork')", "iter(d.DataLoader(t, timeout=1))", "l = d.DataLoader(t, 4); len(l), l.batch_size, l.drop_last, type(l.sampler).__name__, type(l.batch_sampler).__name__, l.num_workers",
        "l = d.DataLoader(t, 4); l.batch_size = 3", "l = d.DataLoader(t, 4); l.dataset = t", "l = d.DataLoader(t, 4); l.other = 3; l.other", "list(d.DataLoader(t, 4))", "list(d.DataLoader(t, 4, drop_last=True))", "list(d.DataLoader(t, 4, shuffle=True))",
        "list(d.DataLoader(t, batch_size=None))[:2]", "list(d.DataLoader(t, batch_sampler=[[1, 2], [5]]))", "list(d.DataLoader(t, sampler=[3, 1]))", "list(d.DataLoader([1, 2, 3], 2))", "list(d.DataLoader(['a', 'b', 'c'], 2))", "list(d.DataLoader(t, 4, collate_fn=len))",
        "list(d.DataLoader(d.Subset(d.Subset(t, [1, 3, 5, 7]), [0, 2, 3]), 2))", "list(d.DataLoader(t, 4, pin_memory=True))[0]", "it = iter(d.DataLoader(t, 4)); len(it), iter(it) is it, next(it)", "next(iter(d.DataLoader(t, 10, shuffle=True, generator=torch.Generator().manual_seed(1))))[0]",
        "list(d.DataLoader(t, 4, sampler=[3, 11]))", "a = torch.arange(4.0, requires_grad=True); [(b[0].requires_grad, b[0].grad_fn.name()) for b in d.DataLoader(d.TensorDataset(a), 2)]", "list(d.DataLoader(t, 4, num_workers=2, shuffle=True))", "d.get_worker_info()",
        "class I(d.IterableDataset):\n def __iter__(self): return iter(range(5))\nlist(d.DataLoader(I(), 2)), list(d.DataLoader(I(), 2, drop_last=True)), list(d.DataLoader(I(), None))", "class I(d.IterableDataset):\n def __iter__(self): return iter(range(5))\nd.DataLoader(I(), shuffle=True)",
        "class I(d.IterableDataset):\n def __iter__(self): return iter(range(5))\nd.DataLoader(I(), sampler=[1])", "class I(d.IterableDataset):\n def __iter__(self): return iter(range(5))\nlen(d.DataLoader(I()))", "class I(d.IterableDataset):\n def __iter__(self): return iter(range(3))\nlist(I() + I())",
        "class I(d.IterableDataset):\n def __iter__(self): return iter(range(3))\nd.ConcatDataset([I()])", "class M(d.Dataset):\n def __len__(self): return 3\n def __getitem__(self, i): return {'i': i, 'x': torch.ones(2) * i}\nlist(d.DataLoader(M(), 2))",
        "class M(d.Dataset):\n def __len__(self): return 3\n def __getitems__(self, i): return [j * 10 for j in i]\nlist(d.DataLoader(M(), 2))", "class M(d.Dataset):\n def __len__(self): return 3\n def __getitem__(self, i): raise ValueError('no')\nlist(d.DataLoader(M(), 2))",
        "class V(d.TensorDataset):\n def __getitem__(self, i): return super().__getitem__(i)[0] + 100\nlist(d.DataLoader(V(x), 5))", "d.DataLoader[int], d.Dataset[int], d.Sampler[int]", "torch.rand(1), [len(b[0]) for b in d.DataLoader(t, 4, shuffle=True)], torch.rand(1)",
    ],
}  # fmt: skip

SNIPPETS = [preamble + line for preamble, lines in _BEHIND.items() for line in lines]

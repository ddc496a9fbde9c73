"""Write random_streams.npz: what PyTorch 2.13 (CPU) draws, and where each draw leaves the stream.

    OMP_NUM_THREADS=1 python tests/golden/make_random_streams.py        (where torch==2.13.0 is installed)

The CPU must have AVX2 and fused multiply-add: without them PyTorch rounds differently. Keys:

``draw/NAME``            what case NAME of `DRAWS` returned, after `torch.manual_seed(SEED)`; bfloat16 as its
                         bits (uint16). Instead of a long one ``draw/NAME#sha256`` is the digest of its bytes.
``draw/NAME#state``      40 bytes about `torch.get_rng_state()` after it: its SHA-256 where the kept normal
                         is set to zero, then that kept normal (float64)
``top/NAME/K``           the indices that `torch.topk(numbers, K)` gives for case NAME of `ties`
``program/NAME/PART``    what user code of `programs` got, after `torch.manual_seed(SEED)`:
    linear_3_2, linear_64_32     weight, bias of a new `nn.Linear`; next: a `torch.rand(1)` after it
    conv2d, lstm, embedding      the parameters by name; next
    dropout, dropout2d, rrelu    out; next
    loader_plain                 order (the samples of two epochs, shape (2, 10)) of DataLoader(range(10),
                                 batch_size=4); next
    loader_shuffle               the same with shuffle=True
    loader_generator             the same with shuffle=True and generator=Generator().manual_seed(7);
                                 own_next: a rand(1) from that generator; next
    sampler_replacement          order of RandomSampler(range(10), replacement=True, num_samples=40)
    sampler_weighted             order of WeightedRandomSampler([.1, .9, .4, .7, 3, .6], 6)
    split                        first, second: indices of random_split(range(10), [7, 3]); next
"""

import hashlib
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils import data

SEED = 20240229
LONG = 4096  # elements; longer results are stored as a digest
SIZES = (1, 15, 16, 17, 1000)
FLOATS = {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float32": torch.float32,
    "float64": torch.float64,
}
COMPLEX = {"complex64": torch.complex64, "complex128": torch.complex128}
INTEGERS = {f"{u}int{bits}": getattr(torch, f"{u}int{bits}") for u in ("u", "") for bits in (8, 16, 32, 64)}
CLASSIC = {name: dtype for name, dtype in INTEGERS.items() if name[0] != "u" or name == "uint8"}

DRAWS = {}


def draws():
    """Fill `DRAWS`: names to functions without arguments."""
    for n in SIZES:
        for name, dtype in (FLOATS | COMPLEX).items():
            DRAWS[f"rand/{name}/{n}"] = lambda n=n, d=dtype: torch.rand(n, dtype=d)
            DRAWS[f"randn/{name}/{n}"] = lambda n=n, d=dtype: torch.randn(n, dtype=d)
    for name, dtype in (FLOATS | COMPLEX).items():
        DRAWS[f"uniform/{name}"] = lambda d=dtype: torch.empty(3, 50, dtype=d).uniform_(-0.3, 0.77)
        DRAWS[f"uniform_narrow/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).uniform_(1.0, 1.01)
        DRAWS[f"normal/{name}/7"] = lambda d=dtype: torch.empty(7, dtype=d).normal_(0.3, 0.77)
        DRAWS[f"normal/{name}/50"] = lambda d=dtype: torch.empty(50, dtype=d).normal_(0.3, 0.77)
    for name, dtype in FLOATS.items():
        DRAWS[f"exponential/{name}"] = lambda d=dtype: torch.empty(100, dtype=d).exponential_(0.7)
        DRAWS[f"cauchy/{name}"] = lambda d=dtype: torch.empty(100, dtype=d).cauchy_(0.1, 0.7)
        DRAWS[f"log_normal/{name}"] = lambda d=dtype: torch.empty(101, dtype=d).log_normal_(0.1, 0.7)
        DRAWS[f"poisson/{name}"] = lambda d=dtype: torch.poisson(ramp(100, d) / 4)
        DRAWS[f"bernoulli_tensor/{name}"] = lambda d=dtype: torch.bernoulli(ramp(65, d) / 64)
        DRAWS[f"multinomial/{name}"] = lambda d=dtype: torch.multinomial(weights(d), 20)
        DRAWS[f"multinomial_one/{name}"] = lambda d=dtype: torch.multinomial(weights(d), 1)
        DRAWS[f"multinomial_replaced/{name}"] = lambda d=dtype: torch.multinomial(weights(d), 20, True)
        DRAWS[f"random_from_to/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).random_(-7, 200)
        DRAWS[f"random_from/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).random_(5, None)
    for name, dtype in (FLOATS | CLASSIC).items():
        DRAWS[f"geometric/{name}"] = lambda d=dtype: torch.empty(100, dtype=d).geometric_(0.3)
    for name, dtype in (FLOATS | CLASSIC | {"bool": torch.bool}).items():
        DRAWS[f"random/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).random_()
        DRAWS[f"bernoulli/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).bernoulli_(0.3)
    for name, dtype in INTEGERS.items():
        DRAWS[f"randint/{name}"] = lambda d=dtype: torch.randint(3, 100, (50,), dtype=d)
    for name in ("int64", "float32", "float64", "bfloat16"):
        dtype = getattr(torch, name)
        DRAWS[f"random_full/{name}"] = lambda d=dtype: torch.empty(50, dtype=d).random_(-(2**63), None)
    for low, high in (
        (0, 2**28 - 1),
        (0, 2**28),
        (0, 2**32),
        (-(2**40), 2**50),
        (-(2**63), 2**63 - 1),
    ):
        DRAWS[f"randint_wide/{low}/{high}"] = lambda a=low, b=high: torch.randint(a, b, (50,))
    DRAWS["randint_rounded/float32"] = lambda: torch.empty(50).random_(3, 2**24 + 1)
    DRAWS["randint_rounded/float16"] = lambda: torch.empty(50, dtype=torch.float16).random_(-2047, 2049)
    for n in (0, 1, 2, 15, 16, 17, 1000, 40000, 100000):
        DRAWS[f"randperm/{n}"] = lambda n=n: torch.randperm(n)
    DRAWS["randperm/float32"] = lambda: torch.randperm(20, dtype=torch.float32)
    for name in ("float32", "float64"):
        dtype = FLOATS[name]
        DRAWS[f"binomial/{name}"] = lambda d=dtype: torch.binomial(
            torch.tensor([0, 1, 10, 100, 10000], dtype=d).repeat(26), ramp(130, d) / 128
        )
        DRAWS[f"gamma/{name}"] = lambda d=dtype: torch._standard_gamma(ramp(101, d) / 16)
        DRAWS[f"dirichlet/{name}"] = lambda d=dtype: torch._sample_dirichlet((ramp(30, d) + 1).reshape(10, 3) / 8)
        mean, std = ramp(5, dtype) / 2 - 1, ramp(20, dtype).reshape(4, 5) / 8
        DRAWS[f"normal_mean_std/{name}"] = lambda m=mean, s=std: torch.normal(m, s)
        DRAWS[f"normal_mean/{name}"] = lambda m=mean: torch.normal(m, 0.5)
        DRAWS[f"normal_std/{name}"] = lambda s=std: torch.normal(0.5, s)
        # Not contiguous: the order is that of the memory, and normal_ always draws in pairs.
        DRAWS[f"uniform_transposed/{name}"] = lambda d=dtype: torch.empty(3, 4, dtype=d).t().uniform_()
        DRAWS[f"normal_permuted/{name}"] = lambda d=dtype: torch.empty(2, 3, 5, dtype=d).permute(2, 0, 1).normal_()
        DRAWS[f"normal_sliced/{name}"] = lambda d=dtype: torch.empty(3, 14, dtype=d)[:, ::2].normal_()
        DRAWS[f"randn_like_channels_last/{name}"] = lambda d=dtype: torch.randn_like(
            torch.empty(2, 3, 4, 5, dtype=d, memory_format=torch.channels_last)
        )
    # More samples than categories that can be drawn: those of weight 0 come as the sorting leaves them.
    DRAWS["multinomial_exhausted"] = lambda: torch.multinomial((torch.arange(100) % 9 == 0).double(), 60)
    DRAWS["multinomial_few"] = lambda: torch.multinomial((torch.arange(400) % 150 == 7).double(), 6)
    DRAWS["multinomial_transposed"] = lambda: torch.multinomial(weights(torch.float64).t(), 3)
    DRAWS["multinomial_expanded"] = lambda: torch.multinomial(weights(torch.float64)[1].expand(3, 25), 3)
    DRAWS["sequence"] = sequence


def ramp(n, dtype):
    """0 to n - 1, which divided by a power of two are exact in every dtype."""
    return torch.arange(n, dtype=dtype)


def weights(dtype):
    return (ramp(100, dtype) + 20).reshape(4, 25) / 32


def sequence():
    """Draws that leave an odd number of words, a kept normal and a block's end in each other's way."""
    parts = [torch.rand(3), torch.randn(3), torch.rand(2, dtype=torch.float64), torch.randn(2)]
    parts += [
        torch.randn(20),
        torch.randn(1, dtype=torch.float64),
        torch.rand(571),
        torch.randint(0, 9, (4,)),
    ]
    parts += [torch.randn(33, dtype=torch.float64), torch.empty(5).log_normal_(), torch.randperm(5)]
    return torch.cat([part.double() for part in parts])


def array_of(tensor):
    if tensor.dtype == torch.bfloat16:
        return tensor.contiguous().view(torch.int16).numpy().view(np.uint16)
    return np.ascontiguousarray(tensor.numpy())


def state_of(generator):
    state = generator.get_state().numpy().copy()
    kept = state[5024:5032].copy()
    state[5024:5032] = 0
    return np.concatenate((np.frombuffer(hashlib.sha256(state.tobytes()).digest(), np.uint8), kept))


def programs():
    """Names to arrays of what user code gets."""
    images, labels = ramp(96, torch.float32).reshape(2, 3, 4, 4) / 32 - 1, range(10)
    modules = {
        "linear_3_2": lambda: nn.Linear(3, 2),
        "linear_64_32": lambda: nn.Linear(64, 32),
        "conv2d": lambda: nn.Conv2d(3, 4, 3),
        "lstm": lambda: nn.LSTM(3, 2, num_layers=2),
        "embedding": lambda: nn.Embedding(6, 4, padding_idx=2),
    }
    for name, make in modules.items():
        torch.manual_seed(SEED)
        for part, parameter in make().named_parameters():
            yield f"{name}/{part}", parameter.detach()
        yield f"{name}/next", torch.rand(1)
    functions = {
        "dropout": lambda: F.dropout(images, 0.3),
        "dropout2d": lambda: F.dropout2d(images, 0.3),
        "rrelu": lambda: F.rrelu(images, training=True),
    }
    for name, call in functions.items():
        torch.manual_seed(SEED)
        yield f"{name}/out", call()
        yield f"{name}/next", torch.rand(1)
    for name, keywords in {
        "loader_plain": {},
        "loader_shuffle": {"shuffle": True},
        "loader_generator": {"shuffle": True, "generator": torch.Generator().manual_seed(7)},
    }.items():
        torch.manual_seed(SEED)
        loader = data.DataLoader(labels, batch_size=4, **keywords)
        yield f"{name}/order", torch.stack([torch.cat(list(loader)) for _ in range(2)])
        if "generator" in keywords:
            yield f"{name}/own_next", torch.rand(1, generator=keywords["generator"])
        yield f"{name}/next", torch.rand(1)
    torch.manual_seed(SEED)
    sampler = data.RandomSampler(labels, replacement=True, num_samples=40)
    yield "sampler_replacement/order", torch.tensor(list(sampler))
    torch.manual_seed(SEED)
    sampler = data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 6)
    yield "sampler_weighted/order", torch.tensor(list(sampler))
    torch.manual_seed(SEED)
    first, second = data.random_split(labels, [7, 3])
    yield "split/first", torch.tensor(list(first.indices))
    yield "split/second", torch.tensor(list(second.indices))
    yield "split/next", torch.rand(1)


def ties():
    """Numbers of which many are equal, and how many of the largest are asked for."""
    ramp_and_back = torch.cat([torch.arange(500), torch.arange(500).flip(0)]).double()
    yield "cycle", torch.arange(200.0) % 7, (1, 3, 50, 199, 200)
    yield (
        "organ_pipe",
        (ramp_and_back / 2).floor(),
        (10, 500, 1000),
    )  # the worst case of introspective sorting
    yield "nan", torch.where(torch.arange(60) % 11 == 3, torch.nan, torch.arange(60.0) % 5), (1, 4, 30)


def main():
    draws()
    golden = {}
    for name, draw in DRAWS.items():
        torch.manual_seed(SEED)
        result = array_of(draw())
        if result.size > LONG:
            golden[f"draw/{name}#sha256"] = np.frombuffer(hashlib.sha256(result.tobytes()).digest(), np.uint8)
        else:
            golden[f"draw/{name}"] = result
        golden[f"draw/{name}#state"] = state_of(torch.default_generator)
    golden |= {f"top/{name}/{k}": torch.topk(t, k).indices.numpy() for name, t, ks in ties() for k in ks}
    golden |= {f"program/{name}": array_of(tensor) for name, tensor in programs()}
    path = pathlib.Path(__file__).with_name("random_streams.npz")
    np.savez_compressed(path, **golden)
    print(f"{path.name}: {len(golden)} arrays, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

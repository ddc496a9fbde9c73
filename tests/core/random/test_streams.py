"""Random streams draw PyTorch's numbers, stop where it stops (golden file) and refuse what it refuses."""

import copy
import hashlib
import math
import pathlib
import pickle
import threading

import ml_dtypes
import numpy as np
import pytest

from rushlight._core.random.mersenne import DEFAULT_SEED
from rushlight._core.random.shuffle import by_chains, by_steps
from rushlight._core.random.stream import MersenneStream, iteration_order

SEED = 20240229
GOLDEN = dict(np.load(pathlib.Path(__file__).parents[2] / "golden" / "random_streams.npz"))
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOATS = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
CLASSIC = ("uint8", "int8", "int16", "int32", "int64")
INTEGERS = (*CLASSIC, "uint16", "uint32", "uint64")


def numpy_dtype(name):
    return BFLOAT16 if name == "bfloat16" else np.dtype(name)


def ramp(n, dtype):
    return np.arange(n).astype(dtype)


def weights(dtype):
    return (ramp(100, dtype) + dtype.type(20)).reshape(4, 25) / dtype.type(32)


def in_layout(array, draw):
    """`array`, filled by `draw(shape)` in the order of its memory."""
    target = array.transpose(iteration_order(array))
    target[...] = draw(target.shape)
    return array


def sequence(s):
    f8 = np.float64
    parts = [s.uniform((3,)), s.normal((3,)), s.uniform((2,), f8), s.normal((2,))]
    parts += [s.normal((20,)), s.normal((1,), f8), s.uniform((571,)), s.integers(0, 9, (4,))]
    parts += [s.normal((33,), f8), s.log_normal((5,)), s.permutation(5)]
    return np.concatenate([part.astype(f8) for part in parts])


def draws():
    """What belongs to each ``draw/NAME`` of the golden file: NAME, function of a stream."""
    for name in (*FLOATS, *COMPLEX):
        d = numpy_dtype(name)
        for n in (1, 15, 16, 17, 1000):
            yield f"rand/{name}/{n}", lambda s, n=n, d=d: s.uniform((n,), d)
            yield f"randn/{name}/{n}", lambda s, n=n, d=d: s.normal((n,), d)
        yield f"uniform/{name}", lambda s, d=d: s.uniform((3, 50), d, -0.3, 0.77)
        yield f"uniform_narrow/{name}", lambda s, d=d: s.uniform((50,), d, 1.0, 1.01)
        yield f"normal/{name}/7", lambda s, d=d: s.normal((7,), d, 0.3, 0.77)
        yield f"normal/{name}/50", lambda s, d=d: s.normal((50,), d, 0.3, 0.77)
    for name in FLOATS:
        d = numpy_dtype(name)
        yield f"exponential/{name}", lambda s, d=d: s.exponential((100,), d, 0.7)
        yield f"cauchy/{name}", lambda s, d=d: s.cauchy((100,), d, 0.1, 0.7)
        yield f"log_normal/{name}", lambda s, d=d: s.log_normal((101,), d, 0.1, 0.7)
        yield f"poisson/{name}", lambda s, d=d: s.poisson(ramp(100, d) / d.type(4))
        yield f"bernoulli_tensor/{name}", lambda s, d=d: s.bernoulli(ramp(65, d) / d.type(64), (65,), d)
        yield f"multinomial/{name}", lambda s, d=d: s.multinomial(weights(d), 20)
        yield f"multinomial_one/{name}", lambda s, d=d: s.multinomial(weights(d), 1)
        yield f"multinomial_replaced/{name}", lambda s, d=d: s.multinomial(weights(d), 20, True)
        yield f"random_from_to/{name}", lambda s, d=d: s.integers(-7, 200, (50,), d)
        yield f"random_from/{name}", lambda s, d=d: s.integers(5, None, (50,), d)
    for name in (*FLOATS, *CLASSIC):
        d = numpy_dtype(name)
        yield f"geometric/{name}", lambda s, d=d: s.geometric((100,), d, 0.3)
    for name in (*FLOATS, *CLASSIC, "bool"):
        d = numpy_dtype(name)
        yield f"random/{name}", lambda s, d=d: s.integers(None, None, (50,), d)
        yield f"bernoulli/{name}", lambda s, d=d: s.bernoulli(0.3, (50,), d)
    for name in INTEGERS:
        yield f"randint/{name}", lambda s, d=name: s.integers(3, 100, (50,), d)
    for name in ("int64", "float32", "float64", "bfloat16"):
        d = numpy_dtype(name)
        yield f"random_full/{name}", lambda s, d=d: s.integers(-(2**63), None, (50,), d)
    for bounds in (
        (0, 2**28 - 1),
        (0, 2**28),
        (0, 2**32),
        (-(2**40), 2**50),
        (-(2**63), 2**63 - 1),
    ):
        yield "randint_wide/{}/{}".format(*bounds), lambda s, b=bounds: s.integers(*b, (50,))
    yield "randint_rounded/float32", lambda s: s.integers(3, 2**24 + 1, (50,), np.float32)
    yield "randint_rounded/float16", lambda s: s.integers(-2047, 2049, (50,), np.float16)
    for n in (0, 1, 2, 15, 16, 17, 1000, 40000, 100000):
        yield f"randperm/{n}", lambda s, n=n: s.permutation(n)
    yield "randperm/float32", lambda s: s.permutation(20, np.float32)
    for name in ("float32", "float64"):
        d = np.dtype(name)
        counts = np.tile(np.array([0, 1, 10, 100, 10000], d), 26)
        yield f"binomial/{name}", lambda s, d=d, c=counts: s.binomial(c, ramp(130, d) / d.type(128))
        yield f"gamma/{name}", lambda s, d=d: s.standard_gamma(ramp(101, d) / d.type(16))
        alpha = (ramp(30, d) + 1).reshape(10, 3) / d.type(8)
        yield f"dirichlet/{name}", lambda s, a=alpha: s.dirichlet(a)
        mean, std = ramp(5, d) / d.type(2) - 1, ramp(20, d).reshape(4, 5) / d.type(8)
        yield f"normal_mean_std/{name}", lambda s, m=mean, t=std: s.normal_like(m, t)
        yield f"normal_mean/{name}", lambda s, m=mean: s.normal_like(m, 0.5)
        yield f"normal_std/{name}", lambda s, t=std: s.normal_like(0.5, t)
        pairs = lambda s, d=d: lambda shape: s.normal(shape, d, contiguous=False)
        yield (
            f"uniform_transposed/{name}",
            lambda s, d=d: in_layout(np.empty((3, 4), d).T, lambda shape: s.uniform(shape, d)),
        )
        yield (
            f"normal_permuted/{name}",
            lambda s, d=d, p=pairs: in_layout(np.empty((2, 3, 5), d).transpose(2, 0, 1), p(s)),
        )
        yield (
            f"normal_sliced/{name}",
            lambda s, d=d, p=pairs: in_layout(np.empty((3, 14), d)[:, ::2], p(s)),
        )
        yield (
            f"randn_like_channels_last/{name}",
            lambda s, d=d, p=pairs: in_layout(np.empty((2, 4, 5, 3), d).transpose(0, 3, 1, 2), p(s)),
        )
    yield "multinomial_exhausted", lambda s: s.multinomial((np.arange(100) % 9 == 0).astype(float), 60)
    yield "multinomial_few", lambda s: s.multinomial((np.arange(400) % 150 == 7).astype(float), 6)
    yield "multinomial_transposed", lambda s: s.multinomial(weights(np.dtype(float)).T, 3)
    row = weights(np.dtype(float))[1]
    yield "multinomial_expanded", lambda s: s.multinomial(np.broadcast_to(row, (3, 25)), 3)
    yield "sequence", sequence


DRAWS = dict(draws())


def state_of(stream):
    """As make_random_streams.py stores it: the digest of the state without the kept normal, and that."""
    state = stream.get_state()
    kept = state[5024:5032].copy()
    state[5024:5032] = 0
    return hashlib.sha256(state.tobytes()).digest(), kept.view(np.float64)[0]


def assert_same(actual, expected):
    """The same bits, save that a C library may have its own last bit of a double logarithm or sine."""
    if expected.dtype in (np.float64, np.complex128):
        np.testing.assert_array_max_ulp(actual.view(np.float64), expected.view(np.float64), 2)
    else:
        np.testing.assert_array_equal(actual, expected)


def test_every_golden_draw_is_tested():
    assert set(DRAWS) == {key[5:] for key in GOLDEN if key.startswith("draw/") and "#" not in key} | {
        key[5:-7] for key in GOLDEN if key.endswith("#sha256")
    }


@pytest.mark.parametrize("name", DRAWS)
def test_draw(name):
    stream = MersenneStream(SEED)
    result = np.ascontiguousarray(DRAWS[name](stream))

    digest, kept = state_of(stream)
    golden = GOLDEN[f"draw/{name}#state"]
    assert digest == golden[:32].tobytes()
    assert_same(np.array(kept), golden[32:].view(np.float64)[0])
    if (long := GOLDEN.get(f"draw/{name}#sha256")) is not None:
        assert hashlib.sha256(result.tobytes()).digest() == long.tobytes()
        return
    expected = GOLDEN[f"draw/{name}"]
    if result.dtype == BFLOAT16:
        result = result.view(np.uint16)
    assert (result.shape, result.dtype) == (expected.shape, expected.dtype)
    assert_same(result, expected)


# --- programs: the draws of modules, dropout, loaders -------------------------------------------------------


def program(name):
    """The golden arrays of a program by part, and a stream where the program began."""
    prefix = f"program/{name}/"
    return {key[len(prefix) :]: GOLDEN[key] for key in GOLDEN if key.startswith(prefix)}, MersenneStream(SEED)


def around_zero(stream, bound, expected):
    np.testing.assert_array_equal(stream.uniform(expected.shape, np.float32, -bound, bound), expected)


@pytest.mark.parametrize("name", ["linear_3_2", "linear_64_32", "conv2d"])
def test_default_initialisation(name):
    # Kaiming-uniform with a = sqrt(5), which comes to 1/sqrt(fan_in), as for the bias.
    golden, stream = program(name)
    fan_in = math.prod(golden["weight"].shape[1:])
    gain = math.sqrt(2.0 / (1.0 + math.sqrt(5.0) ** 2))
    around_zero(stream, math.sqrt(3.0) * (gain / math.sqrt(fan_in)), golden["weight"])
    around_zero(stream, 1.0 / math.sqrt(fan_in), golden["bias"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_recurrent_initialisation():
    golden, stream = program("lstm")
    for name in [f"{kind}_l{layer}" for layer in (0, 1) for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]:
        around_zero(stream, 1.0 / math.sqrt(2), golden[name])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_embedding_initialisation():
    golden, stream = program("embedding")
    weight = stream.normal((6, 4))
    weight[2] = 0.0  # padding_idx
    np.testing.assert_array_equal(weight, golden["weight"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


IMAGES = ramp(96, np.float32).reshape(2, 3, 4, 4) / np.float32(32) - 1


@pytest.mark.parametrize(("name", "shape"), [("dropout", (2, 3, 4, 4)), ("dropout2d", (2, 3, 1, 1))])
def test_dropout(name, shape):
    golden, stream = program(name)
    kept = stream.bernoulli(1 - 0.3, shape) / np.float32(1 - 0.3)
    np.testing.assert_array_equal(IMAGES * kept, golden["out"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_rrelu_draws_for_negative_elements_only():
    golden, stream = program("rrelu")
    slopes = np.ones_like(IMAGES)
    negative = IMAGES <= 0
    # The bounds are rounded to the dtype, the slopes drawn in double.
    lower, upper = float(np.float32(1 / 8)), float(np.float32(1 / 3))
    slopes[negative] = stream.uniform((int(negative.sum()),), np.float64) * (upper - lower) + lower
    np.testing.assert_array_equal(IMAGES * slopes, golden["out"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def drawn_seed(stream):
    return int(stream.integers(None, None, ()))


def test_loader_in_order_draws_a_seed_for_its_workers():
    golden, stream = program("loader_plain")
    for epoch in golden["order"]:
        drawn_seed(stream)
        np.testing.assert_array_equal(np.arange(10), epoch)
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_loader_shuffle_draws_a_seed_for_its_workers_and_one_for_the_order():
    golden, stream = program("loader_shuffle")
    for epoch in golden["order"]:
        drawn_seed(stream)
        np.testing.assert_array_equal(MersenneStream(drawn_seed(stream)).permutation(10), epoch)
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_loader_with_a_generator_takes_the_order_from_it_directly():
    golden, stream = program("loader_generator")
    own = MersenneStream(7)
    for epoch in golden["order"]:
        drawn_seed(own)
        np.testing.assert_array_equal(own.permutation(10), epoch)
        own.permutation(10)  # at the end of an epoch the sampler draws the next order and uses none of it
    np.testing.assert_array_equal(own.uniform((1,)), golden["own_next"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


def test_samplers():
    golden, stream = program("sampler_replacement")
    own = MersenneStream(drawn_seed(stream))
    np.testing.assert_array_equal(np.concatenate([own.integers(0, 10, (n,)) for n in (32, 8)]), golden["order"])
    golden, stream = program("sampler_weighted")
    order = stream.multinomial(np.array([0.1, 0.9, 0.4, 0.7, 3.0, 0.6]), 6, True)
    np.testing.assert_array_equal(order, golden["order"])


def test_random_split():
    golden, stream = program("split")
    order = stream.permutation(10)
    np.testing.assert_array_equal(order[:7], golden["first"])
    np.testing.assert_array_equal(order[7:], golden["second"])
    np.testing.assert_array_equal(stream.uniform((1,)), golden["next"])


# --- the engine ---------------------------------------------------------------------------------------------


def test_words_are_those_of_mt19937():
    # The C++ standard, [rand.predef]: the 10000th word of the default engine.
    assert MersenneStream(5489).words(10000)[-1] == 4123659995


def test_words_do_not_depend_on_how_they_are_drawn():
    whole = MersenneStream(3).words(50000)
    stream = MersenneStream(3)
    sizes = [0, 1, 2, 623, 624, 625, 0, 1248, 20000, 7, 617, 26253]
    np.testing.assert_array_equal(np.concatenate([stream.words(n) for n in sizes]), whole)
    doubles = MersenneStream(3).double_words(25000)
    np.testing.assert_array_equal(doubles, whole[0::2].astype(np.uint64) << np.uint64(32) | whole[1::2])


def test_words_are_the_callers():
    stream = MersenneStream(3)
    stream.words(10)[:] = 0
    np.testing.assert_array_equal(stream.words(5), MersenneStream(3).words(15)[10:])


@pytest.mark.parametrize("drawn", [0, 1, 623, 624, 625, 30000])
def test_state_goes_there_and_back(drawn):
    stream = MersenneStream(11)
    stream.words(drawn)
    stream.normal((1,))
    others = [MersenneStream(), stream.copy(), copy.deepcopy(stream), pickle.loads(pickle.dumps(stream))]
    others[0].set_state(stream.get_state())
    for other in others:
        np.testing.assert_array_equal(other.get_state(), stream.get_state())
        assert other.initial_seed() == 11
        np.testing.assert_array_equal(other.normal((1,)), MersenneStream.copy(stream).normal((1,)))
        np.testing.assert_array_equal(other.words(2000), stream.copy().words(2000))


@pytest.mark.parametrize("before", [0, 1, 623, 624, 625, 5000])
@pytest.mark.parametrize("after", [0, 1, 623, 624, 2000])
def test_the_same_stream_goes_back(before, after):
    stream = MersenneStream(11)
    stream.words(before)
    state, words = stream.get_state(), stream.copy().words(after)
    for _ in range(2):
        np.testing.assert_array_equal(stream.words(after), words)
        stream.get_state()
        stream.set_state(state)
        np.testing.assert_array_equal(stream.get_state(), state)
    np.testing.assert_array_equal(stream.words(2000), MersenneStream(11).words(before + 2000)[before:])


def test_state_keeps_the_field_that_nothing_draws():
    state = MersenneStream().get_state()
    state[5048:5052] = np.array([0.5], np.float32).view(np.uint8)
    state[5052] = 1
    stream = MersenneStream(1)
    stream.set_state(state)
    np.testing.assert_array_equal(stream.get_state(), state)


def test_seeding_forgets_the_kept_normal():
    stream = MersenneStream(1)
    stream.normal((1,))
    stream.seed(1)
    np.testing.assert_array_equal(stream.get_state(), MersenneStream(1).get_state())


def test_seeds():
    stream = MersenneStream()
    assert stream.initial_seed() == DEFAULT_SEED == 67280421310721
    for seed, initial in ((-1, 2**64 - 1), (-(2**63), 2**63), (2**64 - 1, 2**64 - 1), (5, 5)):
        stream.seed(seed)
        assert stream.initial_seed() == initial
    stream.seed(2**32 + 5)  # only the low half chooses the numbers
    np.testing.assert_array_equal(stream.words(9), MersenneStream(5).words(9))
    chosen = stream.seed_nondeterministic()
    assert chosen == stream.initial_seed() != MersenneStream().seed_nondeterministic()
    np.testing.assert_array_equal(stream.words(9), MersenneStream(chosen).words(9))


def test_threads_share_a_stream():
    stream = MersenneStream(4)
    drawn = []

    def work():
        drawn.extend(stream.words(50) for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = MersenneStream(4).words(4 * 200 * 50).reshape(-1, 50)
    assert {part.tobytes() for part in drawn} == {part.tobytes() for part in expected}


@pytest.mark.parametrize("n", [2, 3, 17, 1000, 5000])
def test_both_shuffles_are_one(n):
    steps = np.arange(n - 1)
    for seed in range(3):
        partners = steps + MersenneStream(seed).words(n - 1) % (n - steps)
        np.testing.assert_array_equal(by_chains(n, partners), by_steps(n, partners))
    for partners in (steps, np.full(n - 1, n - 1), steps + 1):  # nobody, everybody with the last, a rotation
        np.testing.assert_array_equal(by_chains(n, partners), by_steps(n, partners))


def test_rounding_never_reaches_the_upper_bound():
    for dtype in (np.dtype(np.float16), BFLOAT16):
        numbers = MersenneStream(0).uniform((20000,), dtype)
        assert numbers.max() < 1
        assert numbers.min() == 0  # where those went that were rounded up to 1


def test_empty_draws_take_nothing():
    stream = MersenneStream(0)
    shape = (2, 0)
    for empty in (
        stream.uniform(shape),
        stream.normal(shape, np.float64),
        stream.normal(shape, np.int32),  # which PyTorch refuses only where there is something to draw
        stream.integers(0, 5, shape),
        stream.bernoulli(0.5, shape),
        stream.exponential(shape),
        stream.log_normal(shape),
        stream.poisson(np.empty(shape)),
        stream.standard_gamma(np.empty(shape)),
    ):
        assert empty.shape == shape
    assert stream.multinomial(np.empty((0, 3)), 2).shape == (0, 2)
    np.testing.assert_array_equal(stream.get_state(), MersenneStream(0).get_state())

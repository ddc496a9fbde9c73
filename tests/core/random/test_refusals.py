"""What the random streams refuse: PyTorch's exceptions and messages, and a stream that has not moved."""

import math

import numpy as np
import pytest

from rushlight._core.random.stream import MersenneStream

F2, F4, F8, I4, C8 = (np.dtype(name) for name in ("f2", "f4", "f8", "i4", "c8"))
NAN = math.nan
REFUSALS = [
    (lambda s: s.seed(2**64), ValueError, "Overflow when unpacking long long"),
    (lambda s: s.seed(-(2**63) - 1), ValueError, "Overflow when unpacking long long"),
    (lambda s: s.seed(1.0), RuntimeError, "manual_seed expected a long, but got float"),
    (lambda s: s.seed(True), RuntimeError, "manual_seed expected a long, but got bool"),
    (lambda s: s.set_state(3), TypeError, "expected a torch.ByteTensor, but got int"),
    (lambda s: s.set_state(np.zeros(5056)), TypeError, "RNG state must be a torch.ByteTensor"),
    (lambda s: s.set_state(np.zeros(10112, np.uint8)[::2]), RuntimeError, "RNG state must be contiguous"),
    (lambda s: s.set_state(np.zeros(5056, np.uint8)), RuntimeError, "Invalid mt19937 state"),
    (
        lambda s: s.set_state(np.zeros(10, np.uint8)),
        RuntimeError,
        "Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 10",
    ),
    (
        lambda s: s.uniform((3,), F4, 2, 1),
        RuntimeError,
        "uniform_ expects to return a [from, to) range, but found from=2 > to=1",
    ),
    (lambda s: s.uniform((3,), F4, NAN, 1), RuntimeError, "from is out of bounds for float"),
    (lambda s: s.uniform((3,), F4, 0, 1e39), RuntimeError, "to is out of bounds for float"),
    (lambda s: s.uniform((3,), F2, -70000, 1), RuntimeError, "from is out of bounds for c10::Half"),
    (
        lambda s: s.uniform((3,), F2, -65504, 65504),
        RuntimeError,
        (
            "uniform_ expects to-from <= std::numeric_limits<Half>::max(), but found to=65504 and "
            "from=-65504 which result in to-from to exceed the limit"
        ),
    ),
    (
        lambda s: s.uniform((3,), I4),
        NotImplementedError,
        "\"check_uniform_bounds\" not implemented for 'Int'",
    ),
    (lambda s: s.normal((3,), I4), NotImplementedError, "\"normal_kernel_cpu\" not implemented for 'Int'"),
    (
        lambda s: s.normal((0,), F4, 0, -1.23456789),
        RuntimeError,
        "normal expects std >= 0.0, but found std -1.23457",
    ),
    (
        lambda s: s.normal_like(np.zeros(2), np.array([-1.0, 1])),
        RuntimeError,
        "normal expects all elements of std >= 0.0",
    ),
    (
        lambda s: s.normal_like(np.zeros(2), np.ones(2, C8)),
        RuntimeError,
        "normal expects standard deviation to be non-complex",
    ),
    (
        lambda s: s.normal_like(np.zeros(2), np.ones(3)),
        RuntimeError,
        "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
    ),
    (
        lambda s: s.integers(5, 5, (3,)),
        RuntimeError,
        "random_ expects 'from' to be less than 'to', but got from=5 >= to=5",
    ),
    (lambda s: s.integers(0, 2**63, (3,)), ValueError, "Overflow when unpacking long long"),
    (lambda s: s.integers(0, 300, (3,), np.uint8), RuntimeError, "to - 1 is out of bounds for unsigned char"),
    (lambda s: s.integers(-1, 3, (3,), np.uint8), RuntimeError, "from is out of bounds for unsigned char"),
    (lambda s: s.integers(0, 3, (3,), np.bool_), RuntimeError, "to - 1 is out of bounds for bool"),
    (lambda s: s.integers(2, None, (3,), np.bool_), RuntimeError, "from is out of bounds for bool"),
    (lambda s: s.integers(0, 70000, (3,), F2), RuntimeError, "to - 1 is out of bounds for c10::Half"),
    (
        lambda s: s.integers(0, 10, (3,), C8),
        RuntimeError,
        "check_random_bounds handles only integral, floating-point and boolean types",
    ),
    (
        lambda s: s.integers(2**24, None, (3,), F4),
        RuntimeError,
        (
            "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, "
            "but got from=16777216 > to_inc=16777216"
        ),
    ),
    (
        lambda s: s.integers(None, None, (3,), np.uint16),
        NotImplementedError,
        "\"random_kernel_cpu\" not implemented for 'UInt16'",
    ),
    (
        lambda s: s.integers(-(2**63), None, (3,), I4),
        RuntimeError,
        "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16",
    ),
    (
        lambda s: s.integers(-(2**63), None, (3,), F2),
        NotImplementedError,
        "\"random_full_64_bits_range_kernel_cpu\" not implemented for 'Half'",
    ),
    (
        lambda s: s.permutation(-1),
        RuntimeError,
        "Trying to create tensor with negative dimension -1: [-1]",
    ),
    (
        lambda s: s.permutation(300, np.uint8),
        RuntimeError,
        "value cannot be converted to type uint8_t without overflow",
    ),
    (lambda s: s.permutation(3000, F2), RuntimeError, "n cannot be greater than 2049 for Half type."),
    (lambda s: s.permutation(3, np.bool_), NotImplementedError, "\"randperm\" not implemented for 'Bool'"),
    (lambda s: s.permutation(2**28), NotImplementedError, "randperm of 268435456 elements"),
    (lambda s: s.bernoulli(1.5, (3,)), RuntimeError, "bernoulli_ expects p to be in [0, 1], but got p=1.5"),
    (
        lambda s: s.bernoulli(np.array([0.5, NAN]), (2,)),
        RuntimeError,
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.",
    ),
    (
        lambda s: s.bernoulli(np.array([1, 0]), (2,)),
        NotImplementedError,
        "\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'",
    ),
    (
        lambda s: s.bernoulli(0.5, (2,), C8),
        NotImplementedError,
        "\"bernoulli_scalar_cpu_\" not implemented for 'ComplexFloat'",
    ),
    (
        lambda s: s.exponential((0,), F4, -1.5),
        RuntimeError,
        "exponential_ expects lambda > 0.0, but found lambda=-1.5",
    ),
    (
        lambda s: s.exponential((3,), I4),
        RuntimeError,
        (
            "Exponential distribution is a continuous probability distribution. dtype must be a floating "
            "point but you specified Int"
        ),
    ),
    (
        lambda s: s.cauchy((3,), I4),
        RuntimeError,
        (
            "Cauchy distribution is a continuous probability distribution. dtype must be a floating point "
            "but you specified int"
        ),
    ),
    (lambda s: s.cauchy((3,), F4, 0, 0), RuntimeError, "cauchy_ expects sigma > 0.0, but found sigma=0"),
    (
        lambda s: s.log_normal((3,), F4, 1, 0),
        RuntimeError,
        "log_normal_ expects std > 0.0, but found std=0",
    ),
    (
        lambda s: s.geometric((3,), F4, 1),
        RuntimeError,
        "geometric_ expects p to be in (0, 1), but got p=1",
    ),
    (
        lambda s: s.geometric((3,), np.bool_, 0.5),
        NotImplementedError,
        "\"geometric_cpu\" not implemented for 'Bool'",
    ),
    (
        lambda s: s.poisson(np.array([-1.0])),
        RuntimeError,
        "invalid Poisson rate, expected rate to be non-negative",
    ),
    (
        lambda s: s.poisson(np.array([1])),
        NotImplementedError,
        "\"poisson_cpu\" not implemented for 'Long'",
    ),
    (
        lambda s: s.binomial(np.ones(2, F4), np.ones(2, F8)),
        RuntimeError,
        "Found dtype Double but expected Float",
    ),
    (
        lambda s: s.standard_gamma(np.ones(2, F2)),
        NotImplementedError,
        "\"gamma_cpu\" not implemented for 'Half'",
    ),
    (lambda s: s.multinomial(np.ones(3), 0), RuntimeError, "cannot sample n_sample <= 0 samples"),
    (
        lambda s: s.multinomial(np.ones(3), 4),
        RuntimeError,
        "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
    ),
    (lambda s: s.multinomial(np.ones((2, 2, 2)), 1), RuntimeError, "prob_dist must be 1 or 2 dim"),
    (
        lambda s: s.multinomial(np.array([1, 2]), 1),
        RuntimeError,
        "multinomial only supports floating-point dtypes for input, got: Long",
    ),
    (
        lambda s: s.multinomial(np.array([NAN, 2.0]), 1, True),
        RuntimeError,
        "probability tensor contains either `inf`, `nan` or element < 0",
    ),
    (
        lambda s: s.multinomial(np.zeros((2, 3)), 1),
        RuntimeError,
        "invalid multinomial distribution (sum of probabilities <= 0)",
    ),
    (
        lambda s: s.multinomial(np.zeros(0), 1, True),
        RuntimeError,
        "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.",
    ),
]


@pytest.mark.parametrize(("draw", "error", "message"), REFUSALS, ids=[message for _, _, message in REFUSALS])
def test_refusal(draw, error, message):
    stream = MersenneStream(0)
    before = stream.get_state()
    with pytest.raises(error) as caught:
        draw(stream)
    assert type(caught.value) is error
    assert str(caught.value).startswith(message)
    np.testing.assert_array_equal(stream.get_state(), before)


def test_a_float_dtype_warns_of_integers_that_it_lacks():
    with pytest.warns(UserWarning, match=r"to - 1 is out of bounds \[-\(2\^24\), 2\^24\]. Due to precision"):
        MersenneStream(0).integers(0, 2**40, (3,), np.float32)

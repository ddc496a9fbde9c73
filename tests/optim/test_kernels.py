"""The short ways of optimizers' steps against the methods that they mean."""

import numpy as np
import pytest

import rushlight as torch
from rushlight.optim import _kernels

KERNELS = {
    "add_": (lambda x, a, b, v: x.add_(a, alpha=v), lambda x, a, b, v: _kernels.add_(x, a, v)),
    "lerp_": (lambda x, a, b, v: x.lerp_(a, v), lambda x, a, b, v: _kernels.lerp_(x, a, v)),
    "addcmul_": (lambda x, a, b, v: x.addcmul_(a, b, value=v), lambda x, a, b, v: _kernels.addcmul_(x, a, b, v)),
    "addcdiv_": (lambda x, a, b, v: x.addcdiv_(a, b, value=v), lambda x, a, b, v: _kernels.addcdiv_(x, a, b, v)),
}
FACTORS = (0.1, 0.25, 0.5, 0.9, 1.0, -0.7, 0.0)


def operands(dtype, shape, *, extreme):
    """Three tensors; extreme: with infinities, nans, zeros and what overflows."""
    rng = np.random.default_rng(5)
    arrays = [rng.normal(size=shape) for _ in range(3)]
    if extreme and arrays[0].ndim:
        largest = torch.finfo(dtype).max
        for array, special in zip(
            arrays, ([np.inf, -np.inf, np.nan, 0, largest], [np.inf, 1, 2, 0, -largest], [0, 0, 1, 0, 1e-30])
        ):
            array.flat[:5] = special
    return [torch.tensor(array).to(dtype) for array in arrays]


def bits(t):
    return t.numpy().tobytes() if t.dtype is not torch.bfloat16 else t.float().numpy().tobytes()


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("shape", [(), (7,), (3, 5)], ids=str)
@pytest.mark.parametrize("extreme", [False, True], ids=["plain", "extreme"])
def test_a_kernel_is_its_method_bit_for_bit(name, dtype, shape, extreme):
    method, kernel = KERNELS[name]
    for factor in FACTORS:
        results = []
        for way in (method, kernel):
            x, a, b = operands(dtype, shape, extreme=extreme)
            version = x._version
            assert way(x, a, b, factor) is x
            assert x._version == version + 1
            results.append(bits(x))
        assert results[0] == results[1], factor


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_finishes_where_floating_point_events_are_errors(name):
    method, kernel = KERNELS[name]
    for factor in FACTORS:
        x, a, b = operands(torch.float32, (9,), extreme=True)
        expected = bits(method(x, a, b, factor))
        x, a, b = operands(torch.float32, (9,), extreme=True)
        with np.errstate(all="raise"):
            assert bits(kernel(x, a, b, factor)) == expected, factor


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_leaves_to_its_method_what_it_cannot_do(name):
    method, kernel = KERNELS[name]
    for x, a, b in (
        (torch.ones(2, 3), torch.ones(3), torch.full((3,), 2.0)),  # broadcast
        (torch.ones(3, dtype=torch.complex64), torch.ones(3) + 1j, torch.ones(3) - 1j),
    ):
        assert bits(kernel(x.clone(), a, b, 0.75)) == bits(method(x.clone(), a, b, 0.75))
    a = torch.ones(3, requires_grad=True)  # recorded
    x = kernel(torch.zeros(3), a, torch.full((3,), 2.0), 0.75)
    assert x.grad_fn is not None
    x.sum().backward()
    expected = method(torch.zeros(3), a.detach(), torch.full((3,), 2.0), 0.75)
    assert torch.equal(a.grad, expected)  # linear in `a`, which is one

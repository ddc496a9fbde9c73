"""`gradcheck` and `gradgradcheck` pass what is right, fail what is wrong, and say what is probably wrong."""

from __future__ import annotations

import numpy as np
import pytest

import rushlight as torch
from rushlight.autograd import Function, gradcheck, gradgradcheck
from rushlight.autograd.gradcheck import GradcheckError


def numbers(*shape, dtype=torch.float64, low=0.5):
    n = int(np.prod(shape))
    values = low + np.random.permutation(n) * 0.37
    return torch.tensor(values.reshape(shape), dtype=dtype, requires_grad=True)


def function(forward, backward):
    """A custom function of one tensor that saves it: ``backward(g, x)``."""

    def save(ctx, *inputs):
        ctx.save_for_backward(*inputs)
        return forward(*inputs)

    body = {
        "forward": staticmethod(save),
        "backward": staticmethod(lambda ctx, *g: backward(*g, *ctx.saved_tensors)),
    }
    return type("Custom", (Function,), body).apply


def said(f, *inputs, check=gradcheck, **options):
    with pytest.raises(GradcheckError) as caught:
        check(f, inputs, **options)
    return str(caught.value)


RIGHT = {
    "product": (lambda a, b: a * b, 2),
    "several results": (lambda a, b: (a * b, a.sum(), b.exp()), 2),
    "a list of results": (lambda a: [a * 2, a * a], 1),
    "broadcast": (lambda a, b: a * b[:1], 2),
    "views and writes": (lambda a: _written(a), 1),
    "integers among the results": (lambda a: (a * 2, a.argmax()), 1),
    "the input itself": (lambda a: a, 1),
    "nothing of one input": (lambda a, b: a * 1, 2),
    "to complex": (lambda a: a * (1 + 2j), 1),
}


def _written(a):
    c = a * 1
    c[0] = a[1] * a[0]
    return c.t()


@pytest.mark.parametrize("fast_mode", [False, True])
@pytest.mark.parametrize("name", RIGHT)
def test_right(name, fast_mode):
    f, n = RIGHT[name]
    inputs = [numbers(2, 3) for _ in range(n)]
    assert gradcheck(f, inputs, fast_mode=fast_mode) is True
    assert gradgradcheck(f, inputs, fast_mode=fast_mode) is True


@pytest.mark.parametrize("fast_mode", [False, True])
def test_right_complex(fast_mode):
    z = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128, requires_grad=True)
    for f in (lambda a: a * a.conj() * a, lambda a: a.abs(), lambda a: a.real * a, lambda a: (a * a).exp()):
        assert gradcheck(f, z, fast_mode=fast_mode)
        assert gradgradcheck(f, z, fast_mode=fast_mode)


def test_forward_mode():
    assert gradcheck(lambda a, b: (a @ b, a.exp()), [numbers(2, 2), numbers(2, 2)], check_forward_ad=True)
    z = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128, requires_grad=True)
    assert gradcheck(lambda a: a * a, z, check_forward_ad=True, check_backward_ad=False)


def test_nothing_is_changed_by_the_check():
    x = numbers(3)
    before = x.tolist()
    gradcheck(lambda a: a * a, x)
    gradcheck(lambda a: a * a, x, fast_mode=True)
    assert x.tolist() == before
    assert x._version == 0
    assert x.grad is None


def test_options():
    half = function(lambda x: x * x, lambda g, x: g * x)
    x = numbers(3)
    assert gradcheck(half, x, raise_exception=False) is False
    assert gradcheck(half, x, rtol=0.6)
    assert gradcheck(half, x, atol=100)
    assert not gradcheck(half, x, rtol=0.4, raise_exception=False)
    assert gradcheck(lambda a: a * a, x, eps=1e-4, check_grad_dtypes=True)
    # With a larger step the differences are worse.
    assert not gradcheck(lambda a: a**3, x, eps=0.1, rtol=1e-6, raise_exception=False)


@pytest.mark.parametrize("fast_mode", [False, True])
@pytest.mark.parametrize(
    ("rule", "suspicion"),
    [
        (lambda g, x: g * x, "a constant factor: the analytical gradient is 0.5 times"),
        (lambda g, x: g * 4 * x, "a constant factor: the analytical gradient is 2 times"),
        (lambda g, x: g * 2.002 * x, "a constant factor: the analytical gradient is 1.001 times"),
        (lambda g, x: -2 * g * x, "the sign is wrong throughout"),
        (lambda g, x: 2 * (g * x).t().reshape(2, 3), "dimensions 0 and 1 of the input are swapped"),
        (lambda g, x: g * 0, "the analytical gradient is zero throughout"),
        (lambda g, x: None, "the analytical gradient is zero throughout"),
        (lambda g, x: g * float("nan"), "the analytical gradient is nan or inf"),
        (lambda g, x: g * 2 * x / 6, "6 is also a size of these shapes: a mean where the rule must sum"),
        (lambda g, x: g * 2 * x + x.sum() * g.sum() * 0.01, "No single factor"),
    ],
)
def test_suspicions(rule, suspicion, fast_mode):
    wrong = function(lambda x: x * x, rule)
    text = said(wrong, numbers(2, 3), fast_mode=fast_mode, rtol=1e-5)
    assert text.startswith("Jacobian mismatch for output 0 with respect to input 0,\n")
    assert suspicion in text


def test_a_missing_sum():
    def first_row_only(g, x, b):
        return g, g[0]

    text = said(function(lambda x, b: x + b, first_row_only), numbers(3, 2), numbers(2))
    assert text.startswith("Jacobian mismatch for output 0 with respect to input 1,\n")
    assert "contributions are missing: what 4 of 6 results add to the gradient is 0" in text


def test_a_kink():
    x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    assert "the function has a kink at this input" in said(torch.relu, x)
    assert "kink" not in said(function(lambda x: x.relu(), lambda g, x: g * 0), numbers(2))


def test_single_precision():
    x = numbers(3, dtype=torch.float32)
    with pytest.warns(UserWarning, match="Input #0 requires gradient and is not a double precision floating point"):
        text = said(lambda a: a * a, x)
    assert "the input is torch.float32, and its rounding drowns differences over eps=1e-06" in text
    with pytest.warns(UserWarning, match="Input #0"):
        assert gradcheck(lambda a: a * a, x, eps=1e-2, atol=1e-2, rtol=1e-2)


def test_a_missing_conjugate():
    wrong = function(lambda z: z * z, lambda g, z: g * 2 * z)
    z = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128, requires_grad=True)
    text = said(wrong, z)
    assert text.startswith(
        "While considering the imaginary part of complex outputs only, Jacobian mismatch for output 0 with respect to "
        "input 0,\n"
    )
    assert "the complex conjugate is missing" in text


def test_where_it_is_wrong():
    def spoiled(g, x):
        grad = 3 * g * x * x
        grad = grad.clone()
        grad[1, 2] += 5 * g[1, 2]
        return grad

    x = numbers(2, 3)
    text = said(function(lambda x: x * x * x, spoiled), x)
    slope = 3 * x[1, 2].item() ** 2
    assert "1 of 36 entries differ; the worst: d output[1, 2] / d input[1, 2]" in text
    assert f"numerical {slope:.6g}, analytical {slope + 5:.6g}, ratio {(slope + 5) / slope:.6g}" in text


def test_small_jacobians_are_shown_whole():
    wrong = function(lambda x: x * x, lambda g, x: g * x)
    assert "numerical:tensor([[" in said(wrong, numbers(2))
    assert "numerical:tensor" not in said(wrong, numbers(10))


def test_which_result_and_input():
    wrong = function(lambda x: x * x, lambda g, x: g * x)
    text = said(lambda a, k, b: (a * 1, k, wrong(b)), numbers(2), torch.arange(2), numbers(2))
    assert text.startswith("Jacobian mismatch for output 2 with respect to input 2,\n")


def test_a_result_that_was_cut():
    assert said(lambda x: (x * 2).detach(), numbers(2)).startswith(
        "Numerical gradient for function expected to be zero\n"
    )
    assert gradcheck(lambda x: torch.ones(2), numbers(2))


def test_a_rule_that_answers_differently_each_time():
    calls = []

    def drifting(g, x):
        calls.append(1)
        return g * 2 * x * (1 + 1e-9 * len(calls))

    f = function(lambda x: x * x, drifting)
    for fast_mode in (False, True):
        assert said(f, numbers(2), fast_mode=fast_mode).startswith("Backward is not reentrant, i.e., running backward")
    assert gradcheck(f, numbers(2), nondet_tol=1e-3)


def test_undefined_gradients():
    def custom(rule):
        class Custom(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.set_materialize_grads(False)
                return x * 2

            backward = staticmethod(rule)

        return Custom.apply

    assert gradcheck(custom(lambda ctx, g: None if g is None else g * 2), numbers(2))
    wrong = custom(lambda ctx, g: torch.ones(2, dtype=torch.float64) if g is None else g * 2)
    assert said(wrong, numbers(2)).startswith("Expected all input grads to be undefined or zero when all output grads")
    assert gradcheck(wrong, numbers(2), check_undefined_grad=False)
    with pytest.raises(TypeError, match="unsupported operand"):
        gradcheck(custom(lambda ctx, g: g * 2), numbers(2))


def test_second_derivatives():
    cut = function(lambda x: x * x * x, lambda g, x: 3 * g * x.detach() * x)
    x = numbers(3)
    assert gradcheck(cut, x)
    assert "a constant factor: the analytical gradient is 0.5 times" in said(cut, x, check=gradgradcheck)
    assert said(cut, x, check=gradgradcheck, fast_mode=True)
    g = torch.ones(3, dtype=torch.float64, requires_grad=True)
    assert gradgradcheck(lambda a: a * a, x, g)
    assert gradgradcheck(lambda a: a * a, x, [g])
    assert gradgradcheck(lambda a: a * a, x, gen_non_contig_grad_outputs=True)
    assert gradgradcheck(lambda a: a * a, x, check_fwd_over_rev=True)


def test_gradgradcheck_draws_from_the_default_generator():
    torch.manual_seed(3)
    gradgradcheck(lambda a: a * a, numbers(3))
    after = torch.rand(1)
    torch.manual_seed(3)
    torch.empty(3, dtype=torch.float64).uniform_(-1, 1)
    assert torch.rand(1) == after


def test_batched_gradients():
    x, y = numbers(2, 3), numbers(3, 2)
    assert gradcheck(lambda a, b: ((a @ b).exp(), a.sum(0)), (x, y), check_batched_grad=True)
    assert gradcheck(lambda a: a * a, x, check_forward_ad=True, check_batched_forward_grad=True)
    assert gradgradcheck(lambda a: a**3, x, check_batched_grad=True)
    z = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128, requires_grad=True)
    assert gradcheck(lambda a: a * a, z, check_batched_grad=True)
    looking = function(lambda x: x * x, lambda g, x: 2 * g * x if g.sum().item() < 1e9 else g)
    assert gradcheck(looking, x)
    assert said(looking, x, check_batched_grad=True).startswith("While computing batched gradients, got: ")


def test_what_is_refused():
    x = numbers(2)
    with pytest.raises(ValueError, match="gradcheck expects at least one input tensor to require gradient"):
        gradcheck(lambda a: a, x.detach())
    with pytest.raises(RuntimeError, match="The 0th input has a dimension with stride 0"):
        gradcheck(lambda a: a * 2, x[:1].expand(3))
    with pytest.raises(AssertionError, match="at least one of check_forward_ad or check_backward_ad"):
        gradcheck(lambda a: a, x, check_backward_ad=False)
    with pytest.raises(AssertionError, match="at least one of check_fwd_over_rev or check_rev_over_rev"):
        gradgradcheck(lambda a: a, x, check_rev_over_rev=False)
    with pytest.raises(AssertionError, match="check_batched_grad=True requires check_backward_ad"):
        gradcheck(lambda a: a, x, check_batched_grad=True, check_backward_ad=False, check_forward_ad=True)
    with pytest.raises(AssertionError, match="check_batched_forward_grad=True requires check_forward_ad"):
        gradcheck(lambda a: a, x, check_batched_forward_grad=True)
    with pytest.raises(TypeError, match="masked"):
        gradcheck(lambda a: a, x, masked="no")
    with pytest.raises(RuntimeError, match="returned an invalid gradient at index 0"):
        gradcheck(function(lambda a: a * 2, lambda g, a: torch.ones(3)), x)

"""What anomaly detection notes while operations run. What it then says is in tests/errors."""

import gc
import warnings
import weakref
from pathlib import Path

import pytest

import rushlight as torch
from rushlight import func
from rushlight._core.modes import state


@pytest.fixture
def watching():
    with torch.autograd.set_detect_anomaly(True):
        yield


def said(program):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(RuntimeError) as caught:
            program()
    return str(caught.value)


def line_of(mark):
    lines = Path(__file__).read_text().splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if line.endswith(f"# {mark}")]
    return f"{__file__}:{number}"


def test_a_nan_in_the_forward_pass_alone_raises_nothing(watching):
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    y = torch.log(x)
    y.sum().backward()
    assert y[0].isnan()
    assert x.grad.tolist() == [-1.0, 0.5]


def test_nothing_is_kept_alive(watching):
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    gc.disable()
    try:
        y = torch.log(x)
        z = (y * 2).sum()
        memory, node = weakref.ref(y._data), weakref.ref(z.grad_fn)
        del y, z
        assert memory() is None
        assert node() is None
    finally:
        gc.enable()


def test_notes_of_what_is_gone_are_dropped(watching):
    x = torch.tensor([-1.0, 2.0])
    for _ in range(3000):
        torch.log(x)
    assert len(state.watch.origins._known) <= 1001


def test_the_nan_is_followed_through_views_and_copies(watching):
    x = torch.tensor([[1.0, -1.0], [2.0, 3.0]])
    w = torch.ones(2, 2, requires_grad=True)
    logs = x.log()  # the origin
    copy = torch.empty(2, 2)
    copy[:] = torch.cat([logs.T[:1], logs.T[1:]]).detach().clone()
    text = said((w * copy).sum().backward)
    assert f"nan first arose in the forward pass, in log at {line_of('the origin')}" in text
    assert "`x` (float32 [2, 2]) is -1.0 at [0, 1]" in text


def test_what_was_masked_before_is_not_blamed(watching):
    x = torch.tensor([-1.0, 2.0])
    torch.where(x > 0, x.log(), 0.0)
    w = torch.tensor([0.0], requires_grad=True)
    text = said((w.sqrt() * 0).sum().backward)
    assert "log" not in text
    assert "At [0], where the gradient becomes nan, `w` (float32 [1]) is 0.0" in text


def test_of_several_branches_the_one_that_was_not_chosen_is_named(watching):
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    y = torch.where(x == 0, 0.0, x**0.5)  # the choice
    assert f"The second branch of torch.where at {line_of('the choice')}" in said(y.sum().backward)


def test_broadcast_operands_are_shown_at_the_element(watching):
    a = torch.tensor([[1.0], [0.0]])
    b = torch.tensor([1.0, 0.0], requires_grad=True)
    text = said((a / b).sum().backward)
    assert "`a` (float32 [2, 1]) is 0.0 at [1, 0], `b` (float32 [2]) is 0.0 at [1]" in text


def test_half_precision_and_complex(watching):
    h = torch.tensor([60000.0, 1.0], dtype=torch.bfloat16, requires_grad=True)
    text = said(lambda: (h.exp() / h.exp()).sum().backward())
    assert "inf first arose in the forward pass, in exp" in text
    assert "`h` (bfloat16 [2]) is 59904 at [0]" in text or "is 6e+04 at [0]" in text
    z = torch.tensor([0j, 1j], requires_grad=True)
    assert "`z` (complex64 [2]) is 0j at [0]" in said(lambda: (z / (z * 1)).abs().sum().backward())


def test_parameters_have_their_names(watching):
    net = torch.nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.fill_(float("inf"))
    text = said(lambda: net(torch.tensor([[0.0, 1.0]])).square().sum().backward())
    assert "inf was written into `net.weight` (float32 [1, 2]) at [0, 0] by an in-place operation" in text


def test_nothing_is_looked_at_without_check_nan():
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    with torch.autograd.set_detect_anomaly(True, check_nan=False):
        assert state.watch.origins is None
        (x.log() * x).sum().backward()
    assert x.grad[0].isnan()
    assert state.watch is None


def test_an_inner_block_goes_on_with_what_the_outer_one_knows(watching):
    x = torch.tensor([-1.0], requires_grad=True)
    y = x.log()
    with torch.autograd.set_detect_anomaly(True):
        assert "nan first arose in the forward pass, in log" in said((y * x).backward)


def test_the_pass_that_recorded_an_operation_is_named(watching):
    x = torch.tensor([0.0, 1.0], requires_grad=True)
    y = x**1.5  # the first derivative
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    assert slope.grad_fn.metadata["parent_"] is y.grad_fn
    with warnings.catch_warnings(record=True) as warned, pytest.raises(RuntimeError):
        warnings.simplefilter("always")
        (slope * 0).sum().backward()
    first, second = [str(w.message) for w in warned if w.category is UserWarning]
    assert first.startswith("Error detected in PowBackward0. Traceback of forward call that caused the error:\n")
    assert second.startswith(
        "\n\nPrevious calculation was induced by PowBackward0. Traceback of forward call that induced the previous "
        "calculation:\n"
    )
    assert "# the first derivative" in second


def test_hooks_that_return_nan_are_not_taken_for_operations(watching):
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    y.register_hook(lambda g: g * float("nan"))
    assert "holds nan at [0] already: backward was given it, a hook returned it" in said(y.sum().backward)


def test_inside_transforms(watching):
    x = torch.tensor([[0.0, 1.0], [4.0, 1.0]])
    assert func.vmap(func.grad(lambda x: x.sqrt().sum()))(x + 1).shape == (2, 2)
    text = said(lambda: func.vmap(func.grad(lambda x: (x.sqrt() * 0).sum()))(x))
    assert text.startswith("Function 'SqrtBackward0' returned nan values in its 0th output.\n")

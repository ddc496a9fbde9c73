"""A step: what it writes, what it leaves alone, and what errors say about it."""

import inspect

import numpy as np
import pytest

import rushlight as torch
from rushlight._core.modes import state
from tests.optim import cases


def parameter(values=(1.0, 2.0)):
    w = torch.tensor(values, requires_grad=True)
    w.grad = torch.ones_like(w)
    return w


def parameter_for(name):
    return parameter([[1.0, 2.0]] if name == "Muon" else [1.0, 2.0])


@pytest.mark.parametrize("name", cases.CASES)
def test_a_step_is_not_recorded_and_leaves_no_mode_behind(name):
    w = parameter_for(name)
    optimizer = getattr(torch.optim, name)([w])
    before = dict(vars(state))

    optimizer.step()

    assert w.is_leaf
    assert w.requires_grad
    assert w._version > 0
    assert vars(state) == before
    for value in optimizer.state[w].values():
        assert not value.requires_grad


@pytest.mark.parametrize("name", cases.CASES)
def test_a_step_that_fails_leaves_no_mode_behind(name):
    w = parameter_for(name)
    optimizer = getattr(torch.optim, name)([w])
    w._grad = torch.ones(5, 5)
    before = dict(vars(state))

    with pytest.raises(RuntimeError):
        optimizer.step()

    assert vars(state) == before


@pytest.mark.parametrize("name", cases.CASES)
def test_the_gradient_is_left_as_it_is(name):
    w = parameter_for(name)
    options = {"maximize": True} if "maximize" in inspect.signature(getattr(torch.optim, name)).parameters else {}
    optimizer = getattr(torch.optim, name)([w], **options)
    optimizer.step()
    assert torch.equal(w.grad, torch.ones_like(w))


def test_an_error_about_an_overwritten_tensor_names_the_step():
    w = parameter()
    y = (w * w).sum()
    optimizer = torch.optim.SGD([w], lr=0.1)
    line = inspect.currentframe().f_lineno + 1
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation") as caught:
        y.backward()
    assert f"{__file__}:{line}" in "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])


@pytest.mark.parametrize("name", ["SGD", "Adam", "NAdam", "RMSprop"])
def test_infinite_gradients_are_taken_without_complaint(name):
    for bad in (float("inf"), float("nan"), 3e38):
        w = parameter((1.0, 1.0))
        w.grad = torch.tensor([bad, 1.0])
        optimizer = getattr(torch.optim, name)([w], lr=1e10)
        for _ in range(3):
            optimizer.step()  # warnings are errors here
        assert w.shape == (2,)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop"])
def test_a_step_in_other_precisions_keeps_the_dtype(name, dtype):
    w = torch.ones(3, dtype=dtype, requires_grad=True)
    w.grad = torch.full((3,), 0.5, dtype=dtype)
    options = {"momentum": 0.9} if name != "Adam" else {}
    optimizer = getattr(torch.optim, name)([w], lr=0.1, **options)
    for _ in range(3):
        optimizer.step()
    assert w.dtype is dtype
    assert all(v.dtype is dtype for k, v in optimizer.state[w].items() if k != "step")
    assert (w < 1).all()


def test_parameters_that_are_not_contiguous():
    for name in cases.CASES:
        values = np.arange(6.0).reshape(2, 3)
        a, b = torch.tensor(values.tolist()), torch.tensor(values.T.copy().tolist())
        one, other = a.requires_grad_(), b.t().detach().requires_grad_()
        assert not other.is_contiguous()
        one.grad, other.grad = torch.ones(2, 3), torch.ones(2, 3)
        for w in (one, other):
            optimizer = getattr(torch.optim, name)([w])
            for _ in range(2):
                optimizer.step()
        assert torch.equal(one, other), name


def test_options_may_change_between_steps():
    w = parameter((1.0,))
    optimizer = torch.optim.SGD([w], lr=1.0)
    optimizer.step()
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    assert w.item() == -0.5


def test_what_a_step_cannot_do_is_refused():
    w = parameter()
    with pytest.raises(NotImplementedError, match="differentiable"):
        torch.optim.SGD([w], lr=0.1, differentiable=True)
    with pytest.raises(NotImplementedError, match="capturable"):
        torch.optim.Adam([w], capturable=True)
    saved = torch.optim.Adam([w]).state_dict()
    saved["param_groups"][0]["capturable"] = True
    with pytest.raises(NotImplementedError, match="capturable"):
        torch.optim.Adam([w]).load_state_dict(saved)
    with pytest.raises(NotImplementedError):
        torch.optim.SparseAdam([w])


def test_training_goes_on_from_a_loaded_state_as_if_it_had_not_stopped():
    for name, options in cases.FLAT:
        whole = cases.start(torch, name)
        optimizer = getattr(torch.optim, name)(whole, **options)
        for step in range(1, 4):
            cases.set_gradients(torch, whole, step)
            optimizer.step()
        half = [p.detach().clone().requires_grad_() for p in whole]
        other = getattr(torch.optim, name)(half, **options)
        state_dict = optimizer.state_dict()
        state_dict["state"] = {
            k: {key: v.clone() if torch.is_tensor(v) else v for key, v in s.items()}
            for k, s in state_dict["state"].items()
        }
        other.load_state_dict(state_dict)
        for params, o in ((whole, optimizer), (half, other)):
            cases.set_gradients(torch, params, 4)
            o.step()
        assert all(torch.equal(a, b) for a, b in zip(whole, half, strict=True)), (name, options)


def test_the_step_is_named_with_hooks_around_it_too():
    w = parameter()
    y = (w * w).sum()
    optimizer = torch.optim.SGD([w], lr=0.1)
    optimizer.register_step_post_hook(lambda *args: None)
    line = inspect.currentframe().f_lineno + 1
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation") as caught:
        y.backward()
    assert f"{__file__}:{line}" in "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])


def test_sparse_adam_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="sparse gradients"):
        torch.optim.SparseAdam([torch.zeros(1, requires_grad=True)])

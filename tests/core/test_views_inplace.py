"""Views and in-place writes: whose memory, whose history, and what is refused."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import rushlight as torch


def leaf(*values: float) -> Any:
    return torch.tensor(values, requires_grad=True)


def node(t: Any) -> str | None:
    return t.grad_fn and t.grad_fn.name().removeprefix("torch::autograd::")


# -- memory and versions ----------------------------------------------------------------------------------------------

VIEWS: dict[str, Callable[[Any], Any]] = {
    "select": lambda x: x[0],
    "slice": lambda x: x[:, 1:],
    "steps": lambda x: x[0:2, None, ::2],
    "view": lambda x: x.view(-1),
    "reshape": lambda x: x.reshape(3, 2),
    "transpose": lambda x: x.t(),
    "permute": lambda x: x.permute(1, 0),
    "unsqueeze": lambda x: x.unsqueeze(1),
    "squeeze": lambda x: x.squeeze(),
    "expand": lambda x: x.expand(2, 2, 3),
    "diagonal": lambda x: x.diagonal(),
    "unfold": lambda x: x.unfold(1, 2, 1),
    "as_strided": lambda x: x.as_strided((2,), (2,), 1),
    "narrow": lambda x: x.narrow(1, 1, 2),
    "split": lambda x: x.split(1)[1],
    "unbind": lambda x: x.unbind(1)[2],
    "iteration": lambda x: next(iter(x)),
    "alias": lambda x: x[...],
    "dtype": lambda x: x.view(torch.int32),
    "detach": lambda x: x.detach(),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views_share_memory_and_version(view: Callable[[Any], Any]) -> None:
    x = torch.arange(6.0).view(2, 3).clone()
    v = view(x)
    before = v.clone()
    x.add_(1)
    assert (v._version, x._version) == (1, 1)
    assert not torch.equal(v, before)
    assert torch.equal(v, view(x))


@pytest.mark.parametrize("name", [name for name in VIEWS if name not in ("expand", "unfold", "dtype")])
def test_a_write_through_a_view_reaches_the_base(name: str) -> None:
    x = torch.arange(6.0).view(2, 3).clone()
    v = VIEWS[name](x)
    v.fill_(9)
    assert x._version == 1
    assert (VIEWS[name](x) == 9).all()
    assert (x == 9).sum() == v.numel()


def test_the_base_is_the_same_for_views_of_views() -> None:
    x = torch.zeros(2, 3)
    assert x.view(6)[2:].unsqueeze(0)._base is x
    assert x._base is None
    assert x.detach()[0]._base is not x


def test_data_does_not_count_writes() -> None:
    x = torch.zeros(2)
    x.data[0] = 1
    assert x._version == 0
    assert x.tolist() == [1, 0]


# -- history ----------------------------------------------------------------------------------------------------------


def test_a_write_through_a_view_rebases_the_base() -> None:
    x, y = leaf(1.0, 2.0, 3.0), leaf(5.0)
    z = x * 2
    z[1] = y[0] * 3
    assert node(z) == "CopySlices"
    (z * z).sum().backward()
    assert x.grad.tolist() == [8, 0, 24]
    assert y.grad.tolist() == [90]


def test_a_base_without_history_gets_one() -> None:
    x, y = torch.zeros(3), leaf(2.0, 3.0)
    first, other = x[:2], x[1:]
    first.copy_(y)
    assert [node(t) for t in (x, first, other)] == ["CopySlices", "AsStridedBackward0", "AsStridedBackward0"]
    assert other.requires_grad and not other.is_leaf
    (other * torch.tensor([10.0, 1.0])).sum().backward()
    assert y.grad.tolist() == [0, 10]


@pytest.mark.parametrize(
    "write",
    [lambda x, y: x.copy_(y), lambda x, y: x.fill_(y), lambda x, y: x.__setitem__(..., y)],
    ids=["copy", "fill", "item"],
)
def test_a_number_that_requires_grad_is_written_with_its_history(write: Callable[[Any, Any], Any]) -> None:
    x, y = torch.zeros(2, 2), torch.tensor(3.0, requires_grad=True)
    write(x, y)
    x.sum().backward()
    assert y.grad.item() == 4


def test_views_of_a_written_base_see_the_new_history() -> None:
    x = leaf(1.0, 2.0)
    base = x * 1
    v = base.view(2, 1)
    base.mul_(3)
    assert node(v) == "AsStridedBackward0"
    (v * v).sum().backward()
    assert x.grad.tolist() == [18, 36]


def test_gradients_of_an_expanded_view_are_added_up_after_a_write() -> None:
    x = leaf(1.0, 2.0)
    base = x * 1
    v, windows = base.expand(3, 2), base.unfold(0, 1, 1)
    base.mul_(2)
    (v.sum() + 10 * windows.sum()).backward()
    assert x.grad.tolist() == [26, 26]


def test_views_of_a_transposed_base_follow_its_layout() -> None:
    x = torch.arange(6.0).view(2, 3).requires_grad_()
    base = (x * 1).t().contiguous().t()  # laid out column by column
    v = base.t().view(6)
    v[1:3].mul_(torch.tensor([10.0, 100.0]))
    weights = torch.arange(6.0).view(2, 3)
    (base * weights).sum().backward()
    assert x.grad.tolist() == [[0, 100, 2], [30, 4, 5]]


def test_second_derivatives_through_a_write() -> None:
    x = leaf(1.0, 2.0)
    y = x * x
    y[0].mul_(x[1])
    (g,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
    (gg,) = torch.autograd.grad(g.sum(), x)
    # f = x0^4 x1^2 + x1^4
    assert g.tolist() == [16, 36]
    assert gg.tolist() == [48 + 16, 16 + 2 + 48]


def test_a_base_given_another_shape_in_place() -> None:
    x = torch.arange(6.0).view(2, 3).requires_grad_()
    base = x * 1
    v = base.view(6)
    assert node(base.t_()) == "TBackward1"
    base.mul_(torch.tensor([[1.0, 2.0]] * 3))
    (v * torch.arange(6.0)).sum().backward()
    assert x.grad.tolist() == [[0, 1, 2], [6, 8, 10]]


def test_retained_gradients_follow_the_tensor() -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    v = y[:1]
    y.retain_grad()
    v.retain_grad()
    v.mul_(3)
    (y.sum() + v.sum()).backward()
    assert (y.grad.tolist(), v.grad.tolist(), x.grad.tolist()) == ([2, 1], [1], [6, 1])


def test_repeated_writes_to_a_row() -> None:
    x = torch.zeros(3, 2)
    w = leaf(0.5, 2.0)
    for i in range(3):
        x[i] = (x[i - 1].clone() if i else 1) * w
    assert x.tolist() == [[0.5, 2], [0.25, 4], [0.125, 8]]
    x.sum().backward()
    assert w.grad.tolist() == [1 + 2 * 0.5 + 3 * 0.25, 1 + 2 * 2 + 3 * 4]


def test_augmented_assignment_of_a_part() -> None:
    w = leaf(1.0, 2.0)
    x = w * 1
    x[0] += 3 * w[1]
    x[1] *= x[0].clone()
    x.sum().backward()
    # (w0 + 3 w1) + w1 (w0 + 3 w1)
    assert w.grad.tolist() == [1 + 2, 3 + 1 + 12]


def test_detached_views_are_written_to_without_history() -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    y.detach()[0] = 7
    assert y.tolist() == [7, 2]
    assert node(y) == "MulBackward0"


def test_a_saved_tensor_changed_through_a_view_is_noticed() -> None:
    x = leaf(1.0, 2.0)
    y = x * 1
    z = y * y
    y[0] = 5
    with pytest.raises(RuntimeError, match=r"^one of the variables needed for gradient computation has been modified"):
        z.sum().backward()


def test_a_chain_of_writes_frees_its_history() -> None:
    x = torch.zeros(4)
    w = torch.ones(2, requires_grad=True)
    gc.disable()
    try:
        for _ in range(3):
            x[:2] = w * 2
        history = weakref.ref(x.grad_fn)
        del x
        assert history() is None
    finally:
        gc.enable()


# -- whether a view requires grad -----------------------------------------------------------------------------------


def test_a_view_requires_grad_when_its_base_does() -> None:
    x = torch.zeros(3)
    v = x[:2]
    assert not v.requires_grad
    x.requires_grad_()
    assert v.requires_grad and v.is_leaf and v.grad_fn is None


def test_views_made_without_recording() -> None:
    x = leaf(1.0, 2.0)
    with torch.no_grad():
        v = x[:1]
    assert v.requires_grad and v.is_leaf
    assert repr(v) == "tensor([1.], requires_grad=True)"


def test_a_view_of_data_is_not_kept_for_a_gradient_that_nobody_wants() -> None:
    data, w = torch.arange(4.0), leaf(1.0, 2.0)
    y = w * 1
    z = data[:2] * y
    y.mul_(2)  # only the data is needed
    z.sum().backward()
    assert w.grad.tolist() == [0, 1]


# -- what is refused ------------------------------------------------------------------------------------------------

NO_GRAD = "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that"
INDIRECT = "its base or another view of its base has been modified inplace"
SEVERAL = "is a view and is being modified inplace. This view is the output of a function that returns multiple views."


def first_line(error: pytest.ExceptionInfo[BaseException]) -> str:
    return str(error.value).split("\n")[0]


def test_leaves_and_their_views() -> None:
    x = leaf(1.0, 2.0)
    with pytest.raises(
        RuntimeError, match="^a leaf Variable that requires grad is being used in an in-place operation"
    ):
        x.mul_(2)
    with pytest.raises(
        RuntimeError, match="^a view of a leaf Variable that requires grad is being used in an in-place"
    ):
        x[0] = 2
    with torch.no_grad():
        x[0] = 2
    assert x.tolist() == [2, 2]


def test_views_made_without_recording_are_not_written_to() -> None:
    x = leaf(1.0, 2.0) * 1
    with torch.no_grad():
        v = x[:1]
        v.mul_(3)
    with pytest.raises(RuntimeError) as error:
        v.mul_(2)
    assert first_line(error).startswith(NO_GRAD)
    x.mul_(2)
    with pytest.raises(RuntimeError, match=INDIRECT):
        _ = v.grad_fn


@pytest.mark.parametrize(
    ("parts", "name"),
    [(lambda x: x.split(1), "Split"), (lambda x: x.split([1, 1]), "SplitWithSizes"), (tuple, "Unbind")],
)
def test_one_of_several_results_is_not_written_to(parts: Callable[[Any], Any], name: str) -> None:
    x = leaf(1.0, 2.0) * 1
    last = parts(x)[1]
    with pytest.raises(RuntimeError) as error:
        last.mul_(2)
    assert first_line(error).startswith(f"Output 1 of {name} {SEVERAL}")
    x.mul_(2)
    with pytest.raises(RuntimeError, match=f"^Output 1 of {name} is a view and {INDIRECT}"):
        _ = last + 1


def test_the_only_result_of_a_split() -> None:
    x = leaf(1.0, 2.0)
    (part,) = x.split(2)
    (part * part).sum().backward()
    assert x.grad.tolist() == [2, 4]


def test_inference_views() -> None:
    x = leaf(1.0, 2.0) * 1
    with torch.inference_mode():
        v = x[:1]
    with pytest.raises(
        RuntimeError, match=r"^A view was created in inference mode and is being modified inplace in normal"
    ):
        v.mul_(2)


def test_a_view_from_before_its_base_was_recorded() -> None:
    x = torch.zeros(4)
    v = x[:2]
    x.mul_(leaf(1.0, 2.0, 3.0, 4.0))
    with pytest.raises(
        RuntimeError, match="^a leaf Variable that requires grad is being used in an in-place operation"
    ):
        v.mul_(2)


def test_expanded_tensors_are_written_to_where_elements_have_places_of_their_own() -> None:
    x = torch.arange(3.0).view(1, 3).clone()
    wide = x.expand(2, 3)
    for write in (lambda: wide.add_(1), lambda: wide.copy_(wide.clone()), lambda: wide.__setitem__(slice(0, 2), 1.0)):
        with pytest.raises(
            RuntimeError, match="^unsupported operation: more than one element of the written-to tensor"
        ):
            write()
    wide[0] = 5
    wide[1].add_(1)
    assert x.tolist() == [[6, 6, 6]]
    assert wide.zero_().tolist() == [[0, 0, 0]] * 2


def test_parts_that_overlap() -> None:
    x = torch.arange(4.0).clone()
    for write in (
        lambda: x.__setitem__(slice(1, None), x[:-1]),
        lambda: x[1:].add_(x[:-1]),
        lambda: x.__setitem__(torch.tensor([1, 2, 3]), x[:3]),
    ):
        with pytest.raises(
            RuntimeError, match="^unsupported operation: some elements of the input tensor and the written"
        ):
            write()
    assert x.tolist() == [0, 1, 2, 3]
    x[::2] = x[1::2]
    x[:] = x
    assert x.tolist() == [1, 1, 3, 3]


def test_a_refused_write_writes_nothing() -> None:
    x = torch.zeros(3)
    y = leaf(1.0, 2.0, 3.0) * 1
    part = y.split(3)[0]
    y.mul_(2)
    with pytest.raises(RuntimeError, match=INDIRECT):
        x.copy_(part)
    assert x.tolist() == [0, 0, 0]
    assert x._version == 0


# -- what was saved -----------------------------------------------------------------------------------------------------

F = torch.nn.functional
ONES, ZEROS = torch.ones(4), torch.zeros(4)
# Of several results, only the statistics, indices or the first one are kept: the others may be overwritten.
OVERWRITTEN: dict[str, Callable[[Any], Any]] = {
    "layer_norm": lambda x: F.layer_norm(x, (2,)),
    "batch_norm": lambda x: F.batch_norm(x, None, None, ONES * 3, ZEROS + 1, training=True),
    "batch_norm by running statistics": lambda x: F.batch_norm(x, ZEROS, ONES, ONES * 3, ZEROS + 1),
    "group_norm": lambda x: F.group_norm(x, 2),
    "instance_norm": lambda x: F.instance_norm(x),
    "max_pool1d": lambda x: F.max_pool1d(x, 2),
    "max_pool2d": lambda x: F.max_pool2d(x, 2),
    "max_pool3d": lambda x: F.max_pool3d(x[None], (1, 2, 1)),
    "adaptive_max_pool1d": lambda x: F.adaptive_max_pool1d(x, 1),
    "fractional_max_pool2d": lambda x: F.fractional_max_pool2d(x, (2, 1), output_size=(2, 1)),
    "max": lambda x: x.max(1).values,
    "sort": lambda x: x.sort(-1).values,
    "the mean of std_mean": lambda x: torch.std_mean(x, 0)[1],
    "the mantissa of frexp": lambda x: torch.frexp(x)[0],
}


@pytest.mark.parametrize("function", OVERWRITTEN.values(), ids=OVERWRITTEN)
def test_results_that_no_rule_needs_may_be_overwritten(function: Callable[[Any], Any]) -> None:
    start = torch.randn(3, 4, 2)

    def gradient(act: Callable[[Any], Any]) -> Any:
        x = start.clone().requires_grad_()
        torch.manual_seed(0)
        with torch.no_grad():
            weights = torch.rand_like(function(x))
        torch.manual_seed(0)
        (act(function(x * 2)) * weights).sum().backward()
        return x.grad

    assert torch.equal(gradient(lambda y: y.mul_(3).clamp_(min=-1)), gradient(lambda y: (y * 3).clamp(min=-1)))


def test_a_changed_result_is_named_by_its_number() -> None:
    values = torch.linalg.svd(torch.eye(2, requires_grad=True) * 2).S
    values.mul_(2)
    with pytest.raises(
        RuntimeError, match=r"\[torch.FloatTensor \[2\]\], which is output 1 of LinalgSvd, is at version 1"
    ):
        values.sum().backward()


def test_assigned_data_goes_on_with_the_count_of_writes() -> None:
    w = leaf(2.0)
    with torch.no_grad():
        w.mul_(1)
    out = (w * w).sum()
    w.data = torch.tensor([5.0])
    assert w._version == 1
    out.backward()  # PyTorch computes with the new content, too: it is the same tensor that was saved
    assert w.grad.tolist() == [10.0]

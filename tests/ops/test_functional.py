"""Functional forms of layers: what the golden expressions cannot say."""

import numpy as np
import pytest

import rushlight as torch
import rushlight.nn.functional as F
from rushlight._ops import convolution
from tests.ops.samples import numbers


def tensor(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(numbers(*shape, seed=seed))


# -- softmax and losses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 3), (64, 10), (3, 40), (40, 33), (6, 32), (4, 2), (2, 3, 4), (7,)])
@pytest.mark.parametrize("dim", [0, -1])
def test_softmax_along_any_dimension(shape: tuple[int, ...], dim: int) -> None:
    """Short rows are reduced as columns of the transpose, longer ones are not."""
    x = numbers(*shape) * 50
    e = np.exp(x - x.max(dim, keepdims=True))
    expected = e / e.sum(dim, keepdims=True)
    t = torch.from_numpy(x)
    np.testing.assert_allclose(t.softmax(dim).numpy(), expected, rtol=1e-13)
    np.testing.assert_allclose(
        t.log_softmax(dim).numpy(),
        x - x.max(dim, keepdims=True) - np.log(e.sum(dim, keepdims=True)),
        rtol=1e-13,
        atol=1e-14,
    )
    assert t.softmax(dim).is_contiguous()


@pytest.mark.parametrize("logit", [1e4, -1e4, 88.0])
def test_losses_of_logits_neither_overflow_nor_cancel(logit: float) -> None:
    x = torch.tensor([[logit, 0.0]], requires_grad=True)
    F.cross_entropy(x, torch.tensor([0])).backward()
    assert x.grad.isfinite().all()
    y = torch.tensor([logit], requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(y, torch.tensor([1.0]))
    loss.backward()
    assert loss.item() == pytest.approx(max(-logit, 0), abs=1e-6) and y.grad.isfinite().all()


def test_a_loss_of_a_target_of_another_size_warns_where_it_was_called() -> None:
    with pytest.warns(UserWarning, match=r"^Using a target size \(torch.Size\(\[4\]\)\)") as caught:
        F.mse_loss(tensor(3, 4), tensor(4))
    assert caught[0].filename == __file__


def test_an_implicit_dimension_warns_where_it_was_called() -> None:
    with pytest.warns(UserWarning, match="^Implicit dimension choice for softmax") as caught:
        F.softmax(tensor(3, 4))
    assert caught[0].filename == __file__


def test_targets_that_are_no_classes_are_named() -> None:
    with pytest.raises(IndexError, match=r"^Target 5 is out of bounds\.\nThere are 4 classes"):
        F.cross_entropy(tensor(2, 4), torch.tensor([1, 5]))


def test_ignored_targets_hide_whatever_stands_there() -> None:
    x = torch.tensor([[0.0, np.inf], [1.0, np.nan]], requires_grad=True)
    loss = F.nll_loss(x, torch.tensor([0, -100]))
    loss.backward()
    assert loss.item() == 0
    assert x.grad.tolist() == [[-1.0, 0.0], [0.0, 0.0]]


def test_gradients_follow_the_reduction() -> None:
    x, y = tensor(3, 4).requires_grad_(), tensor(3, 4, seed=1)
    (mean,) = torch.autograd.grad(F.mse_loss(x, y), x)
    (total,) = torch.autograd.grad(F.mse_loss(x, y, reduction="sum"), x)
    np.testing.assert_allclose(mean.numpy() * 12, total.numpy(), rtol=1e-14)


# -- activations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bend"),
    [("leaky_relu", 0.0), ("hardtanh", 1.0), ("relu6", 6.0), ("hardshrink", 0.5), ("hardsigmoid", 3.0)],
)
def test_an_infinite_cotangent_does_not_reach_where_nothing_passes(name: str, bend: float) -> None:
    x = torch.tensor([bend + 1, bend - 10], requires_grad=True)
    out = getattr(F, name)(x)
    out.backward(torch.tensor([np.inf, np.inf]))
    assert not x.grad.isnan().any()


def test_in_place_activations_write_into_their_input() -> None:
    for name in ("relu", "leaky_relu", "elu", "selu", "celu", "silu", "mish", "hardtanh", "hardswish", "threshold"):
        x = tensor(3)
        args = (0.1, 7.0) if name == "threshold" else ()
        expected = getattr(F, name)(x, *args)
        assert getattr(F, name)(x, *args, inplace=True) is x
        np.testing.assert_array_equal(x.numpy(), expected.numpy())


def test_gelu_in_single_precision() -> None:
    x = torch.linspace(-6, 6, 1001)
    np.testing.assert_allclose(F.gelu(x).numpy(), F.gelu(x.double()).numpy(), atol=1e-6)


# -- normalization ----------------------------------------------------------------------------------------------------


def test_normalized_rows_have_mean_zero_and_variance_one() -> None:
    for function in (
        lambda x: F.layer_norm(x, (50,), eps=0.0),
        lambda x: F.instance_norm(x.view(1, 7, 50), eps=0.0).view(7, 50),
        lambda x: F.group_norm(x.view(1, 350), 7, eps=0.0).view(7, 50),
        lambda x: F.batch_norm(x.T.contiguous(), None, None, training=True, eps=1e-30).T,
    ):
        out = function(tensor(7, 50) * 100 + 1000).numpy()
        np.testing.assert_allclose(out.mean(1), 0, atol=1e-10)
        np.testing.assert_allclose(out.var(1), 1, rtol=1e-10)


@pytest.mark.parametrize("rows", [50, 5000])
def test_variances_of_long_rows_keep_their_digits(rows: int) -> None:
    x = (np.random.default_rng(0).standard_normal((2, rows)) + 100).astype(np.float32)
    out = F.layer_norm(torch.from_numpy(x), (rows,), eps=0.0).numpy()
    exact = (x - x.mean(1, keepdims=True, dtype=np.float64)) / x.astype(np.float64).std(1, keepdims=True)
    np.testing.assert_allclose(out, exact, atol=3e-4)


def test_running_statistics_move_in_place_and_count_as_writes() -> None:
    mean, var = torch.zeros(4), torch.ones(4)
    view, version = mean[:2], mean._version
    F.batch_norm(tensor(8, 4).float() + 3, mean, var, training=True, momentum=0.5)
    assert mean._version > version
    assert (view > 1).all()


# -- embedding --------------------------------------------------------------------------------------------------------


def test_rows_looked_up_often_add_up_their_gradients() -> None:
    table = tensor(5, 3).requires_grad_()
    indices = torch.tensor([[4, 1, 4], [0, 4, 1]])
    F.embedding(indices, table, padding_idx=1).backward(torch.ones(2, 3, 3, dtype=torch.float64))
    assert table.grad[:, 0].tolist() == [1, 0, 0, 0, 3]


def test_large_rows_are_scaled_down_in_place() -> None:
    table = torch.tensor([[3.0, 4.0], [30.0, 40.0], [0.3, 0.4]])
    out = F.embedding(torch.tensor([1, 2, 1]), table, max_norm=5.0)
    np.testing.assert_allclose(table.numpy(), [[3, 4], [3, 4], [0.3, 0.4]], rtol=1e-6)
    np.testing.assert_allclose(out.numpy(), table.numpy()[[1, 2, 1]])


def test_sparse_gradients_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="sparse"):
        F.embedding(torch.tensor([0]), tensor(2, 2).requires_grad_(), sparse=True)
    assert (F.embedding(torch.tensor([0]), tensor(2, 2), sparse=True) == tensor(2, 2)[0]).all()


def test_gradients_of_bags_divided_by_how_often_rows_are_used() -> None:
    table, indices, offsets = tensor(5, 2), torch.tensor([1, 4, 1, 0, 3, 4]), torch.tensor([0, 2, 5])
    counts = torch.tensor([1, 2, 1, 1, 2])
    for mode in ("sum", "mean"):
        plain, scaled = table.clone().requires_grad_(), table.clone().requires_grad_()
        F.embedding_bag(indices, plain, offsets, mode=mode).pow(2).sum().backward()
        F.embedding_bag(indices, scaled, offsets, mode=mode, scale_grad_by_freq=True).pow(2).sum().backward()
        np.testing.assert_allclose((scaled.grad * counts.unsqueeze(1)).numpy(), plain.grad.numpy(), rtol=1e-12)


# -- sequences --------------------------------------------------------------------------------------------------------


def spelled(path: tuple[int, ...], blank: int) -> list[int]:
    """A path without repetitions, then without blanks."""
    return [p for i, p in enumerate(path) if p != blank and (i == 0 or p != path[i - 1])]


@pytest.mark.parametrize("target", [[1, 2], [1, 1], [2], []])
def test_ctc_loss_is_that_of_all_paths(target: list[int]) -> None:
    log_probs = tensor(4, 1, 3).log_softmax(-1)
    p = log_probs.exp().numpy()[:, 0]
    paths = [path for path in np.ndindex(3, 3, 3, 3) if spelled(path, 0) == target]
    total = sum(np.prod([p[t, label] for t, label in enumerate(path)]) for path in paths)
    labels = torch.tensor([target], dtype=torch.int64).reshape(1, len(target))
    loss = F.ctc_loss(log_probs, labels, (4,), (len(target),), reduction="sum")
    assert loss.item() == pytest.approx(-np.log(total))


def test_improbable_paths_are_not_lost() -> None:
    """All that is probable at first cannot be finished in time."""
    log_probs = torch.full((200, 1, 2), -20.0, dtype=torch.float64)
    log_probs[:, :, 0] = 0.0
    loss = F.ctc_loss(log_probs, torch.ones(1, 100, dtype=torch.int64), (200,), (100,), reduction="sum")
    # The labels take a step each, and so do the blanks between them; one step more is free.
    assert 2000 - np.log(20_000) - 1 < loss.item() < 2000


def test_labels_that_are_none_are_refused() -> None:
    log_probs = torch.zeros(3, 1, 4).log_softmax(-1)
    for label in (4, -1):
        with pytest.raises(IndexError, match="from 0 to 3"):
            F.ctc_loss(log_probs, torch.tensor([[label]]), (3,), (1,))


# -- dropout ----------------------------------------------------------------------------------------------------------


def test_dropout_keeps_the_mean() -> None:
    out = F.dropout(torch.ones(100_000), 0.3)
    assert set(out.unique().tolist()) == {0.0, torch.tensor(1 / 0.7).item()}
    assert out.mean().item() == pytest.approx(1, abs=0.01)


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    out = F.alpha_dropout(torch.randn(100_000), 0.4, training=True)
    assert out.mean().item() == pytest.approx(0, abs=0.02)
    assert out.var().item() == pytest.approx(1, abs=0.03)


def test_channels_are_dropped_as_a_whole() -> None:
    out = F.dropout2d(torch.ones(10, 20, 3, 3), 0.5)
    assert ((out == 0).all((2, 3)) | (out == 2).all((2, 3))).all()


def test_what_is_dropped_gets_no_gradient() -> None:
    x = torch.ones(1000, requires_grad=True)
    out = F.dropout(x, 0.5)
    out.sum().backward()
    assert (x.grad == out.detach()).all()


# -- attention --------------------------------------------------------------------------------------------------------


def test_positions_that_attend_to_nothing_get_zeros_and_pass_no_nan() -> None:
    q, k, v = (tensor(2, 3, 4, seed=i).requires_grad_() for i in range(3))
    mask = torch.tensor([[True, True, False], [False, False, False], [True, True, True]])
    out = F.scaled_dot_product_attention(q, k, v, mask)
    assert (out[:, 1] == 0).all()
    out.sum().backward()
    assert all(t.grad.isfinite().all() for t in (q, k, v))


def test_causal_attention_sees_no_later_position() -> None:
    q, k, v = (tensor(1, 2, 5, 4, seed=i) for i in range(3))
    before = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    v[..., -1, :] = 1e6
    after = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    np.testing.assert_array_equal(before[..., :-1, :].numpy(), after[..., :-1, :].numpy())


# -- convolution ------------------------------------------------------------------------------------------------------


def convolved(x: np.ndarray, w: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """By the definition, one window after the other."""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    rows, columns = ((n - k) // stride + 1 for n, k in zip(x.shape[2:], (kh, kw)))
    out = np.empty((len(x), len(w), rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.einsum("nchw,ochw->no", window, w)
    return out


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 1), (3, 2)])
def test_convolution_by_its_definition(stride: int, padding: int) -> None:
    x, w = numbers(3, 2, 7, 6), numbers(4, 2, 3, 2, seed=1)
    out = F.conv2d(torch.from_numpy(x), torch.from_numpy(w), stride=stride, padding=padding)
    np.testing.assert_allclose(out.numpy(), convolved(x, w, stride, padding), rtol=1e-12, atol=1e-12)


def test_batches_are_worked_off_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns for all images at once could be larger than memory: a few at a time give the same."""
    x, w = tensor(5, 2, 6, 6).requires_grad_(), tensor(3, 2, 3, 3, seed=1).requires_grad_()

    def outcome() -> list[np.ndarray]:
        x.grad = w.grad = None
        out = F.conv2d(x, w, padding=1)
        (out**2).sum().backward()
        return [out.detach().numpy(), x.grad.numpy(), w.grad.numpy()]

    whole = outcome()
    monkeypatch.setattr(convolution, "CHUNK", 1)
    for a, b in zip(outcome(), whole):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_uneven_padding_is_told_once() -> None:
    convolution._warn_of_uneven.cache_clear()
    x, w = tensor(1, 1, 5, 5), tensor(1, 1, 2, 2)
    with pytest.warns(UserWarning, match="^Using padding='same' with even kernel lengths"):
        assert F.conv2d(x, w, padding="same").shape == x.shape
    F.conv2d(x, w, padding="same")


def test_pooling_gives_the_gradient_to_one_of_equals() -> None:
    x = torch.ones(1, 1, 4, 4, requires_grad=True)
    F.max_pool2d(x, 2).sum().backward()
    assert x.grad.view(4, 4).tolist() == [[1, 0, 1, 0], [0] * 4, [1, 0, 1, 0], [0] * 4]
    x.grad = None
    F.max_pool2d(x, 3, 1).sum().backward()
    assert x.grad.sum() == 4


def test_interpolation_keeps_corners() -> None:
    x = tensor(1, 1, 3, 4)
    for mode in ("bilinear", "bicubic"):
        out = F.interpolate(x, size=(7, 9), mode=mode, align_corners=True)
        np.testing.assert_allclose(out[..., [0, -1], :][..., [0, -1]].numpy(), x[..., [0, -1], :][..., [0, -1]].numpy())

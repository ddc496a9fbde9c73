"""``segment_reduce``: who gets the gradient of equal extremes, and of products with a zero."""

from __future__ import annotations

import pytest

import rushlight as torch

LENGTHS = torch.tensor([3, 0, 2])


def gradient(reduce: str, data: list[float], **kwargs: float) -> list[float]:
    x = torch.tensor(data, dtype=torch.float64, requires_grad=True)
    torch.segment_reduce(x, reduce, lengths=LENGTHS, **kwargs).backward(torch.tensor([1.0, 2.0, 3.0]).double())
    return x.grad.tolist()


@pytest.mark.parametrize(
    ("reduce", "initial", "data", "wanted"),
    [
        ("max", None, [1.0, 3.0, 3.0, 0.0, 2.0], [0.0, 0.5, 0.5, 0.0, 3.0]),
        # What a segment begins with takes no share of what equals it, and all of what it exceeds.
        ("max", 3.0, [1.0, 3.0, 3.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0, 0.0]),
        ("min", 3.0, [1.0, 3.0, 3.0, 0.0, 0.0], [1.0, 0.0, 0.0, 1.5, 1.5]),
        ("mean", 3.0, [1.0, 3.0, 3.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3, 1.5, 1.5]),
        ("prod", None, [1.0, 3.0, 3.0, 0.0, 2.0], [9.0, 3.0, 3.0, 6.0, 0.0]),
        ("prod", 3.0, [1.0, 3.0, 3.0, 0.0, 0.0], [27.0, 9.0, 9.0, 0.0, 0.0]),
    ],
)
def test_gradients_at_the_edges(reduce, initial, data, wanted):
    given = {} if initial is None else {"initial": initial}
    assert gradient(reduce, data, **given) == pytest.approx(wanted)


def test_elements_of_no_segment_get_nothing():
    x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    out = torch.segment_reduce(x, "sum", offsets=torch.tensor([1, 2, 3]))
    assert out.tolist() == [2.0, 3.0]
    out.sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 1.0, 0.0]

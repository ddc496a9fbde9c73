"""`torch.nn.grad`, and layers whose gradients are not compared with PyTorch's."""

import pytest

import rushlight as torch
import rushlight.nn.functional as F
from rushlight import nn
from rushlight.autograd import gradcheck, gradgradcheck

CASES = [
    (1, (2, 3, 7), (4, 3, 3), {}),
    (1, (2, 4, 7), (4, 2, 3), {"stride": 2, "padding": 1, "groups": 2}),
    (2, (1, 2, 5, 6), (3, 2, 2, 3), {"stride": (1, 2), "padding": (1, 0), "dilation": (2, 1)}),
    (3, (1, 2, 3, 4, 3), (2, 1, 2, 2, 1), {"groups": 2, "dilation": 2, "padding": 1}),
]


@pytest.mark.parametrize(("spatial", "size", "weight_size", "how"), CASES)
def test_they_are_what_autograd_computes(spatial, size, weight_size, how):
    x, w = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in (size, weight_size))
    y = getattr(F, f"conv{spatial}d")(x, w, **how)
    g = torch.randn_like(y).requires_grad_()
    of_input, of_weight = (getattr(nn.grad, f"conv{spatial}d_{by}") for by in ("input", "weight"))

    for_x, for_w = torch.autograd.grad(y, (x, w), g)

    assert torch.equal(of_input(size, w, g, **how), for_x)
    assert torch.equal(of_weight(x, weight_size, g, **how), for_w)
    assert gradcheck(lambda w, g: of_input(size, w, g, **how), (w, g))
    assert gradcheck(lambda x, g: of_weight(x, weight_size, g, **how), (x, g))


def test_sizes_that_are_of_no_convolution():
    w, g = torch.ones(2, 3, 3), torch.ones(1, 2, 5)
    with pytest.raises(RuntimeError, match=r"has a gradient of size \[1, 2, 6\], but got \[1, 2, 5\]"):
        nn.grad.conv1d_input((1, 3, 8), w, g)
    with pytest.raises(RuntimeError, match="cannot be of an input of size"):
        nn.grad.conv1d_input((1, 2, 7), w, g)
    with pytest.raises(RuntimeError, match="in 3 groups"):
        nn.grad.conv1d_weight(torch.ones(1, 3, 7), (2, 3, 3), g, groups=3)
    with pytest.raises(RuntimeError, match="cannot be of an input of size"):
        nn.grad.conv2d_weight(torch.ones(1, 3, 7), (2, 3, 3), g)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_cross_map_normalisation(size):
    layer = nn.CrossMapLRN2d(size, alpha=0.5)
    x = torch.randn(2, 5, 2, 1, dtype=torch.float64, requires_grad=True)
    assert gradcheck(layer, (x,))
    assert gradgradcheck(layer, (x,))

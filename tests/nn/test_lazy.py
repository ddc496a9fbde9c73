"""What uninitialized parameters refuse, where the words are not PyTorch's to the letter."""

import copy
import operator
import pickle

import pytest

import rushlight as torch
from rushlight import nn

REFUSED = "Attempted to use an uninitialized parameter in .*When using LazyModules Call `forward`"


@pytest.mark.parametrize(
    "use",
    [
        lambda p: p == p,
        lambda p: p + 1,
        lambda p: 2 * p,
        lambda p: p[0],
        lambda p: p.sum(),
        lambda p: torch.sin(p),
        lambda p: torch.stack([p, p]),
        lambda p: p.zero_(),
        lambda p: p.tolist(),
        lambda p: p.item(),
        lambda p: nn.functional.linear(torch.ones(1, 2), p),
        lambda p: nn.init.zeros_(p),
        operator.methodcaller("backward"),
        len,
        bool,
    ],
)
@pytest.mark.parametrize("kind", [nn.UninitializedParameter, nn.UninitializedBuffer])
def test_operations_refuse(kind, use):
    with pytest.raises(ValueError, match=REFUSED):
        use(kind())


def test_compiling_a_lazy_layer():
    layer = nn.LazyLinear(3)
    compiled = torch.compile(layer)
    x = torch.ones(2, 4)
    first = compiled(x)
    assert type(layer) is nn.Linear
    torch.testing.assert_close(compiled(x), first)
    torch.testing.assert_close(layer(x), first)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_becomes_a_layer_of_its_own(again):
    layer = nn.LazyLinear(3, dtype=torch.float64)
    other = again(layer)
    other(torch.ones(1, 2, dtype=torch.float64))
    assert type(other) is nn.Linear and not other._forward_pre_hooks
    assert type(layer) is nn.LazyLinear and len(layer._forward_pre_hooks) == 1
    layer(torch.ones(1, 5, dtype=torch.float64))
    assert layer.weight.shape == (3, 5) and other.weight.shape == (3, 2)


def test_gradients_come_to_what_the_optimizer_was_given():
    network = nn.Sequential(nn.LazyConv2d(2, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(1))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    network(torch.randn(2, 1, 4, 4)).sum().backward()
    before = network[3].weight.clone()
    optimizer.step()
    torch.testing.assert_close(network[3].weight, before - 0.1 * network[3].weight.grad)

"""`functional_call` and `stack_module_state`."""

import numpy as np
import pytest

import rushlight as torch
from rushlight import nn
from rushlight.func import functional_call, grad, stack_module_state, vmap


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.zeros(()))
        self.b = self.a
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x, *, factor=1):
        self.calls = self.calls + 1
        return (x + self.a + self.b) * factor


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))


def test_parameters_are_replaced_for_one_call(network):
    x = torch.ones(4, 2)
    ones = {name: torch.ones_like(p) for name, p in network.named_parameters()}
    before = network(x)
    expected = 3 * torch.tanh(torch.tensor(3.0)) + 1
    np.testing.assert_allclose(functional_call(network, ones, x).detach(), np.full((4, 1), expected.item()), rtol=1e-6)
    partly = functional_call(network, {"2.bias": network[2].bias + 1}, (x,))
    np.testing.assert_allclose(partly.detach(), before.detach() + 1, rtol=1e-6)
    assert (network(x) == before).all()


def test_parameters_are_back_after_an_error(network):
    mine = network[0].weight
    with pytest.raises(RuntimeError):
        functional_call(network, {"0.weight": torch.zeros(7, 7)}, torch.ones(1, 2))
    assert network[0].weight is mine


def test_arguments():
    module = Tied()
    assert functional_call(module, {"a": torch.ones(())}, torch.ones(()), {"factor": 2}).item() == 6.0
    assert functional_call(module, [{"a": torch.ones(())}, {"calls": torch.ones(())}], (torch.ones(()),)).item() == 3.0
    assert functional_call(nn.Identity(), {}, torch.ones(())).item() == 1.0


def test_tied_parameters():
    module, x = Tied(), torch.zeros(())
    assert functional_call(module, {"a": torch.ones(())}, x).item() == 2.0
    assert functional_call(module, {"a": torch.ones(())}, x, tie_weights=False).item() == 1.0
    with pytest.raises(ValueError, match=r"got multiple values for keys \['a', 'b'\], which are tied"):
        functional_call(module, {"a": torch.ones(()), "b": torch.zeros(())}, x)


def test_what_the_module_writes_is_the_callers():
    module, state = Tied(), {"calls": torch.tensor(5.0)}
    functional_call(module, state, torch.zeros(()))
    assert state["calls"].item() == 6.0 and module.calls.item() == 0.0


ERRORS = [
    (3, {}, ValueError, "Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got <class 'int'>"),
    ([3], {}, ValueError, "Expected all elements of parameter_and_buffer_dicts to be dictionaries"),
    ([{"a": 1}, {"a": 1}], {}, ValueError, r"\['a'\] appeared in multiple dictionaries"),
    ({"c": 1}, {"strict": True}, RuntimeError, r"Error\(s\) in reparametrizing for Tied:\n\tUnexpected key\(s\): 'c'.\n\tMissing key"),
]  # fmt: skip


@pytest.mark.parametrize(("dicts", "options", "error", "message"), ERRORS)
def test_errors(dicts, options, error, message):
    with pytest.raises(error, match=message):
        functional_call(Tied(), dicts, torch.zeros(()), **options)


def test_per_sample_gradients_are_those_of_a_loop(network):
    network = network.double()
    params = {name: p.detach() for name, p in network.named_parameters()}
    x, y = torch.randn(5, 2, dtype=torch.float64), torch.randn(5, 1, dtype=torch.float64)

    def loss(params, x, y):
        return nn.functional.mse_loss(functional_call(network, params, (x,)), y)

    together = vmap(grad(loss), in_dims=(None, 0, 0))(params, x, y)
    for i in range(5):
        network.zero_grad()
        nn.functional.mse_loss(network(x[i]), y[i]).backward()
        for name, p in network.named_parameters():
            np.testing.assert_allclose(together[name][i].numpy(), p.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    "module",
    [
        nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.GELU(), nn.Softmax(-1)),
        nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 2)),
        nn.Sequential(nn.BatchNorm1d(4).eval(), nn.Linear(4, 2)),
        nn.MultiheadAttention(4, 2, batch_first=True),
    ],
    ids=lambda m: type(m).__name__ + "".join(type(c).__name__ for c in m.children()),
)
def test_modules_under_vmap(module):
    torch.manual_seed(0)
    module = module.double()
    params = {name: p.detach() for name, p in module.named_parameters()}
    x = torch.randn(3, 2, 4, dtype=torch.float64)
    if isinstance(next(module.children()), nn.Embedding):
        x = torch.randint(0, 9, (3, 5))

    def call(params, x):
        out = functional_call(module, params, (x, x, x) if isinstance(module, nn.MultiheadAttention) else (x,))
        return (out[0] if isinstance(out, tuple) else out).pow(2).sum()

    together = vmap(grad(call), in_dims=(None, 0))(params, x)
    for i in range(3):
        for name, g in grad(call)(params, x[i]).items():
            np.testing.assert_allclose(together[name][i].numpy(), g.numpy(), rtol=1e-9, atol=1e-12, err_msg=name)


def test_stack_module_state():
    models = [nn.BatchNorm1d(2) for _ in range(3)]
    params, buffers = stack_module_state(models)
    assert {k: tuple(v.shape) for k, v in params.items()} == {"weight": (3, 2), "bias": (3, 2)}
    assert all(p.is_leaf and p.requires_grad for p in params.values())
    assert buffers["num_batches_tracked"].shape == (3,) and not buffers["running_mean"].requires_grad
    with pytest.raises(RuntimeError, match="stack_module_state: Expected at least one model, got 0."):
        stack_module_state([])
    with pytest.raises(RuntimeError, match="Expected all models to have the same training/eval mode."):
        stack_module_state([nn.Linear(1, 1), nn.Linear(1, 1).eval()])
    with pytest.raises(RuntimeError, match="Expected all models to be of the same class."):
        stack_module_state([nn.Linear(1, 1), nn.ReLU()])

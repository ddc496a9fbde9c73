"""Gradients through weights that are computed, and what else comparing with PyTorch does not show."""

import pytest

import rushlight as torch
from rushlight.autograd import gradcheck, gradgradcheck

P = torch.nn.utils.parametrizations


def of_originals(layer):
    """The layer's weight as a function of its originals, and those."""
    several = layer.parametrizations.weight
    originals = {k: p.detach().clone().requires_grad_() for k, p in several.named_parameters(recurse=False)}

    def weight(*values):
        return torch.func.functional_call(several, dict(zip(originals, values)), ())

    return weight, tuple(originals.values())


@pytest.mark.parametrize(
    "parametrize",
    [
        P.weight_norm,
        lambda layer: P.weight_norm(layer, dim=1),
        lambda layer: P.weight_norm(layer, dim=None),
        P.spectral_norm,
        P.orthogonal,
        lambda layer: P.orthogonal(layer, orthogonal_map="matrix_exp"),
        lambda layer: P.orthogonal(layer, orthogonal_map="cayley"),
        lambda layer: P.orthogonal(layer, use_trivialization=False),
    ],
)
def test_gradients(parametrize):
    layer = parametrize(torch.nn.Linear(3, 4, dtype=torch.float64)).eval()
    weight, originals = of_originals(layer)
    if getattr(layer.parametrizations.weight[0], "orthogonal_map", None) == "householder":
        # The diagonal holds signs: there is no slope along it.
        weight, signs = (lambda x, f=weight: f(x.tril(-1) + signs)), originals[0].detach().diagonal().diag_embed()
        signs = torch.cat([signs, signs.new_zeros(1, 3)])
    assert gradcheck(weight, originals)
    assert gradgradcheck(weight, originals)


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5)])
@pytest.mark.parametrize("orthogonal_map", ["matrix_exp", "cayley", "householder"])
def test_orthogonal_while_trained(shape, orthogonal_map):
    layer = P.orthogonal(torch.nn.Linear(*shape, dtype=torch.float64), orthogonal_map=orthogonal_map)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    x = torch.randn(8, shape[0], dtype=torch.float64)
    for _ in range(5):
        optimizer.zero_grad()
        layer(x).sin().sum().backward()
        optimizer.step()
    w = layer.weight
    short = w @ w.T if w.shape[0] < w.shape[1] else w.T @ w
    torch.testing.assert_close(short, torch.eye(min(shape), dtype=torch.float64))


def test_the_power_method_finds_the_largest_singular_value():
    layer = P.spectral_norm(torch.nn.Linear(5, 4, dtype=torch.float64), n_power_iterations=200)
    assert torch.linalg.matrix_norm(layer.weight, 2).item() == pytest.approx(1.0)


def test_the_cache_ends_with_the_outermost_with():
    layer = P.weight_norm(torch.nn.Linear(2, 2))
    cached = torch.nn.utils.parametrize.cached
    with cached():
        first = layer.weight
        with cached():
            assert layer.weight is first
        assert layer.weight is first
    assert layer.weight is not first


def test_compiled_training():
    layer = P.weight_norm(torch.nn.Linear(3, 2))
    eager = P.weight_norm(torch.nn.Linear(3, 2))
    eager.load_state_dict(layer.state_dict())
    x = torch.randn(4, 3)

    def step(layer, optimizer):
        optimizer.zero_grad()
        loss = (layer(x) ** 2).sum()
        loss.backward()
        optimizer.step()
        return loss

    compiled = torch.compile(step, fullgraph=True)
    ours, theirs = (torch.optim.SGD(m.parameters(), lr=0.1) for m in (layer, eager))
    for _ in range(4):
        torch.testing.assert_close(compiled(layer, ours), step(eager, theirs))


def test_functional_call_with_a_tensor_in_the_place_of_what_is_computed():
    layer = P.weight_norm(torch.nn.Linear(2, 1))
    before = layer.weight
    w = torch.tensor([[2.0, 3.0]], requires_grad=True)

    y = torch.func.functional_call(layer, {"weight": w, "bias": torch.zeros(1)}, torch.ones(1, 2))

    assert y.item() == 5.0
    assert torch.autograd.grad(y, w)[0].tolist() == [[1.0, 1.0]]
    assert torch.equal(layer.weight, before)
    assert "WeightNorm" in layer.weight.grad_fn.name()

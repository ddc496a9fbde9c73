"""`torch.autograd.graph` where it is not as PyTorch's, or where no line of a scenario would show it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import rushlight as torch
from rushlight import nn
from rushlight.autograd.graph import allow_mutation_on_saved_tensors, save_on_cpu, saved_tensors_hooks


def test_a_change_of_what_is_saved_uncopied_is_noticed():
    """PyTorch computes a wrong gradient here."""
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with save_on_cpu():
        a = x * 1
        b = a * a
    a.mul_(10)
    with pytest.raises(RuntimeError, match=r"(?s)modified by an inplace operation.*save_on_cpu had saved"):
        b.sum().backward()


def test_allowed_mutation_may_be_differentiated_outside():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with allow_mutation_on_saved_tensors():
        a = x * 1
        b = a * a
        a.zero_()
    assert torch.autograd.grad(b.sum(), x)[0].tolist() == [2.0, 4.0]


LAYERS = {
    "layer_norm": (nn.LayerNorm(4), (3, 4)),
    "batch_norm": (nn.BatchNorm1d(4), (3, 4)),
    "conv": (nn.Conv1d(2, 2, 3), (1, 2, 5)),
    "linear": (nn.Linear(4, 2), (3, 4)),
    "gru": (nn.GRU(4, 2), (3, 1, 4)),
    "gelu": (nn.GELU(), (3, 4)),
    "softmax": (nn.LogSoftmax(-1), (3, 4)),
    "max_pool": (nn.MaxPool1d(2), (1, 2, 6)),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_each_saved_tensor_is_unpacked_once_in_a_pass(name, create_graph):
    layer, shape = LAYERS[name]
    packed, unpacked = [], []

    def pack(t):
        packed.append(t.detach())
        return len(packed) - 1

    def unpack(i):
        unpacked.append(i)
        return packed[i]

    x = torch.randn(*shape, requires_grad=True)
    with saved_tensors_hooks(pack, unpack):
        out = layer(x)
        out = out[0] if isinstance(out, tuple) else out
    parameters = [x, *layer.parameters()]
    torch.autograd.grad(out.sum(), parameters, create_graph=create_graph, retain_graph=True, allow_unused=True)
    assert len(set(unpacked)) == len(unpacked)
    unpacked.clear()
    (g,) = torch.autograd.grad(out.square().sum(), x, create_graph=True)
    torch.autograd.grad(g.square().sum(), parameters, allow_unused=True)
    assert all(unpacked.count(i) <= 2 for i in unpacked)  # once for each of the two passes


def test_number_of_threads_is_a_setting_of_the_thread():
    with torch.autograd.set_multithreading_enabled(False), ThreadPoolExecutor(1) as pool:
        assert pool.submit(torch.autograd.is_multithreading_enabled).result()

    @torch.autograd.set_multithreading_enabled(False)
    def inside():
        return torch.autograd.is_multithreading_enabled()

    assert torch.autograd.is_multithreading_enabled()
    assert not inside()
    assert torch.autograd.is_multithreading_enabled()


def test_what_is_missing_says_so():
    for place, name in ((torch.func, "functionalize"), (torch.autograd.graph, "region_activation_memory_budget")):
        with pytest.raises(NotImplementedError, match=name):
            getattr(place, name)
        assert not hasattr(place, name)

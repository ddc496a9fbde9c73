"""Calls of modules: what an exception is told on its way out, and hooks on all modules."""

import copy
import itertools
import pickle

import pytest

import rushlight as torch
from rushlight import nn
from rushlight._core.graph import RemovableHandle


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(4, 4), nn.Tanh()) for _ in range(3)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.head = nn.Linear(4, 2)

    def forward(self, x, scale=1):
        if scale == 0:
            raise ValueError("no scale")
        return self.head(self.encoder(x)) * scale


def test_an_error_names_the_layer_by_its_whole_path():
    net = Net()
    net.encoder.layers[2][0] = nn.Linear(5, 4)

    with pytest.raises(RuntimeError) as caught:
        net(torch.ones(3, 4))

    assert caught.value.__notes__[-1] == (
        "in encoder.layers.2.0 (Linear(in_features=5, out_features=4, bias=True)), input (3, 4) float32"
    )


def test_the_layer_is_told_once_however_deep_it_lies():
    net = Net()

    with pytest.raises(RuntimeError) as caught:
        net(torch.ones(3, 9))

    assert [note for note in caught.value.__notes__ if note.startswith("in ")] == [
        "in encoder.layers.0.0 (Linear(in_features=4, out_features=4, bias=True)), input (3, 9) float32"
    ]


def test_a_module_of_modules_is_named_by_its_class():
    with pytest.raises(ValueError, match="no scale") as caught:
        Net()(torch.ones(1, 4), scale=0)

    assert caught.value.__notes__ == ["in Net, input (1, 4) float32"]


def test_inputs_that_are_no_tensors_are_told_by_type():
    with pytest.raises(RuntimeError) as caught:
        nn.Bilinear(2, 3, 1)(torch.ones(1, 2), torch.ones(1, 9))
    assert caught.value.__notes__[-1].endswith(", inputs (1, 2) float32, (1, 9) float32")

    with pytest.raises(AttributeError) as caught:
        nn.Tanh()("text")
    assert caught.value.__notes__[-1] == "in Tanh(), input str"


def test_a_layer_that_is_not_registered_is_told_without_a_path():
    hidden = nn.Linear(3, 3)

    class Outer(nn.Module):
        def forward(self, x):
            return hidden(x)

    with pytest.raises(RuntimeError) as caught:
        Outer()(torch.ones(1, 2))

    assert caught.value.__notes__[-1] == ("in Linear(in_features=3, out_features=3, bias=True), input (1, 2) float32")


def test_a_path_is_that_of_the_model_that_was_called():
    net = Net()
    with pytest.raises(RuntimeError) as caught:
        net.encoder(torch.ones(1, 9))
    assert caught.value.__notes__[-1].startswith("in layers.0.0 (Linear(")


def test_a_missing_attribute_suggests_one_that_is_there():
    with pytest.raises(AttributeError) as caught:
        nn.Linear(1, 1).wieght  # noqa: B018
    assert (caught.value.name, type(caught.value.obj)) == ("wieght", nn.Linear)


def test_what_is_not_supported_says_so():
    layer = nn.Linear(1, 1)
    with pytest.raises(NotImplementedError, match="share_memory"):
        layer.share_memory()
    with pytest.raises(NotImplementedError, match="sparse"):
        nn.Embedding(3, 2, sparse=True)
    with pytest.raises(NotImplementedError):
        nn.utils.prune()


def test_a_parameter_shares_the_memory_it_is_made_over():
    x = torch.zeros(2)
    p = nn.Parameter(x)
    x[0] = 3
    assert p.tolist() == [3, 0]
    assert p.data_ptr() == x.data_ptr()
    assert isinstance(p, nn.Parameter)
    assert type(p + 1) is torch.Tensor


def test_copies_and_pickles_of_a_network_compute_the_same():
    net = Net()
    net.register_forward_hook(print_nothing)
    net.register_buffer("count", torch.ones(1))
    x = torch.rand(2, 4)
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert torch.equal(other(x), net(x))
        assert other.head.weight is not net.head.weight
        assert list(other.state_dict()) == list(net.state_dict())
        assert repr(other) == repr(net)
        other.head.weight.data.zero_()
        assert not torch.equal(other(x), net(x))


def print_nothing(module, args, output):
    return None


def test_a_new_hook_takes_no_place_of_one_that_was_unpickled():
    net = Net()
    net.register_forward_hook(print_nothing)
    number = next(iter(net._forward_hooks))
    # As in a new process, where numbers begin at 0 again.
    before, RemovableHandle._ids = RemovableHandle._ids, itertools.count(number)
    try:
        handle = net.register_forward_hook(lambda module, args, output: output + 1)
    finally:
        RemovableHandle._ids = before
    assert list(net._forward_hooks) == [number, handle.id] and handle.id != number


def test_shared_parameters_stay_shared_in_a_copy():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    other = copy.deepcopy(net)
    assert other[1].weight is other[0].weight
    assert len(list(other.parameters())) == 3


def test_conversions_keep_the_parameters_that_an_optimizer_holds():
    layer = nn.Linear(2, 2)
    weight = layer.weight
    layer(torch.ones(1, 2)).sum().backward()
    layer.double()
    assert layer.weight is weight
    assert (weight.dtype, weight.grad.dtype) == (torch.float64, torch.float64)
    assert layer(torch.ones(1, 2, dtype=torch.float64)).dtype is torch.float64


def test_loading_a_state_is_not_recorded_and_counts_as_a_write():
    layer = nn.Linear(2, 2)
    version = layer.weight._version
    layer.load_state_dict({"weight": torch.ones(2, 2), "bias": torch.zeros(2)})
    assert layer.weight.is_leaf
    assert layer.weight._version > version
    assert layer.weight.tolist() == [[1, 1], [1, 1]]


def test_batch_norm_reads_states_of_old():
    layer = nn.BatchNorm1d(2)
    state = {k: v for k, v in layer.state_dict().items() if k != "num_batches_tracked"}
    assert repr(layer.load_state_dict(dict(state))) == "<All keys matched successfully>"


def test_a_hook_on_all_modules_may_ask_for_keywords():
    seen = []
    register = nn.modules.module.register_module_forward_hook
    handle = register(lambda m, args, kwargs, out: seen.append((len(args), list(kwargs))), with_kwargs=True)
    try:
        nn.Identity()(input=torch.ones(1))
    finally:
        handle.remove()
    assert seen == [(0, ["input"])]


def test_a_hook_on_all_modules_sees_every_call():
    seen = []
    handle = nn.modules.module.register_module_forward_pre_hook(lambda m, args: seen.append(type(m).__name__))
    try:
        nn.Sequential(nn.Identity(), nn.Sequential(nn.Identity()))(torch.ones(1))
    finally:
        handle.remove()
    nn.Identity()(torch.ones(1))
    assert seen == ["Sequential", "Identity", "Sequential", "Identity"]

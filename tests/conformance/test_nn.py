"""Layers against PyTorch: its own samples for every layer there is (`module_db`), and the project's cases."""

import pytest
import torch
from torch.testing._internal.common_modules import module_db

import rushlight
from tests import behaviour
from tests.conformance.translate import assert_close, fresh, leaves, translated
from tests.nn import cases, programs

pytestmark = pytest.mark.filterwarnings("ignore")

TOLERANCES = {torch.float32: {"rtol": 2e-5, "atol": 5e-6}, torch.float64: {"rtol": 1e-10, "atol": 1e-11}}
# Gradients of scores that are no log-probabilities are large, and as far as this from the exact ones in PyTorch too.
ROUGH = {("CTCLoss", torch.float32): {"rtol": 2e-4, "atol": 5e-5}}
# What PyTorch's samples ask for and Rushlight refuses by name.
REFUSED = (NotImplementedError,)
# Made of layers of PyTorch's, which cannot be translated: tests/nn/cases.py has cases instead.
OF_LAYERS = {"TransformerEncoder"}
LAYERS = [
    info
    for info in module_db
    if hasattr(rushlight.nn, info.module_cls.__name__) and info.module_cls.__name__ not in OF_LAYERS
]


def samples(info, dtype, training):
    """The layer's samples; some of PyTorch's cannot be made on this machine."""
    torch.manual_seed(0)
    for sample in info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=True, training=training):
        if sample.forward_input is not None:
            yield sample


def build(package, info, sample, dtype):
    args, kwargs = sample.constructor_input.args, dict(sample.constructor_input.kwargs)
    if package is rushlight:
        args, kwargs = translated(args), translated(kwargs)
    package.manual_seed(1)
    layer = getattr(package.nn, info.module_cls.__name__)(*args, **kwargs)
    return layer.to(getattr(package, str(dtype).removeprefix("torch.")))


def forward(package, layer, sample):
    copied = translated if package is rushlight else fresh
    args, kwargs = copied(sample.forward_input.args), copied(sample.forward_input.kwargs)
    package.manual_seed(2)
    results = leaves(layer(*args, **kwargs))
    varying = [r for r in results if r.requires_grad]
    if varying:
        sum((r * r * 0.5 + r).sum() for r in varying).backward()
    inputs = [t for t in leaves([args, kwargs]) if getattr(t, "requires_grad", False)]
    return results, [t.grad for t in inputs], {k: p.grad for k, p in layer.named_parameters()}


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("info", LAYERS, ids=lambda info: info.module_cls.__name__)
def test_pytorchs_own_samples(info, dtype, training):
    compared = 0
    tolerance = ROUGH.get((info.module_cls.__name__, dtype), TOLERANCES[dtype])
    for sample in samples(info, dtype, training):
        theirs = build(torch, info, sample, dtype).train(training)
        try:
            ours = build(rushlight, info, sample, dtype).train(training)
        except REFUSED:
            continue
        assert repr(ours) == repr(theirs)
        for name, value in theirs.state_dict().items():
            if torch.nn.parameter.is_lazy(value):
                assert rushlight.nn.parameter.is_lazy(ours.state_dict()[name])
            else:
                assert_close(ours.state_dict()[name], value, name, rtol=1e-7, atol=1e-8)
        results, grads, weights = forward(torch, theirs, sample)
        try:
            our_results, our_grads, our_weights = forward(rushlight, ours, sample)
        except REFUSED:
            continue
        what = f"{theirs} {sample.desc}"
        for a, b in zip(our_results, results, strict=True):
            assert_close(a, b, what, **tolerance)
        for a, b in [*zip(our_grads, grads, strict=True), *((our_weights[k], g) for k, g in weights.items())]:
            assert (a is None) == (b is None), what
            if a is not None:
                assert_close(a, b, what, **tolerance)
        compared += 1
    assert compared


@pytest.mark.parametrize("text", cases.LAYERS)
def test_the_projects_cases(text):
    ours, theirs = cases.run(rushlight, text), cases.run(torch, text)
    assert ours["text"] == theirs["text"]
    assert ours["state"].keys() == theirs["state"].keys()
    assert ours["drawn"] == pytest.approx(theirs["drawn"], abs=1e-9)


@pytest.mark.parametrize("code", behaviour.snippets("nn"))
def test_snippet(code):
    assert behaviour.outcome(rushlight, code) == behaviour.outcome(torch, code)


@pytest.mark.parametrize("text", cases.LAYERS)
def test_a_state_of_pytorchs_fits(text):
    """States go from one library to the other."""
    ours, theirs = (eval(text, {"torch": package, "nn": package.nn}) for package in (rushlight, torch))
    result = ours.load_state_dict({k: translated(v) for k, v in theirs.state_dict().items()})
    assert repr(result) == "<All keys matched successfully>"


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_networks_train_alike(name):
    """The same losses to the rounding of float32, and states that go from one library to the other as arrays."""
    losses, ours, said = programs.train(rushlight, name)
    expected, theirs, meant = programs.train(torch, name)
    assert losses == pytest.approx(expected, rel=2e-6)
    assert_close(said, meant, rtol=1e-5, atol=1e-6)

    fresh_net, fresh_torch = (programs.PROGRAMS[name][0](package) for package in (rushlight, torch))
    fresh_net.load_state_dict({k: rushlight.from_numpy(v.numpy()) for k, v in theirs.state_dict().items()})
    fresh_torch.load_state_dict({k: torch.from_numpy(v.numpy()) for k, v in ours.state_dict().items()})
    assert_close(programs.evaluated(rushlight, fresh_net), meant, rtol=1e-6, atol=1e-6)
    assert_close(said, programs.evaluated(torch, fresh_torch), rtol=1e-6, atol=1e-6)

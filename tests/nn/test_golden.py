"""Layers show what PyTorch's show: text, first weights, results, gradients, draws (golden/nn.json.gz)."""

import gzip
import json
import pathlib

import numpy as np
import pytest

import rushlight as torch
from tests.nn import cases

GOLDEN = json.loads(gzip.decompress((pathlib.Path(__file__).parents[1] / "golden" / "nn.json.gz").read_bytes()))


def compare(ours, theirs, what, rtol=2e-5, atol=2e-6):
    if theirs is None or ours is None:
        assert ours == theirs, what
        return
    assert ours[:2] == theirs[:2], what
    # Sums are rounded at the size of what is summed, which the largest element tells of.
    largest = max((abs(v) for v in theirs[2]), default=0.0)
    np.testing.assert_allclose(ours[2], theirs[2], rtol=rtol, atol=atol * (1 + largest), err_msg=what)


@pytest.mark.parametrize("text", cases.LAYERS)
def test_a_layer_shows_what_pytorchs_shows(text):
    golden = GOLDEN[text]

    seen = cases.run(torch, text)

    assert seen["text"] == golden["text"]
    assert list(seen["state"]) == list(golden["state"])
    # Drawn from the same stream, and not computed from what was drawn.
    exact = {} if text.startswith("nn.utils.") else {"rtol": 1e-7, "atol": 1e-9}
    for name, value in golden["state"].items():
        compare(seen["state"][name], value, name, **exact)
    assert seen["drawn"] == pytest.approx(golden["drawn"], abs=1e-9)
    for mode in ("train", "eval"):
        assert seen[mode].keys() == golden[mode].keys()
        for i, (ours, theirs) in enumerate(zip(seen[mode]["results"], golden[mode]["results"], strict=True)):
            compare(ours, theirs, f"result {i} in {mode}")
        for i, (ours, theirs) in enumerate(
            zip(seen[mode].get("grads", []), golden[mode].get("grads", []), strict=True)
        ):
            compare(ours, theirs, f"gradient of input {i} in {mode}")
        for name, theirs in golden[mode].get("weights", {}).items():
            compare(seen[mode]["weights"][name], theirs, f"gradient of {name} in {mode}")
    for name, value in golden["after"].items():
        compare(seen["after"][name], value, f"{name} afterwards")


def test_every_layer_has_a_case():
    without = {"Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "RNNBase", "RNNCellBase"}
    without |= {"ConstantPad2d", "ConstantPad3d", "ZeroPad1d", "ZeroPad3d", "ReflectionPad2d", "ReplicationPad1d"}
    without |= {"CircularPad2d", "InstanceNorm3d", "TransformerDecoder"}  # of the kind of one that has
    without |= {name for name in torch.nn.modules.__all__ if name.startswith("Lazy")}  # become layers that have one
    without |= {"Container", "NLLLoss2d", "CrossMapLRN2d"}  # warn, and what is tried elsewhere
    named = {name for name in torch.nn.modules.__all__ if any(f"nn.{name}(" in text for text in cases.LAYERS)}
    assert set(torch.nn.modules.__all__) - named == without

"""Networks of images train as in PyTorch (golden/programs.json)."""

import io
import json
import pathlib

import pytest

import rushlight as torch
from tests.nn import programs

GOLDEN = json.loads((pathlib.Path(__file__).parents[1] / "golden" / "programs.json").read_text())


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_losses_are_pytorchs(name):
    losses, net, said = programs.train(torch, name)

    assert losses == pytest.approx(GOLDEN[name], rel=1e-5)
    assert losses[-1] < losses[0]

    file = io.BytesIO()
    torch.save(net.state_dict(), file)
    file.seek(0)
    other = programs.PROGRAMS[name][0](torch)
    other.load_state_dict(torch.load(file))
    assert torch.equal(programs.evaluated(torch, other), said)

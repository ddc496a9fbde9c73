"""Wrong programs: PyTorch's exception and first line, then the right line of the program and what to do."""

import json
from pathlib import Path

import pytest

from . import running

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "errors.json").read_text())

# Where PyTorch's first line tells of its own insides: which tensor was saved, and how often it was written to.
# Its `linear` saves a transposed view of the weight, ours the weight itself.
INSIDES = {"optimizer_step_before_backward": "[torch.FloatTensor [4, 1]], which is output 0 of AsStrided, is"}


@pytest.fixture(params=running.names())
def name(request):
    return request.param


def test_wrong_program(name):
    ended = running.run(name)
    kind, first_line = GOLDEN[name]
    if name in INSIDES:
        first_line = first_line.replace(INSIDES[name], "[torch.FloatTensor [1, 4]] is")
    assert (ended.kind, ended.first_line) == (kind, first_line)

    # Every marked line is named, and no other but that on which the program failed.
    lines = running.named(name, ended.added)
    assert running.marked(name) <= lines <= running.marked(name) | {ended.line}

    assert ended.text == (running.MESSAGES / f"{name}.txt").read_text().rstrip("\n")


@pytest.mark.parametrize(
    "name", ["cat_mismatch", "layer_shapes", "unknown_keyword", "index_out_of_range", "nan_in_data"]
)
def test_a_program_that_imports_rushlight_is_told_the_same(name):
    assert running.run(name, plainly=True).text == (running.MESSAGES / f"{name}.txt").read_text().rstrip("\n")


def test_there_are_enough_of_them():
    assert len(running.names()) >= 30
    assert sorted(GOLDEN) == running.names()


def test_nothing_is_said_of_programs_that_end_well(tmp_path):
    program = tmp_path / "fine.py"
    program.write_text("import torch\nprint(torch.ones(2).sum())\n")
    with pytest.raises(AssertionError, match="ended with 0"):
        running.run(str(program.with_suffix("")))

"""Files go from one library to the other, both ways; see tests/checkpoints.py."""

import io

import pytest
import torch

import rushlight
from tests import checkpoints

BOTH_WAYS = [(rushlight, torch), (torch, rushlight)]


@pytest.mark.parametrize(("writer", "reader"), BOTH_WAYS, ids=["to PyTorch", "from PyTorch"])
def test_all_kinds_of_content(writer, reader, tmp_path):
    content, path = checkpoints.content(writer), tmp_path / "content.pt"
    writer.save(content, path)
    for mmap in (False, True):
        loaded = reader.load(path, weights_only=True, mmap=mmap)
        content["requires_grad"][1] = content["requires_grad"][1].detach().requires_grad_()
        checkpoints.assert_same(loaded, content)
        checkpoints.assert_shared(loaded)
        checkpoints.assert_attributes(loaded)


@pytest.mark.parametrize(("writer", "reader"), BOTH_WAYS, ids=["to PyTorch", "from PyTorch"])
def test_back_and_forth(writer, reader):
    file, again = io.BytesIO(), io.BytesIO()
    writer.save(checkpoints.content(writer), file)
    file.seek(0)
    reader.save(reader.load(file), again)
    file.seek(0)
    again.seek(0)
    checkpoints.assert_same(writer.load(again), writer.load(file))


@pytest.mark.parametrize("size", [0, 1, 100, 10_000])
def test_a_file_that_begins_later(size):
    file = io.BytesIO()
    file.write(bytes(size))
    rushlight.save([rushlight.arange(100.0)], file)
    file.seek(size)
    assert torch.load(file)[0].tolist() == list(range(100))

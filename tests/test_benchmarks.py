"""What is measured of families of operations computes something, and its derivatives are numbers."""

from __future__ import annotations

import pytest

import rushlight as torch
from benchmarks import families
from benchmarks.registry import WORKLOADS
from benchmarks.run import chosen

FAMILIES = [name for name in WORKLOADS if name.startswith(families.GROUP)]


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_can_be_measured(name: str) -> None:
    pytest.importorskip("scipy", reason="several families want SciPy")
    results = WORKLOADS[name][1](torch)()
    for t in results if isinstance(results, list) else [results]:
        assert t.isfinite().all()
        assert t.abs().sum() > 0


def test_workloads_are_chosen_by_name_and_by_how_names_begin() -> None:
    assert chosen(["mlp", "family_conv2"], WORKLOADS) == ["mlp", "family_conv2d", "family_conv2d_depthwise"]
    assert chosen([], WORKLOADS) == list(WORKLOADS)
    with pytest.raises(SystemExit, match="no workload 'nothing'"):
        chosen(["nothing"], WORKLOADS)

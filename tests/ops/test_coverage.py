"""No public operation is without samples, and what the samples are said to show they do show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rushlight as torch
from rushlight.func import jvp, vjp
from tests.ops import catalogue, evidence
from tests.ops.evidence import LINEAR
from tests.ops.test_derivatives import cases

ROOT = Path(__file__).parents[2]


def test_every_public_operation_has_samples():
    missing = [op.name for op in evidence.missing()]
    assert not missing, f"no sample in tests/ops/samples calls {', '.join(sorted(missing))}"


def test_no_excuse_has_outlived_its_reason():
    names = {op.name for op in catalogue.operations()}
    for name in evidence.excused():
        assert name in names, f"{name} is no operation's first name"
    for op, found in evidence.evidence().items():
        if op.name in evidence.excused():
            assert "gradient" not in found.kinds, f"{op.name} is differentiated: no excuse"
        if op.name in evidence.CONSTANT:
            assert "gradient" not in found.kinds, f"{op.name} is not constant"
    assert set(evidence.CONSTANT) <= names


def test_there_is_a_reason_for_every_blank():
    for found in evidence.rows():
        for order in (1, 2):
            cell = found.derivative(order)
            assert cell[0] == "✓" or cell in evidence.REASONS, (found.operation.name, cell)
        cell = found.batching().split(":")[0]
        assert cell[0] == "✓" or cell in evidence.MAPPED, (found.operation.name, cell)
        cell = found.compiled().split(":")[0]
        assert cell == "✓" or cell in evidence.COMPILED, (found.operation.name, cell)


@pytest.mark.parametrize("case", [p for p in cases(order=0) if p.values[0].sample.label == LINEAR])
def test_linear_functions_exactly(case):
    """Of numbers that fit: both derivatives are the function itself, to the last bit."""
    (x,) = (t.detach() for t in case.inputs())
    f = case.sample.function
    y = f(x)
    if not (y.dtype.is_floating_point or y.dtype.is_complex):
        assert not y.requires_grad
        return
    assert torch.equal(jvp(f, (x,), (x + 1,))[1], f(x + 1))
    _, pull_back = vjp(f, x)
    g = f(x - 3)
    assert torch.equal(pull_back(g)[0], x - 3)
    assert torch.equal(vjp(lambda g: pull_back(g)[0], g)[1](x)[0], y)


def test_refused_derivatives():
    refused = [found for found in evidence.rows() if found.derivative(1) == "refused"]
    assert {"torch.floor_divide", "torch.unique"} <= {found.operation.name for found in refused}
    for case in [case for found in refused for case in found.undefined]:
        for t in case.function(*case.inputs()):
            with pytest.raises((RuntimeError, NotImplementedError), match=r"derivative for .* is not implemented"):
                t.sum().backward()


def test_the_table_is_up_to_date():
    """In a process of its own: the table counts the records that the package makes, and tests may have made others."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "make_operations_table.py"), "--check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


# -- the checks themselves ----------------------------------------------------------------------------------------------


def test_calls_are_seen():
    x = torch.ones(2, requires_grad=True)
    with catalogue.Calls() as calls:
        torch.sinc(x.mul(2)) + 1
        torch.nn.functional.gelu(x[x > 0])
    kinds = {op.name: kinds for op, kinds in calls.operations.items()}
    assert kinds == {
        "torch.sinc": {"gradient"},
        "torch.mul": {"gradient"},
        "torch.add": {"gradient"},
        "torch.gt": {"bool"},
        "Tensor.__getitem__": {"gradient"},
        "torch.nn.functional.gelu": {"gradient"},
    }


def test_what_an_operation_calls_itself_is_not_counted():
    x = torch.ones(2, 2, requires_grad=True)
    with catalogue.Calls() as calls:
        torch.quantile(x, 0.3)
    (found,) = calls.operations
    assert found.name == "torch.quantile"
    assert calls.records_of[found] >= {"Sort", "Gather"}


def test_an_operation_without_samples_is_noticed(monkeypatch):
    found = dict(evidence.evidence())
    gelu = next(op for op in found if op.name == "torch.nn.functional.gelu")
    del found[gelu]
    monkeypatch.setattr(evidence, "evidence", lambda: found)
    with pytest.raises(AssertionError, match="gelu"):
        test_every_public_operation_has_samples()


def test_names_of_one_operation():
    by_name = {name: op for op in catalogue.operations() for name in op.names}
    assert by_name["Tensor.__add__"] is by_name["Tensor.add_"] is by_name["torch.add"]
    assert by_name["torch.arccos"] is by_name["torch.acos"] is by_name["Tensor.arccos_"]
    assert by_name["torch.sub"] is not by_name["torch.add"]
    assert by_name["torch.special.expit"].name == "torch.sigmoid"
    assert {op.family for op in catalogue.operations()} >= {"arithmetic", "elementwise", "reduction", "convolution"}


def test_a_case_without_a_reason_is_noticed():
    op = next(op for op in catalogue.operations() if op.name == "torch.sin")
    found = evidence.Evidence(op)
    found.kinds = {"constant"}
    with pytest.raises(KeyError):
        found.derivative(1)

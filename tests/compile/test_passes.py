"""Graph to graph, and what a graph can be turned into: source, explanations, a comparison of both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rushlight as torch
from rushlight import nn, optim
from rushlight._compile import debug, passes
from rushlight._compile.graph import Constant, Graph, Input, Operation, Value, extracted
from rushlight._compile.plan import NumPyPlan
from rushlight._core.primitive import REGISTRY
from tests.compile.running import program_of

A = np.arange(4.0)


def graph_of(*steps: tuple[str, tuple[int, ...]], results: tuple[int, ...]) -> Graph:
    """A graph of one input (value 0) and operations on values by number."""
    graph = Graph()
    values = [Value(0, A, Input(0, "x"))]
    graph.inputs = [values[0]]
    for name, inputs in steps:
        operation = Operation(REGISTRY[name], tuple([values[i] for i in inputs]), {})
        operation.outputs = (Value(len(values), A, operation),)
        values.append(operation.outputs[0])
        graph.operations.append(operation)
    graph.results = [values[i] for i in results]
    graph.check()
    return graph


def run(graph: Graph, *inputs: Any) -> list[Any]:
    outs = [np.empty(v.shape, v.dtype) for v in graph.results]
    NumPyPlan(graph)(inputs, outs)
    return outs


def names(graph: Graph) -> list[str]:
    return [o.primitive.name for o in graph.operations]


def test_dead_code() -> None:
    graph = graph_of(("Sin", (0,)), ("Cos", (0,)), ("Mul", (1, 1)), results=(3,))
    assert names(passes.without_dead_code(graph)) == ["Sin", "Mul"]


def test_repetition() -> None:
    graph = graph_of(("Sin", (0,)), ("Sin", (0,)), ("Mul", (1, 2)), ("Mul", (1, 1)), results=(3, 4))
    simpler = passes.simplified(graph)
    assert names(simpler) == ["Sin", "Mul"]
    np.testing.assert_array_equal(run(simpler, A), run(graph, A))


def test_the_checker_finds_what_is_wrong() -> None:
    graph = graph_of(("Sin", (0,)), ("Mul", (1, 1)), results=(2,))
    for harm in (
        lambda g: g.operations.reverse(),
        lambda g: g.operations.append(g.operations[0]),
        lambda g: g.results.append(Value(9, A, Constant(A))),
        lambda g: g.inputs.append(g.inputs[0]),
        lambda g: setattr(g.operations[0].outputs[0], "index", 1),
    ):
        wrong = graph_of(("Sin", (0,)), ("Mul", (1, 1)), results=(2,))
        harm(wrong)
        with pytest.raises(AssertionError):
            wrong.check()
    graph.check()


def test_a_part_of_a_graph() -> None:
    graph = graph_of(("Sin", (0,)), ("Cos", (1,)), ("Mul", (1, 2)), results=(3,))
    middle = graph.operations[1].outputs[0]
    part = extracted(graph, [graph.operations[0].outputs[0], middle], graph.results)
    part.check()
    assert names(part) == ["Mul"]
    np.testing.assert_array_equal(run(part, np.sin(A), np.cos(np.sin(A)))[0], run(graph, A)[0])


def trained(**options: Any) -> tuple[Any, Any]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    def step(x: Any) -> Any:
        optimizer.zero_grad()
        loss = (model(x)[:, 0] ** 2).mean()
        loss.backward()
        optimizer.step()
        return loss.detach()

    return torch.compile(step, fullgraph=True, **options), model


def test_source_runs() -> None:
    fast, _ = trained()
    x = torch.randn(5, 3)
    for _ in range(3):
        fast(x)
    (program,) = program_of(fast)
    names_: dict[str, Any] = {}
    exec(program.graph.source(), names_)
    inputs = program.inputs_for([x])
    expected = run(program.graph, *[a.copy() for a in inputs])
    for a, b in zip(names_["program"](*inputs), expected):
        np.testing.assert_array_equal(a, b)


def test_explain_names_lines_and_guards() -> None:
    fast, _ = trained()
    assert "not compiled yet" in fast.explain()
    x = torch.randn(5, 3)
    for _ in range(3):
        fast(x)
    text = fast.explain()
    for part in (
        "argument 0",
        "'lr', a number",
        "requires grad",
        "test_passes.py:",
        "NativePlan" if "Native" in text else "NumPyPlan",
    ):
        assert part in text


def test_the_ladder(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for level in ("", "0", "1", "2", "3", "4"):
        monkeypatch.setenv("RUSHLIGHT_DEBUG", level)
        assert debug.level() == int(level or 0)
        fast, _ = trained(backend="eager")
        for n in (5, 5, 6, 5):
            fast(torch.randn(n, 3))
        shown.append(capsys.readouterr().err)
    assert shown[:2] == ["", ""]
    assert "another program does not hold: argument 0 is float32[6, 3], and was float32[5, 3]" in shown[2]
    assert "def run(" not in shown[4] and "def run(" in shown[5]
    assert [len(s) for s in shown[2:]] == sorted(len(s) for s in shown[2:])


def test_verify_accepts_what_is_right() -> None:
    fast, model = trained(verify=2)
    other, same = trained()
    for i in range(6):
        torch.manual_seed(i)
        x = torch.randn(5, 3)
        assert torch.allclose(fast(x), other(x), rtol=1e-4)
    assert torch.allclose(model[0].weight, same[0].weight, rtol=1e-4)
    assert program_of(fast)[0].run in fast.compiled.runs[3]


def test_verify_names_the_operation_that_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    from rushlight._compile import api

    class Wrong(NumPyPlan):
        def __init__(self, graph: Graph, over: Any = None):
            super().__init__(graph, over)
            for i, operation in enumerate(graph.operations):
                if operation.primitive.name == "Cos":
                    self.names[f"f{i}"] = np.sin

    monkeypatch.setitem(api.BACKENDS, "wrong", Wrong)

    def function(x: Any) -> Any:
        return x.sin().cos() * 2

    fast = torch.compile(function, backend="wrong", verify=1)
    fast(torch.ones(3))
    fast(torch.ones(3))
    with pytest.raises(RuntimeError, match=r"Cos\(v\d+\) \(.*test_passes\.py:\d+\) differs"):
        fast(torch.ones(3))

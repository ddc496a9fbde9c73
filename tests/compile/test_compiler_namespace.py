"""`torch.compiler`: what a program learns of, and tells, the compiler."""

import sys
import warnings

import pytest

import rushlight as torch
from rushlight import nn
from rushlight.types import Device, Number

compiler = torch.compiler


def test_a_function_knows_that_it_is_compiled():
    seen = []

    def f(x):
        if compiler.is_compiling():
            return x * 2
        return x * 3

    compiled = torch.compile(f, fullgraph=True)
    for _ in range(4):
        seen.append(compiled(torch.ones(1)).item())
    assert seen == [2.0] * 4
    assert f(torch.ones(1)).item() == 3.0
    assert not compiler.is_compiling()


def test_an_error_leaves_nothing_behind():
    @torch.compile
    def f(x):
        raise ValueError("no")

    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            f(torch.ones(1))
        assert not compiler.is_compiling()


def test_what_is_disabled_runs_eagerly_and_its_caller_says_why():
    calls = []

    @compiler.disable(reason="it counts")
    def inner(x):
        calls.append(x.sum().item())
        return x + 1

    @torch.compile
    def outer(x):
        return inner(x) * 2

    assert outer(torch.zeros(2)).tolist() == [2.0, 2.0]
    with pytest.warns(UserWarning, match=r"it needs what torch.compiler.disable excludes \(it counts\)"):
        second = outer(torch.ones(2))
    assert second.tolist() == [4.0, 4.0]
    assert [outer(torch.full((2,), i)).tolist() for i in (2.0, 3.0)] == [[6.0, 6.0], [8.0, 8.0]]
    assert calls == [0.0, 2.0, 4.0, 6.0]


def test_a_disabled_module():
    layer = compiler.disable(nn.Linear(2, 1))
    x = torch.ones(3, 2)
    assert torch.equal(layer(x), layer._orig_mod(x))
    compiled = torch.compile(lambda x: layer(x))
    first = compiled(x)
    with pytest.warns(UserWarning, match="torch.compiler.disable"):
        second = compiled(x)
    assert torch.equal(first, second)


def test_what_is_not_supported():
    with pytest.raises(NotImplementedError, match="recursive=False"):
        compiler.disable(lambda x: x, recursive=False)
    with pytest.raises(NotImplementedError, match="a function or a module"):
        compiler.disable(nn.Linear)
    with pytest.raises(NotImplementedError, match="set_stance"):
        compiler.set_stance("force_eager")


def test_reset_forgets_programs_and_failures(capsys):
    @torch.compile
    def f(x):
        return x * 2

    @torch.compile
    def g(x):
        sys.stdout.write(f"{compiler.is_compiling()}\n")  # which no trace can follow
        return x * 2

    x = torch.ones(2)
    for _ in range(2):
        with warnings.catch_warnings(action="ignore"):
            for _ in range(3):
                assert f(x).tolist() == g(x).tolist() == [2.0, 2.0]
        assert "1 program(s)" in str(f.explain())
        assert "it needs" in str(g.explain())
        compiler.reset()
        assert all("not compiled yet" in str(h.explain()) for h in (f, g))
    assert capsys.readouterr().out.split() == ["True", "True", "False"] * 2


def test_backends():
    assert compiler.list_backends() == ["inductor"]
    assert compiler.list_backends(()) == ["aot_eager", "eager", "inductor"]
    assert compiler.allow_in_graph([abs, len]) == [abs, len]


def test_types():
    assert isinstance(3.0, Number) and not isinstance("3", Number)
    assert all(isinstance(d, Device) for d in (torch.device("cpu"), "cpu", 0, None))

"""What is found of a program when an error is explained, and that looking never hides the error."""

from __future__ import annotations

import linecache
import textwrap
from pathlib import Path

import pytest

import rushlight as torch
from rushlight import nn

HERE = str(Path(__file__))


def said(program, kind=RuntimeError):
    with pytest.raises(kind) as caught:
        program()
    return str(caught.value)


def line_of(text):
    """The number of the one line of this file that holds a mark."""
    lines = Path(__file__).read_text().splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if f"# {text}" in line and "line_of" not in line]
    return f"{HERE}:{number}"


def test_names_of_tensors():
    class Holder:
        def __init__(self):
            self.loss = torch.ones(2)

    net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1)))
    holder, table, rows = Holder(), {"loss": torch.ones(3)}, [torch.ones(4), torch.ones(5)]
    assert "`net.1.0.weight` (float32 [1, 2])" in said(lambda: net[1][0].weight.add_(1))
    assert "`holder.loss` (float32 [2])" in said(lambda: holder.loss.retain_grad())
    assert "`table['loss']` (float32 [3])" in said(lambda: table["loss"].retain_grad())
    assert "`rows[1]` (float32 [5])" in said(lambda: rows[1].retain_grad())
    assert "a tensor (float64 [6])" in said(lambda: torch.ones(6, dtype=torch.float64).retain_grad())


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x):
        h = self.layer(x)
        return self.head(h).sum()

    def head(self, h):
        return h.detach()  # cut in a method


def score(x, w):
    y = x * w
    return float(y.sum())  # cut in a function


def test_cuts_in_called_functions():
    net, x = Net(), torch.ones(2)
    loss = net(x)
    assert line_of("cut in a method") in said(lambda: loss.backward())

    def with_numbers():
        w = torch.ones(2, requires_grad=True)
        total = torch.tensor(score(x, w) + 1)
        total.backward()

    assert line_of("cut in a function") in said(with_numbers)


def compared():
    w = torch.ones(2, requires_grad=True)
    right = (w * 2) > 1  # cut by comparison
    loss = right.float().mean()
    loss.backward()


def converted():
    w = torch.ones(2, requires_grad=True)
    steps = (w * 3).long()  # cut by conversion
    loss = steps.float().sum()
    loss.backward()


def without_create_graph():
    w = torch.ones(2, requires_grad=True)
    (w * w).sum().backward()
    penalty = w.grad.pow(2).sum()  # gradients have no history
    penalty.backward()


def in_a_block():
    w = torch.ones(2, requires_grad=True)
    with torch.set_grad_enabled(False):  # recording off
        h = w * 2
    loss = h.sum()
    loss.backward()


def of_two_losses():
    w = torch.ones(2, requires_grad=True)
    good = (w * w).sum()
    bad = (w * w).detach().sum()  # the second is cut
    torch.autograd.backward([good, bad])


@pytest.mark.parametrize(
    ("program", "mark"),
    [
        (compared, "cut by comparison"),
        (converted, "cut by conversion"),
        (without_create_graph, "gradients have no history"),
        (in_a_block, "recording off"),
        (of_two_losses, "the second is cut"),
    ],
)
def test_cuts(program, mark):
    text = said(program)
    assert f"ends at {line_of(mark)}" in text
    assert text.startswith(f"element {int(program is of_two_losses)} of tensors does not require grad")


def test_what_is_no_cause_is_not_blamed():
    def program():
        net = nn.Linear(2, 1)
        for p in net.parameters():
            p.requires_grad = False
        target = torch.ones(3, 1)
        loss = (net(torch.ones(3, 2)) - target.detach()).pow(2).mean()
        loss.backward()

    text = said(program)
    assert "detach" not in text
    assert "Nothing that `loss` (float32 []) was computed from requires grad." in text


def test_a_reused_graph_names_what_is_shared():
    w = torch.ones(2, requires_grad=True)
    shared = w.exp()
    first, second = shared.sum(), (shared * shared).sum()
    first.backward()
    assert "`shared`, assigned at" in said(lambda: second.backward()) or "`shared`" in said(second.backward)


def test_an_evil_program_cannot_hide_the_error():
    class Evil:
        @property
        def __dict__(self):
            raise KeyError("do not look")

        def __getattr__(self, name):
            raise ZeroDivisionError

    class EvilModule(nn.Module):
        def named_parameters(self, *args, **kwargs):
            raise KeyError("nor here")

    evil, module, x = Evil(), EvilModule(), torch.ones(2)
    assert said(lambda: (x, evil, module)[0].sum().backward()).startswith("element 0 of tensors does not require grad")
    assert said(x.retain_grad).startswith("can't retain_grad on Tensor")


def test_a_program_without_source():
    code = compile("loss = (w * w).detach().sum()\nloss.backward()", "<nowhere>", "exec")
    text = said(lambda: exec(code, {"w": torch.ones(2, requires_grad=True)}))
    assert text.startswith("element 0 of tensors does not require grad")
    assert "`loss` (float32 [])" in text


def test_a_program_that_is_kept_in_memory():
    """As notebooks do it: the text is where `linecache` finds it."""
    source = textwrap.dedent("""
        w = torch.ones(2, requires_grad=True)
        loss = (w * w).sum().item()
        loss = torch.tensor(loss)
        loss.backward()
    """)
    name = "<cell 7>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    text = said(lambda: exec(compile(source, name, "exec"), {"torch": torch}))
    assert 'ends at <cell 7>:4, "loss = torch.tensor(loss)"' in text
    assert 'ends at <cell 7>:3, "loss = (w * w).sum().item()"' in text


def test_errors_that_are_caught_are_not_explained_further():
    error = None
    try:
        torch.ones(2, 3) @ torch.ones(4, 5)
    except RuntimeError as caught:
        error = caught
    assert not getattr(error, "__notes__", [])

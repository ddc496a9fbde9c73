"""Random programs of views and in-place writes, run step by step in Rushlight and in PyTorch.

After each step both must have raised the same error, or agree on every tensor there is: its values, its node, its
version, whether it is a view, a leaf, requires grad. At the end both must come to the same gradients.
"""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest
import torch

import rushlight

STEPS = 16
SETUP = """
a = t.tensor(A, dtype=t.float64, requires_grad=True)
b = t.tensor(B, dtype=t.float64, requires_grad=True)
c = t.tensor(A, dtype=t.float64) * 0.5
d = a * 1
e = (b * 2).view(2, 2)
"""
DATA = {
    "A": (np.arange(12).reshape(3, 4) / 7 - 0.6).tolist(),
    "B": [0.3, -1.2, 0.7, 2.1],
}


def first_line(error: BaseException) -> tuple[str, str]:
    text = str(error).split("\n")[0]
    return type(error).__name__, text if not isinstance(error, TypeError) else ""


class Program:
    """A program that grows by random statements, chosen by the shapes that are there."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.names = {}
        self.lines: list[str] = []
        for library in (torch, rushlight):
            self.names[library] = {"t": library, **DATA}
            exec(SETUP, self.names[library])

    def tensors(self, library: Any = torch) -> dict[str, Any]:
        return {k: v for k, v in self.names[library].items() if isinstance(v, library.Tensor)}

    def step(self) -> str:
        rng = self.random
        name = rng.choice(sorted(self.tensors()))
        shape = tuple(self.tensors()[name].shape)
        kind = rng.random()
        if kind < 0.45:
            made = f"{self.view(name, shape)}"
        elif kind < 0.6:
            if name[0] == "q":
                name, shape = "d", (3, 4)
            return f"v{len(self.lines)} = {self.function(name, shape)}"
        else:
            line = self.write(name, shape)
            # What shape the gradient of a leaf or node has whose shape was changed unrecorded is not worth agreeing on.
            return line if "squeeze_" in line else self.silently(line, 0.15)
        # Views made while nothing is recorded are called q: nothing flows back from what is computed from them.
        if rng.random() < 0.1:
            return f"with t.no_grad(): q{len(self.lines)} = {made}"
        return f"{name[0] if name[0] == 'q' else 'v'}{len(self.lines)} = {made}"

    def silently(self, line: str, chance: float) -> str:
        return f"with t.no_grad(): {line}" if self.random.random() < chance else line

    def view(self, name: str, shape: tuple[int, ...]) -> str:
        rng, ndim = self.random, len(shape)
        n = int(np.prod(shape))
        dim = rng.randrange(ndim) if ndim else 0
        choices = [f"{name}.view(-1)", f"{name}.reshape({n})", f"{name}.unsqueeze({rng.randint(0, ndim)})"]
        choices += [f"{name}.squeeze()", f"{name}[...]", f"{name}[None]", f"{name}.detach()", f"{name}.flatten()"]
        choices += [f"{name}.expand(2, *{shape})", f"{name}.view_as({name})", f"{name}.view(1, {n})"]
        if ndim and shape[dim]:
            size = shape[dim]
            start = rng.randint(0, size)
            index = rng.randint(-size, size - 1)
            head = ":, " * dim
            choices += [
                f"{name}[{head}{index}]",
                f"{name}[{head}{start}:]",
                f"{name}[{head}::2]",
                f"{name}.select({dim}, {index})",
                f"{name}.narrow({dim}, {start}, {rng.randint(0, size - start)})",
                f"{name}.transpose({dim}, -1)",
                f"{name}.movedim({dim}, 0)",
                f"{name}.unbind({dim})[{rng.randrange(size)}]",
                f"{name}.chunk(2, {dim})[0]",
                f"{name}.split(2, {dim})[-1]",
                f"{name}.tensor_split(2, {dim})[-1]",
                f"{name}.unfold({dim}, 1, 1)",
            ] * 2
        if ndim >= 2:
            choices += [f"{name}.diagonal()", f"{name}.diagonal(1)", f"{name}.mT", f"{name}[0, 1:]", f"{name}[:, 0]"]
            choices += [f"{name}.transpose(0, 1).reshape(-1)"]
        if ndim == 2:
            choices += [f"{name}.t()", f"{name}.T"]
        return rng.choice(choices)

    def function(self, name: str, shape: tuple[int, ...]) -> str:
        other = self.fitting(shape)
        return self.random.choice(
            [f"{name} * 1.5", f"{name} + {other}", f"{name} * {other}", f"{name}.clone()", f"{name} * {name}"]
        )

    def fitting(self, shape: tuple[int, ...], written: Any = None) -> str:
        """A number, or a tensor that broadcasts to ``shape``; none that overlaps with what is written to, since what
        PyTorch makes of that depends on the order in which it goes through the elements."""
        names = []
        for k, v in sorted(self.tensors().items()):
            if k[0] == "q" or (
                written is not None and v.untyped_storage().data_ptr() == written.untyped_storage().data_ptr()
            ):
                continue
            try:
                if np.broadcast_shapes(shape, tuple(v.shape)) == shape:
                    names.append(k)
            except ValueError:
                pass
        return self.random.choice([*names, "0.75"])

    def write(self, name: str, shape: tuple[int, ...]) -> str:
        rng = self.random
        written = self.tensors()[name]
        other = self.fitting(shape, written)
        lines = [f"{name}.mul_({other})", f"{name}.add_({other})", f"{name}.mul_(1.25)", f"{name}.add_(0.5)"] * 2
        lines += [f"{name}[...] = {other}", f"{name}.copy_({other})"]
        expanded = any(s == 0 and n > 1 for s, n in zip(written.stride(), shape))
        if not expanded:  # these are not refused for expanded tensors, but deprecated, or fail in the backward pass
            lines += [f"{name}.zero_()", f"{name}.fill_(0.3)"]
            lines += [f"{name}.masked_fill_({name} > 0.2, 0.1)", f"{name}[{name} > 0.4] = 0.2"]
        if shape and shape[0]:
            inner = self.fitting(shape[1:], written)
            lines += [f"{name}[0] = {inner}", f"{name}[-1] *= 2", f"{name}[:1] += 1", f"{name}[1:] = {inner}"]
            lines += [f"{name}.unsqueeze_(0)", f"{name}.squeeze_()"]
            if not expanded:
                lines.append(f"{name}[t.tensor([0])] = {inner}")
        if len(shape) == 2:
            lines += [f"{name}.diagonal().mul_(3)", f"{name}[:, 0] = 0.5", f"{name}.t()[0] = 0.5"]
        return rng.choice(lines)


def described(t: Any) -> dict[str, Any]:
    """What a user sees of a tensor; looking at a node may raise where the base was written to."""
    try:
        node = t.grad_fn
        node = node and node.name().rsplit("::", 1)[-1]
    except RuntimeError as error:
        node = first_line(error)
    return {
        "shape": tuple(t.shape),
        "requires_grad": t.requires_grad,
        "node": node,
        "version": t._version,
        "view": t._is_view(),
    }


UNSUPPORTED = NotImplementedError


def assert_same_outcome(ours: Any, theirs: Any, text: str) -> None:
    """Both went well, or both refused alike. Of several views that may not be written to, which one the message
    speaks of may differ."""
    if ours is not None and theirs is not None and "view" in ours[1] and "view" in theirs[1]:
        assert ours[0] == theirs[0], text
    else:
        assert ours == theirs, text


@pytest.mark.parametrize("seed", range(400))
def test_random_program(seed: int) -> None:
    program = Program(seed)
    for _ in range(STEPS):
        line = program.step()
        program.lines.append(line)
        outcomes = []
        for library in (torch, rushlight):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    exec(line, program.names[library])
                outcomes.append(None)
            except UNSUPPORTED:
                pytest.skip(f"not supported: {line}")
            except (RuntimeError, IndexError, TypeError, ValueError) as error:
                outcomes.append(first_line(error))
        text = "\n".join(program.lines)
        assert_same_outcome(outcomes[1], outcomes[0], text)
        if outcomes[0] is not None:
            program.lines[-1] = f"# raised: {line}"
        theirs, ours = program.tensors(torch), program.tensors(rushlight)
        assert ours.keys() == theirs.keys()
        for k in theirs:
            assert described(ours[k]) == described(theirs[k]), f"{k} after\n{text}"
            np.testing.assert_allclose(
                ours[k].detach().numpy(),
                theirs[k].detach().numpy(),
                rtol=1e-12,
                atol=1e-12,
                err_msg=f"{k} after\n{text}",
            )
    compare_gradients(program)


def compare_gradients(program: Program) -> None:
    text = "\n".join(program.lines)
    results = []
    for library in (torch, rushlight):
        tensors = program.tensors(library)
        total, outcome = None, None
        try:
            for i, k in enumerate(sorted(k for k in tensors if k[0] != "q")):
                term = (tensors[k] * tensors[k]).sum() * (i + 1)
                total = term if total is None else total + term
            grads = library.autograd.grad(total, [tensors["a"], tensors["b"]], allow_unused=True)
            outcome = [None if g is None else g.numpy() for g in grads]
        except RuntimeError as error:
            outcome = first_line(error)
        results.append(outcome)
    theirs, ours = results
    if isinstance(theirs, tuple) or isinstance(ours, tuple):
        # Of several reasons to refuse a program, which one is met first differs: both must refuse, with one type.
        assert isinstance(theirs, tuple) and isinstance(ours, tuple), text
        assert ours[0] == theirs[0], text
        return
    for mine, yours in zip(ours, theirs):
        if mine is None or yours is None:
            assert mine is None and yours is None, text
        else:
            np.testing.assert_allclose(mine, yours, rtol=1e-10, atol=1e-10, err_msg=text)

"""Samples of views, of what is joined, split, padded, rearranged and written; and of writes through views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch
from rushlight._core.forward import arrange
from rushlight._core.views import alias_p
from rushlight._ops.indexing import subscript_p
from rushlight._ops.padding import _UNPADS as UNPADS
from rushlight._ops.parts import diagonal_embed, fold_p, select_embed, slice_embed

from . import Sample, numbers

pad = torch.nn.functional.pad

A, B, ROW, NUMBER = numbers(2, 3), numbers(2, 3, seed=1), numbers(3, seed=2), numbers(seed=3)
CUBE, OTHER_CUBE = numbers(2, 3, 4, seed=4), numbers(2, 3, 4, seed=5)
SQUARE, COLUMN = numbers(3, 3, seed=6), numbers(3, 1, seed=7)
ONES = numbers(1, 3, 1, seed=8)
NONE, EMPTY = np.empty((0, 3)), np.empty((2, 0))
# Laid out otherwise than row by row.
AT, CUBE_T = numbers(3, 2, seed=9).T, numbers(4, 2, 3, seed=10).transpose(1, 2, 0)


def _in_place(change: Callable[..., Any]) -> Callable[..., Any]:
    """``change`` done to a computed copy of the first input."""

    def function(x: Any, *inputs: Any) -> Any:
        c = x * 1
        change(c, *inputs)
        return c * 2

    return function


def _through(look: Callable[..., Any], change: Callable[..., Any]) -> Callable[..., Any]:
    """A computed copy of the first input, of which a part has been changed: the history is a ``CopySlices``."""

    def function(x: Any, *inputs: Any) -> Any:
        c = x * 1
        change(look(c), *inputs)
        return c * c

    return function


def _after(look: Callable[..., Any], change: Callable[..., Any]) -> Callable[..., Any]:
    """A part of a computed copy that was changed after the part was taken: the history is an ``AsStrided``."""

    def function(x: Any, *inputs: Any) -> Any:
        c = x * 1
        part = look(c)
        change(c, *inputs)
        return part * part

    return function


def _filled(x: Any, y: Any) -> Any:
    """New memory, itself without a history, that is written to through two views."""
    c = x.new_zeros(3, 3)
    c[1:, 0].copy_(x)
    c.t()[2].mul_(2).add_(y)
    return c * c


def _pads(mode: str, extents: int) -> list[Sample]:
    sizes = ((1, 2), (2, 0), (1, 1))[:extents]
    flat = tuple(n for pair in sizes for n in pair)
    cut = (-1, 2, *flat[2:])
    x = numbers(2, *(2, 2, 3)[3 - extents :], seed=20)
    if mode == "reflect":
        flat, cut = (1, 2, *(1, 0) * (extents - 1)), (-1, 1, *(0, 1) * (extents - 1))
    return [
        Sample(lambda x: pad(x, flat, mode=mode), x, complex=True),
        Sample(lambda x: pad(x, cut, mode=mode), x[None]),
        Sample(lambda x: pad(x.transpose(0, 1), (1, 1, *(0, 0) * (extents - 1)), mode=mode), x, label="view"),
        Sample(lambda x: pad(x, flat, mode=mode), np.empty((0, *x.shape))),
    ]


def _unpads(name: str, mode: str, extents: int) -> list[Sample]:
    pairs = ((1, 1), (1, 0), (0, 1))[:extents]
    cut = ((-1, 2), (0, 0), (1, 1))[:extents]
    shape = (2, *(2, 2, 3)[3 - extents :])

    def padded(pairs: Any) -> np.ndarray:
        size = list(shape)
        for i, (before, after) in enumerate(pairs):
            size[-1 - i] += before + after
        return numbers(*size, seed=21)

    return [
        Sample(lambda g: UNPADS[name].bind(g, shape=shape, pad=pairs, mode=mode), padded(pairs), complex=True),
        Sample(lambda g: UNPADS[name].bind(g, shape=shape, pad=cut, mode=mode), padded(cut)),
    ]


def _padding() -> dict[str, list[Sample]]:
    out = {}
    for name, mode in (("ReflectionPad", "reflect"), ("ReplicationPad", "replicate")):
        for n in (1, 2, 3):
            unpad = f"{name}{n}DBackwardBackward0"
            out[f"{name}{n}D"] = _pads(mode, n)
            out[unpad] = _unpads(unpad, mode, n)
    return out


def _triangles(part: Callable[..., Any]) -> list[Sample]:
    return [
        Sample(part, A, complex=True),
        Sample(lambda x: part(x, diagonal=1), CUBE),
        Sample(lambda x: part(x.mT, diagonal=-1), CUBE, label="view"),
        Sample(_in_place(lambda c: getattr(c, f"{part.__name__}_")(-1)), SQUARE, label="in place"),
        Sample(part, NONE),
    ]


SAMPLES: dict[str, list[Sample]] = {
    # the same elements in another shape
    "Alias": [
        Sample(alias_p.bind, A, complex=True),
        Sample(lambda x: alias_p.bind(x.t()), A),
        Sample(alias_p.bind, NUMBER),
    ],
    "Arrange": [
        Sample(lambda x: arrange.bind(x, layout=(1, 2)), A, complex=True),
        Sample(lambda x: arrange.bind(x.t(), layout=(3, 1)), A, label="view"),
        Sample(lambda x: arrange.bind(x, layout=()), NUMBER),
    ],
    "View": [
        Sample(lambda x: x.view(3, -1), A, complex=True),
        Sample(lambda x: x.view(1, 1), NUMBER),
        Sample(lambda x: x.view(()), numbers(1, 1)),
        Sample(lambda x: x.view(3, 0, 2), NONE),
        Sample(lambda x: x.t().view(3, 1, 2), A, label="not contiguous"),
        Sample(lambda x: x.unflatten(-1, (2, -1)), CUBE),
    ],
    "ReshapeAlias": [
        Sample(lambda x: x.t().reshape(3, 2, 1), A, complex=True),
        Sample(lambda x: x[:, ::2].reshape(2, 2, 2, 2), CUBE),
        Sample(lambda x: x.flatten(1), AT[:, :, None]),
    ],
    "UnsafeView": [
        Sample(lambda x: x.t().reshape(6), A, complex=True),
        Sample(lambda x: x.mT.reshape(-1, 2), CUBE),
        Sample(lambda x: torch.kron(x, x), A),
    ],
    "Unsqueeze": [
        Sample(lambda x: x.unsqueeze(1), A, complex=True),
        Sample(lambda x: x.unsqueeze(-1), NUMBER),
        Sample(lambda x: x.t().unsqueeze(-2), A, label="view"),
        Sample(lambda x: x.unsqueeze(0), NONE),
    ],
    "UnsqueezeBackward1": [
        Sample(_in_place(lambda c: c.unsqueeze_(1)), A, complex=True),
        Sample(_in_place(lambda c: c.unsqueeze_(-1)), NUMBER),
        Sample(_after(lambda c: c[1:], lambda c: c.unsqueeze_(0).mul_(3)), A, label="with a view"),
    ],
    "Squeeze": [
        Sample(lambda x: x.squeeze(), ONES, complex=True),
        Sample(lambda x: x.squeeze(), A),
        Sample(lambda x: x.squeeze(), np.empty((1, 0, 1))),
        Sample(lambda x: x.squeeze(), NUMBER),
    ],
    "SqueezeBackward1": [
        Sample(lambda x: x.squeeze(0), ONES, complex=True),
        Sample(lambda x: x.squeeze(-1), ONES),
        Sample(lambda x: x.squeeze(1), ONES),
        Sample(lambda x: x.squeeze(0), NUMBER),
    ],
    "SqueezeBackward2": [
        Sample(lambda x: x.squeeze((0, -1)), ONES, complex=True),
        Sample(lambda x: x.squeeze((0, 1)), ONES),
        Sample(lambda x: x.squeeze((-1, 0)), ONES.T),
    ],
    "SqueezeBackward3": [
        Sample(_in_place(lambda c: c.squeeze_()), ONES, complex=True),
        Sample(_in_place(lambda c: c.squeeze_()), A),
    ],
    "SqueezeBackward4": [
        Sample(_in_place(lambda c: c.squeeze_(0)), ONES, complex=True),
        Sample(_in_place(lambda c: c.squeeze_(-1)), ONES),
        Sample(_in_place(lambda c: c.squeeze_(1)), ONES),
    ],
    "SqueezeBackward5": [
        Sample(_in_place(lambda c: c.squeeze_((0, -1))), ONES, complex=True),
        Sample(_in_place(lambda c: c.squeeze_((0, 1))), ONES),
    ],
    "Expand": [
        Sample(lambda x: x.expand(2, -1, 4), ONES, complex=True),
        Sample(lambda x: x.expand(2, 3), NUMBER),
        Sample(lambda x: x.t().expand(2, 1, 3), COLUMN, label="view"),
        Sample(lambda x: x.expand(0, 3, 1), ONES),
        Sample(lambda x: x.expand(2, 2, 3), A),
    ],
    # dimensions in another order
    "Transpose": [
        Sample(lambda x: x.transpose(0, 2), CUBE, complex=True),
        Sample(lambda x: x.transpose(-1, 1), CUBE_T),
        Sample(lambda x: x.transpose(0, -1), NUMBER),
        Sample(lambda x: x.mT, np.empty((2, 0, 3))),
    ],
    "TransposeBackward1": [
        Sample(_in_place(lambda c: c.transpose_(0, -1)), CUBE, complex=True),
        Sample(_in_place(lambda c: c.swapdims_(0, 0)), A),
        Sample(_through(lambda c: c, lambda c: c.transpose_(0, 1)[1].mul_(3)), A, label="written to"),
    ],
    "T": [
        Sample(lambda x: x.t(), A, complex=True),
        Sample(lambda x: x.t(), ROW),
        Sample(lambda x: x[:, ::2].t(), A, label="view"),
        Sample(lambda x: x.t(), NONE),
    ],
    "TBackward1": [
        Sample(_in_place(lambda c: c.t_()), A, complex=True),
        Sample(_in_place(lambda c: c.t_()), ROW),
        Sample(_in_place(lambda c: c.t_()), NUMBER),
    ],
    "Permute": [
        Sample(lambda x: x.permute(2, 0, 1), CUBE, complex=True),
        Sample(lambda x: x.permute(-1, 0, -2), CUBE_T),
        Sample(lambda x: x.permute(()), NUMBER),
        Sample(lambda x: x.movedim(0, -1), np.empty((2, 0, 3))),
    ],
    # parts
    "Select": [
        Sample(lambda x: x[1], A, complex=True),
        Sample(lambda x: x.select(-1, -2), CUBE),
        Sample(lambda x: x.t()[0], A, label="view"),
        Sample(lambda x: x[0], ROW),
        Sample(lambda x: x.select(1, 2), NONE),
    ],
    "SelectBackwardBackward0": [
        Sample(lambda g: select_embed.bind(g, shape=(2, 3), dim=1, index=-1), A[:, 0], complex=True),
        Sample(lambda g: select_embed.bind(g.t(), shape=(2, 3, 2), dim=0, index=1), A, label="view"),
        Sample(lambda g: select_embed.bind(g, shape=(3,), dim=0, index=1), NUMBER),
    ],
    "SelectScatter": [
        Sample(lambda x, y: torch.select_scatter(x, y, 1, -2), A, A[:, 1], complex=True),
        Sample(lambda x, y: torch.select_scatter(x.t(), y, 0, 1), A, A[:, 1], label="view"),
        Sample(lambda x, y: torch.select_scatter(x, y, 0, 1), ROW, NUMBER),
    ],
    "Slice": [
        Sample(lambda x: x[1:], A, complex=True),
        Sample(lambda x: x[:, -2:], A),
        Sample(lambda x: x[..., 1::2], CUBE_T),
        Sample(lambda x: x.t().narrow(-1, 0, 1), A, label="view"),
        Sample(lambda x: x[2:], A),
    ],
    "SliceBackwardBackward0": [
        Sample(lambda g: slice_embed.bind(g, shape=(2, 6), dim=1, start=1, end=6, step=2), A, complex=True),
        Sample(lambda g: slice_embed.bind(g.t(), shape=(5, 2), dim=0, start=-3, end=5, step=1), A, label="view"),
        Sample(lambda g: slice_embed.bind(g, shape=(2, 3), dim=0, start=1, end=1, step=1), NONE),
    ],
    "SliceScatter": [
        Sample(lambda x, y: torch.slice_scatter(x, y, -1, 0, None, 2), A, A[:, ::2].copy(), complex=True),
        Sample(lambda x, y: torch.slice_scatter(x.t(), y, 0, -1), A, numbers(1, 2), label="view"),
        Sample(lambda x, y: torch.slice_scatter(x, y, 0, 2), A, NONE),
    ],
    "Diagonal": [
        Sample(lambda x: x.diagonal(), A, complex=True),
        Sample(lambda x: x.diagonal(1, -1, 0), CUBE),
        Sample(lambda x: x.t().diagonal(-1), SQUARE, label="view"),
        Sample(lambda x: x.diagonal(5), A),
    ],
    "DiagonalBackwardBackward0": [
        Sample(lambda g: diagonal_embed.bind(g, shape=(3, 3), offset=0, dim1=0, dim2=1), ROW, complex=True),
        Sample(lambda g: diagonal_embed.bind(g, shape=(4, 2, 3), offset=-1, dim1=0, dim2=2), A),
        Sample(lambda g: diagonal_embed.bind(g.t(), shape=(3, 3, 3), offset=1, dim1=1, dim2=2), A, label="view"),
    ],
    "DiagonalScatter": [
        Sample(torch.diagonal_scatter, A, ROW[:2], complex=True),
        Sample(lambda x, y: torch.diagonal_scatter(x, y, 1, -1, 0), CUBE, numbers(3, 1)),
        Sample(lambda x, y: torch.diagonal_scatter(x.t(), y, -1), SQUARE, ROW[:2], label="view"),
    ],
    "DiagonalBackward0_copy": [
        Sample(torch.diag, A, complex=True),
        Sample(lambda x: torch.diag(x.t(), -1), A, label="view"),
        Sample(lambda x: torch.diag(x, 1), NONE),
    ],
    "DiagEmbed": [
        Sample(torch.diag_embed, A, complex=True),
        Sample(lambda x: torch.diag_embed(x, -1, 0, -1), A),
        Sample(lambda x: torch.diag_embed(x.t(), 2, 2, 1), A, label="view"),
        Sample(torch.diagflat, A),
        Sample(torch.diag, ROW),
    ],
    "Unfold": [
        Sample(lambda x: x.unfold(1, 2, 1), A, complex=True),
        Sample(lambda x: x.unfold(-1, 2, 3), CUBE_T),
        Sample(lambda x: x.t().unfold(0, 3, 1), A, label="view"),
        Sample(lambda x: x.unfold(0, 0, 2), ROW),
    ],
    "UnfoldBackwardBackward0": [
        Sample(lambda g: fold_p.bind(g, shape=(4,), dim=0, size=3, step=1), A, complex=True),
        Sample(lambda g: fold_p.bind(g, shape=(2, 8), dim=1, size=4, step=2), CUBE),
        Sample(lambda g: fold_p.bind(g.t(), shape=(9,), dim=0, size=2, step=3), A, label="view"),
    ],
    "Subscript": [
        Sample(lambda x: subscript_p.bind(x, key=(1, ...)), A, complex=True),
        Sample(lambda x: subscript_p.bind(x, key=(slice(None), None, slice(1, None, 2), ...)), CUBE_T),
        Sample(lambda x: subscript_p.bind(x.t(), key=(..., -1)), A, label="view"),
    ],
    "AsStrided": [
        Sample(lambda x: x.as_strided((2, 2), (1, 2)), numbers(4, seed=11), complex=True),
        Sample(lambda x: (x * 1).as_strided((3, 2), (1, 1), 1), A, label="overlapping"),
        Sample(lambda x: (x * 1).t()[1:].as_strided((2, 2), (3, 1)), A, label="of a view"),
        Sample(lambda x: x.as_strided((2,), (0,)), NUMBER),
        Sample(lambda x: x.as_strided((0, 2), (1, 1)), A),
    ],
    "AsStridedBackward1": [
        Sample(_in_place(lambda c: c.as_strided_((2, 2), (1, 3))), A, complex=True),
        Sample(_in_place(lambda c: c.as_strided_((3, 2), (1, 1), 1)), A, label="overlapping"),
    ],
    # several parts
    "Split": [
        Sample(lambda x: x.split(2, 1), A, complex=True),
        Sample(lambda x: x.split(3, -1)[1], CUBE),
        Sample(lambda x: x.t().split(2), A, label="view"),
        Sample(lambda x: x.chunk(2)[0], A),
        Sample(lambda x: x.split(2, 1), NONE),
    ],
    "SplitWithSizes": [
        Sample(lambda x: x.split((1, 2), 1), A, complex=True),
        Sample(lambda x: x.split((1, 0, 3), -1)[2], CUBE),
        Sample(lambda x: x.t().split([2, 1]), A, label="view"),
        Sample(lambda x: x.split([3], 1), A),
    ],
    "Unbind": [
        Sample(lambda x: x.unbind(1), A, complex=True),
        Sample(lambda x: x.unbind(-1)[2], CUBE),
        Sample(lambda x: x.t().unbind()[::2], A, label="view"),
        Sample(lambda x: x.unbind(), numbers(1, 3)),
    ],
    # joined
    "Cat": [
        Sample(lambda x, y: torch.cat((x, y)), A, B, complex=True),
        Sample(lambda x, y: torch.cat((x, y.t(), x), -1), A, SQUARE[:, :2], label="view"),
        Sample(lambda x, y: torch.cat([x, y]), A, NONE),
        Sample(lambda x: torch.cat([x, torch.ones(2, 1), torch.arange(2)[:, None]], 1), A, label="constants"),
        Sample(lambda x: torch.cat([x]), ROW),
    ],
    "Stack": [
        Sample(lambda x, y: torch.stack((x, y)), A, B, complex=True),
        Sample(lambda x, y: torch.stack((x, y.t(), x), -1), A, SQUARE[:, :2], label="view"),
        Sample(lambda x, y: torch.stack([x, y], -1), NUMBER, NUMBER + 1),
        Sample(lambda x: torch.stack([x, x], 1), NONE),
    ],
    "BlockDiag": [
        Sample(torch.block_diag, A, ROW, NUMBER, complex=True),
        Sample(lambda x: torch.block_diag(x.t(), x, torch.ones(1, 2)), A, label="view"),
        Sample(torch.block_diag, EMPTY, A),
    ],
    # padded
    "ConstantPadNd": [
        Sample(lambda x: pad(x, (1, 2), value=3.0), A, complex=True),
        Sample(lambda x: pad(x, (-1, 1, 0, 2, 1, -1)), CUBE),
        Sample(lambda x: pad(x.t(), (0, 1, -1, 0)), A, label="view"),
        Sample(lambda x: pad(x, (1, 0, 2, 0)), NONE),
    ],
    **_padding(),
    # rearranged
    "Flip": [
        Sample(lambda x: x.flip(0), A, complex=True),
        Sample(lambda x: x.flip(-1, 0), CUBE_T),
        Sample(lambda x: x.t().flip(1), A, label="view"),
        Sample(lambda x: x.flip(()), NUMBER),
        Sample(lambda x: x.flip(0), NONE),
    ],
    "Rot90": [
        Sample(torch.rot90, A, complex=True),
        Sample(lambda x: torch.rot90(x, 2, (0, -1)), CUBE),
        Sample(lambda x: torch.rot90(x.t(), -1), A, label="view"),
        Sample(lambda x: torch.rot90(x, 4, (1, 0)), A),
    ],
    "Roll": [
        Sample(lambda x: x.roll(1, 0), A, complex=True),
        Sample(lambda x: x.roll((2, -1), (-1, 0)), CUBE_T),
        Sample(lambda x: x.t().roll(2), A, label="view"),
        Sample(lambda x: x.roll(3), NUMBER),
        Sample(lambda x: x.roll(1, 1), NONE),
    ],
    "Repeat": [
        Sample(lambda x: x.repeat(2, 3), A, complex=True),
        Sample(lambda x: x.repeat(2, 1, 2), AT),
        Sample(lambda x: x.repeat(3), NUMBER),
        Sample(lambda x: x.repeat(()), NUMBER),
        Sample(lambda x: x.repeat(0, 2), A),
    ],
    "Tril": _triangles(torch.tril),
    "Triu": _triangles(torch.triu),
    # written
    "CopyBackwards": [
        Sample(_in_place(lambda c, y: c.copy_(y)), A, B, complex=True),
        Sample(_in_place(lambda c, y: c.copy_(y)), A, ROW),
        Sample(_in_place(lambda c, y: c.t().copy_(y)), A, COLUMN, label="through a view"),
        Sample(_in_place(lambda c, y: c.copy_(y)), NUMBER, NUMBER + 1),
    ],
    "FillBackward0": [
        Sample(lambda x: torch.fill(x, 3.0), A, complex=True),
        Sample(lambda x: torch.fill(x.t(), 3) * x.t(), A, label="view"),
    ],
    "FillBackward1": [
        Sample(torch.fill, A, NUMBER, complex=True),
        Sample(lambda x, y: torch.fill(x.t(), y) * x.t(), A, NUMBER, label="view"),
        Sample(torch.fill, NONE, NUMBER),
    ],
    "FillBackward2": [
        Sample(_in_place(lambda c: c.fill_(3.0)), A, complex=True),
        Sample(_through(lambda c: c[:, 1], lambda v: v.fill_(2)), A, label="through a view"),
    ],
    "FillBackward3": [
        Sample(_in_place(lambda c, y: c.fill_(y)), A, NUMBER, complex=True),
        Sample(_through(lambda c: c[:, 1], lambda v, y: v.fill_(y)), A, NUMBER, label="through a view"),
        Sample(_in_place(lambda c, y: c.__setitem__((..., 1), y)), A, NUMBER, label="as an item"),
    ],
    "Zero": [
        Sample(_in_place(lambda c: c.zero_()), A, complex=True),
        Sample(_through(lambda c: c.t()[1:], lambda v: v.zero_()), A, label="through a view"),
    ],
    # written through views
    "CopySlices": [
        Sample(_through(lambda c: c[1:], lambda v, y: v.copy_(y)), A, ROW, complex=True),
        Sample(_through(lambda c: c.t()[1], lambda v, y: v.mul_(y)), A, ROW[:2], complex=True),
        Sample(_through(lambda c: c.view(-1)[::2], lambda v, y: v.add_(y).mul_(y)), A, ROW),
        Sample(_through(lambda c: c.view(3, 2, 1)[1], lambda v, y: v.copy_(y)), AT.T, ROW[:2, None], label="by layout"),
        Sample(_through(lambda c: c.diagonal(), lambda v: v.exp_()), SQUARE),
        Sample(_through(lambda c: c.as_strided((2, 2), (1, 3)), lambda v, y: v.mul_(y)), A, A[:, :2], label="strided"),
        Sample(_filled, ROW[:2], ROW, complex=True),
        Sample(_through(lambda c: c[0], lambda v, y: v.copy_(y)), A, NUMBER),
        Sample(_through(lambda c: c[2:], lambda v, y: v.copy_(y)), A, NONE),
    ],
    "AsStridedBackward0": [
        Sample(_after(lambda c: c[1:], lambda c, y: c.mul_(y)), A, ROW, complex=True),
        Sample(_after(lambda c: c.t()[1:, 0], lambda c, y: c[0].copy_(y)), A, ROW),
        Sample(_after(lambda c: c.unfold(1, 2, 1), lambda c, y: c.mul_(y)), A, B, complex=True, label="repeated"),
        Sample(_after(lambda c: c.expand(2, 2, 3)[1], lambda c, y: c.mul_(y)), A, ROW, label="expanded"),
        Sample(_after(lambda c: c.t().reshape(3, 1, 2), lambda c, y: c.mul_(y)), A, B, label="by layout"),
        Sample(_after(lambda c: c.as_strided((3, 2), (1, 1)), lambda c, y: c.mul_(y)), A, B, label="overlapping"),
        Sample(_after(lambda c: c.diagonal(), lambda c: c.sin_()), SQUARE),
    ],
    # operations that have no derivative: only that they are recorded
    "FloorDivide": [
        Sample(lambda x, y: x // y, A, B + 3, order=0),
        Sample(lambda x: x // 0.7, A, order=0),
        Sample(lambda x: 3 // x, A + 3, order=0),
    ],
    "NumberRemainder": [
        Sample(lambda x: torch.remainder(3, x), A + 3, order=0),
        Sample(lambda x: 2.5 % x, NUMBER + 3, order=0),
    ],
    "Heaviside": [
        Sample(torch.heaviside, A, B, order=0),
        Sample(lambda x, y: torch.heaviside(x.t(), y), A, NUMBER, order=0),
    ],
}

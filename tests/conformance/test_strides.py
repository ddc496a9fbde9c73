"""Strides of views, of what is joined, split, rearranged and padded, against PyTorch."""

import pytest
import torch

import rushlight


@pytest.mark.parametrize(
    "expression",
    [
        "x[:, None]", "x[..., None]", "x.t().unsqueeze(0)",
        "x.t().unsqueeze(1)", "x.t().unsqueeze(2)", "x.unsqueeze(1)",
        "x.view(3, 1, 4)", "x.t().reshape(4, 1, 3)", "x.expand(2, 3, 4)", "x[:1].expand(1, 4)", "x[:1].expand(2, 1, 4)",
        "x.unfold(1, 2, 1)", "x[:0].reshape(0, 5)", "x.flip(0)", "x.t().flip(0)", "x.rot90()", "x.t().rot90(2)",
        "x.roll(1)", "t.cat([x.t(), x.t()])", "t.stack([x.t(), x.t()])", "x.t().diag_embed(0, 0, 1)", "x.t().tril()",
        "x.t()[t.tensor([0, 1])]", "x[:, t.tensor([0, 1])]", "x.t().index_fill(0, t.tensor([0]), 1)", "x.nonzero()",
        "x.t().scatter(0, t.tensor([[0, 1]]), 1.0)", "x.t().select_scatter(x[:, 0], 0, 0)", "x.t().repeat(2, 1)",
    ],
)  # fmt: skip
def test_strides_are_the_same(expression: str) -> None:
    strides = [eval(expression, {"t": t, "x": t.ones(3, 4)}).stride() for t in (rushlight, torch)]
    assert strides[0] == strides[1]

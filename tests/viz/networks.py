"""Graphs of networks and other programs, to draw."""

from __future__ import annotations

from typing import Any

import rushlight as torch
from rushlight import nn


def mlp() -> tuple[Any, Any]:
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 3))
    return nn.functional.cross_entropy(model(torch.randn(5, 4)), torch.tensor([0, 1, 2, 0, 1])), model


def residual() -> tuple[Any, Any]:
    model = nn.ModuleList([nn.Linear(6, 6) for _ in range(12)])
    x = torch.randn(3, 6)
    for layer in model:
        x = x + layer(x).relu() * layer(x).tanh()
    return x.square().mean(), model


def recurrent() -> tuple[Any, Any]:
    cell, head = nn.Linear(9, 5), nn.Linear(5, 1)
    h, loss = torch.zeros(2, 5), torch.zeros(())
    for _ in range(8):
        h = cell(torch.cat([torch.randn(2, 4), h], 1)).tanh()
        loss = loss + head(h).sum()
    return loss, nn.ModuleList([cell, head])


def attention() -> tuple[Any, Any]:
    model = nn.ModuleDict({name: nn.Linear(8, 8) for name in ("q", "k", "v", "out")})
    norm = nn.LayerNorm(8)
    x = torch.randn(2, 5, 8)
    for _ in range(3):
        q, k, v = (model[name](x).reshape(2, 5, 2, 4).transpose(1, 2) for name in ("q", "k", "v"))
        weights = torch.softmax(q @ k.transpose(-2, -1) / 2.0, -1)
        x = norm(x + model["out"]((weights @ v).transpose(1, 2).reshape(2, 5, 8)))
    return x.sum(), model


def branching() -> tuple[Any, Any]:
    """Results of several kinds, parts cut off, parameters not used."""
    model = nn.ModuleDict({name: nn.Linear(4, 4) for name in ("body", "head", "critic", "never")})
    model["never"].bias.requires_grad_(False)
    h = model["body"](torch.randn(2, 4)).relu()
    parts = list(torch.stack([model["head"](h), h]).unbind(0))
    with torch.no_grad():
        target = model["critic"](h)
    return {"loss": (model["critic"](h.detach()) * target).sum(), "parts": sum(parts), "target": target}, model


NETWORKS = (mlp, residual, recurrent, attention, branching)

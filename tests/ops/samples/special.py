"""Samples of special functions that are not with the elementwise ones."""

from __future__ import annotations

import numpy as np

import rushlight as torch

from . import Sample, numbers
from .elementwise import POSITIVE, _binary, _unary

CHANCES = {"low": 0.05, "high": 0.95}
BESSEL = [name for name in dir(torch.special) if "bessel" in name or name == "airy_ai"]
POLYNOMIALS = [name for name in dir(torch.special) if "_polynomial_" in name]
DEGREES = np.array([[0, 1, 2], [3, 4, 7]])

SAMPLES: dict[str, list[Sample]] = {
    "I0": _unary(torch.i0),
    "SpecialI0E": _unary(torch.special.i0e),
    "SpecialI1": [*_unary(torch.special.i1), Sample(torch.special.i1, np.zeros(2), order=1)],
    "SpecialI1E": [*_unary(torch.special.i1e), Sample(torch.special.i1e, np.array([1e-20, 1.0]), order=1)],
    "SpecialEntr": _unary(torch.special.entr, **POSITIVE),
    "SpecialNdtri": _unary(torch.special.ndtri, **CHANCES),
    "SpecialXlog1Py": [
        *_binary(torch.special.xlog1py, **POSITIVE),
        Sample(lambda x: torch.special.xlog1py(x, 2), numbers(3, seed=3)),
        Sample(lambda x: torch.special.xlog1py(1.5, x), numbers(3, seed=4, **POSITIVE)),
    ],
    "SpecialZeta": [
        Sample(lambda x: torch.special.zeta(2.5, x), numbers(2, 3, seed=5, **POSITIVE)),
        Sample(lambda x: torch.special.zeta(torch.tensor([[2.0], [3.5]]), x), numbers(3, seed=6, **POSITIVE)),
    ],
    "Igamma": [Sample(lambda x: torch.igamma(torch.tensor([[0.5], [3.0]]), x), numbers(3, seed=7, **POSITIVE))],
    "Igammac": [Sample(lambda x: torch.igammac(torch.tensor([[0.5], [3.0]]), x), numbers(3, seed=8, **POSITIVE))],
    "torch.mvlgamma": _unary(lambda x: torch.mvlgamma(x, 3), low=1.5, high=4.0),
    **{
        f"torch.special.{name}": [Sample(getattr(torch.special, name), numbers(2, 3, seed=9, **POSITIVE), order=0)]
        for name in BESSEL
    },
    **{
        f"torch.special.{name}": [Sample(getattr(torch.special, name), numbers(2, 3, seed=10), DEGREES, order=0)]
        for name in POLYNOMIALS
    },
}

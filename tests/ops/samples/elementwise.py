"""Samples of the elementwise operations. Nothing is differentiated where it is not smooth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import rushlight as torch
from rushlight._ops.elementwise import sigmoid_backward, tanh_backward, threshold_backward

from . import Sample, numbers

INSIDE, POSITIVE, ABOVE_ONE = {"low": -0.9, "high": 0.9}, {"low": 0.3, "high": 3.0}, {"low": 1.2, "high": 4.0}


def _unary(function: Callable[..., Any], complex: bool = False, **domain: float) -> list[Sample]:
    x = numbers(2, 3, seed=1, **domain)
    return [
        Sample(function, x, complex=complex),
        Sample(function, numbers(seed=2, **domain), complex=complex),
        Sample(function, np.empty((0, 2))),
        Sample(lambda x: function(x.t()[::2]), x, complex=complex, label="view"),
    ]


def _binary(
    function: Callable[..., Any], complex: bool = False, other: dict[str, float] | None = None, **domain: float
) -> list[Sample]:
    other = domain if other is None else other
    return [
        Sample(function, numbers(2, 3, seed=1, **domain), numbers(2, 3, seed=2, **other), complex=complex),
        Sample(function, numbers(2, 1, seed=3, **domain), numbers(3, seed=4, **other), complex=complex),
        Sample(function, numbers(seed=5, **domain), numbers(2, seed=6, **other), complex=complex),
        Sample(function, np.empty((0, 2)), numbers(2, seed=7, **other)),
        Sample(
            lambda x, y: function(x.t(), y.t()),
            numbers(2, 3, seed=8, **domain),
            numbers(2, 3, seed=9, **other),
            complex=complex,
            label="views",
        ),
    ]


def _three(function: Callable[..., Any], complex: bool = False, **domain: float) -> list[Sample]:
    return [
        Sample(function, *[numbers(2, 3, seed=s, **domain) for s in (1, 2, 3)], complex=complex),
        Sample(
            function, numbers(3, seed=4, **domain), numbers(2, 1, seed=5, **domain), numbers(seed=6, **domain),
            complex=complex,
        ),
    ]  # fmt: skip


CONDITION = np.array([[True, False, True], [False, False, True]])

SAMPLES: dict[str, list[Sample]] = {
    # arithmetic
    "Add": _binary(torch.add, complex=True),
    "Sub": _binary(torch.sub, complex=True),
    "Rsub": _binary(torch.rsub, complex=True),
    "RsubBackward1": _unary(lambda x: 2.5 - x, complex=True),
    "AddScaled": _binary(lambda x, y: torch.add(x, y, alpha=0.7), complex=True),
    "SubScaled": _binary(lambda x, y: torch.sub(x, y, alpha=0.7), complex=True),
    "RsubScaled": _binary(lambda x, y: torch.rsub(x, y, alpha=0.7), complex=True),
    "Mul": [*_binary(torch.mul, complex=True), Sample(lambda x: x * (1 + 2j) * 3, numbers(3), complex=True)],
    "Neg": _unary(torch.neg, complex=True),
    "Div": [
        *_binary(torch.div, complex=True, other=POSITIVE),
        Sample(lambda x: x / (1 + 2j), numbers(3), complex=True),
        Sample(lambda x: 3 / x, numbers(3, **POSITIVE), complex=True),
    ],
    "DivFloor": _binary(lambda x, y: torch.div(x, y, rounding_mode="floor") * x, other=POSITIVE),
    "DivTrunc": _binary(lambda x, y: torch.div(x, y, rounding_mode="trunc") * x, other=POSITIVE),
    "Remainder": _unary(lambda x: x % 0.7),
    "RemainderBackward1": _binary(torch.remainder, other=POSITIVE),
    "Fmod": _unary(lambda x: torch.fmod(x, 0.7)),
    "FmodBackward1": _binary(torch.fmod, other=POSITIVE),
    # Recorded, and refused when differentiated.
    "FloorDivide": [Sample(torch.floor_divide, numbers(2, 3), numbers(3, **POSITIVE), order=0)],
    "NumberRemainder": [Sample(lambda x: 2 % x, numbers(2, 3), order=0)],
    "Heaviside": [Sample(torch.heaviside, numbers(2, 3), numbers(3), order=0)],
    # powers
    "PowBackward0": [
        sample
        for exponent in (0, 1, 2, 3, -1, -2, 0.5, -0.5, 1.7, 2 + 0.5j)
        for sample in _unary(lambda x, exponent=exponent: x**exponent, complex=True, **POSITIVE)
    ],
    "PowBackward1": _binary(torch.pow, complex=True, other={}, **POSITIVE),
    "PowBackward2": [*_unary(lambda x: 2.5**x, complex=True), *_unary(lambda x: (1 + 2j) ** x, complex=True)],
    # functions of one element
    **{
        name: _unary(function, complex=True)
        for name, function in {
            "Exp": torch.exp,
            "Exp2": torch.exp2,
            "Expm1": torch.expm1,
            "Sin": torch.sin,
            "Cos": torch.cos,
            "Sinh": torch.sinh,
            "Cosh": torch.cosh,
            "Tanh": torch.tanh,
            "Sigmoid": torch.sigmoid,
            "Sgn": torch.sgn,
            "Conj": torch.conj,
            "ConjPhysical": torch.conj_physical,
        }.items()
    },
    **{
        name: _unary(function, complex=True, **POSITIVE)
        for name, function in {
            "Log": torch.log,
            "Log2": torch.log2,
            "Log10": torch.log10,
            "Log1P": torch.log1p,
            "Sqrt": torch.sqrt,
            "Rsqrt": torch.rsqrt,
            "Reciprocal": torch.reciprocal,
            "Abs": torch.abs,
            "Sinc": torch.sinc,
        }.items()
    },
    **{
        name: _unary(function, complex=True, **INSIDE)
        for name, function in {
            "Tan": torch.tan,
            "Asin": torch.asin,
            "Acos": torch.acos,
            "Atan": torch.atan,
            "Atanh": torch.atanh,
            "Asinh": torch.asinh,
        }.items()
    },
    "Acosh": _unary(torch.acosh, complex=True, **ABOVE_ONE),
    "Deg2Rad": _unary(torch.deg2rad),
    "Rad2Deg": _unary(torch.rad2deg),
    "Logit": [
        *_unary(torch.logit, low=0.05, high=0.95),
        *_unary(lambda x: torch.logit(x, 0.3), low=0.05, high=0.95),
    ],
    "Relu": _unary(torch.relu),
    "ThresholdBackwardBackward0": [
        Sample(lambda y, x: threshold_backward.bind(y, x, threshold=0.1), numbers(2, 3, seed=1), numbers(2, 3, seed=2))
    ],
    **{
        function.primitive.name: [
            Sample(function, numbers(2, 3, seed=1), numbers(2, 3, seed=2), complex=True),
            Sample(function, numbers(3, seed=1), numbers(2, 3, seed=2), label="broadcast"),
        ]
        for function in (tanh_backward, sigmoid_backward)
    },
    "Sign": _unary(lambda x: torch.sign(x) * x),
    "Frac": _unary(torch.frac),
    **{
        name: _unary(lambda x, function=function: function(x) * x)
        for name, function in {
            "Floor": torch.floor,
            "Ceil": torch.ceil,
            "Trunc": torch.trunc,
            "Round": torch.round,
        }.items()
    },
    "RoundBackward1": _unary(lambda x: torch.round(x, decimals=1) * x),
    "NanToNum": _unary(lambda x: torch.nan_to_num(x) * x),
    "Erf": _unary(torch.erf),
    "Erfc": _unary(torch.erfc),
    "Erfinv": _unary(torch.erfinv, **INSIDE),
    "SpecialErfcx": _unary(torch.special.erfcx),
    "SpecialLogNdtr": _unary(torch.special.log_ndtr),
    "Lgamma": _unary(torch.lgamma, **POSITIVE),
    "Digamma": _unary(torch.digamma, **POSITIVE),
    "Polygamma": _unary(lambda x: torch.polygamma(2, x), **POSITIVE),
    "Frexp": _unary(lambda x: torch.frexp(x)[0]),
    # functions of two elements
    "Atan2": _binary(torch.atan2, other=POSITIVE),
    "Hypot": _binary(torch.hypot, other=POSITIVE),
    "Logaddexp": _binary(torch.logaddexp, complex=True),
    "Logaddexp2": _binary(torch.logaddexp2),
    "Xlogy": _binary(torch.xlogy, other=POSITIVE),
    "XlogyBackward1": _unary(lambda x: torch.xlogy(2.5, x), **POSITIVE),
    "XlogyBackward2": _unary(lambda x: torch.xlogy(x, 2.5)),
    "Copysign": _binary(torch.copysign),
    "CopysignBackward1": _unary(lambda x: torch.copysign(x, -1)),
    "Nextafter": _binary(lambda x, y: torch.nextafter(x, y) * x),
    "Ldexp": _binary(torch.ldexp, complex=True),
    # selection
    "Where": [
        Sample(torch.where, CONDITION, numbers(2, 3, seed=1), numbers(3, seed=2), complex=True),
        Sample(lambda c, x: torch.where(c, x, 2.0), CONDITION, numbers(2, 1), complex=True),
        Sample(
            lambda c, x: torch.where(c, 0, x), np.tile(CONDITION, (60, 2)), numbers(120, 6), complex=True, label="large"
        ),
        Sample(
            lambda c, x: torch.where(c, x, 0), np.tile(CONDITION, (60, 2)), numbers(120, 6), complex=True, label="large"
        ),
    ],
    "MaskedFill": [
        Sample(lambda c, x: x.masked_fill(c, 2), CONDITION, numbers(2, 3), complex=True),
        Sample(lambda c, x: x.masked_fill(c, 2), CONDITION, numbers(3), complex=True),
    ],
    "MaskedFillBackward1": [
        Sample(lambda c, x, v: x.masked_fill(c, v), CONDITION, numbers(2, 3), numbers(seed=1), complex=True),
        Sample(lambda c, x, v: x.masked_fill(c, v), CONDITION[0], numbers(2, 3), numbers(seed=1), complex=True),
    ],
    "Maximum": _binary(torch.maximum),
    "Minimum": _binary(torch.minimum),
    "Fmax": _binary(torch.fmax),
    "Fmin": _binary(torch.fmin),
    "ClampBackward1": [*_unary(lambda x: x.clamp(-0.7, 0.9)), *_unary(lambda x: x.clamp(max=0.2))],
    "ClampMin": _unary(lambda x: x.clamp_min(0.2)),
    "ClampMax": _unary(lambda x: x.clamp_max(0.2)),
    "Clamp": [
        *_three(lambda x, a, b: x.clamp(a, b)),
        *_binary(lambda x, y: x.clamp(min=y)),
        *_binary(lambda x, y: x.clamp(max=y)),
    ],
    "ClampMinBackward1": _binary(torch.clamp_min),
    "ClampMaxBackward1": _binary(torch.clamp_max),
    # between, plus a product, plus a quotient
    "Lerp": [
        *_binary(lambda x, y: torch.lerp(x, y, 0.3), complex=True),
        *_binary(lambda x, y: torch.lerp(x, y, 0.8), complex=True),
    ],
    "LerpBackward1": _three(torch.lerp, complex=True),
    "Addcmul": _three(lambda x, y, z: torch.addcmul(x, y, z, value=-0.7), complex=True),
    "Addcdiv": _three(lambda x, y, z: torch.addcdiv(x, y, z, value=-0.7), complex=True, **POSITIVE),
    # complex numbers
    "ViewAsReal": [
        Sample(lambda x: torch.view_as_real(x * (1 + 2j)), numbers(2, 3), complex=True),
        Sample(lambda x: torch.view_as_real((x * (1 + 2j)).t()), numbers(2, 3), complex=True),
        Sample(lambda x: torch.view_as_real(x * (1 + 2j)), numbers(), complex=True),
    ],
    "ViewAsComplex": [
        Sample(torch.view_as_complex, numbers(3, 2)),
        Sample(torch.view_as_complex, numbers(2)),
        Sample(lambda x: torch.view_as_complex(x[:, :2]), numbers(3, 4)),
    ],
    "Complex": _binary(torch.complex),
    "Polar": [*_binary(torch.polar, **POSITIVE), *_binary(torch.polar, low=-2.0, high=-0.3)],
    "Angle": [
        Sample(lambda x: torch.angle(x * (1 + 2j)), numbers(2, 3, **POSITIVE), complex=True),
        *_unary(torch.angle),
    ],
}

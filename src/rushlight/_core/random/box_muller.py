"""Normal variates from uniform ones (Box and Muller, 1958), rounded as PyTorch's CPU kernels round them.

The last bit of a normal variate depends on how the logarithm and the sine are computed. In single precision
PyTorch uses the polynomials of the Cephes library (S. Moshier) with fused multiply-add, so they are
evaluated here step by step and give the same bits on every machine; in double precision it asks the C
library, and so do we.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

BLOCK = 16  # uniforms that make one block of normals: 8 radii, then 8 angles

_SINGLE, _DOUBLE = np.float32, np.float64
_BLOCKS_AT_ONCE = 2048  # the scratch arrays of one round then fit the second-level cache


def exactly(function: Callable[[float], float], values: np.ndarray) -> np.ndarray:
    """A function of `math` for each float64: NumPy's vector loops differ in the last bit, and by CPU."""
    return np.fromiter(map(function, values.tolist()), _DOUBLE, values.size)


def normals_from_uniforms(uniforms: np.ndarray) -> np.ndarray:
    """Standard normals from a 1-d float32 or float64 array of uniforms in [0, 1); 16 divides its size.

    Of each 16, number j and number j + 8 give the normals j and j + 8.
    """
    pairs = uniforms.reshape(-1, 2, BLOCK // 2)
    normals = np.empty_like(pairs)
    transform = _normals_single if uniforms.dtype == _SINGLE else _normals_double
    for start in range(0, len(pairs), _BLOCKS_AT_ONCE):
        some = slice(start, start + _BLOCKS_AT_ONCE)
        cosines, sines = transform(1 - pairs[some, 0].ravel(), pairs[some, 1].ravel())
        normals[some, 0] = cosines.reshape(-1, BLOCK // 2)
        normals[some, 1] = sines.reshape(-1, BLOCK // 2)
    return normals.reshape(-1)


def _normals_double(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    radius = np.sqrt(-2.0 * exactly(math.log, u))
    # The complex exponential is the one vector loop of NumPy that leaves sine and cosine to the C library.
    turn = np.zeros(v.size, np.complex128)
    np.multiply(v, 2.0 * math.pi, out=turn.imag)
    np.exp(turn, out=turn)
    return radius * turn.real, radius * turn.imag


def _normals_single(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    radius = _log_single(u)
    radius *= _SINGLE(-2)
    np.sqrt(radius, out=radius)
    cosine, sine = _cos_sin_single(v * _SINGLE(2 * math.pi))
    cosine *= radius
    sine *= radius
    return cosine, sine


def _singles(*coefficients: float) -> list[np.float64]:
    return [_DOUBLE(_SINGLE(c)) for c in coefficients]


# Cephes' minimax polynomials, highest power first: log(1 + x) on [sqrt(1/2), sqrt(2)] - 1, then cos and sin
# on [-pi/4, pi/4]. The coefficients are singles held in doubles, for a step of Horner's rule is done in
# double and rounded to single: that is a fused multiply-add, save where the double rounds first (not once
# in 2**24 normals).
_LOG = _singles(
    7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
    -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
)  # fmt: skip
_COS = _singles(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
_SIN = _singles(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
# log(2) and pi/4, each cut into parts whose products with small integers are exact (but for the last).
_LOG2_HIGH, _LOG2_LOW = _SINGLE(0.693359375), _SINGLE(-2.12194440e-4)
_EIGHTH_HIGH, _EIGHTH_MIDDLE = _SINGLE(0.78515625), _SINGLE(2.4187564849853515625e-4)
_EIGHTH_LOW = _DOUBLE(_SINGLE(3.77489497744594108e-8))


def _horner_fused(coefficients: list[np.float64], x: np.ndarray) -> np.ndarray:
    """The polynomial at `x` (singles held in doubles), every step rounded to single."""
    step = x * coefficients[0]
    step += coefficients[1]
    value = step.astype(_SINGLE)
    for coefficient in coefficients[2:]:
        step[...] = value
        step *= x
        step += coefficient
        value[...] = step
    return value


def _log_single(x: np.ndarray) -> np.ndarray:
    mantissa, exponent = np.frexp(x)
    low = mantissa < _SINGLE(math.sqrt(0.5))
    mantissa *= low + _SINGLE(1)
    mantissa -= _SINGLE(1)
    exponent = (exponent - low).astype(_SINGLE)
    square = mantissa * mantissa
    tail = _horner_fused(_LOG, mantissa.astype(_DOUBLE))
    tail *= mantissa
    wide = np.multiply(tail, square, dtype=_DOUBLE)
    wide += exponent * _LOG2_LOW
    tail[...] = wide
    tail -= square * _SINGLE(0.5)
    mantissa += tail
    mantissa += exponent * _LOG2_HIGH
    return mantissa


def _cos_sin_single(angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # Octants counted to the next even one: 0, 2, 4, 6 or 8, the remainder lies within pi/4 of it.
    octant = (angle * _SINGLE(4 / math.pi)).astype(np.int32)
    octant += 1
    octant &= ~1
    count = octant.astype(_SINGLE)
    x = angle - count * _EIGHTH_HIGH
    x -= count * _EIGHTH_MIDDLE
    x = (x - count * _EIGHTH_LOW).astype(_SINGLE)
    square = x * x
    wide = square.astype(_DOUBLE)

    cosine = _horner_fused(_COS, wide)
    cosine *= square
    cosine[...] = cosine * wide - wide * 0.5
    cosine += _SINGLE(1)
    sine = _horner_fused(_SIN, wide)
    sine *= square
    sine[...] = np.multiply(sine, x, dtype=_DOUBLE) + x

    # Exchange the two in the odd quadrants and set the signs, on the bits: masks would be many times slower.
    cosine_bits, sine_bits = cosine.view(np.int32), sine.view(np.int32)
    difference = cosine_bits ^ sine_bits
    difference &= -((octant >> 1) & 1)
    cosine_bits ^= difference
    sine_bits ^= difference
    cosine_bits ^= ((octant + 2) & 4) << 29
    sine_bits ^= (octant & 4) << 29
    return cosine, sine

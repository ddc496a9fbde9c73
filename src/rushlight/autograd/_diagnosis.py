"""What is probably wrong with a gradient that central differences do not confirm."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .._core.tensor import Tensor, wrap
from ._jacobians import Tensors, is_complex, shifted

PRINTED = 36  # a Jacobian of at most so many elements is shown whole


class Mismatch:
    """One Jacobian found two ways that do not agree, and where it came from."""

    def __init__(
        self,
        numerical: np.ndarray,
        analytical: np.ndarray,
        func: Callable[..., Any],
        inputs: Tensors,
        t: Tensor,
        out: Tensor,
        which: int,
        part: str,
        *,
        eps: float,
        atol: float,
        rtol: float,
    ):
        self.numerical, self.analytical = numerical, analytical
        self.func, self.inputs, self.t, self.out, self.which, self.part = func, inputs, t, out, which, part
        self.eps, self.atol, self.rtol = eps, atol, rtol

    def close(self, a: Any, n: Any) -> Any:
        return np.abs(a - n) <= self.atol + self.rtol * np.abs(n)

    def __str__(self) -> str:
        a, n = self.analytical, self.numerical
        lines = []
        if n.size <= PRINTED:
            lines += [f"numerical:{wrap(n)}", f"analytical:{wrap(a)}"]
        wrong = ~self.close(a, n)
        row, column = np.unravel_index(np.argmax(np.where(wrong, _badness(a, n), -1)), n.shape)
        at_input = _index(np.unravel_index(row, self.t._data.shape))
        at_output = _index(np.unravel_index(column, self.out._data.shape))
        lines.append(
            f"{np.count_nonzero(wrong)} of {wrong.size} entries differ; the worst: d output{at_output} / d "
            f"input{at_input}"
        )
        worst_n, worst_a = n[row, column], a[row, column]
        ratio = f"{_short(worst_a / worst_n)}" if worst_n else "none, the numerical one is 0"
        lines.append(f"  numerical {_short(worst_n)}, analytical {_short(worst_a)}, ratio {ratio}")
        cause = next(self.causes(int(row), int(column)), None)
        lines.append(f"Suspected: {cause}" if cause else "No single factor, sign or order of elements explains it.")
        return "\n".join(lines)

    def causes(self, row: int, column: int) -> Iterator[str]:
        """Explanations, the likeliest first."""
        a, n = self.analytical, self.numerical
        if not np.isfinite(n).all():
            yield "the function itself is not finite near this input, so differences say nothing. Choose another point."
        if not np.isfinite(a).all():
            yield "the analytical gradient is nan or inf: a division by zero or a root at zero inside the rule?"
        name = self.t.dtype
        if self.t._data.dtype.itemsize // (2 if is_complex(self.t) else 1) < 8:
            digits = self.t._data.dtype
            yield (
                f"the input is {name}, and its rounding drowns differences over eps={self.eps:g} (numerical values "
                f"carry an error of about {_rounding(digits, self.out) / self.eps:.1g}). Check with float64: "
                "x.double()."
            )
        if self.kink(row, column):
            yield (
                "the function has a kink at this input: its slopes to the left and to the right differ, and no "
                "gradient is right there. Choose another point."
            )
        if not a.any():
            yield (
                "the analytical gradient is zero throughout. Is the history cut on the way (.detach(), .data, "
                ".item(), no_grad), or does the rule return None?"
            )
        factor = self.factor()
        if factor is not None:
            yield self.of_factor(factor)
        # Of a missing conjugate the real part's matrix comes out conjugated, the imaginary part's negated too.
        if np.iscomplexobj(n) and self.close(a, n.conj() if self.part == "real" else -n.conj()).all():
            yield "the complex conjugate is missing (or one too many) in the rule: grad * derivative.conj()."
        swapped = self.swapped()
        if swapped:
            yield swapped
        missing = (a == 0) & ~self.close(0, n)
        if missing.any() and self.close(a, n)[~missing].all():
            part = "results" if missing.any(axis=0).sum() < missing.shape[1] else "entries"
            lost = missing.any(axis=0).sum() if part == "results" else missing.sum()
            of = missing.shape[1] if part == "results" else missing.size
            yield (
                f"contributions are missing: what {lost} of {of} {part} add to the gradient is 0. Where an element is "
                "used several times (broadcasting, indexing), the rule must sum over all of them."
            )

    def kink(self, row: int, column: int) -> bool:
        index = np.unravel_index(row, self.t._data.shape)
        unit = 1
        if is_complex(self.t) and abs((self.analytical - self.numerical)[row, column].imag) > abs(
            (self.analytical - self.numerical)[row, column].real
        ):
            unit = 1j  # type: ignore[assignment]
        step = complex(self.eps * unit)
        up, here, down = (
            shifted(self.func, self.inputs, (self.which,), self.t, index, step * k)[0][column] for k in (1, 0, -1)
        )
        if self.part == "imaginary":
            up, here, down = (complex(v).imag for v in (up, here, down))
        right, left = (up - here) / self.eps, (here - down) / self.eps
        rounding = 1e-14 * (abs(up) + abs(down)) / self.eps
        return bool(abs(right - left) > 0.05 * max(abs(right), abs(left)) + self.atol + rounding)

    def factor(self) -> complex | None:
        """The constant ``c`` with ``analytical = c * numerical``, where there is one."""
        a, n = self.analytical, self.numerical
        large = ~self.close(0, n)
        if not large.any():
            return None
        c = np.vdot(n[large], a[large]) / np.vdot(n[large], n[large])
        return complex(c) if abs(c) > 1e-3 and self.close(a / c, n).all() else None

    def of_factor(self, c: complex) -> str:
        if abs(c.imag) > 1e-3 * abs(c):
            return f"the gradient is {_short(c)} times too large throughout: a factor i or a conjugate in the rule?"
        c = c.real
        if abs(c + 1) < 1e-3:
            return "the sign is wrong throughout."
        cause = f"a constant factor: the analytical gradient is {_short(c)} times the numerical one throughout."
        whole = round(max(abs(c), 1 / abs(c)))
        sizes = {*self.out._data.shape, *self.t._data.shape, self.out._data.size, self.t._data.size}
        if whole > 1 and whole in sizes and min(abs(c - whole), abs(1 / c - whole)) < 1e-3 * whole:
            how = "a mean where the rule must sum" if c < 1 else "a sum where the rule must not"
            cause += f" ({whole} is also a size of these shapes: {how}?)"
        return cause

    def swapped(self) -> str | None:
        """Whether the gradient is right but for the order of the input's or the result's dimensions."""
        a, n = self.analytical, self.numerical
        for tensor, axis, name in ((self.t, 0, "input"), (self.out, 1, "result")):
            shape = tensor._data.shape
            places = np.arange(tensor._data.size)
            for i, j in itertools.combinations(range(len(shape)), 2):
                order = places.reshape(shape).swapaxes(i, j).reshape(-1)
                if (order == places).all():
                    continue
                if any(self.close(a, np.take(n, by, axis)).all() for by in (order, np.argsort(order))):
                    return f"dimensions {i} and {j} of the {name} are swapped: a transpose is missing, or one too many."
        return None


def _badness(a: np.ndarray, n: np.ndarray) -> np.ndarray:
    difference = np.abs(a - n)
    return np.where(np.isfinite(difference), difference, np.inf)


def _index(index: Any) -> str:
    return f"[{', '.join(map(str, map(int, index)))}]" if len(index) else ""


def _short(value: Any) -> str:
    value = complex(value)
    return f"{value.real:.6g}" if not value.imag else f"{value:.6g}"


def _rounding(dtype: np.dtype, out: Tensor) -> float:
    """How much a result of this size is rounded."""
    kind = np.finfo(dtype) if dtype.kind in "fc" else None
    size = float(np.abs(out._data.astype(np.complex128)).max()) if out._data.size else 1.0
    return float(kind.eps if kind else 2**-8) * max(size, 1e-30)

"""Samples of Fourier transforms, of spectra of short pieces, and of windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rushlight as torch

from . import Sample, numbers

WINDOW = numbers(6, seed=9, low=0.3, high=1.0)


def _line(function: Callable[..., Any], complex: bool, real: bool = True) -> list[Sample]:
    """Of a transform along one dimension: even and odd sizes, cut off and filled up, all modes."""
    x = numbers(3, 6, seed=1)
    kinds = ((function, False),) * real + ((function, True),) * complex
    return [
        Sample(lambda x, f=f, o=options: f(x, **o), x, complex=of_complex, label=str(options))
        for f, of_complex in kinds
        for options in (
            {},
            {"n": 5, "norm": "ortho"},
            {"n": 8, "norm": "forward", "dim": 1},
            {"dim": 0},
            {"dim": 0, "n": 4, "norm": "backward"},
        )
    ]


def _several(function: Callable[..., Any], complex: bool) -> list[Sample]:
    x = numbers(2, 3, 4, seed=2)
    return [
        Sample(lambda x, o=options: function(x, **o), x, complex=complex, label=str(options))
        for options in ({}, {"dim": (0, 2), "norm": "ortho"}, {"s": (4, 3), "dim": (2, 1), "norm": "forward"}, {"s": (2, -1, 5)})
    ]  # fmt: skip


def _two(function: Callable[..., Any], complex: bool) -> list[Sample]:
    x = numbers(2, 3, 4, seed=3)
    return [
        Sample(lambda x, o=options: function(x, **o), x, complex=complex, label=str(options))
        for options in ({}, {"s": (4, 3), "norm": "ortho"}, {"dim": (2, 0)})
    ]


def _short(**options: Any) -> Sample:
    return Sample(
        lambda x, window: torch.stft(x, 6, 2, window=window, return_complex=True, **options),
        numbers(2, 13, seed=4),
        WINDOW,
        label=str(options),
    )


def _back(x: Any, window: Any, **options: Any) -> Any:
    """A signal from the spectra that ``x`` is real and imaginary parts of."""
    return torch.istft(torch.view_as_complex(x), 6, 2, window=window, **options)


SAMPLES: dict[str, list[Sample]] = {
    "FftC2C": [*_line(torch.fft.fft, True, real=False), *_line(torch.fft.ifft, True, real=False)],
    "FftR2C": [*_line(torch.fft.rfft, False), *_line(torch.fft.fft, False)],
    "FftC2R": _line(torch.fft.irfft, True),
    "torch.fft.ifft": _line(torch.fft.ifft, True),
    "torch.fft.hfft": _line(torch.fft.hfft, True),
    "torch.fft.ihfft": _line(torch.fft.ihfft, False),
    "torch.fft.fft2": _two(torch.fft.fft2, True),
    "torch.fft.ifft2": _two(torch.fft.ifft2, True),
    "torch.fft.rfft2": _two(torch.fft.rfft2, False),
    "torch.fft.irfft2": _two(torch.fft.irfft2, True),
    "torch.fft.hfft2": _two(torch.fft.hfft2, True),
    "torch.fft.ihfft2": _two(torch.fft.ihfft2, False),
    "torch.fft.fftn": _several(torch.fft.fftn, True),
    "torch.fft.ifftn": _several(torch.fft.ifftn, True),
    "torch.fft.rfftn": _several(torch.fft.rfftn, False),
    "torch.fft.irfftn": _several(torch.fft.irfftn, True),
    "torch.fft.hfftn": _several(torch.fft.hfftn, True),
    "torch.fft.ihfftn": _several(torch.fft.ihfftn, False),
    "torch.fft.fftshift": [
        Sample(torch.fft.fftshift, numbers(3, 4), complex=True),
        Sample(lambda x: torch.fft.fftshift(x, 1), numbers(2, 5)),
    ],
    "torch.fft.ifftshift": [
        Sample(torch.fft.ifftshift, numbers(3, 4), complex=True),
        Sample(lambda x: torch.fft.ifftshift(x, (0,)), numbers(5, 2)),
    ],
    "torch.stft": [
        _short(),
        _short(normalized=True, onesided=False),
        _short(center=False, align_to_window=True),
        Sample(lambda x: torch.stft(x, 4, window=torch.ones(4), return_complex=True), numbers(9), complex=True),
    ],
    "torch.istft": [
        Sample(_back, numbers(4, 7, 2, seed=5), WINDOW),
        Sample(lambda x, w: _back(x, w, normalized=True, length=9), numbers(2, 4, 7, 2, seed=6), WINDOW),
        Sample(lambda x, w: _back(x, w, onesided=False, return_complex=True), numbers(6, 5, 2, seed=7), WINDOW),
    ],
}

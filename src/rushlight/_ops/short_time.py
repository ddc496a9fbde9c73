"""Spectra of short pieces of a signal, and the signal back from them: framing, windows and `fourier`'s transforms."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.dtypes import from_numpy_dtype, scalar_type_name
from .._core.levels import checked
from .._core.operands import raise_must_be_tensor
from .._core.registry import operation
from .._core.tensor import Tensor
from .._core.where import warn_user
from .creation import ones
from .dims import check_int, normalize_dim
from .padding import constant_pad_nd, pad
from .parts import fold_p, unfold_p

NO_WINDOW = (
    "A window was not provided. A rectangular window will be applied{}To suppress this warning and use a rectangular "
    "window, explicitly set `window=torch.ones(n_fft, device=<device>)`."
)
NO_WINDOW_FORWARD = NO_WINDOW.format(
    ",which is known to cause spectral leakage. Other windows such as torch.hann_window or torch.hamming_window are "
    "recommended to reduce spectral leakage."
)
NO_WINDOW_INVERSE = NO_WINDOW.format(".Please provide the same window used by stft to make the inversion lossless.")
# Where the squares of all windows over an element add up to less, PyTorch refuses to divide by them.
SMALLEST_SUM = 1e-11


def _shown(value: Any) -> str:
    """An argument as PyTorch's messages have it."""
    if isinstance(value, Tensor):
        return f"torch.{_kind(value)}Tensor{{{list(value._data.shape)}}}"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _kind(t: Tensor) -> str:
    return scalar_type_name(from_numpy_dtype(t._data.dtype))


def _call(head: str, arguments: dict[str, Any]) -> str:
    """A call as PyTorch's messages have it."""
    return f"{head}, {', '.join([f'{name}={_shown(value)}' for name, value in arguments.items()])})"


def _lengths(name: str, n_fft: Any, hop_length: Any, win_length: Any) -> tuple[int, int, int]:
    n = check_int(n_fft, name, "n_fft", 2)
    hop = n // 4 if hop_length is None else check_int(hop_length, name, "hop_length", 3)
    win = n if win_length is None else check_int(win_length, name, "win_length", 4)
    return n, hop, win


def _centred(window: Any, like: Tensor, win_length: int, n_fft: int) -> Any:
    """The window, of ones where there is none, with zeros at both sides to the size of the transform."""
    if window is None:
        window = ones((win_length,), dtype=from_numpy_dtype(like._data.dtype).to_real())
    left = (n_fft - win_length) // 2
    return constant_pad_nd(window, (left, n_fft - win_length - left)) if win_length < n_fft else window


def _is_complex(t: Any) -> bool:
    return t is not None and t._data.dtype.kind == "c"


@operation(out=False)
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """The spectra of frames of ``n_fft`` elements that start ``hop_length`` (a quarter of that) apart: (..., frequency, frame).

    input: one signal, or a batch of them. window: ``win_length`` factors for a frame's middle. center: whether the signal
    is continued at both ends, in ``pad_mode``, so that frame t is around element ``t * hop_length``; where it is not,
    align_to_window continues it with half of what the window is shorter than the frame. normalized: divided by the square
    root of ``n_fft``. onesided: whether only the frequencies that are not redundant are given, as is the default for real
    signals. return_complex: False gives pairs of real numbers, with a warning; real signals need True or False.
    Raises RuntimeError where the sizes do not fit.

    >>> import rushlight as torch
    >>> torch.stft(torch.ones(8), 4, window=torch.ones(4), center=False, hop_length=4, return_complex=True)
    tensor([[4.+0.j, 4.+0.j],
            [0.+0.j, 0.+0.j],
            [0.+0.j, 0.+0.j]])
    """
    from .fourier import c2c, r2c

    if not isinstance(input, Tensor):
        raise_must_be_tensor("stft", "input", 1, input)
    n, hop, win = _lengths("stft", n_fft, hop_length, win_length)
    if center:
        if align_to_window is not None:
            raise RuntimeError("stft align_to_window should only be set when center = false")
        input = _continued(input, n // 2, pad_mode)
    if window is None:
        warn_user(NO_WINDOW_FORWARD)
    of_complex = _is_complex(input) or _is_complex(window)
    if return_complex is None and not of_complex:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further require that "
            "return_complex=True in a future PyTorch release."
        )
    if return_complex is False and not of_complex:
        warn_user(
            "stft with return_complex=False is deprecated. In a future pytorch release, stft will return complex tensors "
            "for all inputs, and return_complex=False will raise an error.\nNote: you can still call torch.view_as_real "
            "on the complex output to recover the old return format."
        )
    arguments = {"n_fft": n, "hop_length": hop, "win_length": win, "window": window, "normalized": bool(normalized)}
    arguments |= {"onesided": onesided, "return_complex": return_complex, "align_to_window": align_to_window}
    head = f"stft(torch.{_kind(input)}Tensor{list(input._data.shape)}"
    _check_signal(input, window, n, hop, win, lambda: _call(head, arguments))
    single = input._data.ndim == 1
    signal = input.unsqueeze(0) if single else input
    if not center and align_to_window:
        signal = _continued(signal, (n - win) // 2, pad_mode)
    frames = unfold_p.bind(signal, dim=1, size=n, step=hop)
    if window is not None or win < n:
        frames = frames * _centred(window, input, win, n)
    if onesided is None:
        onesided = not of_complex
    norm = "ortho" if normalized else "backward"
    if of_complex:
        if onesided:
            raise RuntimeError("Cannot have onesided output if window or input is complex")
        spectra = c2c.bind(frames, dim=(2,), norm=norm, inverse=False)
    else:
        spectra = r2c.bind(frames, dim=(2,), norm=norm, onesided=bool(onesided))
    spectra = spectra.transpose(1, 2)
    if single:
        spectra = spectra.squeeze(0)
    return spectra if (of_complex and return_complex is None) or return_complex else _pairs(spectra)


def _pairs(spectra: Tensor) -> Tensor:
    from .complex import view_as_real

    return view_as_real(spectra)


def _continued(input: Tensor, by: int, mode: str) -> Tensor:
    """A signal, or a batch of them, continued at both ends."""
    shape = input._data.shape
    padded = pad(input.reshape((1,) * (3 - len(shape)) + shape), (by, by), mode)
    return padded.reshape((*shape[:-1], padded._data.shape[-1])) if shape else padded


def _check_signal(input: Tensor, window: Any, n_fft: int, hop: int, win: int, call: Any) -> None:
    x = input._data
    wrong = ""
    if x.dtype.kind not in "fcV":
        wrong = "expected a tensor of floating point or complex values"
    elif not 1 <= x.ndim <= 2:
        wrong = "expected a 1D or 2D tensor"
    elif not 0 < n_fft <= x.shape[-1]:
        wrong = f"expected 0 < n_fft < {x.shape[-1]}, but got n_fft={n_fft}"
    elif hop <= 0:
        wrong = f"expected hop_length > 0, but got hop_length={hop}"
    elif not 0 < win <= n_fft:
        wrong = f"expected 0 < win_length <= n_fft, but got win_length={win}"
    elif window is not None and window._data.shape != (win,):
        size = list(window._data.shape)
        wrong = f"expected a 1D window tensor of size equal to win_length={win}, but got window with size {size}"
    if wrong:
        raise RuntimeError(f"{call()} : {wrong}")
    for t in (input, window):
        if t is not None and t._data.dtype.kind in "fV" and t._data.dtype.itemsize == 2:
            raise RuntimeError(f"MKL FFT doesn't support tensors of type: {_kind(t)}\nTransform its .float() instead.")


@operation(out=False)
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signal whose `stft` is ``input``, by least squares: frames are added up and divided by the windows' squares.

    The arguments are those of `stft`; ``length`` is the signal's, which the frames may not tell. return_complex: a signal
    of complex numbers. Raises RuntimeError where the sizes do not fit, or no window reaches some element.
    D. Griffin and J. Lim, Signal estimation from modified short-time Fourier transform (IEEE ASSP 32, 1984).

    >>> import rushlight as torch
    >>> x, window = torch.arange(8.0), torch.ones(4)
    >>> torch.istft(torch.stft(x, 4, window=window, return_complex=True), 4, window=window).round()
    tensor([0., 1., 2., 3., 4., 5., 6., 7.])
    """
    if not isinstance(input, Tensor):
        raise_must_be_tensor("istft", "input", 1, input)
    n, hop, win = _lengths("istft", n_fft, hop_length, win_length)
    if window is None:
        warn_user(NO_WINDOW_INVERSE)
    if not _is_complex(input):
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        )
    arguments = {"n_fft": n, "hop_length": hop, "win_length": win, "window": window, "center": bool(center)}
    arguments |= {"normalized": bool(normalized), "onesided": onesided, "length": length}
    arguments["return_complex"] = bool(return_complex)
    call = _call(f"istft(CPU{_kind(input)}Type{list(input._data.shape)}", arguments)
    for dim in (-2, -3):  # PyTorch counts a last one of real and imaginary parts
        normalize_dim(dim, input._data.ndim + 1)
    size, count = input._data.shape[-2:]
    if onesided is None:
        onesided = size != n
    _check_spectra(input, window, n, hop, win, bool(onesided), call)
    single = input._data.ndim == 2
    spectra = (input.unsqueeze(0) if single else input).transpose(1, 2)
    frames = _frames(spectra, n, "ortho" if normalized else "backward", bool(onesided), return_complex, window)
    full = _centred(window, input, win, n)
    total = n + hop * (count - 1)
    # What comes after the last frame is zero.
    start = n // 2 if center else 0
    end = start + length if length is not None else total - n // 2 if center else total
    weights = (full * full).expand(1, count, n)
    signal, sums = [
        fold_p.bind(t, shape=(t._data.shape[0], total), dim=1, size=n, step=hop)[:, start:end]
        for t in (frames * full, weights)
    ]
    checked(_check_sums, sums, call=call)
    signal = signal / sums
    if single:
        signal = signal.squeeze(0)
    missing = 0 if length is None else end - total
    if missing > 0:
        warn_user(
            "The length of signal is shorter than the length parameter. Result is being padded with zeros in the tail. "
            "Please check your center and hop_length settings."
        )
        signal = constant_pad_nd(signal, (0, missing))
    return signal


def _check_sums(sums: Any, call: str) -> None:
    if not sums.size:
        raise RuntimeError(
            "min(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' "
            "argument.\nNo element is left of the signal: center and length cut off all of it."
        )
    if not np.abs(sums).min() > SMALLEST_SUM:
        raise RuntimeError(
            f"{call} window overlap add min: 1\nSome element lies under no window, or under zeros of it only: take a "
            "smaller hop_length, or a center or length that leaves it out."
        )


def _frames(spectra: Tensor, n: int, norm: str, onesided: bool, return_complex: bool, window: Any) -> Tensor:
    from .fourier import c2c, c2r

    if return_complex:
        if onesided:
            raise RuntimeError("Cannot have onesided output if window or input is complex")
        return c2c.bind(spectra, dim=(2,), norm=norm, inverse=True)
    if _is_complex(window):
        raise RuntimeError("Complex windows are incompatible with return_complex=False")
    return c2r.bind(spectra[..., : n // 2 + 1], dim=(2,), norm=norm, n=n)


def _check_spectra(input: Tensor, window: Any, n_fft: int, hop: int, win: int, onesided: bool, call: str) -> None:
    shape = input._data.shape
    wrong = ""
    if not input._data.size:
        wrong = "input tensor cannot be empty."
    elif len(shape) > 3:
        wrong = f"expected a tensor with 3 or 4 dimensions, but got {len(shape) + 1}"
    elif shape[-2] != (n_fft // 2 + 1 if onesided else n_fft):
        match = "n_fft / 2 + 1 when onesided=True" if onesided else "n_fft when onesided=False"
        wrong = f"expected the frequency dimension (3rd to the last) of the input tensor to match {match}, but got {shape[-2]}"
    elif not 0 < hop <= win:
        wrong = "expected 0 < hop_length <= win_length"
    elif not 0 < win <= n_fft:
        wrong = "expected 0 < win_length <= n_fft"
    elif window is not None and window._data.shape != (win,):
        wrong = "Invalid window shape. window has to be 1D and length of `win_length`"
    if wrong:
        raise RuntimeError(f"{call} : {wrong}")

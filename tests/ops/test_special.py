"""What neither the golden files nor the samples say of special functions, Fourier transforms and windows."""

import sys
import warnings

import numpy as np
import pytest

import rushlight as torch

NEED_SCIPY = {
    "lgamma": lambda x: torch.lgamma(x),
    "mvlgamma": lambda x: torch.mvlgamma(x, 2),
    "igamma": lambda x: torch.igamma(x, x),
    "special.i1": lambda x: torch.special.i1(x),
    "special.ndtri": lambda x: torch.special.ndtri(x),
    "special.zeta": lambda x: torch.special.zeta(x, x),
    "special.bessel_j0": lambda x: torch.special.bessel_j0(x),
    "special.legendre_polynomial_p": lambda x: torch.special.legendre_polynomial_p(x, 2),
}


@pytest.mark.parametrize("call", NEED_SCIPY.values(), ids=NEED_SCIPY)
def test_what_needs_scipy_says_so(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    with pytest.raises(ModuleNotFoundError, match=r"needs SciPy.*pip install 'rushlight\[scipy\]'"):
        call(torch.ones(2))


WITHOUT_SCIPY = {
    "i0": lambda x: torch.i0(x),
    "entr": lambda x: torch.special.entr(x),
    "xlog1py": lambda x: torch.special.xlog1py(x, x),
    "kaiser": lambda x: torch.signal.windows.kaiser(4),
    "fft": lambda x: torch.fft.fft(x),
    "stft": lambda x: torch.stft(x, 2, 1, window=x[:2], return_complex=True),
}


@pytest.mark.parametrize("call", WITHOUT_SCIPY.values(), ids=WITHOUT_SCIPY)
def test_what_needs_numpy_alone(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert torch.is_tensor(call(torch.ones(4)))


# -- derivatives that are not there -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("name", ["bessel_j0", "airy_ai", "scaled_modified_bessel_k1"])
def test_functions_without_derivative_are_not_recorded(name, dtype):
    x = torch.ones(3, dtype=dtype, requires_grad=True)
    assert not getattr(torch.special, name)(x).requires_grad


@pytest.mark.parametrize("n", [3, torch.tensor([1, 2, 3])])
def test_polynomials_are_not_recorded(n):
    x = torch.ones(3, requires_grad=True)
    out = torch.empty(3, requires_grad=True)
    result = torch.special.laguerre_polynomial_l(x, n, out=out)
    assert result is out
    assert result.is_leaf
    assert not torch.special.laguerre_polynomial_l(x, n).requires_grad


@pytest.mark.parametrize(
    ("function", "name"),
    [(torch.igamma, "igamma: input"), (torch.igammac, "igammac: input"), (torch.special.zeta, "zeta")],
)
def test_the_derivative_by_the_first_argument_is_refused(function, name):
    x = torch.full((2,), 2.0, requires_grad=True)
    with pytest.raises(NotImplementedError, match=f"the derivative for '{name}' is not implemented."):
        function(x, torch.ones(2)).sum().backward()
    with pytest.raises(NotImplementedError, match=f"the derivative for '{name}' is not implemented."):
        torch.func.jvp(lambda x: function(x, torch.ones(2)), (x.detach(),), (torch.ones(2),))


# -- Fourier transforms -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [0, 1])
def test_results_are_contiguous(dim):
    x = torch.ones(4, 6)
    for f in (torch.fft.fft, torch.fft.rfft, torch.fft.irfft, torch.fft.ihfft):
        assert f(x, dim=dim).is_contiguous()


def test_a_conjugate_may_be_written_to():
    assert torch.fft.ihfft(torch.ones(4)).zero_().sum() == 0


def test_half_a_spectrum_gives_the_gradient_of_the_whole():
    """Cotangents with imaginary parts where a spectrum of real numbers has none."""
    x = torch.tensor(np.random.default_rng(0).normal(size=(3, 6)), requires_grad=True)
    w = torch.view_as_complex(torch.tensor(np.random.default_rng(1).normal(size=(3, 4, 2))))
    (half,) = torch.autograd.grad((torch.fft.rfftn(x) * w).real.sum(), x)
    (whole,) = torch.autograd.grad((torch.fft.fftn(x)[:, :4] * w).real.sum(), x)
    torch.testing.assert_close(half, whole)


def test_an_empty_batch():
    assert torch.fft.fft(torch.ones(0, 4)).shape == (0, 4)
    assert torch.fft.irfft(torch.ones(0, 3)).shape == (0, 4)


# -- short pieces -------------------------------------------------------------------------------------------------------


def test_warnings_about_windows():
    x = torch.arange(12.0)
    with pytest.warns(UserWarning, match="A window was not provided. A rectangular window will be applied,which"):
        spectra = torch.stft(x, 4, return_complex=True)
    with pytest.warns(UserWarning, match="A window was not provided. A rectangular window will be applied.Please"):
        back = torch.istft(spectra, 4)
    torch.testing.assert_close(back, x)
    with pytest.warns(UserWarning, match="stft with return_complex=False is deprecated"):
        pairs = torch.stft(x, 4, window=torch.ones(4), return_complex=False)
    assert torch.equal(torch.view_as_complex(pairs), spectra)


def test_a_window_that_differs_between_examples():
    S = torch.stft(torch.arange(12.0), 4, window=torch.ones(4), return_complex=True)
    windows = torch.stack([torch.ones(4), torch.full((4,), 2.0)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = torch.func.vmap(lambda w: torch.istft(S, 4, window=w))(windows)
    torch.testing.assert_close(both, torch.stack([torch.istft(S, 4, window=w) for w in windows]))
    with pytest.raises(RuntimeError, match="window overlap add min: 1"):
        torch.func.vmap(lambda w: torch.istft(S, 4, window=w))(windows * torch.tensor([[1.0], [0.0]]))


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7])
def test_adding_up_windows_is_the_transpose_of_cutting_them_out(step):
    """Also where they overlap in part, and where there are gaps between them."""
    x = torch.arange(17.0, dtype=torch.float64, requires_grad=True)
    windows = x.unfold(0, 5, step)
    g = torch.tensor(np.random.default_rng(0).normal(size=windows.shape))
    (found,) = torch.autograd.grad(windows, x, g)
    expected = np.zeros(17)
    for i, part in enumerate(g.numpy()):
        expected[i * step : i * step + 5] += part
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12)

"""Parametrizations by name: orthogonal weights, weights of length and direction, weights of spectral norm one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import linalg
from ..._core.modes import no_grad
from ..._core.numeric import finfo
from ..._core.tensor import Tensor
from ..._ops.creation import eye, zeros_like
from ..._ops.joining import cat
from ..._ops.matmul import mv, vdot
from ..._ops.qr import geqrf
from ..._ops.random import randn
from ..._ops.weight_norm import norm_except_dim
from ..._ops.weight_norm import weight_norm as scaled_to_norm
from ..._standin.missing import refuse_other_names as _refuse_other_names
from .. import functional as F
from ..modules.conv import _ConvTranspose
from ..modules.module import Module
from .parametrize import register_parametrization

# -- orthogonal -----------------------------------------------------------------------------------------------------


def _skew(x: Any) -> Any:
    """The skew matrix of the lower triangle of a tall one, as large as that is tall."""
    x = x.tril()
    n, k = x.shape[-2:]
    if n != k:
        x = cat([x, x.new_zeros(n, n - k).expand(*x.shape[:-2], -1, -1)], -1)
    return x - x.mH


def _by_exponential(x: Any) -> Any:
    q = linalg.matrix_exp(_skew(x))
    return q if x.size(-1) == x.size(-2) else q[..., : x.size(-1)]


def _by_cayley(x: Any) -> Any:
    a = _skew(x)
    one = eye(a.size(-1), dtype=a.dtype)
    q = linalg.solve(one.add(a, alpha=-0.5), one.add(a, alpha=0.5))
    return q if x.size(-1) == x.size(-2) else q[..., : x.size(-1)]


def _by_reflections(x: Any) -> Any:
    """Householder's: each column below the diagonal is a reflection; the diagonal holds signs."""
    a = x.tril(-1)
    q = linalg.householder_product(a, 2.0 / (1.0 + (a * a).sum(-2)))
    return q * x.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)


_MAPS: dict[str, Callable[[Any], Any]] = {
    "matrix_exp": _by_exponential,
    "cayley": _by_cayley,
    "householder": _by_reflections,
}


def _is_orthogonal(q: Any) -> bool:
    n, k = q.shape[-2:]
    return (q.mH @ q).allclose(eye(k, dtype=q.dtype), atol=10.0 * n * finfo(q.dtype).eps)


def _orthogonalized(a: Any) -> Any:
    """The factor Q of a QR decomposition whose R has a positive diagonal."""
    x, tau = geqrf(a)
    return linalg.householder_product(x, tau) * x.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)


class _Orthogonal(Module):
    """A tall matrix to one with orthonormal columns, a wide one to one with such rows.

    With a ``base`` the result is the base times the map (dynamic trivialization: Lezcano-Casado, 2019), so that any
    orthogonal matrix can be assigned: it becomes the base.
    """

    base: Any

    def __init__(self, weight: Any, orthogonal_map: str, use_trivialization: bool):
        super().__init__()
        if weight.is_complex() and orthogonal_map == "householder":
            raise ValueError("The householder parametrization does not support complex tensors.")
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        self.trivialized = use_trivialization
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X: Any) -> Any:
        wide = X.size(-2) < X.size(-1)
        q = _MAPS[self.orthogonal_map](X.mT if wide else X)
        if self.trivialized:
            q = self.base @ q
        return q.mT if wide else q

    @no_grad()
    def right_inverse(self, Q: Any) -> Any:
        if Q.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of shape {Q.shape}."
            )
        wide = Q.size(-2) < Q.size(-1)
        q = Q.mT if wide else Q
        if self.trivialized:
            self.base = self._base_for(q)
            start = zeros_like(Q)  # each map takes -1 on the diagonal to the columns of the identity
            start.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
            return start
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or the Cayley parametrizations when "
                "use_trivialization=False."
            )
        a, tau = geqrf(q)
        diagonal = a.diagonal(dim1=-2, dim2=-1)
        diagonal.sign_()
        diagonal[tau == 0.0] *= -1
        return a.mT if wide else a

    def _base_for(self, q: Any) -> Any:
        n, k = q.shape[-2:]
        if n != k:  # completed to a square one
            return _orthogonalized(cat([q, randn(*q.shape[:-2], n, n - k, dtype=q.dtype)], -1))
        return q.clone() if _is_orthogonal(q) else _orthogonalized(q)


def orthogonal(
    module: Module, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> Module:
    """Let a matrix of ``module`` (or a batch of them) be orthogonal: of orthonormal columns, or rows if it is wide.

    orthogonal_map: how it is computed: "matrix_exp", "cayley" or "householder"; by default the exponential for square
    and complex ones, and reflections for the rest. use_trivialization: relative to a matrix that can be assigned.

    ValueError for what is no tensor of the module, has fewer than two dimensions, or for another map.

    >>> import rushlight as torch
    >>> layer = torch.nn.utils.parametrizations.orthogonal(torch.nn.Linear(4, 2))
    >>> torch.dist(layer.weight @ layer.weight.T, torch.eye(2)).item() < 1e-5
    True
    """
    weight = _tensor_of(module, name)
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        square = weight.size(-2) == weight.size(-1)
        orthogonal_map = "matrix_exp" if square or weight.is_complex() else "householder"
    if orthogonal_map not in _MAPS:
        raise ValueError(
            f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}'
        )
    how = _Orthogonal(weight, orthogonal_map, use_trivialization)
    return register_parametrization(module, name, how, unsafe=True)


# -- weight norm ----------------------------------------------------------------------------------------------------


class _WeightNorm(Module):
    def __init__(self, dim: int | None = 0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return scaled_to_norm(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Any) -> Any:
        return norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Train the length and the direction of a weight apart (Salimans and Kingma, 2016): w = g v / ‖v‖.

    dim: each slice along it has a length of its own, in ``parametrizations.weight.original0``; None (or -1): one
    length for all. ``original1`` is v. States written with `torch.nn.utils.weight_norm` can be loaded.

    >>> import rushlight as torch
    >>> layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 2))
    >>> layer.parametrizations.weight.original0.shape
    torch.Size([2, 1])
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def rename(state_dict: Any, prefix: str, *rest: Any) -> None:
        old = [f"{prefix}{name}_g", f"{prefix}{name}_v"]
        if all(key in state_dict for key in old):
            for i, part in enumerate([state_dict.pop(key) for key in old]):
                state_dict[f"{prefix}parametrizations.{name}.original{i}"] = part

    module._register_load_state_dict_pre_hook(rename)
    return module


# -- spectral norm --------------------------------------------------------------------------------------------------


def rows_along(weight: Any, dim: int) -> Any:
    """A weight with ``dim`` in front."""
    return weight if dim == 0 else weight.permute(dim, *(d for d in range(weight.dim()) if d != dim))


def output_dim(module: Any) -> int:
    """Which dimension of a layer's weight is that of its outputs."""
    return 1 if isinstance(module, _ConvTranspose) else 0


class _SpectralNorm(Module):
    _u: Any
    _v: Any

    def __init__(self, weight: Any, n_power_iterations: int, dim: int, eps: float):
        super().__init__()
        ndim = weight.ndim
        if not -ndim <= dim < ndim:
            raise IndexError(f"Dimension out of range (expected to be in range of [-{ndim}, {ndim - 1}] but got {dim})")
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = dim % ndim
        self.eps = eps
        if ndim > 1:  # the norm of a vector needs no iterations
            self.n_power_iterations = n_power_iterations
            matrix = self._matrix(weight)
            for name, n in zip(("_u", "_v"), matrix.shape):
                self.register_buffer(name, F.normalize(matrix.new_empty(n).normal_(), dim=0, eps=eps))
            self._iterate(matrix, 15)

    def _matrix(self, weight: Any) -> Any:
        return rows_along(weight, self.dim).flatten(1)

    @no_grad()
    def _iterate(self, matrix: Any, n: int) -> None:
        """The power method towards the first singular vectors, in the memory of the buffers."""
        for _ in range(n):
            F.normalize(mv(matrix, self._v), dim=0, eps=self.eps, out=self._u)
            F.normalize(mv(matrix.mH, self._u), dim=0, eps=self.eps, out=self._v)

    def forward(self, weight: Any) -> Any:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self._matrix(weight)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        # Copies, so that the next iteration does not write over what the backward pass needs.
        u, v = self._u.clone(), self._v.clone()
        return weight / vdot(u, mv(matrix, v))

    def right_inverse(self, value: Any) -> Any:
        return value


def spectral_norm(
    module: Module, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> Module:
    """Divide a weight, as a matrix, by its largest singular value (Miyato et al., 2018).

    That is found by the power method, which goes on by n_power_iterations at each call in training, from where it
    was. dim: that of the outputs; by default 0, and 1 for transposed convolutions.

    ValueError for what is no tensor of the module, IndexError for a dimension that is not there.

    >>> import rushlight as torch
    >>> layer = torch.nn.utils.parametrizations.spectral_norm(torch.nn.Linear(3, 2))
    >>> round(torch.linalg.matrix_norm(layer.weight, 2).item(), 3)
    1.0
    """
    weight = _tensor_of(module, name)
    dim = output_dim(module) if dim is None else dim
    return register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))


def _tensor_of(module: Any, name: str) -> Any:
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    return weight


_refuse_other_names(globals())

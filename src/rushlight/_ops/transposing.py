"""Views with another order of dimensions."""

from __future__ import annotations

from typing import Any

from .._core.modes import PLAIN, state
from .._core.registry import METHODS, operation
from .._core.tensor import Tensor
from .._core.views import ViewPrimitive, alias_p
from .._core.where import warn_user
from .arguments import Ints, register_listed
from .dims import normalize_dim


def _transpose(x: Any, dim0: int, dim1: int) -> Any:
    return x.swapaxes(dim0, dim1) if x.ndim else x.view()


transpose_rules: Any = (_transpose, lambda g, dim0, dim1: transpose_p.bind(g, dim0=dim0, dim1=dim1))
t_rules: Any = (lambda x: x.T, lambda g: t_p.bind(g))
transpose_p = ViewPrimitive("Transpose", *transpose_rules)
t_p = ViewPrimitive("T", *t_rules)
permute_p = ViewPrimitive(
    "Permute",
    lambda x, dims: x.transpose(dims),
    lambda g, dims: permute_p.bind(g, dims=tuple([dims.index(d) for d in range(len(dims))])),
)


@operation(out=False)
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """``input`` with two dimensions exchanged.

    >>> import rushlight as torch
    >>> torch.transpose(torch.zeros(2, 3), 0, 1).shape
    torch.Size([3, 2])
    """
    ndim = input._data.ndim
    return transpose_p.bind(input, dim0=normalize_dim(dim0, ndim), dim1=normalize_dim(dim1, ndim))


@operation(out=False)
def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """`torch.transpose` by its NumPy name."""
    return transpose(input, axis0, axis1)


@operation(out=False)
def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """`torch.transpose` by another name."""
    return transpose(input, dim0, dim1)


def permute(input: Tensor, dims: Ints) -> Tensor:
    """``input`` with its dimensions in another order.

    >>> import rushlight as torch
    >>> torch.permute(torch.zeros(2, 3, 4), (2, 0, 1)).shape
    torch.Size([4, 2, 3])
    """
    ndim = input._data.ndim
    if len(dims) != ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {ndim} is not equal to len(dims) = {len(dims)}"
        )
    dims = tuple([normalize_dim(d, ndim) for d in dims])
    if len(set(dims)) != ndim:
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return permute_p.bind(input, dims=dims)


register_listed(permute, "dims")


@operation(aliases=("moveaxis",), out=False)
def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """The dimensions ``source`` (an int or several) moved to ``destination``; the others keep their order.

    >>> import rushlight as torch
    >>> torch.movedim(torch.zeros(2, 3, 4), 0, -1).shape
    torch.Size([3, 4, 2])
    """
    ndim = input._data.ndim
    given = [list(d) if isinstance(d, (tuple, list)) else [d] for d in (source, destination)]
    if len(given[0]) != len(given[1]):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({given[0]} dims) should contain the same number of "
            f"dims as destination ({given[1]} dims)"
        )
    from_, to = ([normalize_dim(d, ndim) for d in dims] for dims in given)
    for name, dims in (("source", from_), ("destination", to)):
        if len(set(dims)) != len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({dims})")
    if not ndim:
        return alias_p.bind(input)
    order = [d for d in range(ndim) if d not in from_]
    for target, d in sorted(zip(to, from_)):
        order.insert(target, d)
    return permute_p.bind(input, dims=tuple(order))


@operation(out=False)
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix; a vector or a number as it is.

    >>> import rushlight as torch
    >>> torch.t(torch.tensor([[1, 2], [3, 4]]))
    tensor([[1, 3],
            [2, 4]])
    """
    if input._data.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input._data.ndim}D")
    return t_p.bind(input)


def _reversed(self: Tensor) -> Tensor:
    """``x.T``: the dimensions in reverse order."""
    ndim = self._data.ndim
    if ndim == 0:
        warn_user("Tensor.T is deprecated on 0-D tensors. This function is the identity in these cases.")
    elif ndim != 2:
        warn_user(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will throw "
            "an error in a future release. Consider `x.mT` to transpose batches of matrices or "
            "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor."
        )
    return permute_p.bind(self, dims=tuple(range(ndim - 1, -1, -1)))


def _matrix_transpose(x: Tensor, name: str, advice: str) -> Tensor:
    ndim = x._data.ndim
    if ndim >= 2:
        return transpose_p.bind(x, dim0=ndim - 2, dim1=ndim - 1)
    if ndim == 1:
        raise RuntimeError(f"tensor.{name} is only supported on matrices or batches of matrices. Got 1-D tensor.")
    warn_user(f"Tensor.{name} is deprecated on 0-D tensors. {advice}")
    return x


def _adjoint(x: Tensor, name: str) -> Tensor:
    if state.mode == PLAIN and x._data.ndim == 2 and x._data.dtype.kind != "c":
        return t_p.bind(x)  # what backward passes of products do
    out = _matrix_transpose(x, name, "Consider using x.conj().")
    return out.conj() if x._data.dtype.kind == "c" else out


@operation(out=False)
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of a matrix, or of each matrix in a batch.

    >>> import rushlight as torch
    >>> torch.adjoint(torch.zeros(5, 2, 3)).shape
    torch.Size([5, 3, 2])
    """
    return _adjoint(input, "adjoint()")


def _hermitian(self: Tensor) -> Tensor:
    """``x.H``: the conjugate transpose of a matrix."""
    ndim = self._data.ndim
    if ndim not in (0, 2):
        more = " For batches of matrices, consider using tensor.mH" if ndim > 2 else ""
        raise RuntimeError(f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor.{more}")
    return _adjoint(self, "H")


def _transposed_matrices(self: Tensor) -> Tensor:
    """``x.mT``: the last two dimensions exchanged."""
    return _matrix_transpose(self, "mT", "This function is the identity in these cases.")


def _adjoint_matrices(self: Tensor) -> Tensor:
    """``x.mH``: the last two dimensions exchanged, of the conjugate."""
    return _adjoint(self, "mH")


METHODS.update(
    T=property(_reversed),
    mT=property(_transposed_matrices),
    mH=property(_adjoint_matrices),
    H=property(_hermitian),
)

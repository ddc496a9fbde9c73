"""A function of the user's as SciPy wants it: of a vector, with its exact derivatives."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import autograd
from .._core.autograd_methods import marked
from .._core.tensor import Tensor, wrap
from ..func import vmap
from ..func._jacobian import basis
from ..utils._pytree import tree_leaves
from . import _diagnosis
from ._variables import Variables, as_float64

# How many rows of a Jacobian or Hessian at once: intermediate results are there for each.
CHUNK = 256


class Differentiated:
    """A function of tensors, as one from vectors to vectors: values, Jacobians, and curvature (the Hessian of a sum of
    its components, each times a factor).

    What SciPy asks for at one point it asks for one after the other, so the last point is remembered with its recorded
    history. The function is called once for a point: gradient, Hessian and all products with it are backward passes.
    (Forward over reverse mode, jvp(grad(f)), would call it again for each product; by symmetry the product from the left
    is the one from the right.)
    """

    def __init__(
        self,
        function: Callable[..., Any],
        variables: Variables,
        args: tuple[Any, ...],
        title: str,
        *,
        recorded: bool,
        curved: bool,
        one: bool,
    ):
        self.function, self.variables, self.args, self.title = function, variables, args, title
        self.recorded = recorded  # whether derivatives will be asked for,
        self.curved = curved  # and second ones
        self.one = one  # the function to be minimised has one value; a constraint may have any number
        self.calls = self.jacobians = self.products = 0
        self.point: np.ndarray | None = None
        self.jacobian_found: np.ndarray | None = None
        self.gradient: tuple[Tensor, ...] | None = None

    def __call__(self, *leaves: Tensor) -> Tensor:
        self.calls += 1
        output = self.variables.call(self.function, leaves, self.args)
        parts = [self.checked(out) for out in tree_leaves(output)]
        if self.one and (len(parts) != 1 or parts[0]._data.size != 1):
            shapes = ", ".join(str(list(p._data.shape)) for p in parts)
            raise ValueError(
                f"{self.name()} must return one number to be minimised, and returned a tensor of shape {shapes}\n"
                "Reduce it: .sum(), .mean(), or .square().sum() for residuals."
            )
        if not parts:
            raise ValueError(f"{self.name()} returned nothing")
        from .. import cat

        return parts[0].reshape(()) if self.one else cat([p.reshape(-1) for p in parts])

    def checked(self, out: Any) -> Tensor:
        """A part of what the function returned."""
        if isinstance(out, Tensor):
            kind = out._data.dtype.kind
            if kind in "fV" or (kind in "iu" and not self.recorded):
                return out
            how = {
                "b": "Return a number that tells how far: x - 1, not x > 1.",
                "c": "Return a real one: its .abs(), or .real.",
            }.get(kind, "Integers have no derivatives.")
            raise TypeError(f"{self.name()} returned a tensor of {out.dtype}\n{how}")
        if isinstance(out, (numbers.Real, np.ndarray)) and not isinstance(out, bool):
            if not self.recorded:
                return wrap(np.asarray(out, dtype=np.float64))
            raise TypeError(
                f"{self.name()} returned {type(out).__name__}, which has no derivative; return a tensor\n"
                ".item(), float() and NumPy cut the history. Compute in tensor operations all the way, or use a method "
                "without gradients: Nelder-Mead, Powell, COBYLA, COBYQA."
            )
        raise TypeError(f"{self.name()} returned {type(out).__name__}, not a tensor")

    def name(self) -> str:
        """``f`` or what it stands for, and where the user defined it."""
        code = getattr(getattr(self.function, "__func__", self.function), "__code__", None)
        return self.title if code is None else f"{self.title} ({code.co_filename}:{code.co_firstlineno})"

    # -- the value and the first derivative ------------------------------------------------------------------------

    def values(self, x: np.ndarray) -> np.ndarray:
        """All components at ``x``."""
        if self.point is None or not np.array_equal(x, self.point):
            first = self.point is None
            self.leaves = self.variables.split(x)
            for leaf in self.leaves if self.recorded else ():
                marked(leaf)
            self.output = self(*self.leaves)
            self.found = as_float64(self.output).reshape(-1)
            self.jacobian_found = self.gradient = None
            self.point = x.copy()
            if first:
                _diagnosis.check_start(self)
        return self.found

    def jacobian(self, x: np.ndarray) -> np.ndarray:
        """The derivative of each component (rows) by each variable."""
        self.values(x)
        if self.jacobian_found is None:
            first = not self.jacobians
            self.jacobians += 1
            if self.one:
                rows: Sequence[Tensor] = [g.unsqueeze(0) for g in self.gradient_with(np.ones(()))]
            else:
                rows = self.pulled_back((self.output,), (self.output,))
            self.jacobian_found = self.matrix(rows, self.found.size)
            if first:
                _diagnosis.check_first_jacobian(self)
        return self.jacobian_found

    def gradient_with(self, factors: np.ndarray) -> tuple[Tensor, ...]:
        """The gradient of ``factors @ values``, at the point of these; recorded where second derivatives are wanted."""
        if self.gradient is None or not np.array_equal(factors, self.factors):
            self.factors = np.copy(factors)
            cotangent = wrap(np.asarray(factors).astype(self.output._data.dtype))
            self.gradient = pull_back((self.output,), self.leaves, (cotangent,), create_graph=self.curved)
        return self.gradient

    # -- second derivatives ----------------------------------------------------------------------------------------

    def product(self, x: np.ndarray, p: np.ndarray, factors: np.ndarray) -> np.ndarray:
        """The Hessian of ``factors @ values`` at ``x``, times ``p``."""
        self.values(x)
        self.products += 1
        gradient = self.gradient_with(factors)
        return self.variables.join(pull_back(gradient, self.leaves, tuple(self.variables.split(np.ravel(p)))))

    def hessian(self, x: np.ndarray) -> np.ndarray:
        """The matrix of second derivatives of the only component."""
        self.values(x)
        self.products += 1
        matrix = self.matrix(self.pulled_back(self.gradient_with(np.ones(())), self.leaves), self.variables.size)
        # Equal up to rounding; SciPy factorises it and reads one half.
        return (matrix + matrix.T) / 2

    def pulled_back(self, outputs: Sequence[Tensor], like: Sequence[Tensor]) -> Sequence[Tensor]:
        """The cotangents of the leaves for each cotangent of ``outputs`` that has a one in one place and zeros else."""
        (unit,) = basis(list(like))
        if not unit[0]._data.shape[0]:
            return []
        return vmap(lambda *g: pull_back(outputs, self.leaves, g), chunk_size=CHUNK)(*unit)

    def matrix(self, blocks: Sequence[Tensor], rows: int) -> np.ndarray:
        """The matrix whose columns are the elements of all variables."""
        if not rows:
            return np.zeros((0, self.variables.size))
        return np.concatenate([as_float64(b).reshape(rows, -1) for b in blocks], axis=1)


def pull_back(
    outputs: Sequence[Tensor], leaves: Sequence[Tensor], cotangents: Sequence[Tensor], create_graph: bool = False
) -> tuple[Tensor, ...]:
    """The cotangents of ``leaves`` for those of ``outputs``; may be called again."""
    pairs = [(out, g) for out, g in zip(outputs, cotangents) if out.requires_grad]
    if not pairs:  # what is linear has a gradient without history
        return tuple([leaf.new_zeros(leaf._data.shape) for leaf in leaves])
    outs, given = zip(*pairs)
    return autograd.grad(outs, leaves, given, retain_graph=True, create_graph=create_graph, materialize_grads=True)

"""Whether gradients are right: compared with central differences, which know nothing of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .._core.tensor import Tensor, wrap
from .._core.where import warn_user
from . import _jacobians as jacobians
from ._diagnosis import Mismatch
from ._differentiate import grad
from .function import FunctionNode

Tensors = tuple[Any, ...]


class GradcheckError(RuntimeError):
    """What `gradcheck` and `gradgradcheck` raise where a gradient is wrong."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compare the gradients of ``func`` at ``inputs`` with central differences, for each input that requires grad.

    Use float64 or complex128. eps: half the distance of the differences. atol, rtol: how far apart an entry of the
    two Jacobians may be. raise_exception: raise GradcheckError, which says what is probably wrong, or return False.
    nondet_tol: how far apart two backward passes may be. check_undefined_grad: custom functions must turn absent or
    zero gradients into absent or zero ones. check_grad_dtypes: gradients must have their inputs' dtypes.
    check_forward_ad, check_backward_ad: which modes to check. check_batched_grad, check_batched_forward_grad: under
    vmap they must give what a loop gives. fast_mode: compare one random projection instead of every entry. masked:
    for sparse inputs, of which there are none.

    >>> import rushlight as torch
    >>> x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradcheck(lambda x: x * x, (x,))
    True
    """
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise AssertionError("Setting check_batched_grad=True requires check_backward_ad to be True")
    if check_batched_forward_grad and not check_forward_ad:
        raise AssertionError("Setting check_batched_forward_grad=True requires check_forward_ad to be True")
    if masked not in (None, True, False):
        raise TypeError(f"masked must be a bool or None, not {type(masked).__name__}")
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    _check_inputs(inputs)
    check = Check(func, inputs, eps, atol, rtol)
    try:
        if check_backward_ad:
            if fast_mode:
                check.fast(nondet_tol)
            else:
                check.backward(nondet_tol)
            if check_grad_dtypes:
                check.dtypes()
            if check_batched_grad:
                check.batched(check.pulled)
            if check_undefined_grad:
                check.undefined()
        if check_forward_ad:
            check.forward()
        if check_batched_forward_grad:
            check.batched(check.pushed)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _check_inputs(inputs: Tensors) -> None:
    found = False
    for i, t in jacobians.differentiable(inputs):
        found = True
        if t._data.dtype not in (np.float64, np.complex128):
            warn_user(
                f"Input #{i} requires gradient and is not a double precision floating point or complex. This check "
                "will likely fail if all the inputs are not of double precision floating point or complex. "
            )
        if t._data.size and any(stride == 0 and size > 1 for stride, size in zip(t._data.strides, t._data.shape)):
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs that are "
                "non-overlapping to be able to compute the numerical gradients correctly. You should call "
                ".contiguous on the input before passing it to gradcheck."
            )
    if not found:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
        )


class Check:
    """One function at one point, with what is wanted of it."""

    def __init__(self, func: Callable[..., Any], inputs: Tensors, eps: float, atol: float, rtol: float):
        self.func, self.inputs = func, inputs
        self.eps, self.atol, self.rtol = eps, atol, rtol
        results = jacobians.as_results(func(*inputs))
        self.results = results
        self.which = tuple([i for i, out in enumerate(results) if out.requires_grad])
        self.outputs = tuple([results[i] for i in self.which])
        self.wanted = tuple(jacobians.differentiable(inputs))

    def numerical(self, t: Tensor) -> list[dict[str, np.ndarray]]:
        return jacobians.numerical(self.func, self.inputs, t, self.outputs, self.which, self.eps)

    def close(self, analytical: Any, numerical: Any) -> bool:
        return bool((np.abs(analytical - numerical) <= self.atol + self.rtol * np.abs(numerical)).all())

    def backward(self, nondet_tol: float) -> None:
        """Compare the whole Jacobians, and two backward passes with each other."""
        if not self.outputs:
            self.constant()
            return
        tensors = tuple([t for _, t in self.wanted])
        numerical = [self.numerical(t) for t in tensors]
        for number, out in enumerate(self.outputs):
            for part in jacobians.parts_of(out):
                found = jacobians.analytical(out, tensors, part)
                for (i, t), matrix, expected in zip(self.wanted, found, numerical):
                    if not self.close(matrix, expected[number][part]):
                        self.fail(number, i, t, part, expected[number][part], matrix)
                again = jacobians.analytical(out, tensors, part)
                if not all((np.abs(a - b) <= nondet_tol).all() for a, b in zip(found, again)):
                    self.not_reentrant(nondet_tol)

    def forward(self) -> None:
        """Compare forward mode with differences."""
        if not self.outputs:
            return
        for i, t in self.wanted:
            found = jacobians.forward_columns(self.func, self.inputs, i, self.outputs, self.which)
            for number, (matrices, expected) in enumerate(zip(found, self.numerical(t))):
                for part, matrix in matrices.items():
                    if not self.close(matrix, expected[part]):
                        self.fail(number, i, t, part, expected[part], matrix)

    def fast(self, nondet_tol: float) -> None:
        """Compare one random projection of each Jacobian."""
        if not self.outputs:
            self.constant()
            return
        rng = np.random.default_rng(0)
        tensors = tuple([t for _, t in self.wanted])
        us = [jacobians.directions(t, rng) for t in tensors]
        moved = [jacobians.along(self.func, self.inputs, t, u, self.which, self.eps) for t, u in zip(tensors, us)]
        for number, out in enumerate(self.outputs):
            v = jacobians.directions(out, rng)
            cotangent = wrap(v.astype(out._data.dtype))
            grads, again = (grad(out, tensors, cotangent, retain_graph=True, allow_unused=True) for _ in range(2))
            for (i, _), u, ends, g, h in zip(self.wanted, us, moved, grads, again):
                expected = np.vdot(v.reshape(-1), ends[number]).real
                got = 0.0 if g is None else np.vdot(jacobians.wide(g._data), u).real
                # Each entry may be off by atol, and they are summed with these weights.
                weight = np.abs(u).sum() * np.abs(v).sum()
                if not abs(got - expected) <= self.atol * max(weight, 1.0) + self.rtol * abs(expected):
                    self.fail_fast(number, i, expected, got)
                if g is not None and not (np.abs(g._data - h._data) <= nondet_tol).all():
                    self.not_reentrant(nondet_tol)

    def constant(self) -> None:
        """No result requires grad: then none may depend on an input."""
        which = tuple([i for i, out in enumerate(self.results) if out._data.dtype.kind in "fc"])
        outputs = tuple([self.results[i] for i in which])
        for _, t in self.wanted:
            for matrices in jacobians.numerical(self.func, self.inputs, t, outputs, which, self.eps):
                if any(matrix.any() for matrix in matrices.values()):
                    raise GradcheckError(
                        "Numerical gradient for function expected to be zero\n"
                        "No result requires grad, but they change with an input: the history is cut on the way "
                        "(.detach(), .data, .item(), no_grad, a NumPy function)."
                    )

    def dtypes(self) -> None:
        for out in self.outputs:
            grads = grad(
                out, [t for _, t in self.wanted], jacobians.wrap(np.ones_like(out._data)), True, allow_unused=True
            )
            for (i, t), g in zip(self.wanted, grads):
                if g is not None and g.dtype != t.dtype:
                    raise GradcheckError(f"The gradient of input {i}, which is {t.dtype}, has dtype {g.dtype}")

    def undefined(self) -> None:
        """Gradients that are absent or zero must stay so; custom functions are asked with absent ones too."""
        tensors = [t for _, t in self.wanted]
        zeros = [wrap(np.zeros_like(out._data)) for out in self.outputs]
        rounds = [grad(self.outputs, tensors, zeros, retain_graph=True, allow_unused=True)] if zeros else []
        nodes = [node for node in {out.grad_fn for out in self.outputs} if isinstance(node, FunctionNode)]
        rounds += [node.pullback(None if node.outputs == 1 else (None,) * node.outputs) for node in nodes]
        if any(g is not None and g._data.any() for grads in rounds for g in grads):
            raise GradcheckError(
                "Expected all input grads to be undefined or zero when all output grads are undefined or zero. Please "
                'look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"\n'
                "A backward must return None or zeros where the gradients it is given are None or zeros."
            )

    def pulled(self) -> Iterator[tuple[int, int, Callable[..., Any], Any]]:
        """For each result and input: the product with a cotangent, and two cotangents to try it with."""
        for number, out in enumerate(self.outputs):
            for i, t in self.wanted:

                def product(g: Any, out: Any = out, t: Any = t) -> Any:
                    (found,) = grad(out, t, g, retain_graph=True, allow_unused=True)
                    return t.new_zeros(t.shape) if found is None else found

                yield self.which[number], i, product, _two_like(out)

    def pushed(self) -> Iterator[tuple[int, int, Callable[..., Any], Any]]:
        """The same with tangents."""
        from ..func import jvp

        for which in self.which:
            for i, t in self.wanted:

                def product(tangent: Any, which: int = which, i: int = i, t: Any = t) -> Any:
                    def result(moved: Any) -> Any:
                        return jacobians.as_results(self.func(*self.inputs[:i], moved, *self.inputs[i + 1 :]))[which]

                    return jvp(result, (t.detach(),), (tangent,))[1]

                yield which, i, product, _two_like(t)

    def batched(self, products: Callable[[], Iterator[tuple[int, int, Callable[..., Any], Any]]]) -> None:
        """Compare products under vmap with those of a loop."""
        from .. import stack, vmap

        for number, index, product, probes in products():
            expected = stack([product(probe) for probe in probes.unbind()])
            try:
                got = vmap(product)(probes)
            except RuntimeError as error:
                first = str(error).partition("\n")[0]
                raise GradcheckError(
                    f"While computing batched gradients, got: {first}\nThe rule must do without what depends on values "
                    "(.item(), a branch, a shape from data)."
                ) from error
            if not self.close(got.detach()._data, expected.detach()._data):
                raise GradcheckError(
                    f"For output {number} and input {index}:\n\nThe gradients under vmap are not those of a loop:\n"
                    f"{got}\n{expected}"
                )

    # -- failing --------------------------------------------------------------------------------------------------

    def fail(self, number: int, index: int, t: Tensor, part: str, numerical: Any, analytical: Any) -> None:
        raise GradcheckError(
            self.first_line(number, index, part) + str(self.mismatch(number, t, part, numerical, analytical))
        )

    def first_line(self, number: int, index: int, part: str) -> str:
        only = (
            f"While considering the {part} part of complex outputs only, "
            if jacobians.is_complex(self.outputs[number])
            else ""
        )
        return f"{only}Jacobian mismatch for output {self.which[number]} with respect to input {index},\n"

    def mismatch(self, number: int, t: Tensor, part: str, numerical: Any, analytical: Any) -> Mismatch:
        return Mismatch(
            numerical,
            analytical,
            self.func,
            self.inputs,
            t,
            self.outputs[number],
            self.which[number],
            part,
            eps=self.eps,
            atol=self.atol,
            rtol=self.rtol,
        )

    def fail_fast(self, number: int, index: int, expected: float, got: float) -> None:
        """A projection differs: find the entry that is to blame by comparing all of them."""
        t, out = self.inputs[index], self.outputs[number]
        for part in jacobians.parts_of(out):
            numerical = self.numerical(t)[number][part]
            (analytical,) = jacobians.analytical(out, (t,), part)
            if not self.close(analytical, numerical):
                self.fail(number, index, t, part, numerical, analytical)
        raise GradcheckError(
            f"{self.first_line(number, index, 'real')}numerical:{expected:.6g}\nanalytical:{got:.6g}\n"
            "for a random direction (fast mode), although each entry by itself is within the tolerances."
        )

    def not_reentrant(self, nondet_tol: float) -> None:
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives "
            "different values, although analytical gradient matches numerical gradient.The tolerance for "
            f"nondeterminism was {nondet_tol}.\n"
            "Does the rule draw random numbers, or keep state between calls? Where that is meant, set nondet_tol."
        )


def _two_like(t: Tensor) -> Tensor:
    """Two random tensors of the kind of ``t``, in one."""
    rng = np.random.default_rng(0)
    shape = (2, *t._data.shape)
    values = rng.uniform(-1, 1, shape)
    if jacobians.is_complex(t):
        values = values + 1j * rng.uniform(-1, 1, shape)
    return wrap(np.asarray(values, t._data.dtype))


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """`gradcheck` of the gradient: second derivatives, with respect to the inputs and to ``grad_outputs``.

    grad_outputs: the cotangents of the first backward pass; drawn at random where left out (laid out with gaps
    where gen_non_contig_grad_outputs). check_fwd_over_rev, check_rev_over_rev: differentiate the backward pass
    forward, backward. The other arguments are those of `gradcheck`.

    >>> import rushlight as torch
    >>> x = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    >>> torch.autograd.gradgradcheck(lambda x: x * x * x, (x,))
    True
    """
    if not (check_fwd_over_rev or check_rev_over_rev):
        raise AssertionError("Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True")
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    _check_inputs(inputs)
    outputs = _differentiable(func(*inputs))
    if grad_outputs is None:
        cotangents = tuple([_random_like(out, gen_non_contig_grad_outputs) for out in outputs])
    else:
        cotangents = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)
    n = len(inputs)
    wanted = [i for i, _ in jacobians.differentiable(inputs)]

    def gradient(*args: Any) -> Tensors:
        results = _differentiable(func(*args[:n]))
        found = grad(results, [args[i] for i in wanted], args[n:], create_graph=True, allow_unused=True)
        return tuple([g for g in found if g is not None])

    return gradcheck(
        gradient,
        (*inputs, *cotangents),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad,
        check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
        fast_mode=fast_mode,
        masked=masked,
    )


def _differentiable(value: Any) -> Tensors:
    return tuple([out for out in jacobians.as_results(value) if out.requires_grad])


def _random_like(out: Tensor, with_gaps: bool) -> Tensor:
    """A cotangent drawn uniformly from -1 to 1, by the default generator as PyTorch draws it."""
    from .. import empty

    t = empty(out.shape, dtype=out.dtype)
    if jacobians.is_complex(t):
        half = np.empty((*t._data.shape, 2), np.zeros((), t._data.dtype).real.dtype)
        drawn = wrap(half).uniform_(-1, 1)._data
        t._data[...] = drawn[..., 0] + 1j * drawn[..., 1]
    else:
        t.uniform_(-1, 1)
    if with_gaps and t._data.size > 1:
        gapped = np.empty((*t._data.shape[:-1], 2 * t._data.shape[-1]), t._data.dtype)[..., ::2]
        gapped[...] = t._data
        t = wrap(gapped)
    return t.requires_grad_()

"""Losses of probabilities and densities, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._core.dtypes import scalar_type_name
from .._core.families import promote
from .._core.levels import checked
from .._core.memory_order import as_operands
from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor
from .._core.where import warn_user
from .dims import raise_unsupported
from .loss import by_element, check_constant, loss_tangent, reduce_loss, reduced, reduction_of, share
from .matmul import kind_of


def _bce(input: Any, target: Any, weight: Any, *, reduction: str) -> Any:
    floor = input.dtype.type(-100)  # keeps the loss finite where a probability is 0
    loss = (target - 1) * np.maximum(np.log1p(-input), floor) - target * np.maximum(np.log(input), floor)
    return reduced(loss if weight is None else loss * weight, reduction)


def _bce_cotangent(g: Any, derivative: Any, weight: Any, reduction: str) -> Any:
    if weight is not None:
        derivative = derivative * weight
    return derivative * share(g, derivative._data.size, reduction)


def _bce_derivative(x: Any, y: Any) -> Any:
    return (x - y) / ((1 - x) * x).clamp(min=1e-12)


def _bce_target_derivative(x: Any) -> Any:
    return (-x).log1p().clamp(min=-100) - x.log().clamp(min=-100)


def _with_weight(derivative: Any, weight: Any) -> Any:
    return derivative if weight is None else derivative * weight


bce_p = Primitive(
    "BinaryCrossEntropy",
    _bce,
    inputs="input target weight",
    vjp=(
        lambda g, input, target, weight, reduction: _bce_cotangent(
            g, _bce_derivative(input, target), weight, reduction
        ),
        lambda g, input, weight, reduction: _bce_cotangent(g, _bce_target_derivative(input), weight, reduction),
        None,
    ),
    jvp=lambda input, target, weight, input_t, target_t, reduction: loss_tangent(
        reduction,
        (input_t, lambda: _with_weight(_bce_derivative(input, target), weight)),
        (target_t, lambda: _with_weight(_bce_target_derivative(input), weight)),
    ),
    broadcasts=True,
    widen=True,
)


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``-(t * log(p) + (1 - t) * log(1 - p))`` for probabilities p in [0, 1] and targets t in [0, 1].

    Logarithms are cut off at -100. weight: broadcast over the elements. Where there are logits, use
    `binary_cross_entropy_with_logits`, which loses no digits.

    >>> import rushlight as torch
    >>> torch.nn.functional.binary_cross_entropy(torch.tensor([0.5]), torch.tensor([1.0]))
    tensor(0.6931)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    if target._data.shape != input._data.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated. "
            "Please ensure they have the same size."
        )
    check_constant("binary_cross_entropy", weight=weight)
    if input._data.dtype.kind not in "fV":
        raise_unsupported(input, "binary_cross_entropy")
    for t in (target, weight):
        if t is not None and t._data.dtype != input._data.dtype:
            raise RuntimeError(f"Found dtype {kind_of(t)} but expected {kind_of(input)}")
    for name, t in (("input", input), ("target", target)):
        checked(_check_probabilities, t, name=name)
    return bce_p.bind(input, target, weight, reduction=reduction)


def _check_probabilities(x: Any, name: str) -> None:
    if x.size and not (x.min() >= 0 and x.max() <= 1):
        raise RuntimeError(f"all elements of {name} should be between 0 and 1")


def _check_variances(x: Any) -> None:
    if (x < 0).any():
        raise ValueError("var has negative entry/entries")


def _log_sigmoid(x: Any) -> Any:
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def _bce_logits(input: Any, target: Any, weight: Any, pos_weight: Any, *, reduction: str) -> Any:
    log_probability = _log_sigmoid(input)
    if pos_weight is not None:
        log_probability = ((pos_weight - 1) * target + 1) * log_probability
    loss = (1 - target) * input - log_probability
    return reduced(loss if weight is None else loss * weight, reduction)


def _bce_logits_derivative(x: Any, y: Any, weight: Any, pos_weight: Any) -> Any:
    if pos_weight is None:
        return _with_weight(x.sigmoid() - y, weight)
    positive = y * pos_weight
    return _with_weight((positive + 1 - y) * x.sigmoid() - positive, weight)


def _bce_logits_target_derivative(x: Any, weight: Any, pos_weight: Any) -> Any:
    if pos_weight is None:
        return _with_weight(-x, weight)
    # d/dt [(1 - t) x + (1 + (p - 1) t) log(1 + exp(-x))]
    return _with_weight((1 - pos_weight) * _log_sigmoid_tensor(x) - x, weight)


def _log_sigmoid_tensor(x: Any) -> Any:
    return x.clamp(max=0) - (-x.abs()).exp().log1p()


bce_logits_p = Primitive(
    "BinaryCrossEntropyWithLogits",
    _bce_logits,
    inputs="input target weight pos_weight",
    vjp=(
        lambda g, input, target, weight, pos_weight, reduction: by_element(
            g, _bce_logits_derivative(input, target, weight, pos_weight), reduction
        ),
        lambda g, input, weight, pos_weight, reduction: by_element(
            g, _bce_logits_target_derivative(input, weight, pos_weight), reduction
        ),
        None,
        None,
    ),
    jvp=lambda input, target, weight, pos_weight, input_t, target_t, reduction: loss_tangent(
        reduction,
        (input_t, lambda: _bce_logits_derivative(input, target, weight, pos_weight)),
        (target_t, lambda: _bce_logits_target_derivative(input, weight, pos_weight)),
    ),
    broadcasts=True,
    order=lambda result, arrays, params: as_operands(result, arrays[1:2]),  # the target's
    widen=True,
)


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """`binary_cross_entropy` of ``sigmoid(input)``, computed without overflow or cancellation.

    weight: broadcast over the elements; pos_weight: how much more a positive counts, broadcast too.

    >>> import rushlight as torch
    >>> torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor([-1000.0]), torch.tensor([1.0]))
    tensor(1000.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    if target._data.shape != input._data.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    check_constant("binary_cross_entropy_with_logits", weight=weight, pos_weight=pos_weight)
    operands, common = promote((input, target, weight, pos_weight))
    if target._data.dtype.kind not in "fVc":
        name = scalar_type_name(common)
        raise RuntimeError(f"result type {name} can't be cast to the desired output type {kind_of(target)}")
    return bce_logits_p.bind(*operands, reduction=reduction)


def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """The Kullback-Leibler divergence ``t * (log(t) - input)`` of log-probabilities ``input`` from ``target``.

    log_target: the target is given as logarithms too. reduction: also ``"batchmean"``, the sum divided by the
    size of the first dimension, which is the divergence as textbooks have it.

    >>> import rushlight as torch
    >>> p = torch.tensor([[0.5, 0.5]])
    >>> torch.nn.functional.kl_div(p.log(), p, reduction="batchmean")
    tensor(0.)
    """
    if reduction == "mean" and size_average is None and reduce is None:
        warn_user(
            "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides "
            "only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the "
            "same as 'batchmean' in the next major release.",
        )
    reduction = reduction_of(reduction, size_average, reduce, extra=("batchmean",))
    loss = target.exp() * (target - input) if log_target else target.xlogy(target) - target * input
    if reduction == "batchmean":
        total = loss.sum()
        return total / input._data.shape[0] if input._data.ndim else total
    return reduce_loss(loss, reduction)


def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The negative log-likelihood of counts under Poisson distributions of rate ``exp(input)``.

    log_input: False where ``input`` is the rate itself (``eps`` is added inside of its logarithm). full: add
    Stirling's approximation of the term that does not depend on the input.

    >>> import rushlight as torch
    >>> torch.nn.functional.poisson_nll_loss(torch.tensor([0.0]), torch.tensor([2.0]))
    tensor(1.)
    """
    reduction = reduction_of(reduction, size_average, reduce)
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * math.pi * target).log()
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduce_loss(loss, reduction)


def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Tensor:
    """The negative log-likelihood of ``target`` under normal distributions of mean ``input`` and variance ``var``.

    var: as ``input``, or with a last dimension of size one or none, or a number; it is kept above ``eps`` (without
    a gradient for that). full: add the constant ``log(2 * pi) / 2``. (Nix & Weigend 1994.)

    >>> import rushlight as torch
    >>> torch.nn.functional.gaussian_nll_loss(torch.zeros(2), torch.ones(2), torch.ones(2))
    tensor(0.5000)
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = input.new_ones(input.shape) * var
    elif not isinstance(var, Tensor):
        raise TypeError(f"var must be a tensor or a float, not {type(var).__name__}")
    else:
        checked(_check_variances, var)
    have, want = var._data.shape, input._data.shape
    if have != want:
        if want[:-1] == have:
            var = var.unsqueeze(-1)
        elif len(have) != len(want) or [y for x, y in zip(want, have) if x != y] != [1]:
            raise ValueError("var is of incorrect size")
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"{reduction} is not valid")
    # Raised to eps as a constant is added: the gradient passes.
    var = var + (var.detach().clamp(min=eps) - var.detach())
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return reduce_loss(loss, reduction)


for _function in (
    binary_cross_entropy, binary_cross_entropy_with_logits, kl_div, poisson_nll_loss, gaussian_nll_loss,
):  # fmt: skip
    register(_function, namespace="torch.nn.functional", method=False, out=False)

"""The loss of connectionist temporal classification (Graves et al. 2006)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._core.primitive import Primitive
from .._core.registry import register
from .._core.tensor import Tensor, wrap
from .dims import raise_unsupported
from .loss import reduction_of
from .publish import no_derivative
from .selection import where

# -- forward and backward variables -------------------------------------------------------------------------------
#
# States of a path through time: blank, first label, blank, second label, ..., blank. The recursions run over time for
# all sequences and states at once, in logarithms: rescaled probabilities would lose paths that are improbable at first
# and the only ones that fit in the end.


class _Paths:
    """The states of all sequences, (n, states), shorter ones filled up with states that are never reached."""

    def __init__(self, targets: Any, target_lengths: Any, blank: int):
        n = len(target_lengths)
        longest = target_lengths.max(initial=0)
        self.lengths = target_lengths
        self.labels = np.full((n, 2 * longest + 1), blank, np.int64)
        first = 0
        for i, length in enumerate(target_lengths):
            row = targets[i, :length] if targets.ndim == 2 else targets[first : first + length]
            self.labels[i, 1 : 2 * length : 2] = row
            first += length
        # Between two labels that differ the blank may be left out.
        self.skips = np.zeros(self.labels.shape, bool)
        self.skips[:, 3::2] = self.labels[:, 3::2] != self.labels[:, 1:-2:2]

    def emitted(self, log_probs: Any) -> Any:
        """The log-probability of each state's label at each time: (time, n, states)."""
        classes = log_probs.shape[2]
        if self.labels.min(initial=0) < 0 or self.labels.max(initial=0) >= classes:
            # PyTorch reads past the end of the array here.
            raise IndexError(f"ctc_loss: targets must be from 0 to {classes - 1}, the labels of log_probs")
        return np.take_along_axis(log_probs, self.labels[None], 2)


def _log_sum(*terms: Any) -> Any:
    """The logarithm of a sum of exponentials; minus infinity where all are."""
    largest = np.maximum.reduce(terms)
    largest[np.isneginf(largest)] = 0
    total = np.exp(terms[0] - largest)
    for term in terms[1:]:
        total += np.exp(term - largest)
    return np.log(total) + largest


def _shifted(x: Any, by: int) -> Any:
    """The values of the state that comes ``by`` states before."""
    out = np.full_like(x, -np.inf)
    if by < x.shape[1]:
        out[:, by:] = x[:, :-by]
    return out


def _forward_variables(paths: _Paths, emitted: Any) -> Any:
    """The logarithms of the probabilities to be in each state at each time, and to have emitted what led there."""
    out = np.full_like(emitted, -np.inf)
    if len(out):
        out[0, :, :2] = emitted[0, :, :2]
        out[0, paths.lengths == 0, 1:] = -np.inf
    for t in range(1, len(out)):
        before = out[t - 1]
        skipped = np.where(paths.skips, _shifted(before, 2), -np.inf)
        out[t] = _log_sum(before, _shifted(before, 1), skipped) + emitted[t]
    return out


def _backward_variables(paths: _Paths, emitted: Any, input_lengths: Any) -> Any:
    """The same from the ends: paths go on from each state to one of the last two."""
    out = np.full_like(emitted, -np.inf)
    n, states = paths.labels.shape
    rows, last = np.arange(n), 2 * paths.lengths
    ends = np.full((n, states), -np.inf, emitted.dtype)
    ends[rows, last] = 0
    ends[rows, np.maximum(last - 1, 0)] = 0
    skips = paths.skips[:, ::-1]
    after = np.full((n, states), -np.inf, emitted.dtype)
    for t in range(len(out) - 1, -1, -1):
        # To go back is to go forward through the states in reverse order.
        turned = after[:, ::-1]
        skipped = _shifted(np.where(skips, turned, -np.inf), 2)
        here = _log_sum(turned, _shifted(turned, 1), skipped)[:, ::-1]
        here = np.where((input_lengths == t + 1)[:, None], ends, here) + emitted[t]
        out[t] = after = here
    return out


def _losses(log_alpha: Any, paths: _Paths, times: Any) -> Any:
    """Minus the logarithm of the probability that each sequence has ended in one of its last two states."""
    rows, last = np.arange(len(paths.lengths)), 2 * paths.lengths
    if not len(log_alpha):
        return np.where(paths.lengths == 0, 0, np.inf).astype(log_alpha.dtype)
    at_end = log_alpha[times - 1, rows]
    label = np.where(paths.lengths > 0, at_end[rows, np.maximum(last - 1, 0)], -np.inf)
    out = -_log_sum(at_end[rows, last], label)
    # Without any time only the empty target can be emitted.
    return np.where(times > 0, out, np.where(paths.lengths == 0, 0, np.inf)).astype(log_alpha.dtype)


def _ctc(
    log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, *, blank: int, zero_infinity: bool
) -> tuple[Any, Any]:
    _check_lengths(log_probs, targets, input_lengths, target_lengths)
    paths = _Paths(targets, target_lengths, blank)
    with np.errstate(all="ignore"):
        log_alpha = _forward_variables(paths, paths.emitted(log_probs))
        return _losses(log_alpha, paths, input_lengths), log_alpha


def _ctc_backward(
    g: Any, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any, log_alpha: Any, losses: Any,
    *, blank: int, zero_infinity: bool,
) -> Any:  # fmt: skip
    """The cotangent of ``log_probs``, as if they came from a softmax: its own derivative is part of it."""
    paths = _Paths(targets, target_lengths, blank)
    times, n, classes = log_probs.shape
    out = np.empty_like(log_probs)
    with np.errstate(all="ignore"):
        emitted = paths.emitted(log_probs)
        log_beta = _backward_variables(paths, emitted, input_lengths)
        # How probable each state is at each time, given the target.
        posterior = np.exp(log_alpha + log_beta + losses[:, None] - emitted)
        posterior[np.isneginf(log_alpha) & np.isfinite(losses)[:, None]] = 0
        first = np.arange(times)[:, None] * classes
        for i in range(n):
            if np.isinf(losses[i]):
                out[:, i] = 0
                out[: input_lengths[i], i] = 0 if zero_infinity else np.nan
                continue
            places = (first + paths.labels[i]).reshape(-1)
            counted = np.bincount(places, posterior[:, i].reshape(-1), times * classes).reshape(times, classes)
            out[:, i] = (np.exp(log_probs[:, i]) - counted) * g[i]
            out[input_lengths[i] :, i] = 0
    return out


ctc_p = Primitive(
    "CtcLoss",
    _ctc,
    inputs="log_probs targets input_lengths target_lengths",
    vjp=(
        lambda g, log_probs, targets, input_lengths, target_lengths, result, blank, zero_infinity: (
            ctc_backward_p.bind(
                g, log_probs, targets, input_lengths, target_lengths, result[1].detach(), result[0].detach(),
                blank=blank, zero_infinity=zero_infinity,
            )
        ),
        None,
        None,
        None,
    ),
    jvp=lambda log_probs, targets, input_lengths, target_lengths, log_probs_t, result, blank, zero_infinity: (
        (
            ctc_backward_p.bind(
                result[0].new_ones(result[0]._data.shape), log_probs, targets, input_lengths, target_lengths,
                result[1].detach(), result[0].detach(), blank=blank, zero_infinity=zero_infinity,
            )
            * log_probs_t
        ).sum((0, 2)),
        None,
    ),
    outputs=2,
    constant=(1,),
)  # fmt: skip
_undifferentiated = no_derivative(
    "_ctc_loss_backward", "PyTorch has no second derivative of this loss either: use it without create_graph=True."
)
ctc_backward_p = Primitive(
    "CtcLossBackward",
    _ctc_backward,
    inputs="g log_probs targets input_lengths target_lengths log_alpha losses",
    vjp=(_undifferentiated, _undifferentiated, None, None, None, None, None),
)


# -- public -------------------------------------------------------------------------------------------------------


def _lengths(value: Any, name: str) -> Tensor:
    """Lengths as a tensor of int64."""
    if not isinstance(value, Tensor):
        return wrap(np.array([int(v) for v in value], np.int64))
    if value._data.dtype.kind not in "iu":
        raise RuntimeError(f"{name} must be integral")
    return value.reshape(-1).long()


_WHERE = "(while checking arguments for ctc_loss_allocate_outputs)"


def _check(x: Any, y: Any, lengths: tuple[Any, Any], blank: int) -> None:
    if x.ndim != 3:
        raise RuntimeError(
            f"Expected 3-dimensional tensor, but got {x.ndim}-dimensional tensor for argument #1 'log_probs' {_WHERE}"
        )
    if not 1 <= y.ndim <= 2:
        raise RuntimeError(
            f"Expected 1 to 2 dimensions, but got {y.ndim}-dimensional tensor for argument #2 'targets' {_WHERE}"
        )
    if not 0 <= blank < x.shape[2]:
        raise RuntimeError("blank must be in label range")
    for given, name in zip(lengths, ("input_lengths", "target_lengths")):
        if given.shape[0] != x.shape[1]:
            raise RuntimeError(f"{name} must be of size batch_size")
    if y.ndim == 2 and y.shape[0] != x.shape[1]:
        raise RuntimeError(
            f"Expected tensor to have size {x.shape[1]} at dimension 0, but got size {y.shape[0]} for argument #2 "
            f"'targets' {_WHERE}"
        )


def _check_lengths(x: Any, y: Any, input_lengths: Any, target_lengths: Any) -> None:
    """What depends on the values of lengths, which only the operation itself can see."""
    for lengths, name in ((input_lengths, "input_lengths"), (target_lengths, "target_lengths")):
        if lengths.min(initial=0) < 0:
            negative = lengths[lengths < 0][0]
            raise RuntimeError(f"Expected {name} to have value at least 0, but got value {negative} {_WHERE}")
    if input_lengths.max(initial=0) > len(x):
        longer = input_lengths[input_lengths > len(x)][0]
        raise RuntimeError(f"Expected input_lengths to have value at most {len(x)}, but got value {longer} {_WHERE}")
    if y.ndim == 2:
        if y.shape[1] < target_lengths.max(initial=0):
            raise RuntimeError(
                f"Expected tensor to have size at least {target_lengths.max()} at dimension 1, but got size {y.shape[1]} "
                f"for argument #2 'targets' {_WHERE}"
            )
    elif y.shape[0] != target_lengths.sum():
        raise RuntimeError(
            f"Expected tensor to have size {target_lengths.sum()} at dimension 0, but got size {y.shape[0]} for argument "
            f"#2 'targets' {_WHERE}"
        )


def _ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: int, reduction: str,
    zero_infinity: bool,
) -> Tensor:  # fmt: skip
    if isinstance(input_lengths, Tensor) != isinstance(target_lengths, Tensor):
        raise TypeError(
            "ctc_loss() received an invalid combination of arguments: input_lengths and target_lengths must both be "
            "tensors, or both tuples of ints"
        )
    heard, spelled = _lengths(input_lengths, "input_lengths"), _lengths(target_lengths, "target_lengths")
    single = log_probs._data.ndim != 3
    if single:
        log_probs, targets = log_probs.unsqueeze(1), targets.unsqueeze(0)
    x, y = log_probs._data, targets._data
    if x.dtype.kind != "f" or x.dtype.itemsize < 4:
        raise_unsupported(log_probs, "ctc_loss_cpu")
    if not x.size:
        raise RuntimeError("log_probs tensor must not be empty")
    _check(x, y, (heard._data, spelled._data), blank)
    # PyTorch takes labels of any dtype.
    targets = targets.detach() if y.dtype == np.int64 else targets.detach().long()
    losses, _ = ctc_p.bind(log_probs, targets, heard, spelled, blank=blank, zero_infinity=bool(zero_infinity))
    if zero_infinity:
        losses = where(losses == float("inf"), 0, losses)
    if reduction == "mean":
        return (losses / spelled.clamp(min=1).to(losses.dtype)).mean()
    if reduction == "sum":
        return losses.sum()
    return losses.squeeze(0) if single else losses


def ctc_loss(
    log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: int = 0,
    reduction: str = "mean", zero_infinity: bool = False,
) -> Tensor:  # fmt: skip
    """Minus the log-probability of each target, over all ways in which the input can spell it.

    log_probs (T, N, C), or (T, C) for one sequence: log-probabilities of labels at each time. targets (N, S), or all
    of them in a row: labels without blanks. input_lengths, target_lengths: of each sequence, tensors or tuples.
    reduction: ``"mean"`` divides by the targets' lengths first. zero_infinity: targets that no path can spell count
    nothing. The gradient is that of log-probabilities which come from a softmax, as in PyTorch. RuntimeError for shapes
    that do not fit, IndexError for a label that there is not.

    >>> import rushlight as torch
    >>> log_probs = torch.zeros(2, 1, 3).log_softmax(-1)
    >>> torch.nn.functional.ctc_loss(log_probs, torch.tensor([[1]]), (2,), (1,))
    tensor(1.0986)
    """
    reduction = reduction_of(reduction, None, None)
    return _ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity)


def _numbered(
    log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: int = 0, reduction: int = 1,
    zero_infinity: bool = False,
) -> Tensor:  # fmt: skip
    """`torch.nn.functional.ctc_loss` with its reduction as a number: 0 for none, 1 for the mean, 2 for the sum."""
    name = {1: "mean", 2: "sum"}.get(reduction, "none")
    return _ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, name, zero_infinity)


register(ctc_loss, namespace="torch.nn.functional", method=False, out=False)
register(_numbered, "ctc_loss", method=False, out=False)

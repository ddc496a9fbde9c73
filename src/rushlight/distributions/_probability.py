"""Parameters that are probabilities, or logits, of which one is given and the other follows."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Size, Tensor
from .distribution import Distribution
from .utils import lazy_property, logits_to_probs, probs_to_logits


def either(probs: Any, logits: Any) -> dict[str, Any]:
    """The one that is given, by its name. ValueError unless one is and the other is not."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")
    return {"probs": probs} if logits is None else {"logits": logits}


def of_trials(total_count: Any, probs: Any, logits: Any) -> dict[str, Any]:
    """How many trials, and of which probability: the number in the dtype of what is given of that."""
    given = either(probs, logits)
    ((_, of_trial),) = given.items()
    if isinstance(total_count, Tensor) and isinstance(of_trial, Tensor):
        total_count = total_count.to(of_trial.dtype)
    return {"total_count": total_count, **given}


class OfProbability(Distribution):
    """Distributions with ``probs`` or ``logits``: by default of success, where failure has the rest."""

    _is_binary = True

    @lazy_property
    def logits(self) -> Tensor:
        """The logarithms of the odds, or of the probabilities of categories."""
        return probs_to_logits(self.probs, is_binary=self._is_binary)

    @lazy_property
    def probs(self) -> Tensor:
        """The probabilities."""
        return logits_to_probs(self.logits, is_binary=self._is_binary)

    @property
    def _param(self) -> Tensor:
        return self.probs if "probs" in vars(self) else self.logits

    @property
    def param_shape(self) -> Size:
        """The shape of ``probs`` and ``logits``."""
        return self._param.shape

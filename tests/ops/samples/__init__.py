"""Sample inputs for every primitive, by its name; the derivative tests are generated from them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np


class Sample:
    """A call to differentiate: ``function`` of tensors made from ``inputs``.

    Floating-point arrays (float64) are differentiated, integer and bool arrays are passed on as they are.
    order: up to which order derivatives exist and are checked. complex: check with complex128 inputs too.
    """

    def __init__(
        self, function: Callable[..., Any], *inputs: np.ndarray, order: int = 2, complex: bool = False, label: str = ""
    ):
        self.function = function
        self.inputs = inputs
        self.order = order
        self.complex = complex
        self.label = label

    def __repr__(self) -> str:
        shapes = ",".join("x".join(map(str, i.shape)) or "0-d" for i in self.inputs)
        return f"{self.label or 'sample'}({shapes})"


def numbers(*shape: int, seed: int = 0, low: float = -2.0, high: float = 2.0) -> np.ndarray:
    """Distinct float64 numbers, uniform between ``low`` and ``high``, away from their edges."""
    rng = np.random.default_rng((seed, *shape))
    n = int(np.prod(shape))
    grid = (np.arange(n) + rng.uniform(0.2, 0.8, n)) / max(n, 1)
    return (low + (high - low) * rng.permutation(grid)).reshape(shape)


def collect() -> dict[str, list[Sample]]:
    """The samples of all families: primitive name -> samples."""
    found: dict[str, list[Sample]] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, samples in importlib.import_module(f"{__name__}.{module.name}").SAMPLES.items():
            found.setdefault(name, []).extend(samples)
    return found

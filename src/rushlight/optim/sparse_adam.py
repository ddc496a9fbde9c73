"""Adam for sparse gradients, which there are none of here."""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer


class SparseAdam(Optimizer):
    """Not supported: NotImplementedError, since no gradient is a sparse tensor."""

    def __init__(self, *args: Any, **kwargs: Any):
        raise NotImplementedError(
            "torch.optim.SparseAdam is for sparse gradients, and Rushlight's are dense: use torch.optim.Adam"
        )

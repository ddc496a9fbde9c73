"""`torch.random`: the state of the default generator."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from ._ops.random import get_rng_state as get_rng_state
from ._ops.random import initial_seed as initial_seed
from ._ops.random import manual_seed as manual_seed
from ._ops.random import seed as seed
from ._ops.random import set_rng_state as set_rng_state


@contextlib.contextmanager
def fork_rng(devices: Iterable[Any] | None = None, enabled: bool = True, device_type: str = "cpu") -> Iterator[None]:
    """Leave the default generator, after the block, in the state that it had before.

    >>> import rushlight as torch
    >>> _ = torch.manual_seed(0)
    >>> with torch.random.fork_rng():
    ...     _ = torch.rand(100)
    >>> torch.rand(1)
    tensor([0.4963])
    """
    if (devices is not None and list(devices)) or device_type not in ("cpu", "cuda"):
        raise NotImplementedError("fork_rng for other devices than the CPU is not supported")
    state = get_rng_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            set_rng_state(state)

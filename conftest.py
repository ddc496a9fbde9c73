"""Every test and doctest starts from the same state and must leave it as it found it.

This file stands at the root, not in tests/, because the doctests of src/rushlight are under the same rule.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest

import rushlight
from rushlight._core import modes


class Setting(NamedTuple):
    """A piece of state that outlives a test: what it is called, how it is read and how it is put back."""

    name: str
    read: Callable[[], Any]
    restore: Callable[[Any], object]


SETTINGS = [
    # All modes of the thread, whichever there are. Where recording was last switched off (`cut`) is a note
    # for error messages, and stays when recording is switched on again.
    *(
        Setting(f"{name} mode", partial(getattr, modes.state, name), partial(setattr, modes.state, name))
        for name in modes.State.__annotations__
        if name != "cut"
    ),
    Setting("default dtype", rushlight.get_default_dtype, rushlight.set_default_dtype),
    Setting("NumPy's errstate", np.geterr, lambda errstate: np.seterr(**errstate)),
]


@pytest.fixture(autouse=True)
def isolation() -> Iterator[None]:
    """Seed both random streams; afterwards fail a test that leaked state, and mend it for the next one."""
    rushlight.manual_seed(0)
    np.random.seed(0)
    before = [setting.read() for setting in SETTINGS]

    yield

    leaks = []
    for setting, value in zip(SETTINGS, before):
        if (now := setting.read()) != value:
            setting.restore(value)
            leaks.append(f"{setting.name} was {value} before the test and is {now} after it")
    if leaks:
        pytest.fail("; ".join(leaks), pytrace=False)

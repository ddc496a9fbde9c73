"""The BLAS that NumPy brings: where its functions are, and how many threads a product takes.

OpenBLAS shares products among threads that go on looking for work, for some milliseconds, after each. A product of
middling size gains some hundredths of a millisecond from a second thread (64 by 784 by 128: 0.03 of 0.11), and what
follows it pays: the other core is not free, and the operands lie in its cache. Outer products on two threads of ours
took twice their time after such a one. So products of middling size are made by one thread. What compiled code shares,
it shares itself (`_compile/pool.py`).

The number of OpenBLAS's threads belongs to the process, and to whoever set it: it is changed for the time of a call.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import os
import threading
from typing import Any

import numpy as np

# Multiplications from which on OpenBLAS takes several threads, and up to which one is as good.
SHARED_FROM, SHARED_WELL = 1 << 18, 7_000_000


@functools.cache
def _library() -> Any:
    """What the extension module of NumPy is linked with."""
    try:
        return ctypes.CDLL(importlib.import_module("numpy._core._multiarray_umath").__file__)
    except ImportError:  # NumPy moves its insides now and then
        return None


@functools.cache
def address(name: str) -> int | None:
    """Where a function of OpenBLAS with 64-bit integers is; None where NumPy has another BLAS.

    >>> address("no_such_function") is None
    True
    """
    try:
        return ctypes.cast(getattr(_library(), f"scipy_{name}64_"), ctypes.c_void_p).value
    except AttributeError:
        return None


class _OneThread:
    """A context in which OpenBLAS takes one thread for each product."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = 0
        self.before = 0
        setter, getter = address("openblas_set_num_threads"), address("openblas_get_num_threads")
        self.known = setter is not None and getter is not None
        if hasattr(os, "register_at_fork"):
            # A lock that another thread holds during a fork is never released in the child, where nobody is inside.
            os.register_at_fork(
                before=self.lock.acquire, after_in_parent=self.lock.release, after_in_child=self.begin_in_child
            )
        if setter is not None and getter is not None:
            self.set = ctypes.PYFUNCTYPE(None, ctypes.c_int)(setter)
            self.get = ctypes.PYFUNCTYPE(ctypes.c_int)(getter)

    def begin_in_child(self) -> None:
        if self.inside:
            self.inside = 0
            self.set(self.before)
        self.lock.release()

    def __enter__(self) -> None:
        if not self.known:
            return
        with self.lock:
            # Products of several Python threads overlap: the first finds the number, the last puts it back.
            if not self.inside:
                self.before = self.get()
                self.set(1)
            self.inside += 1

    def __exit__(self, *exc: object) -> None:
        if not self.known:
            return
        with self.lock:
            self.inside -= 1
            if not self.inside:
                self.set(self.before)


@functools.cache
def one_thread() -> _OneThread:
    """The context, made when it is first needed."""
    return _OneThread()


def dot(a: np.ndarray, b: np.ndarray) -> Any:
    """``a @ b`` of two matrices, with as many threads as it is worth."""
    if SHARED_FROM < a.size * b.shape[-1] < SHARED_WELL:
        with one_thread():
            return np.dot(a, b)
    return np.dot(a, b)

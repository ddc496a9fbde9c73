"""What a thread is doing: recording or not, in inference, inside which transform.

One ``threading.local`` holds it all, so that an operation pays for a single look-up. A ``ContextVar`` is
faster to read, but notebooks run each cell in a context of its own and would forget
``set_grad_enabled(False)`` from one cell to the next.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .where import Place, caller

if TYPE_CHECKING:
    from .recording import Watch

F = TypeVar("F", bound=Callable[..., Any])


# What the fast path of an operation must know, in one value:
GENERAL = 0  # a transform, inference mode or a watch is active: take the general way
PLAIN = 1  # nothing is recorded
CUT = 2  # nothing is recorded by the user's wish: results remember it, for error messages
RECORD = 3


class State(threading.local):
    """The modes of one thread.

    After a change, `update` must be called to bring ``mode`` in step.
    """

    mode: int
    grad: bool
    inference: bool
    interpreter: Any
    cut: Place | None  # where recording was switched off: errors name it
    place: Place | None  # the user's line on whose behalf writes happen (an optimizer's step)
    watch: Watch | None  # hooks on saved tensors, anomaly detection
    backward: Any  # the backward pass that is under way, the innermost
    differentiated: bool  # inside a function that `torch.func.grad`, `vjp`, ... differentiate

    def __init__(self) -> None:
        # Runs in each thread that looks; the values are in the thread's own __dict__ from then on.
        self.mode = RECORD
        self.grad = True
        self.inference = False
        self.interpreter = None
        self.cut = None
        self.place = None
        self.watch = None
        self.backward = None
        self.differentiated = False

    def update(self) -> None:
        modes = self.__dict__  # this thread's; fetched once, since each look-up costs as much as all the rest
        if modes["interpreter"] is not None or modes["watch"] is not None or modes["inference"]:
            modes["mode"] = GENERAL
        elif modes["grad"]:
            modes["mode"] = RECORD
        else:
            modes["mode"] = PLAIN if modes["cut"] is None else CUT

    def set_grad(self, grad: bool, cut: Place | None) -> None:
        modes = self.__dict__
        modes["grad"], modes["cut"] = grad, cut
        self.update()


state = State()


class ContextDecorator:
    """A context manager that also decorates functions and generators, entering anew at every call."""

    def __enter__(self) -> Any:
        raise NotImplementedError

    def __exit__(self, *exc: Any) -> None:
        raise NotImplementedError

    def clone(self) -> ContextDecorator:
        return self.__class__()

    def __call__(self, func: F) -> F:
        if inspect.isclass(func):
            raise TypeError(f"{type(self).__name__} decorates functions, not classes: decorate its methods")
        if inspect.isgeneratorfunction(func):

            @functools.wraps(func)
            def generator(*args: Any, **kwargs: Any) -> Any:
                # The mode must hold while the body runs, not while the consumer does.
                gen = func(*args, **kwargs)
                try:
                    with self.clone():
                        response = gen.send(None)
                    while True:
                        try:
                            request = yield response
                        except GeneratorExit:
                            with self.clone():
                                gen.close()
                            raise
                        except BaseException as exc:  # noqa: BLE001 - whatever was thrown in goes on inside
                            with self.clone():
                                response = gen.throw(exc)
                        else:
                            with self.clone():
                                response = gen.send(request)
                except StopIteration as stop:
                    return stop.value

            return generator  # type: ignore[return-value]

        @functools.wraps(func)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return func(*args, **kwargs)

        return wrapper  # type: ignore[return-value]


class no_grad(ContextDecorator):
    """Do not record what happens inside; usable as ``with`` block and as decorator.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    __slots__ = ("_previous",)

    def __new__(cls, orig_func: Any = None) -> Self:
        # Bare `@torch.no_grad` without parentheses is accepted as PyTorch accepts it.
        self = super().__new__(cls)
        return self if orig_func is None else self(orig_func)

    def __enter__(self) -> None:
        self._previous = (state.grad, state.cut)
        state.set_grad(False, caller("torch.no_grad()"))

    def __exit__(self, *exc: Any) -> None:
        state.set_grad(*self._previous)


class enable_grad(ContextDecorator):
    """Record inside, also where an outer block switched recording off.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad(), torch.enable_grad():
    ...     y = x * 2
    >>> y.requires_grad
    True
    """

    __slots__ = ("_previous",)

    def __new__(cls, orig_func: Any = None) -> Self:
        self = super().__new__(cls)
        return self if orig_func is None else self(orig_func)

    def __enter__(self) -> None:
        self._previous = (state.grad, state.cut)
        state.set_grad(True, None)

    def __exit__(self, *exc: Any) -> None:
        state.set_grad(*self._previous)


class set_grad_enabled(ContextDecorator):
    """Switch recording on or off: at once when called, and until the end of the block as a context manager.

    >>> import rushlight as torch
    >>> with torch.set_grad_enabled(False):
    ...     torch.is_grad_enabled()
    False
    """

    __slots__ = ("_previous", "mode")

    def __init__(self, mode: bool):
        self._previous = (state.grad, state.cut)
        self.mode = bool(mode)
        self._set()

    def _set(self) -> None:
        state.set_grad(self.mode, None if self.mode else caller("torch.set_grad_enabled(False)"))

    def __call__(self, func: F) -> F:
        # Used as a decorator it must not leave the mode changed at definition time.
        state.set_grad(*self._previous)
        return super().__call__(func)

    def __enter__(self) -> None:
        self._set()

    def __exit__(self, *exc: Any) -> None:
        state.set_grad(*self._previous)

    def clone(self) -> set_grad_enabled:
        return type(self)(self.mode)


class inference_mode(ContextDecorator):
    """``no_grad``, and tensors made inside can never take part in a recorded computation.

    >>> import rushlight as torch
    >>> with torch.inference_mode():
    ...     y = torch.ones(2)
    >>> y.is_inference()
    True
    """

    __slots__ = ("_previous", "mode")

    def __new__(cls, mode: Any = True) -> Self:
        self = super().__new__(cls)
        if callable(mode) and not isinstance(mode, bool):
            self.mode = True
            return self(mode)
        return self

    def __init__(self, mode: bool = True):
        self.mode = mode

    def __enter__(self) -> None:
        self._previous = (state.grad, state.cut, state.inference)
        state.inference = bool(self.mode)
        state.set_grad(not self.mode, caller("torch.inference_mode()") if self.mode else None)

    def __exit__(self, *exc: Any) -> None:
        grad, cut, state.inference = self._previous
        state.set_grad(grad, cut)

    def clone(self) -> inference_mode:
        return type(self)(self.mode)


def is_grad_enabled() -> bool:
    """Whether operations are being recorded in this thread."""
    return state.grad


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside ``inference_mode``."""
    return state.inference

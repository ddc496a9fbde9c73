"""Checkpointing: intermediate results are not kept for the backward pass, but computed again there.

Memory is traded for time: of a checkpointed part only its inputs are kept. There are two ways. The better one stands on
hooks on saved tensors: what an operation would keep is replaced by a token, and when the backward pass asks for the
first of these the function runs again, to have what it saves stand in for them, one after the other. The other
(``use_reentrant=True``) hides the function from the history as a whole and starts a backward pass within the backward
pass.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .._core import errors
from .._core.autograd_methods import marked
from .._core.modes import enable_grad, no_grad, state
from .._core.recording import PackedTensor
from .._core.tensor import Tensor, alias
from .._core.where import user_frame, warn_user
from .._standin.missing import refuse_other_names as _refuse_other_names
from ..autograd import Function, backward
from ..autograd.graph import saved_tensors_hooks
from ..nn.modules.container import Sequential
from ..random import fork_rng, get_rng_state, set_rng_state

DETERMINISM_CHECKS: dict[str, Callable[[Tensor], Any]] = {
    "default": lambda t: {"shape": t.shape, "dtype": t.dtype, "device": t.device},
    "none": lambda t: None,
}


class CheckpointError(RuntimeError):
    """What was computed again is not what had been computed."""


# The settings of `set_checkpoint_early_stop` and `set_checkpoint_debug_enabled`; None: as each call says.
_early_stop: bool | None = None
_debug: bool | None = None


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Say, for all checkpoints made within the block, whether computing again ends with the last tensor that is needed.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.utils.checkpoint.set_checkpoint_early_stop(False):
    ...     y = torch.utils.checkpoint.checkpoint(torch.exp, x, use_reentrant=False)
    """
    global _early_stop
    before, _early_stop = _early_stop, enable
    try:
        yield
    finally:
        _early_stop = before


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Say, for all checkpoints made within the block, whether errors list what was saved and where; None: as each
    call says.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):
    ...     y = torch.utils.checkpoint.checkpoint(torch.exp, x, use_reentrant=False)
    """
    global _debug
    before, _debug = _debug, enabled
    try:
        yield
    finally:
        _debug = before


def noop_context_fn() -> tuple[Any, Any]:
    """Two contexts that do nothing: the default of ``context_fn``."""
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """``function(*args, **kwargs)``, which runs again in the backward pass instead of having its parts kept.

    use_reentrant: which way (see above); should be given, and False where nothing speaks against it: keywords,
    `torch.autograd.grad`, higher derivatives and nesting want that. preserve_rng_state: draw the same random numbers
    again. The rest is for ``use_reentrant=False``: context_fn makes two contexts, for the first run and for the second.
    determinism_check: "default" compares shapes and dtypes of what is saved, "none" nothing; CheckpointError where they
    differ. early_stop: end the second run when nothing more is needed. debug: list what was saved in errors. Inside
    `torch.vmap` and `torch.func.jvp` NotImplementedError where a gradient is recorded. Inside `torch.compile` nothing runs
    again (``use_reentrant=False``): a compiled program has its own plan of what it keeps.

    >>> import rushlight as torch
    >>> x = torch.tensor([0.0, 1.0], requires_grad=True)
    >>> y = torch.utils.checkpoint.checkpoint(lambda x: x.exp().square().sum(), x, use_reentrant=False)
    >>> y.backward()
    >>> x.grad
    tensor([ 2.0000, 14.7781])
    """
    if use_reentrant is None:
        warn_user(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, "
            "calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but "
            "if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for "
            "more details on the differences between the two variants."
        )
        use_reentrant = True
    if use_reentrant:
        if kwargs:
            raise ValueError(f"Unexpected keyword arguments: {','.join(kwargs)}")
        if context_fn is not noop_context_fn or debug is not False:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        return CheckpointFunction.apply(function, preserve_rng_state, *args)
    if _debug is not None:
        debug = _debug
    if debug and context_fn is not noop_context_fn:
        raise ValueError("debug=True is incompatible with non-default context_fn")
    if determinism_check not in DETERMINISM_CHECKS:
        raise ValueError(f"determinism_check should be one of {list(DETERMINISM_CHECKS)}, but got {determinism_check}")
    if context_fn is noop_context_fn and state.interpreter is not None and state.interpreter.plans_memory:
        return function(*args, **kwargs)  # the same numbers: there is no second run
    first, second = context_fn()
    if not state.grad:
        return function(*args, **kwargs)
    part = Part(
        function, args, kwargs, second, DETERMINISM_CHECKS[determinism_check],
        get_rng_state() if preserve_rng_state else None, early_stop if _early_stop is None else _early_stop, debug,
    )  # fmt: skip
    failed = True
    with saved_tensors_hooks(part.pack, part.unpack), first:
        result = function(*args, **kwargs)
        failed = False
    if failed:
        raise RuntimeError(
            "torch.utils.checkpoint: the forward context provided by context_fn suppressed an exception raised during "
            "the checkpointed forward. This is not supported because checkpoint cannot return a value for a failed "
            "forward."
        )
    part.complete = True
    return result


class Token:
    """What a node keeps in the place of a tensor. Whether it does still is seen by weak references."""

    __slots__ = ("__weakref__",)


class Input(NamedTuple):
    """An argument of the function, and its version then."""

    tensor: Tensor
    version: int

    def get(self) -> Tensor:
        if self.tensor._version != self.version:
            errors.raise_changed(None, self.tensor, self.version, saver="checkpoint, for an argument of its function,")
        return self.tensor


class PackedInput(NamedTuple):
    """An argument that hooks from outside have packed: so within another checkpoint it is not kept either."""

    packed: PackedTensor

    def get(self) -> Tensor:
        return self.packed.tensor(None)  # type: ignore[arg-type]  # it is no result of a node's own


def kept(value: Any) -> Any:
    """An argument as it is kept for the second run."""
    if not isinstance(value, Tensor):
        return value
    watch = state.watch
    if watch is not None and watch.pack is not None:
        return PackedInput(PackedTensor(value, None, watch))  # type: ignore[arg-type]
    return Input(value, value._version)


def given(value: Any) -> Any:
    return value.get() if isinstance(value, (Input, PackedInput)) else value


class Part:
    """A part of a program that is checkpointed: one call of the function."""

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], context: Any,
        check: Callable[[Tensor], Any], rng_state: Tensor | None, early_stop: bool, debug: bool,
    ):  # fmt: skip
        self.function = function
        self.args = [kept(a) for a in args]
        self.kwargs = {name: kept(a) for name, a in kwargs.items()}
        self.context = context
        self.check = check
        self.rng_state = rng_state
        self.early_stop = early_stop
        self.debug = debug
        self.level = state.interpreter
        self.complete = False  # whether the function has returned: there may be backward passes inside of it
        self.tokens: list[weakref.ref[Token]] = []  # of all that was saved, in order ...
        self.checked: list[Any] = []  # ... what the check looks at of it ...
        self.places: list[str] = []  # ... and for debugging, where that was
        # A run is for one backward pass, and what is left of it goes with that.
        self.runs: weakref.WeakKeyDictionary[Any, Run] = weakref.WeakKeyDictionary()

    def pack(self, t: Tensor) -> Token:
        if state.interpreter is not None and state.interpreter.transforms:
            raise NotImplementedError(
                "checkpoint inside a transform (vmap, jvp, ...) is not supported where gradients are recorded\n"
                "Call the function itself, or checkpoint outside of the transform."
            )
        token = Token()
        self.tokens.append(weakref.ref(token))
        self.checked.append(self.check(t))
        if self.debug:
            self.places.append(place_of(t))
        return token

    def unpack(self, token: Token) -> Tensor:
        # Somebody may look at a saved tensor outside of any pass: then it is computed for this once.
        backward = state.backward or Token()
        run = self.runs.get(backward)
        try:
            if run is None:
                run = self.runs[backward] = Run(self)
                run.start()
            return run.tensor(token)
        except CheckpointError as error:
            if self.debug:
                assert run is not None
                raise CheckpointError(listing(self.places, run.places)) from error
            raise


class Run:
    """The function run again."""

    def __init__(self, part: Part):
        # Weakly, since the part is what holds it.
        self.part = weakref.ref(part)
        self.count = 0  # how many tensors were saved
        self.inside = False  # whether the first run's backward passes inside of the function saved more
        self.tensors: weakref.WeakKeyDictionary[Token, tuple[Tensor, int]] = weakref.WeakKeyDictionary()
        self.places: list[str] = []

    def start(self) -> None:
        part = self.part()
        assert part is not None
        outside = state.interpreter
        # Where the function ran first: cotangents may be batched, what it computes is not.
        state.interpreter = part.level if part.level is not None and part.level.active else None
        try:
            args = [given(a) for a in part.args]
            kwargs = {name: given(a) for name, a in part.kwargs.items()}
            with contextlib.suppress(Enough), contextlib.ExitStack() as stack:
                if part.rng_state is not None:
                    stack.enter_context(fork_rng())
                    set_rng_state(part.rng_state)
                stack.enter_context(part.context)
                stack.enter_context(saved_tensors_hooks(self.pack, lambda t: t))
                stack.enter_context(enable_grad())
                part.function(*args, **kwargs)
        finally:
            state.interpreter = outside
            state.update()
        self.compare(part)

    def pack(self, t: Tensor) -> Tensor:
        part = self.part()
        assert part is not None
        value = alias(t)
        if part.debug:
            self.places.append(place_of(t))
        if self.count == len(part.tokens):
            if part.complete:
                raise CheckpointError(
                    "torch.utils.checkpoint: trying to save more tensors during recomputation than during the original "
                    f"forward pass.\n{ADVICE}"
                )
            self.inside = True
            return value
        token = part.tokens[self.count]()
        self.count += 1
        if token is not None:
            self.tensors[token] = value, value._version
        if part.early_stop and self.count == len(part.tokens):
            raise Enough
        return value

    def compare(self, part: Part) -> None:
        """Make sure that the same was saved as the first time."""
        if self.inside:
            return
        if self.count != len(part.tokens):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the original forward and "
                f"recomputation.\nNumber of tensors saved during forward: {len(part.tokens)}\n"
                f"Number of tensors saved during recomputation: {self.count}.\n{ADVICE}"
            )
        different = []
        for i, (ref, before) in enumerate(zip(part.tokens, part.checked)):
            token = ref()
            now = before if token is None else part.check(self.tensors[token][0])
            if now != before:
                different.append(f"tensor at position {i}:\nsaved metadata: {before}\nrecomputed metadata: {now}\n")
        if different:
            raise CheckpointError(
                "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than "
                f"during the forward pass.\n{''.join(different)}{ADVICE}"
            )

    def tensor(self, token: Token) -> Tensor:
        found = self.tensors.pop(token, None)
        if found is None:
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. If you "
                "are calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise please open an "
                "issue with details on your use case."
            )
        t, version = found
        if t._version != version:
            errors.raise_changed(None, t, version, saver="An operation in the checkpointed function")
        return t


class Enough(BaseException):
    """Ends a run where nothing more is needed. No Exception, which the function might catch."""


ADVICE = (
    "The function must compute the same again: look for what depends on a counter, on the time, on a global variable. "
    "With debug=True this error lists what was saved."
)


def place_of(t: Tensor) -> str:
    """What is being saved, and on which line of the user's program."""
    frame = user_frame(2)
    at = "" if frame is None else f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}"
    return f"{errors.describe(t)}{at}"


def listing(before: list[str], now: list[str]) -> str:
    """What was saved in the two runs, for an error."""
    first = next((i for i, (a, b) in enumerate(zip(before, now)) if a != b), min(len(before), len(now)))
    lines = [" An error happened while unpacking tensors; dumping logs of latest computation"]
    for title, places in (("first run", before), ("second run", now)):
        lines.append(f"Saved in the {title}:")
        lines += [f"{'->' if i == first else '  '} {i}: {place}" for i, place in enumerate(places)]
    return "\n".join(lines)


# -- a backward pass within the backward pass ------------------------------------------------------------------------


def check_backward_validity(inputs: Iterable[Any]) -> None:
    """Warn where none of the inputs requires grad."""
    if not any(t.requires_grad for t in inputs if isinstance(t, Tensor)):
        warn_user("None of the inputs have requires_grad=True. Gradients will be None")


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs, tensors among them cut from their history; leaves where they required grad.

    >>> import rushlight as torch
    >>> torch.utils.checkpoint.detach_variable((torch.ones(1, requires_grad=True) * 2, "text"))
    (tensor([2.], requires_grad=True), 'text')
    """
    if not isinstance(inputs, tuple):
        raise RuntimeError(f"Only tuple of tensors is supported. Got Unsupported input type: {type(inputs).__name__}")
    return tuple([marked(t.detach(), t.requires_grad) if isinstance(t, Tensor) else t for t in inputs])


class CheckpointFunction(Function):
    """``checkpoint(..., use_reentrant=True)``: ``apply(function, preserve_rng_state, *args)``."""

    @staticmethod
    def forward(ctx: Any, run_function: Callable[..., Any], preserve_rng_state: bool, *args: Any) -> Any:
        check_backward_validity(args)
        ctx.run_function = run_function
        ctx.rng_state = get_rng_state() if preserve_rng_state else None
        ctx.save_for_backward(*[a for a in args if isinstance(a, Tensor)])
        ctx.inputs = [None if isinstance(a, Tensor) else a for a in args]
        ctx.tensor_indices = [i for i, a in enumerate(args) if isinstance(a, Tensor)]
        with no_grad():
            return run_function(*args)

    @staticmethod
    def backward(ctx: Any, *args: Any) -> Any:
        if state.backward.captured is not None or state.backward.wanted is not None:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                "parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call "
                ".backward() without passing the `inputs` argument."
            )
        inputs = list(ctx.inputs)
        for i, t in zip(ctx.tensor_indices, ctx.saved_tensors):
            inputs[i] = t
        detached = detach_variable(tuple(inputs))
        with fork_rng(enabled=ctx.rng_state is not None), enable_grad():
            if ctx.rng_state is not None:
                set_rng_state(ctx.rng_state)
            outputs = ctx.run_function(*detached)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        pairs = [(o, g) for o, g in zip(outputs, args) if isinstance(o, Tensor) and o.requires_grad]
        if not pairs:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward([o for o, _ in pairs], [g for _, g in pairs])
        return None, None, *[t.grad if isinstance(t, Tensor) else None for t in detached]


# -- sequences ---------------------------------------------------------------------------------------------------------


def checkpoint_sequential(
    functions: Any,
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """The functions (or modules, or a Sequential) one after the other, in ``segments`` parts of which all but the last
    are checkpointed.

    >>> import rushlight as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> y = torch.utils.checkpoint.checkpoint_sequential([torch.sin, torch.exp], 2, x, use_reentrant=False)
    >>> y.grad_fn.name()
    'ExpBackward0'
    """
    if use_reentrant is None:
        warn_user(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. In "
            "version 2.9 we will raise an exception if use_reentrant is not passed. use_reentrant=False is recommended, "
            "but if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs "
            "for more details on the differences between the two variants."
        )
        use_reentrant = True
    if kwargs:
        raise ValueError(f"Unexpected keyword arguments: {','.join(kwargs)}")
    if isinstance(functions, Sequential):
        functions = list(functions.children())

    def run(start: int, stop: int) -> Callable[[Any], Any]:
        def forward(input: Any) -> Any:
            for function in functions[start:stop]:
                input = function(input)
            return input

        return forward

    size = len(functions) // segments
    stop = 0
    for start in range(0, size * (segments - 1), size):
        stop = start + size
        input = checkpoint(run(start, stop), input, use_reentrant=use_reentrant, preserve_rng_state=preserve_rng_state)
    return run(stop, len(functions))(input)


_refuse_other_names(globals())

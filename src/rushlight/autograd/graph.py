"""The recorded history: its nodes and edges, and hooks on what it keeps."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .._core import errors
from .._core.engine import target_of
from .._core.graph import GradientEdge as GradientEdge
from .._core.graph import Node as Node
from .._core.graph import Output, accumulator
from .._core.inplace import changed
from .._core.modes import state
from .._core.recording import NO_WATCH, restore_watch, watch_with
from .._core.tensor import Tensor, edge_of, wrap
from .._standin.missing import refuse_other_names as _refuse_other_names


class saved_tensors_hooks:
    """Within the block, what operations keep for the backward pass is packed, and unpacked when it is used.

    ``pack_hook(tensor)`` may return anything: a file's name, a smaller copy; ``unpack_hook`` must make a tensor of
    the same content from it. Changes in place of what was packed are not noticed.

    >>> import rushlight as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with torch.autograd.graph.saved_tensors_hooks(lambda t: t.tolist(), lambda kept: torch.tensor(kept)):
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]):
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self) -> None:
        refusal = (state.watch or NO_WATCH).refusal
        if state.differentiated:
            # What is unpacked might be computed again: when the function's arguments are no longer what they were.
            refusal = (
                "torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor hooks. Please open an issue "
                "with your use case."
            )
        if refusal is not None:
            raise RuntimeError(refusal)
        self._before = watch_with(pack=self.pack_hook, unpack=self.unpack_hook)

    def __exit__(self, *exc: Any) -> None:
        restore_watch(self._before)


class save_on_cpu(saved_tensors_hooks):
    """Within the block, what operations keep for the backward pass is kept in the computer's memory.

    It is there already, and is not copied. With ``pin_memory`` it is, as in PyTorch, and out of reach of in-place
    operations then; no memory is pinned, since there is no GPU to copy it to.

    >>> import rushlight as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with torch.autograd.graph.save_on_cpu():
    ...     y = (x * x).sum()
    >>> y.backward()
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda"):
        self.device_type = device_type
        if pin_memory:
            super().__init__(lambda t: t.detach().clone(), lambda kept: kept)
        else:
            super().__init__(lambda t: (t.detach(), t._version), _unchanged)


def _unchanged(kept: tuple[Tensor, int]) -> Tensor:
    # PyTorch does not notice a change here, and computes a wrong gradient.
    t, version = kept
    if t._version != version:
        errors.raise_changed(None, t, version, saver="save_on_cpu")
    return t


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Within the block, setting hooks on saved tensors raises RuntimeError with this message.

    >>> import rushlight as torch
    >>> with torch.autograd.graph.disable_saved_tensors_hooks("not in here"):
    ...     y = torch.ones(2, requires_grad=True) * 2
    """
    if (state.watch or NO_WATCH).pack is not None:
        raise RuntimeError(error_message)
    before = watch_with(refusal=error_message)
    try:
        yield
    finally:
        restore_watch(before)


def get_gradient_edge(tensor: Any) -> GradientEdge:
    """Where in the graph the gradient of ``tensor`` flows through; it can stand in for it in `grad` and `backward`.

    >>> import rushlight as torch
    >>> y = torch.ones(2, requires_grad=True) * 2
    >>> torch.autograd.graph.get_gradient_edge(y).node.name()
    'MulBackward0'
    """
    if not tensor.requires_grad:
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    edge: Any = edge_of(tensor)
    node, index = (edge.node, edge.index) if type(edge) is Output else (edge, 0)
    place = GradientEdge(accumulator(node) if isinstance(node, Tensor) else node, index)
    place.like = wrap(np.broadcast_to(np.zeros((), tensor._data.dtype), tensor._data.shape))
    return place


def increment_version(tensor: Any) -> None:
    """Say that the memory of a tensor (or of several) was written to in a way that could not be noticed.

    >>> import rushlight as torch
    >>> x = torch.zeros(2)
    >>> x.numpy()[0] = 1
    >>> torch.autograd.graph.increment_version(x)
    >>> x._version
    1
    """
    tensors = (tensor,) if isinstance(tensor, Tensor) else tensor
    if not isinstance(tensors, Iterable):
        raise RuntimeError("increment_version expect a Iterable[Tensor] as input")
    for t in tensors:
        changed(t)


@contextmanager
def allow_mutation_on_saved_tensors() -> Iterator[None]:
    """Within the block, tensors that the backward pass needs may be written to: what it needs is copied when saved.

    (PyTorch copies at the write. The gradients are the same, the memory is not.)

    >>> import rushlight as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with torch.autograd.graph.allow_mutation_on_saved_tensors():
    ...     a = x.clone()
    ...     y = (a * a).sum()
    ...     a.zero_()
    ...     y.backward()
    tensor([0., 0.], grad_fn=<ZeroBackward0>)
    >>> x.grad
    tensor([2., 4.])
    """
    if state.watch is not None and state.watch.pack is _copied:
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    with saved_tensors_hooks(_copied, lambda kept: kept):
        yield


def _copied(t: Tensor) -> Tensor:
    return t.detach().clone()


class MultiGradHook:
    """Waits, in each backward pass, for the gradients of several tensors."""

    def __init__(self, tensors: Sequence[Any], fn: Callable[..., Any], mode: str):
        self.fn = fn
        self.mode = mode
        if mode == "any":
            tensors = [t for t in tensors if t.requires_grad]
        elif not all([t.requires_grad for t in tensors]):
            raise AssertionError("Expected gradient function to be set")
        # Weakly: nodes and leaves hold this hook.
        self.targets = [weakref.ref(target_of(edge_of(t))) for t in tensors] if mode == "all" else []
        self.handles = [t.register_hook(lambda g, i=i: self.arrived(i, g)) for i, t in enumerate(tensors)]

    def arrived(self, index: int, g: Any) -> None:
        backward = state.backward
        if backward.notes is None:
            backward.notes = {}
        notes = backward.notes
        if self.mode == "any":
            if self not in notes:
                notes[self] = True
                self.fn(g)
            return
        if self not in notes:
            ahead = backward.ahead(self.targets[index]())
            notes[self] = [[None] * len(self.targets), sum(target() in ahead for target in self.targets)]
        waiting = notes[self]
        waiting[0][index] = g
        waiting[1] -= 1
        if not waiting[1]:
            self.fn(waiting[0])

    def remove(self) -> None:
        """Take the hook away again."""
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> MultiGradHook:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.remove()


def register_multi_grad_hook(tensors: Sequence[Any], fn: Callable[..., Any], *, mode: str = "all") -> MultiGradHook:
    """Call ``fn`` once in each backward pass, when gradients of several tensors have been computed.

    mode "all": ``fn(grads)`` when those of all that take part in the pass are there, None for the others; "any":
    ``fn(grad)`` with the first. What ``fn`` returns is ignored. Returns a handle with ``remove()``.

    >>> import rushlight as torch
    >>> a, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    >>> handle = torch.autograd.graph.register_multi_grad_hook((a, b), print)
    >>> (a * 2 + b).backward()
    [tensor([2.]), tensor([1.])]
    """
    modes = ("all", "any")
    if mode not in modes:
        raise ValueError(f"Expects mode to be one of {modes} but got {mode}")
    return MultiGradHook(tensors, fn, mode)


_refuse_other_names(globals())

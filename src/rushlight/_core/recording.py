"""What may watch while operations are recorded: hooks on saved tensors, and the notes of anomaly detection.

While a `Watch` is active no operation takes its fast path, so that nothing of this costs the ordinary way anything.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, NamedTuple

from . import errors
from .graph import Node, Output, next_sequence
from .modes import state
from .tensor import Tensor, edge_of, wrap
from .where import is_ours, is_pythons, user_frame, warn_user


class Watch(NamedTuple):
    """What is wanted of every operation that is recorded."""

    pack: Callable[[Any], Any] | None = None  # what to keep in the place of a saved tensor
    unpack: Callable[[Any], Any] | None = None
    refusal: str | None = None  # why hooks on saved tensors may not be set
    anomaly: bool = False  # note where operations are recorded, and check backward passes
    check_nan: bool = False
    origins: Any = None  # where nan and inf come from (`anomaly.Origins`), with check_nan

    def recorded(self, node: Any, inputs: tuple[Any, ...]) -> None:
        """A node was recorded: note its place and what it read, and pack what it saved."""
        if self.anomaly:
            from .naming import kind

            node.metadata["traceback_"] = traceback.format_list(
                frame
                for frame in traceback.extract_stack(user_frame())
                if not (is_ours(frame.filename) or is_pythons(frame.filename))
            )
            node.metadata["operands_"] = tuple([kind(t) if isinstance(t, Tensor) else str(t) for t in inputs])
            if state.backward is not None and state.backward.running is not None:
                node.metadata["parent_"] = state.backward.running
        if self.pack is not None and node.saved:
            node.saved = Packed(_pack(value, node, self) for value in node.attached())

    def computed(self, primitive: Any, inputs: tuple[Any, ...], params: dict[str, Any], out: Any) -> None:
        """An operation was evaluated, recorded or not."""
        if self.origins is not None:
            self.origins.computed(primitive, inputs, params, out)

    def written(self, t: Tensor, sources: tuple[Tensor, ...]) -> None:
        """A tensor's memory was written to, with the content of the ``sources`` where they are known."""
        if self.origins is not None:
            self.origins.written(t, sources)

    def inspection(self) -> Any:
        """What checks the gradients of a backward pass that begins; None where nothing does."""
        if self.origins is None:
            return None
        from .anomaly import Inspection

        return Inspection(self.origins)

    def warn(self, node: Any) -> None:
        """Say where the operation was recorded whose backward failed, and in whose backward pass that was."""
        lines = node.metadata.get("traceback_")
        if lines is None:
            how = (
                "No forward pass information available. Enable detect anomaly during forward pass for more information."
            )
        else:
            how = "Traceback of forward call that caused the error:\n" + "".join(lines)
        warn_user(f"Error detected in {node.name()}. {how}", UserWarning)
        parent = node.metadata.get("parent_")
        while parent is not None:
            lines = parent.metadata.get("traceback_")
            if lines is None:
                how = (
                    "No forward pass information available. Enable detect anomaly during forward pass for more "
                    "information."
                )
            else:
                how = "Traceback of forward call that induced the previous calculation:\n" + "".join(lines)
            warn_user(f"\n\nPrevious calculation was induced by {parent.name()}. {how}", UserWarning)
            parent = parent.metadata.get("parent_")


NO_WATCH = Watch()


def watch_with(**changes: Any) -> Watch | None:
    """The active watch with some of its wishes changed; returns the one before, for `restore_watch`."""
    before = state.watch
    after = (before or NO_WATCH)._replace(**changes)
    restore_watch(None if after == NO_WATCH else after)
    return before


def restore_watch(watch: Watch | None) -> None:
    state.watch = watch
    state.update()


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on in this thread."""
    return state.watch is not None and state.watch.anomaly


def is_anomaly_check_nan_enabled() -> bool:
    """Whether anomaly detection refuses nan where it is on."""
    return state.watch.check_nan if state.watch is not None and state.watch.anomaly else True


def set_anomaly_enabled(mode: bool, check_nan: bool = True) -> None:
    """Switch anomaly detection on or off in this thread; see `torch.autograd.set_detect_anomaly`."""
    watch_anomaly(mode, check_nan)


def watch_anomaly(mode: bool, check_nan: bool) -> Watch | None:
    """Switch anomaly detection on or off; returns the watch before, for `restore_watch`."""
    checks, origins = bool(mode and check_nan), None
    if checks:
        from .anomaly import Origins

        origins = state.watch.origins if state.watch is not None and state.watch.origins else Origins()
    return watch_with(anomaly=bool(mode), check_nan=checks, origins=origins)


# -- saved tensors --------------------------------------------------------------------------------------------


class Packed(tuple):
    """What a node keeps, its tensors packed by hooks. No plain tuple, so that no fast path takes it for one."""

    __slots__ = ()


class PackedTensor:
    """A saved tensor in the form that a hook gave it, with its place in the history."""

    __slots__ = ("edge", "index", "packed", "unpack")

    def __init__(self, t: Tensor, node: Node, watch: Watch):
        assert watch.pack is not None
        assert watch.unpack is not None
        edge: Any = edge_of(t)
        self.edge: Any
        self.edge, self.index = (edge.node, edge.index) if type(edge) is Output else (edge, 0)
        if self.edge is node:
            self.edge = OWN  # a node that held itself would never be freed
        self.unpack = watch.unpack
        version = t._version
        modes = state.__dict__  # while there is a watch the mode is GENERAL, whether operations are recorded or not
        before = modes["grad"], modes["cut"]
        modes["grad"], modes["cut"] = False, None
        try:
            self.packed = watch.pack(t)
        finally:
            modes["grad"], modes["cut"] = before
        if t._version != version:
            raise RuntimeError(
                "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook "
                "cannot be modified by in-place operations as this can lead to unexpected side-effects. Please open "
                "an issue if you need to perform in-place operations on the input to a pack hook.\n"
                "Let the hook work on a copy: t.clone()."
            )

    def tensor(self, node: Node) -> Tensor:
        t = self.unpack(self.packed)
        if not isinstance(t, Tensor):
            raise TypeError(
                f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type {type(t).__name__}"
            )
        out = wrap(t._data)
        edge = node if self.edge is OWN else self.edge
        if edge is not None:
            if isinstance(edge, Tensor):
                edge = Passing(edge)
            out._fn = edge if edge.outputs == 1 else Output(edge, self.index)
            out._requires_grad = True
        return out


class Passing(Node):
    """Hands a gradient on to a leaf: what was unpacked is another tensor than the leaf that was saved."""

    __slots__ = ()
    title = "AliasBackward0"
    frees = False

    def __init__(self, edge: Any):
        self.edges = (edge,)
        self.hooks = None
        self._sequence = next_sequence()

    def pullback(self, g: Any) -> tuple[Any, ...]:
        return (g,)


OWN = object()


def _pack(value: Any, node: Node, watch: Watch) -> Any:
    """``value`` as it is kept: tensors packed, the rest (shapes, dtypes, None) as it is."""
    if isinstance(value, Tensor):
        return PackedTensor(value, node, watch)
    if type(value) is tuple and value and isinstance(value[0], Tensor):
        return Packed(_pack(v, node, watch) for v in value)
    return value


def unpacked(node: Any) -> tuple[Any, ...]:
    """What a node keeps, where that is no plain tuple: unpacked, or RuntimeError where it was freed."""
    saved = node.saved
    if type(saved) is not Packed:
        errors.raise_freed(node)
    return tuple(_unpack(value, node) for value in saved)


def _unpack(value: Any, node: Node) -> Any:
    if type(value) is PackedTensor:
        return value.tensor(node)
    return tuple(_unpack(v, node) for v in value) if type(value) is Packed else value

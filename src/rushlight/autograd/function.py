"""Functions with a derivative written by hand.

`Function.apply` runs ``forward`` with recording off and makes one node of it. The node and the context are two
objects that show one face: a context's attributes are the user's, whatever their names, and what the engine needs
stands in the node, where no attribute can overwrite it.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from .._core import errors
from .._core.graph import Node, Output, next_sequence
from .._core.inplace import changed, take_history
from .._core.modes import state
from .._core.recording import unpacked
from .._core.tensor import Tensor, alias, edge_of
from .._core.views import SEVERAL, view_of_function
from .._core.where import caller, warn_user


class FunctionCtx:
    """What ``forward`` (or ``setup_context``) leaves for ``backward``: saved tensors, and attributes of any name.

    >>> import rushlight as torch
    >>> class Cube(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * 3 * x**2
    >>> x = torch.tensor(2.0, requires_grad=True)
    >>> Cube.apply(x).backward()
    >>> x.grad
    tensor(12.)
    """

    _function: Any
    needs_input_grad: tuple[bool, ...]
    materialize_grads = True
    to_save: tuple[Any, ...] = ()
    saved_for_forward: tuple[Any, ...] = ()
    dirty_tensors: tuple[Any, ...] = ()
    non_differentiable: tuple[Any, ...] = ()
    _node: Any = None  # weakly, the node: it holds the context

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors (or None) for ``backward``, which finds them in ``ctx.saved_tensors``.

        An in-place change of one of them is noticed there. A second call takes the place of the first.
        """
        self.to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for ``jvp``."""
        for t in tensors:
            if t is not None and not isinstance(t, Tensor):
                raise AssertionError(
                    "save_for_forward expects all arguments to be tensors; you should save non-tensors as attributes "
                    "on ctx."
                )
        self.saved_for_forward = tensors

    def mark_dirty(self, *args: Any) -> None:
        """Say which inputs ``forward`` overwrote; each of them must be among its results."""
        for t in args:
            if not isinstance(t, Tensor):
                raise RuntimeError(f"mark_dirty can only accept variables, but argument {type(t).__name__}")
        self.dirty_tensors = args

    def mark_non_differentiable(self, *args: Any) -> None:
        """Say which results have no derivative; ``backward`` gets zeros for them."""
        for t in args:
            if not isinstance(t, Tensor):
                raise RuntimeError(
                    f"mark_non_differentiable only accepts variable arguments, but got {type(t).__name__}"
                )
        self.non_differentiable = args

    def set_materialize_grads(self, value: bool) -> None:
        """Whether ``backward`` gets zeros (the default) or None for results that nothing depends on."""
        self.materialize_grads = bool(value)

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What `save_for_backward` kept. RuntimeError where it was freed, or overwritten since."""
        node = self._node and self._node()
        return () if node is None else node.saved_tensors

    # The rest of the node's face: see `torch.autograd.graph.Node`.

    @property
    def next_functions(self) -> tuple[Any, ...]:
        return self._node().next_functions

    @property
    def metadata(self) -> dict[Any, Any]:
        return self._node().metadata

    def name(self) -> str:
        return type(self).__name__

    def register_hook(self, fn: Callable[..., Any]) -> Any:
        return self._node().register_hook(fn)

    def register_prehook(self, fn: Callable[..., Any]) -> Any:
        return self._node().register_prehook(fn)


class FunctionNode(Node):
    """The node of a call of a `Function`; attributes that it does not have itself are its context's."""

    __slots__ = ("context", "inputs", "outputs", "results", "shapes")

    context: Any
    inputs: tuple[int, ...]  # for each edge, the position of that tensor among the arguments
    shapes: tuple[Any, ...]  # for each edge, the tensor's shape and dtype
    results: tuple[Any, ...]  # for each result, its shape and dtype, None where it is no tensor

    @property
    def title(self) -> str:  # type: ignore[override]
        return type(self).__name__

    def name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{type(self).__name__} object at {id(self):#x}>"

    def __getattr__(self, name: str) -> Any:
        if name in _SLOTS:
            raise AttributeError(name)
        return getattr(self.context, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _SLOTS:
            object.__setattr__(self, name, value)
        else:
            setattr(self.context, name, value)

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        saved = self.saved
        if type(saved) is not tuple:
            return unpacked(self)
        for t, version in zip(saved, self.versions):
            if t is not None and t._version != version:
                errors.raise_changed(self, t, version)
        return tuple(self.attached())

    def attached(self) -> list[Any]:
        """The saved tensors; the results among them as parts of the history again."""
        saved = list(self.saved)
        for position, index in self.params.items():
            t = alias(saved[position])
            t._fn, t._requires_grad = self if self.outputs == 1 else Output(self, index), True
            saved[position] = t
        return saved

    def pullback(self, g: Any) -> tuple[Any, ...]:
        context = self.context
        gs = g if self.outputs != 1 else (g,)
        if context.materialize_grads:
            gs = [_zeros(like) if gi is None and like is not None else gi for gi, like in zip(gs, self.results)]
        return self.checked(rule_of(context._function)(context, *gs))

    def checked(self, grads: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the user's rule returned, for the inputs that want it, in their shape and dtype."""
        name = type(self).__name__
        grads = one_for_each(self, grads, len(self.context.needs_input_grad))
        for i, g in enumerate(grads):
            if g is None:
                continue
            if not isinstance(g, Tensor):
                raise RuntimeError(
                    f"expected Variable or None (got {type(g).__name__})\nThe backward of "
                    f"{self.context._function.__name__} must return a tensor or None for each argument of forward."
                )
            if i not in self.inputs:
                raise RuntimeError(
                    f"function {name} returned a gradient different than None at position {i + 1}, but the "
                    "corresponding forward input was not a Variable\n"
                    f"Return None there: argument {i + 1} of forward was no tensor."
                )
        return tuple(
            None if edge is None or grads[position] is None else _fitted(self, position, grads[position], like)
            for edge, position, like in zip(self.edges, self.inputs, self.shapes)
        )


def one_for_each(node: Any, grads: Any, n: int) -> tuple[Any, ...]:
    """What a ``backward`` returned as a tuple of ``n``; further ones may be there if they are None."""
    grads = grads if type(grads) is tuple else (grads,)
    if len(grads) > n and all(g is None for g in grads[n:]):
        grads = grads[:n]
    if len(grads) != n:
        errors.raise_number_of_gradients(node, n, len(grads))
    return grads


_SLOTS = frozenset(
    slot for cls in FunctionNode.__mro__ for slot in getattr(cls, "__slots__", ()) if not slot.startswith("__")
)


def _fitted(node: FunctionNode, position: int, g: Tensor, like: tuple[Any, Any]) -> Tensor:
    shape, dtype = like
    if g._data.shape != shape:
        try:
            g = g.sum_to_size(shape)
        except RuntimeError:
            errors.raise_gradient_shape(node, position, g, shape)
    if g.dtype != dtype:
        if g.dtype.is_complex and not dtype.is_complex:
            errors.raise_gradient_complex(node, position)
        g = g.to(dtype)
    return g


def _zeros(like: tuple[Any, Any]) -> Tensor:
    from .. import zeros

    return zeros(like[0], dtype=like[1])


def rule_of(function: Any) -> Callable[..., Any]:
    """The user's ``backward``, or ``vjp``, which is another name for it."""
    own, other = function.backward is not Function.backward, function.vjp is not Function.vjp
    if own and other:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement "
            "one of them."
        )
    return function.vjp if other else function.backward


class _FunctionMeta(type):
    """Gives each `Function` the class of its contexts and that of its nodes, named as PyTorch names them."""

    def __init__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]):
        super().__init__(name, bases, body)
        title = f"{name}Backward"
        there = {"__module__": "torch.autograd.function", "__qualname__": title}
        cls._context_type = type(title, (FunctionCtx,), {**there, "_function": cls})
        cls._node_type = type(title, (FunctionNode,), {**there, "__slots__": ()})


class Function(metaclass=_FunctionMeta):
    """An operation whose derivative is written by hand: subclass it, and call ``Name.apply(...)``.

    ``forward(ctx, *args)`` computes with recording off; ``backward(ctx, *grads)`` takes a cotangent for each
    result and returns one for each argument, None where there is none to return. Or ``forward(*args)`` and
    ``setup_context(ctx, inputs, output)``. The rule is differentiable where it is written in tensor operations.

    >>> import rushlight as torch
    >>> class Double(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         return x * 2
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         return g * 2
    >>> Double.apply(torch.ones(1, requires_grad=True))
    tensor([2.], grad_fn=<DoubleBackward>)
    """

    _context_type: type
    _node_type: type

    def __init__(self, *args: Any, **kwargs: Any):
        warn_user(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all static, so you should "
            "invoke them on the class itself. Instantiating an autograd function will raise an error in a future "
            "version of PyTorch.",
            DeprecationWarning,
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd "
            "function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)\n"
            f"Call {type(self).__name__}.apply(...) on the class."
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result: ``forward(ctx, *args)``, or ``forward(*args)`` with a `setup_context`."""
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Save what ``backward`` needs; then ``forward`` takes no context."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The cotangents of the arguments, for those of the results."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    @staticmethod
    def vjp(ctx: Any, *grad_outputs: Any) -> Any:
        """Another name for ``backward``."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """The tangents of the results, for those of the arguments: the rule of forward mode."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
        )

    generate_vmap_rule = False

    @staticmethod
    def vmap(info: Any, in_dims: Any, *args: Any) -> Any:
        """The results for many examples at once, and where the examples lie in them: ``(output, out_dims)``.

        info: ``batch_size`` and ``randomness``; in_dims: for each argument the dimension of the examples, which is
        always the first, None where it is the same for all. Instead of writing it one may set ``generate_vmap_rule =
        True``, where all methods consist of tensor operations.
        """
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap staticmethod or set "
            "generate_vmap_rule=True."
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Call the function, and record the call where an argument requires a gradient.

        Inside transforms (`torch.func.jvp`, `torch.vmap`, ...) the function must have a ``setup_context``:
        RuntimeError. Reverse mode alone does without.
        """
        separate = has_setup(cls)
        if kwargs or separate:
            args = _bound(cls.forward, args, kwargs, separate)
        level = state.interpreter
        if level is not None and level.transforms:
            from ._function_levels import applied

            return applied(cls, args)
        return finished(cls, run(cls, args), args)


def has_setup(cls: type[Function]) -> bool:
    """Whether the context is filled by ``setup_context``, and not by ``forward``."""
    return cls.setup_context is not Function.setup_context


def run(cls: type[Function], args: tuple[Any, ...]) -> tuple[Any, Any]:
    """The context and the result of ``forward``, computed with recording off."""
    ctx = cls._context_type()
    ctx.needs_input_grad = tuple([isinstance(a, Tensor) and a.requires_grad for a in args])
    before = state.grad, state.cut
    state.set_grad(False, caller(f"{cls.__name__}.apply"))
    try:
        if has_setup(cls):
            result = cls.forward(*args)
            cls.setup_context(ctx, args, result)
        else:
            result = cls.forward(ctx, *args)
    finally:
        state.set_grad(*before)
    return ctx, result


def finished(cls: type[Function], computed: tuple[Any, Any], args: tuple[Any, ...]) -> Any:
    """What `run` computed, recorded where gradients are wanted."""
    ctx, result = computed
    several = isinstance(result, tuple)
    results = result if several else (result,)
    if ctx.dirty_tensors:
        _check_dirty(ctx, results)
    tensors = [a for a in args if isinstance(a, Tensor)]
    if state.grad and any(t.requires_grad for t in tensors):
        outs = record(cls, ctx, args, results, [edge_of(a) for a in args])
    else:
        outs = tuple([view_of_function(r, cls.__name__) if _is_given(r, tensors, ctx) else r for r in results])
    return outs if several else outs[0]


def _bound(forward: Callable[..., Any], args: Any, kwargs: Any, separate: bool) -> tuple[Any, ...]:
    """All arguments by position; with `setup_context`, which sees them, defaults included."""
    before = () if separate else (None,)  # the context's place
    signature = inspect.signature(forward).bind(*before, *args, **kwargs)
    if separate:
        signature.apply_defaults()
    return signature.args[len(before) :]


def _is_given(result: Any, tensors: list[Tensor], ctx: Any) -> bool:
    """Whether a result is one of the arguments, returned as it is."""
    return any(result is t for t in tensors) and not any(result is t for t in ctx.dirty_tensors)


def _check_dirty(ctx: Any, results: tuple[Any, ...]) -> None:
    for t in ctx.dirty_tensors:
        if not any(t is r for r in results):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that "
                "are modified inplace must all be outputs of the Function."
            )


def record(
    cls: Any, ctx: Any, args: tuple[Any, ...], results: tuple[Any, ...], edges: Sequence[Any]
) -> tuple[Any, ...]:
    """Make the results those of a new node. edges: for each argument, where its gradient is to be sent."""
    node = new_node(cls._node_type)
    node.context = ctx
    ctx._node = weakref.ref(node)
    node.inputs = tuple([i for i, a in enumerate(args) if isinstance(a, Tensor)])
    tensors = [args[i] for i in node.inputs]
    node.edges = tuple([edges[i] for i in node.inputs])
    node.shapes = tuple([(t._data.shape, t.dtype) for t in tensors])
    node.outputs = len(results)
    node.results = tuple([(r._data.shape, r.dtype) if isinstance(r, Tensor) else None for r in results])
    node.hooks = None
    node._sequence = next_sequence()
    outs = tuple([_attached(r, i, node, ctx, tensors) for i, r in enumerate(results)])
    several = sum(isinstance(out, Tensor) and out._fn is not None for out in outs) > 1
    for out in outs:
        if isinstance(out, Tensor) and out._view is not None and not any(out is t for t in ctx.dirty_tensors):
            out._view.made_by(cls.__name__)
            if several:
                out._view.made = SEVERAL
    _save(node, ctx, results, outs)
    if state.watch is not None:
        state.watch.recorded(node, tuple(tensors))
    return outs


def new_node(kind: type) -> Any:
    return object.__new__(kind)


def _attached(r: Any, index: int, node: Any, ctx: Any, tensors: list[Tensor]) -> Any:
    """One result with its place in the history."""
    if not isinstance(r, Tensor):
        return r
    edge = node if node.outputs == 1 else Output(node, index)
    given = any(r is t for t in tensors)
    if any(r is t for t in ctx.dirty_tensors):
        if given and r._requires_grad is True and edge_of(r) is r:
            errors.raise_dirty_leaf(r)
        written = alias(r)
        written._fn, written._requires_grad = edge, True
        changed(r)
        take_history(r, written)
        return r
    if given:
        r = view_of_function(r, ctx._function.__name__)
    if r._data.dtype.kind in "fcV" and not any(r is t for t in ctx.non_differentiable):
        r._fn, r._requires_grad = edge, True
    return r


def _save(node: Any, ctx: Any, results: tuple[Any, ...], outs: tuple[Any, ...]) -> None:
    saved = list(ctx.to_save)
    node.params = {}  # position among the saved -> index among the results
    for position, t in enumerate(saved):
        if t is not None and not isinstance(t, Tensor):
            raise TypeError(
                f"save_for_backward can only save variables, but argument {position} is of type {type(t).__name__}\n"
                "Keep anything else as an attribute of the context: ctx.name = value."
            )
        for index, (r, out) in enumerate(zip(results, outs)):
            if t is not None and t is r and isinstance(out, Tensor) and out._fn is not None and out is r:
                saved[position] = alias(t)
                node.params[position] = index
    ctx.to_save = ctx.saved_for_forward = ctx.dirty_tensors = ()  # results among them would keep the node alive
    node.saved = tuple(saved)
    node.versions = tuple([None if t is None else t._version for t in saved])


def once_differentiable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a ``backward`` that is not differentiable: it runs with recording off, and to differentiate what it
    returned raises RuntimeError.

    >>> import rushlight as torch
    >>> from rushlight.autograd.function import once_differentiable
    >>> class Square(torch.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...
    ...     @staticmethod
    ...     @once_differentiable
    ...     def backward(ctx, g):
    ...         return 2 * g * ctx.saved_tensors[0]
    """

    @functools.wraps(fn)
    def backward(ctx: Any, *grads: Any) -> Any:
        wanted = state.grad and any(isinstance(g, Tensor) and g.requires_grad for g in grads)
        before = state.grad, state.cut
        state.set_grad(False, None)
        try:
            result = fn(ctx, *grads)
        finally:
            state.set_grad(*before)
        if not wanted:
            return result
        results = result if isinstance(result, tuple) else (result,)
        # With the cotangents among its arguments, it stands on every way back from them.
        return tuple([_Refusing.apply(r, *grads) if isinstance(r, Tensor) else r for r in results])

    return backward


class _Refusing(Function):
    """Stands where a history was cut that must not be asked for."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Any, *grads: Any) -> Any:
        return x

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        pass

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        _Refusing.backward(ctx)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable\n"
            "Its backward does something that is not recorded: write it in tensor operations and take the mark away."
        )
